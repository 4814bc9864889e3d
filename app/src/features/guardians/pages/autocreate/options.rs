//! The rules of a simulation, and the latest runs.

use std::collections::BTreeSet;

use backend::guardians::autocreate::student_groups::StudentGroups;
use domain::fields::FieldErrors;
use domain::guardians::autocreate::options::AutocreateOptions;
use domain::guardians::autocreate::views::RunView;
use domain::guardians::relationship::Relationship;
use leptos::prelude::*;

use super::{LEAD, PATH, TITLE, path_of};
use crate::features::office::page::{OfficePage, render};
use crate::ui::error_summary::ErrorSummary;
use crate::ui::field::SelectField;
use crate::ui::icon::Icon;
use crate::ui::page::PageHead;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRows};
use crate::ui::time::TimeWords;

/// The page as HTML.
pub fn options_page(
    page: OfficePage,
    options: AutocreateOptions,
    known: StudentGroups,
    latest: Vec<RunView>,
    errors: FieldErrors,
) -> String {
    render(page, TITLE, move || {
        view! {
            <PageHead title=TITLE lead=|| LEAD mark=|| view! { <Icon name="flask-conical"/> }/>
            <ErrorSummary errors=errors.clone()/>
            <form class="stack" method="post" action=PATH novalidate>
                <Students options=options.clone() known errors=errors.clone()/>
                <Contacts options=options.clone() errors=errors.clone()/>
                <Work options=options.clone() errors/>
                {options.exceptions.iter().map(|contact| view! {
                    <input type="hidden" name="except" value=contact.to_string()/>
                }).collect_view()}
                <div class="row">
                    <label class="choice boxed">
                        <input type="checkbox" name="simulation" value="on" checked=true/>
                        <span><b>"Simulation"</b></span>
                    </label>
                    <button class="btn primary" type="submit">"Run simulation"</button>
                </div>
                <p class="soft">"Nothing is created before you have seen the list. If you untick Simulation, the list opens with the Create button."</p>
            </form>
            <section>
                <h2 class="gap-m">"Latest runs"</h2>
                <Table rows=TableRows::new(LoadedRows::new(&RUNS, latest)) label="Latest runs" empty=|| view! {
                    <p class="muted">"There are no runs yet. Simulations are kept for 7 days, and runs for 30."</p>
                }/>
            </section>
        }
    })
}

#[component]
fn Students(options: AutocreateOptions, known: StudentGroups, errors: FieldErrors) -> impl IntoView {
    let future = options.future_students;
    let body = if options.is_from_list() {
        // A selection has only text and lists of text, which can always be written.
        let chosen = serde_json::to_string(&options.students).unwrap_or_default();
        let words = AutocreateOptions { students: options.students, ..AutocreateOptions::default() };
        view! {
            <p>{format!("Chosen in the list: {}. ", words.students_in_words())}<a href=PATH>"Choose others"</a></p>
            <input type="hidden" name="students" value=chosen/>
        }
        .into_any()
    } else {
        view! {
            <Labels id="years" name="year" legend="Year groups" offered=known.years chosen=options.years errors=errors.clone()/>
            <Labels id="groups" name="group" legend="Registration groups" offered=known.groups chosen=options.groups errors/>
        }
        .into_any()
    };
    view! {
        <fieldset class="field" id="students" tabindex="-1">
            <legend>"Students"</legend>
            {body}
            <Tick name="future" ticked=future words="Also students who have not started yet"/>
        </fieldset>
    }
    .into_any()
}

/// The most groups that are shown without being asked for.
const SHOWN: usize = 14;

/// The groups of one kind that the school has, to tick. Without any, there is nothing to choose by.
#[component]
fn Labels(
    id: &'static str,
    name: &'static str,
    legend: &'static str,
    offered: Vec<String>,
    chosen: BTreeSet<String>,
    errors: FieldErrors,
) -> impl IntoView {
    let wrong = errors.of(id).map(str::to_owned);
    if offered.is_empty() && wrong.is_none() {
        return ().into_any();
    }
    let invalid = wrong.is_some().then_some("");
    let open = offered.len() <= SHOWN || !chosen.is_empty() || wrong.is_some();
    let boxes = offered
        .into_iter()
        .map(|label| {
            let ticked = chosen.contains(&label);
            view! {
                <label class="choice"><input type="checkbox" name=name value=label.clone() checked=ticked/><span>{label.clone()}</span></label>
            }
        })
        .collect_view();
    let all = format!("All {}", legend.to_lowercase());
    view! {
        <fieldset class="field" id=id tabindex="-1" data-invalid=invalid>
            <legend>{legend}</legend>
            <span class="hint">"None ticked means all."</span>
            {wrong.map(|wrong| view! { <span class="error"><Icon name="circle-alert"/>{wrong}</span> })}
            {if open {
                view! { <div class="choices">{boxes}</div> }.into_any()
            } else {
                view! { <details><summary>{all}</summary><div class="choices">{boxes}</div></details> }.into_any()
            }}
        </fieldset>
    }
    .into_any()
}

#[component]
fn Contacts(options: AutocreateOptions, errors: FieldErrors) -> impl IntoView {
    let rules = options.contacts;
    let wrong = errors.of("relationships").map(str::to_owned);
    let invalid = wrong.is_some().then_some("");
    let boxes = Relationship::ALL
        .into_iter()
        .filter(|relationship| relationship.can_be_guardian())
        .map(|relationship| {
            view! {
                <label class="choice">
                    <input type="checkbox" name="relationship" value=relationship.slug()
                        checked=rules.relationships.contains(&relationship)/>
                    <span>{relationship.label()}</span>
                </label>
            }
        })
        .collect_view();
    let priorities = [
        ("", "Any"),
        ("1", "Contact 1"),
        ("2", "Contacts 1 and 2"),
        ("3", "Contacts 1 to 3"),
        ("4", "Contacts 1 to 4"),
    ];
    let chosen = rules.up_to_priority.map(|priority| u8::from(priority).to_string()).unwrap_or_default();
    view! {
        <fieldset class="field" id="relationships" tabindex="-1" data-invalid=invalid>
            <legend>"Contacts who qualify"</legend>
            <span class="hint">"Contacts with an order on record, or marked \u{201c}no portal\u{201d}, never do."</span>
            {wrong.map(|wrong| view! { <span class="error"><Icon name="circle-alert"/>{wrong}</span> })}
            {boxes}
        </fieldset>
        <SelectField id="priority" label="Order of contacts" chosen=chosen errors
            choices=priorities.map(|(value, words)| (value.to_owned(), words.to_owned())).to_vec()/>
        <fieldset class="field">
            <legend>"Only contacts"</legend>
            <Tick name="responsible" ticked=rules.responsible words="With parental responsibility on record"/>
            <Tick name="lives_with" ticked=rules.lives_with words="Recorded as living with the student"/>
            <Tick name="has_email" ticked=rules.has_email words="With an email address"/>
        </fieldset>
    }
    .into_any()
}

#[component]
fn Work(options: AutocreateOptions, errors: FieldErrors) -> impl IntoView {
    let wrong = errors.of("create").map(str::to_owned);
    let invalid = wrong.is_some().then_some("");
    view! {
        <fieldset class="field" id="create" tabindex="-1" data-invalid=invalid>
            <legend>"What to do"</legend>
            {wrong.map(|wrong| view! { <span class="error"><Icon name="circle-alert"/>{wrong}</span> })}
            <Tick name="create" ticked=options.create words="Create accounts for guardians who have none"/>
            <Tick name="attach" ticked=options.attach words="Attach missing students to accounts that exist"/>
        </fieldset>
        <fieldset class="field">
            <legend>"Messages"</legend>
            <Tick name="tell_new_account" ticked=options.messages.new_account words="Send an invitation for each new account"/>
            <Tick name="tell_new_child" ticked=options.messages.new_child
                words="Tell guardians who sign in already of a student who is added"/>
        </fieldset>
    }
    .into_any()
}

#[component]
fn Tick(name: &'static str, ticked: bool, words: &'static str) -> impl IntoView {
    view! {
        <label class="choice"><input type="checkbox" name=name value="on" checked=ticked/><span>{words}</span></label>
    }
}

/// The latest runs.
static RUNS: Kind<RunView> = Kind {
    about: About {
        slug: "autocreate-runs",
        one: "run",
        many: "runs",
        margin: "",
        layout: RowLayout::Flat,
        opens: true,
    },
    id: |run| run.id.0,
    name: |run| TimeWords::here().short(run.at),
    mark: None,
    flag: None,
    columns: &[
        Column::names("made", "Simulated", ColumnWidth::Fixed(160), |row| {
            row.drawn(|run| {
                let href = path_of(run.id);
                view! { <a href=href>{TimeWords::here().short(run.at)}</a> }.into_any()
            })
        }),
        Column::tells("by", "By", ColumnWidth::Grows(160), 2, |row| {
            row.text(|run| run.by.clone().unwrap_or_else(|| "Command line".to_owned()))
        }),
        Column::tells("accounts", "Accounts", ColumnWidth::Fixed(112), 1, |row| {
            row.text(|run| run.counts.accounts.to_string())
        }),
        Column::tells("attached", "Attached", ColumnWidth::Fixed(112), 1, |row| {
            row.text(|run| run.counts.attached.to_string())
        }),
        Column::tells("state", "State", ColumnWidth::Fixed(176), 0, |row| {
            row.text(|run| run.state.label().to_owned())
        }),
    ],
};
