//! The rollover: what it does, who goes where, and the button.

use std::collections::BTreeMap;

use backend::school_year::rollover::{GroupLine, RollOver, RolloverView, YearLine};
use domain::ids::GroupId;
use domain::operations::plan::PlanHash;
use domain::roll::enrolment::year_in_words;
use domain::school_year::exceptions::Exceptions;
use domain::school_year::rollover::{Ladder, NextStep};
use domain::when::long_day;
use leptos::prelude::*;

use crate::features::office::page::{OfficePage, render};
use crate::ui::field::TextField;
use crate::ui::page::PageHead;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRows};

/// The id of the form that simulates again, which the fields of the tables name.
const FORM: &str = "rollover";

const LEAVES: &str = "leaves";
const STAYS: &str = "stays";
const TO: &str = "to:";

/// What the forms of the page send.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RolloverForm {
    /// The year.
    pub year: String,
    /// The plan that was seen.
    pub seen: Option<PlanHash>,
    ladder: BTreeMap<String, NextStep>,
    groups: Option<Vec<GroupId>>,
    stays: String,
    leaves: String,
}

impl RolloverForm {
    /// Reads the fields in their order.
    pub fn read(pairs: &[(String, String)]) -> Self {
        let mut form = Self::default();
        let mut from = None;
        for (name, value) in pairs {
            match name.as_str() {
                "year" => form.year.clone_from(value),
                "seen" => form.seen = value.parse().ok(),
                "stays" => form.stays.clone_from(value),
                "leaves" => form.leaves.clone_from(value),
                "from" => from = Some(value.clone()),
                "step" => {
                    if let (Some(from), Some(step)) = (from.take(), read_step(value)) {
                        form.ladder.insert(from, step);
                    }
                }
                "groups" => form.groups = form.groups.or(Some(Vec::new())),
                "group" => {
                    form.groups.get_or_insert_with(Vec::new).extend(value.parse::<GroupId>().ok());
                }
                _ => {}
            }
        }
        form
    }

    /// What the use case takes.
    pub fn input(&self) -> RollOver {
        RollOver {
            year: self.year.clone(),
            ladder: (!self.ladder.is_empty()).then(|| Ladder(self.ladder.clone())),
            groups: self.groups.clone(),
            exceptions: Exceptions::read(&self.stays, &self.leaves),
        }
    }
}

fn read_step(typed: &str) -> Option<NextStep> {
    match typed {
        LEAVES => Some(NextStep::Leaves),
        STAYS => Some(NextStep::Stays),
        other => other.strip_prefix(TO).map(|to| NextStep::Moves { to: to.to_owned() }),
    }
}

fn typed_step(step: &NextStep) -> String {
    match step {
        NextStep::Leaves => LEAVES.to_owned(),
        NextStep::Stays => STAYS.to_owned(),
        NextStep::Moves { to } => format!("{TO}{to}"),
    }
}

/// What a rollover would do, as HTML; or why nothing can be said of it.
pub fn rollover_page(
    page: OfficePage,
    seen: Result<RolloverView, String>,
    form: RolloverForm,
    problem: Option<String>,
) -> String {
    let school = page.me.school.name.clone();
    render(page, "Rollover", move || {
        let lead = format!(
            "What happens at {school} when the year is rolled over. Nothing changes until you press the button, and all of it can be undone."
        );
        let content = match seen {
            Ok(seen) => view! { <Simulation seen form/> }.into_any(),
            Err(sentence) => view! {
                <p class="errors" role="alert">{sentence}</p>
                <p><a href="/school-year">"Back to School year"</a></p>
            }
            .into_any(),
        };
        view! {
            <PageHead title="Rollover" lead=move || lead.clone()/>
            {problem.map(|sentence| view! { <p class="errors" role="alert">{sentence}</p> })}
            {content}
        }
    })
}

#[derive(PartialEq)]
struct StepRow {
    line: YearLine,
    /// Its place in the table.
    at: u32,
    choices: Vec<(String, String)>,
}

#[component]
fn Simulation(seen: RolloverView, form: RolloverForm) -> impl IntoView {
    let RolloverView { year, next, years, moves, leaves, stays, comes, left, groups, too_early, hash } = seen;
    let heading =
        format!("{} to {}: {} to {}", year.name, next.name, long_day(next.starts_on), long_day(next.ends_on));
    let closed = groups.len();
    let going = groups.iter().filter(|group| group.goes_on).count();
    let hidden = hidden_fields(&year.name, &years, &groups, &form);
    // Without a hash, this is not what was asked for.
    let may = too_early.is_none() && hash.is_some();
    let RolloverForm { stays: repeating, leaves: leaving, .. } = form;
    let choices = choices(&years);
    let rows: Vec<StepRow> =
        years.into_iter().zip(0..).map(|(line, at)| StepRow { line, at, choices: choices.clone() }).collect();
    view! {
        <h2>{heading}</h2>
        {too_early.map(|sentence| view! { <p role="status">{sentence}" You can already see and prepare what it does."</p> })}
        <dl class="facts">
            <div><dt>"Move up"</dt><dd>{moves}</dd></div>
            <div><dt>"Leave"</dt><dd>{leaves}</dd></div>
            <div><dt>"Stay in their year group"</dt><dd>{stays}</dd></div>
            <div><dt>"Come: their first day is in the new year"</dt><dd>{comes}</dd></div>
            <div><dt>"Have left already"</dt><dd>{left}</dd></div>
            <div><dt>"Teaching groups that close"</dt><dd>{closed}</dd></div>
            <div><dt>"Groups that go on as new ones"</dt><dd>{going}</dd></div>
        </dl>
        <form id=FORM method="get" action="/school-year/rollover">
            <input type="hidden" name="year" value=year.name.clone()/>
            <input type="hidden" name="groups" value="chosen"/>
            <h3>"Students who do not go with their year group"</h3>
            <div class="stack">
                <TextField id="stays" label="Stay: they repeat the year" value=repeating
                    hint="Admission numbers, separated by commas or spaces."/>
                <TextField id="leaves" label="Leave on the last day of the year" value=leaving
                    hint="Admission numbers of students whose year group goes on."/>
            </div>
        </form>
        <h3 class="gap-m">"Who moves up, who leaves"</h3>
        <Table rows=TableRows::new(LoadedRows::new(&YEARS, rows)) label="Year groups" empty=|| view! {
            <p class="muted">"Nobody is on the roll at the end of this year."</p>
        }/>
        <h3 class="gap-m">"New groups from old"</h3>
        <Table rows=TableRows::new(LoadedRows::new(&GROUPS, groups)) label="Teaching groups" empty=|| view! {
            <p class="muted">"No teaching group belongs to this year."</p>
        }/>
        <div class="row gap-m">
            <button class="btn" type="submit" form=FORM>"Simulate again"</button>
        </div>
        {may.then(|| view! {
            <form class="row gap-s" method="post" action="/school-year/rollover">
                {hidden}
                <input type="hidden" name="seen" value=hash.map(|hash| hash.to_string())/>
                <button class="btn primary" type="submit">{format!("Roll over {}", year.name)}</button>
            </form>
        })}
    }
    .into_any()
}

/// What was simulated, for the form that does exactly that.
fn hidden_fields(year: &str, years: &[YearLine], groups: &[GroupLine], form: &RolloverForm) -> AnyView {
    let steps = years
        .iter()
        .map(|line| {
            view! {
                <input type="hidden" name="from" value=line.year.clone()/>
                <input type="hidden" name="step" value=typed_step(&line.step)/>
            }
        })
        .collect_view();
    let groups = groups
        .iter()
        .filter(|group| group.goes_on)
        .map(|group| view! { <input type="hidden" name="group" value=group.group.to_string()/> })
        .collect_view();
    let (year, stays, leaves) = (year.to_owned(), form.stays.clone(), form.leaves.clone());
    view! {
        <input type="hidden" name="year" value=year/>
        <input type="hidden" name="stays" value=stays/>
        <input type="hidden" name="leaves" value=leaves/>
        <input type="hidden" name="groups" value="chosen"/>
        {steps}
        {groups}
    }
    .into_any()
}

/// Where any year group can go: every year group that there is or will be, off the roll, or nowhere.
fn choices(years: &[YearLine]) -> Vec<(String, String)> {
    let mut names: Vec<String> = years.iter().map(|line| line.year.clone()).collect();
    names.extend(years.iter().filter_map(|line| match &line.step {
        NextStep::Moves { to } => Some(to.clone()),
        NextStep::Leaves | NextStep::Stays => None,
    }));
    names.retain(|name| !name.is_empty());
    names.sort_by(|a, b| domain::roll::page::natural(a, b));
    names.dedup();
    let to =
        names.into_iter().map(|name| (format!("{TO}{name}"), format!("Move to {}", year_in_words(&name))));
    to.chain([(LEAVES.to_owned(), "Leave".to_owned()), (STAYS.to_owned(), "Stay".to_owned())]).collect()
}

fn year_name(year: &str) -> String {
    if year.is_empty() { "No year group".to_owned() } else { year_in_words(year) }
}

static YEARS: Kind<StepRow> = Kind {
    about: About {
        slug: "rollover-years",
        one: "year group",
        many: "year groups",
        margin: "",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |row| uuid::Uuid::from_u128(row.at.into()),
    name: |row| year_name(&row.line.year),
    mark: None,
    flag: None,
    columns: &[
        Column::names("year", "Year group", ColumnWidth::Grows(160), |row| {
            row.text(|row| year_name(&row.line.year))
        }),
        Column::tells("students", "Students", ColumnWidth::Fixed(128), 0, |row| {
            row.text(|row: &StepRow| row.line.students.to_string())
        })
        .labelled(),
        Column::acts(272, |row| row.drawn(step)),
    ],
};

fn step(row: &StepRow) -> AnyView {
    let chosen = typed_step(&row.line.step);
    let label = format!("What happens to {}", year_name(&row.line.year));
    let options = row
        .choices
        .iter()
        // A year group that moves to itself stays.
        .filter(|(value, _)| *value != format!("{TO}{}", row.line.year))
        .map(|(value, words)| {
            let selected = *value == chosen;
            view! { <option value=value.clone() selected=selected>{words.clone()}</option> }
        })
        .collect_view();
    view! {
        <input type="hidden" name="from" value=row.line.year.clone() form=FORM/>
        <select class="input" name="step" form=FORM aria-label=label>{options}</select>
    }
    .into_any()
}

static GROUPS: Kind<GroupLine> = Kind {
    about: About {
        slug: "rollover-groups",
        one: "teaching group",
        many: "teaching groups",
        margin: "",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |line| line.group.0,
    name: |line| line.name.clone(),
    mark: None,
    flag: None,
    columns: &[
        Column::names("group", "Group", ColumnWidth::Grows(192), |row| row.text(|line| line.name.clone())),
        Column::tells("members", "Students who go on", ColumnWidth::Fixed(176), 0, |row| {
            row.text(|line: &GroupLine| line.members.to_string())
        })
        .labelled(),
        Column::acts(272, |row| row.drawn(goes_on)),
    ],
};

fn goes_on(line: &GroupLine) -> AnyView {
    let id = line.group.to_string();
    let label = format!("Make {} again for the new year", line.name);
    view! {
        <label class="choice">
            <input type="checkbox" name="group" value=id checked=line.goes_on form=FORM aria-label=label/>
            <span>"Make again for the new year"</span>
        </label>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_read_in_its_order() {
        let pair = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let pairs = [
            ("year", "2026/27"),
            ("groups", "chosen"),
            ("from", "7"),
            ("step", "to:8"),
            ("from", ""),
            ("step", "stays"),
        ];
        let form = RolloverForm::read(&pairs.map(pair));
        let ladder = form.input().ladder.unwrap();
        assert_eq!(ladder.step("7"), &NextStep::Moves { to: "8".to_owned() });
        assert_eq!(form.input().groups, Some(Vec::new()), "no group goes on");
        assert_eq!(RolloverForm::read(&[]).input().ladder, None);
    }
}
