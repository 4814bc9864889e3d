//! Changing several accounts: what to do with them, then what that would change and what not, with names.

use domain::accounts::bulk::{BulkChange, BulkSimulation, NamedAccount, StaysSame};
use domain::authorization::policy::Permission;
use domain::ids::SchoolId;
use leptos::prelude::*;

use super::changes::{CHANGES_PAGE, PEOPLE};
use crate::features::office::page::{OfficePage, render};
use crate::ui::icon::Icon;
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;
use crate::ui::table::{LoadedRows, Table, TableRows};

/// Whose accounts.
#[derive(Debug, Clone)]
pub struct BulkWhom {
    /// The school.
    pub school: SchoolId,
    /// A selection, as JSON.
    pub selection: String,
    /// `students`, `staff` or `guardians`.
    pub among: &'static str,
    /// How many were chosen, if they were chosen one by one.
    pub chosen: Option<usize>,
    /// The list where they were chosen.
    pub list: (&'static str, &'static str),
}

/// The chosen people, in a form.
#[component]
fn Chosen(whom: BulkWhom) -> impl IntoView {
    view! {
        <input type="hidden" name="school" value=whom.school.to_string()/>
        <input type="hidden" name="selection" value=whom.selection/>
        <input type="hidden" name="among" value=whom.among/>
    }
}

/// What can be done with several accounts, as HTML.
pub fn bulk_page(page: OfficePage, whom: BulkWhom) -> String {
    let title = match whom.chosen {
        Some(1) => "What do you want to do with 1 account?".to_owned(),
        Some(many) => format!("What do you want to do with {many} accounts?"),
        None => "What do you want to do with all accounts that match?".to_owned(),
    };
    let exports = page.me.may(Permission::ExportAccounts);
    let manages_groups = page.me.may(Permission::ManageGroups);
    render(page, title.clone(), move || {
        let list = whom.list;
        let choices = BulkChange::ALL
            .into_iter()
            .enumerate()
            .map(|(at, change)| {
                let hint = change.consequence(2);
                view! {
                    <label class="choice">
                        <input type="radio" name="change" value=change.slug() checked=at == 0/>
                        <span><b>{change.label()}</b></span>
                        <span class="hint">{hint}</span>
                    </label>
                }
            })
            .collect_view();
        let of_students = whom.among == "students";
        // What needs more than a yes has a page of its own.
        let pages = view! {
            <p class="row gap-m">
                <button class="btn" type="submit" formaction="/accounts/rename"><Icon name="pencil"/>"Change usernames"</button>
                <button class="btn" type="submit" formaction="/cards/new"><Icon name="printer"/>"Print passwords"</button>
                <button class="btn" type="submit" formaction="/accounts/codes"><Icon name="key-round"/>"Create one-time codes"</button>
                <button class="btn" type="submit" formaction="/accounts/print"><Icon name="printer"/>"Print invitation codes"</button>
                {(of_students && manages_groups).then(|| view! {
                    <button class="btn" type="submit" formaction="/groups/pick"><Icon name="users"/>"Change teaching groups"</button>
                })}
                {(of_students && exports).then(|| view! {
                    <button class="btn" type="submit" formaction="/accounts/export" name="format" value="xlsx"><Icon name="download"/>"Export as Excel"</button>
                })}
            </p>
        };
        view! {
            <PageHead title lead=|| "The next page shows which accounts change and which do not. Nothing happens before you confirm it." up=Some(list)
                actions=|| view! { <a class="btn" href=CHANGES_PAGE.0>"Earlier changes"</a> }/>
            <form class="stack" method="post" action="/accounts/change">
                <Chosen whom/>
                <fieldset class="stack"><legend class="vh">"What to do"</legend>{choices}</fieldset>
                <p class="row">
                    <button class="btn primary" type="submit">"Show what changes"</button>
                    <a class="btn" href=list.0>"Back"</a>
                </p>
                {pages}
            </form>
        }
    })
}

/// What a change would do, as HTML, with the form that does it.
pub fn simulation_page(
    page: OfficePage,
    whom: BulkWhom,
    change: BulkChange,
    simulation: BulkSimulation,
    problem: Option<String>,
) -> String {
    let BulkSimulation { changes, first, stays, waits, hash } = simulation;
    let title = match changes {
        0 => "There is no account to change".to_owned(),
        many => format!("{}?", change.button(many)),
    };
    render(page, title.clone(), move || {
        let lead = if changes == 0 { String::new() } else { change.consequence(changes) };
        let class = if change.stops() { "btn danger" } else { "btn primary" };
        let list = whom.list;
        view! {
            <PageHead title lead=move || lead.clone() up=Some(list)/>
            {problem.map(|problem| view! { <Notice tone="red" title="Nothing was changed"><p>{problem}</p></Notice> })}
            {waits.then(|| view! { <p>"A second person has to approve this, because it is for many people. They find it under Approvals."</p> })}
            {(changes > 0).then(|| view! {
                <p>{if change.is_undoable() { "You can undo this under Earlier changes, for 30 days." } else { "This cannot be undone." }}</p>
            })}
            <form class="row gap-m" method="post" action="/accounts/change/make">
                <Chosen whom/>
                <input type="hidden" name="change" value=change.slug()/>
                <input type="hidden" name="seen" value=hash.to_string()/>
                {(changes > 0).then(|| view! { <button class=class type="submit">{change.button(changes)}</button> })}
                <a class="btn" href=list.0>"Back"</a>
            </form>
            <Named changes first stays/>
        }
    })
}

/// Whose accounts change, and whose do not, with names.
#[component]
pub fn Named(
    /// How many change.
    changes: usize,
    /// The first of them by name.
    first: Vec<NamedAccount>,
    /// Those who stay as they are.
    stays: Vec<StaysSame>,
) -> impl IntoView {
    let more = changes.saturating_sub(first.len());
    view! {
        {(!first.is_empty()).then(|| view! {
            <h2 class="gap-m">{if changes == 1 { "1 changes".to_owned() } else { format!("{changes} change") }}</h2>
            <Table rows=TableRows::new(LoadedRows::new(&PEOPLE, first)) label="Accounts that change" empty=|| ()/>
            {(more > 0).then(|| view! { <p class="table-foot">{format!("And {more} more.")}</p> })}
        })}
        <Staying stays/>
    }
}

/// Who stays as they are, and why.
#[component]
fn Staying(stays: Vec<StaysSame>) -> impl IntoView {
    if stays.is_empty() {
        return ().into_any();
    }
    let all: usize = stays.iter().map(|line| line.count).sum();
    let lines = stays
        .into_iter()
        .map(|line| {
            let more = line.count.saturating_sub(line.first.len());
            let names: Vec<String> = line.first.iter().map(|who: &NamedAccount| who.name.clone()).collect();
            let whose = match (names.is_empty(), more) {
                (true, _) => String::new(),
                (false, 0) => names.join(", "),
                (false, more) => format!("{} and {more} more", names.join(", ")),
            };
            view! {
                <li>
                    <b>{format!("{}: {}.", line.count, line.reason)}</b>
                    {(!whose.is_empty()).then(|| view! { " "<bdi>{whose}</bdi> })}
                </li>
            }
        })
        .collect_view();
    view! {
        <h2 class="gap-m">{if all == 1 { "1 stays as it is".to_owned() } else { format!("{all} stay as they are") }}</h2>
        <ul role="list">{lines}</ul>
    }
    .into_any()
}
