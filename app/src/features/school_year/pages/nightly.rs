//! What the nights of a school did, and what the next one will do.

use backend::school_year::tomorrow::{KeptLine, NightDone, NightLine, NightsView};
use domain::fields::FieldErrors;
use domain::operations::progress::counted;
use domain::school_year::follow::RollChange;
use domain::school_year::night::NightCounts;
use domain::when::long_day;
use leptos::prelude::*;

use crate::features::office::page::{OfficePage, render};
use crate::ui::error_summary::ErrorSummary;
use crate::ui::field::TextField;
use crate::ui::page::PageHead;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRows};

/// The page as HTML. `typed` is the day that was typed in a form with errors.
pub fn nightly_page(page: OfficePage, seen: NightsView, typed: String, errors: FieldErrors) -> String {
    let head = if errors.is_empty() { "Nightly changes" } else { "Error: Nightly changes" };
    render(page, head, move || {
        let lead = "Every night, accounts follow the roll: they open before somebody starts, and are disabled, closed and erased after somebody left.";
        let NightsView { held_until, ahead, due_today, tomorrow, too_many, people, kept, nights, .. } = seen;
        let more = tomorrow.all().saturating_sub(u32::try_from(people.len()).unwrap_or(u32::MAX));
        view! {
            <PageHead title="Nightly changes" lead=move || lead/>
            <ErrorSummary errors=errors.clone()/>
            {held_until.map(|until| view! {
                <p role="status"><b>{format!("Held until {}.", long_day(until))}</b>" Nothing changes before then."</p>
            })}
            {ahead.map(|day| view! {
                <p role="status"><b>{format!("The night of {} was done already.", long_day(day))}</b>
                    " A clock was ahead, or somebody asked for that day. Nothing changes before then, unless you release it."</p>
            })}
            {(due_today.all() > 0).then(|| view! { <DueToday due=due_today.clone()/> })}
            <h2 class="gap-m">"What happens tomorrow"</h2>
            <Counts counts=tomorrow/>
            {too_many.then(|| view! {
                <p>"This stops so many accounts at once that the night stops none of them. "
                   "One person has to ask for it on the day, and another has to approve it."</p>
            })}
            <Table rows=TableRows::new(LoadedRows::new(&PEOPLE, people)) label="Who changes tomorrow" empty=|| ()/>
            {(more > 0).then(|| view! { <p>{format!("And {}.", counted(more, "other person", "other people"))}</p> })}
            <Hold held=held_until.is_some() || ahead.is_some() typed errors/>
            {(!kept.is_empty()).then(|| view! { <Kept kept/> })}
            <h2 class="gap-m">"The last nights"</h2>
            <Table rows=TableRows::new(LoadedRows::new(&NIGHTS, nights)) label="The last nights" empty=|| view! {
                <p class="muted">"No night has passed yet."</p>
            }/>
        }
    })
}

#[component]
fn Counts(counts: NightCounts) -> impl IntoView {
    if counts.all() == 0 {
        return view! { <p>"Nothing changes."</p> }.into_any();
    }
    let lines = RollChange::ALL
        .into_iter()
        .filter_map(|change| {
            let count = counts.sum(&[change]);
            (count > 0).then(|| view! { <div><dt>{change.label()}</dt><dd>{count}</dd></div> })
        })
        .collect_view();
    view! { <dl class="facts">{lines}</dl> }.into_any()
}

/// What is due and was not done.
#[component]
fn DueToday(due: NightCounts) -> impl IntoView {
    view! {
        <h2 class="gap-m">"Due today"</h2>
        <Counts counts=due/>
        <form method="post" action="/school-year/nightly/now">
            <button class="btn" type="submit">"Do this now"</button>
        </form>
    }
    .into_any()
}

#[component]
fn Hold(held: bool, typed: String, errors: FieldErrors) -> impl IntoView {
    if held {
        return view! {
            <form class="row gap-s" method="post" action="/school-year/nightly/release">
                <button class="btn primary" type="submit">"Release"</button>
            </form>
        }
        .into_any();
    }
    view! {
        <form class="row gap-s" method="post" action="/school-year/nightly/hold">
            <input type="hidden" name="night" value="next"/>
            <button class="btn" type="submit">"Hold for a night"</button>
        </form>
        <form class="filters gap-s" method="post" action="/school-year/nightly/hold">
            <TextField id="until" label="Until, this day included" kind="date" value=typed errors/>
            <button class="btn" type="submit">"Hold until this day"</button>
        </form>
    }
    .into_any()
}

#[component]
fn Kept(kept: Vec<KeptLine>) -> impl IntoView {
    view! {
        <h2 class="gap-m">"Left, and still able to sign in"</h2>
        <p>"Somebody enabled these accounts again, or the person administers all schools. The night leaves them alone. Disable them, or give them a last day, when they are no longer needed."</p>
        <Table rows=TableRows::new(LoadedRows::new(&KEPT, kept)) label="Left, and still able to sign in" empty=|| ()/>
    }
    .into_any()
}

static PEOPLE: Kind<NightLine> = Kind {
    about: About {
        slug: "nightly-people",
        one: "account",
        many: "accounts",
        margin: "",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |line| line.person.0,
    name: |line| line.name.clone(),
    mark: None,
    flag: None,
    columns: &[
        Column::names("name", "Name", ColumnWidth::Grows(192), |row| {
            row.drawn(|line| view! { <bdi>{line.name.clone()}</bdi> }.into_any())
        }),
        Column::tells("username", "Username", ColumnWidth::Grows(160), 1, |row| {
            row.drawn(|line| view! { <span class="code">{line.username.clone()}</span> }.into_any())
        }),
        Column::tells("change", "What happens", ColumnWidth::Grows(272), 0, |row| {
            row.text(|line| line.change.label().to_owned())
        }),
    ],
};

static KEPT: Kind<KeptLine> = Kind {
    about: About {
        slug: "nightly-kept",
        one: "account",
        many: "accounts",
        margin: "",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |line| line.person.0,
    name: |line| line.name.clone(),
    mark: None,
    flag: None,
    columns: &[Column::names("name", "Name", ColumnWidth::Grows(192), |row| {
        row.drawn(|line| view! { <bdi>{line.name.clone()}</bdi> }.into_any())
    })],
};

static NIGHTS: Kind<NightDone> = Kind {
    about: About {
        slug: "nights",
        one: "night",
        many: "nights",
        margin: "",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |night| uuid::Uuid::from_u128(u128::from(night.day.to_epoch_days().unsigned_abs())),
    name: |night| long_day(night.day),
    mark: None,
    flag: None,
    columns: &[
        Column::names("day", "Night", ColumnWidth::Grows(176), |row| row.text(|night| long_day(night.day))),
        Column::tells("outcome", "What became of it", ColumnWidth::Grows(272), 0, |row| {
            row.text(|night| night.outcome.label().to_owned())
        }),
        Column::tells("opened", "Opened", ColumnWidth::Fixed(112), 1, |row| {
            row.text(|night: &NightDone| night.opened.to_string())
        })
        .labelled(),
        Column::tells("suspended", "Disabled", ColumnWidth::Fixed(112), 1, |row| {
            row.text(|night: &NightDone| night.suspended.to_string())
        })
        .labelled(),
        Column::tells("closed", "Closed", ColumnWidth::Fixed(112), 1, |row| {
            row.text(|night: &NightDone| night.closed.to_string())
        })
        .labelled(),
        Column::tells("erased", "Erased", ColumnWidth::Fixed(112), 1, |row| {
            row.text(|night: &NightDone| night.erased.to_string())
        })
        .labelled(),
    ],
};
