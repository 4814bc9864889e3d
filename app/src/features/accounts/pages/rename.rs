//! Changing usernames: what would change first, then what did. It needs no WebAssembly.

use std::collections::BTreeMap;

use domain::accounts::plan::PlannedUsername;
use domain::accounts::rename::{RENAME_ROWS, RenameRow, RenameView};
use domain::accounts::username::Username;
use domain::fields::FieldErrors;
use domain::ids::{PersonId, SchoolId};
use leptos::prelude::*;

use crate::features::office::page::{OfficePage, render};
use crate::ui::error_summary::ErrorSummary;
use crate::ui::field::TextField;
use crate::ui::icon::Icon;
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRows};

fn list_of(among: &str) -> (&'static str, &'static str) {
    match among {
        "staff" => ("/staff", "Staff"),
        "guardians" => ("/guardians", "Guardians"),
        _ => ("/accounts", "User accounts"),
    }
}

/// The form, as it is shown.
#[derive(Debug, Clone)]
pub struct RenameForm {
    /// The school.
    pub school: SchoolId,
    /// Whose usernames, as JSON.
    pub selection: String,
    /// `students` or `staff`.
    pub among: &'static str,
    /// What the school's pattern makes, as it was shown first.
    pub hash: String,
    /// What would change with what was typed.
    pub view: RenameView,
    /// Whether it is about a single person, whose username is typed.
    pub single: bool,
    /// What was typed, by person.
    pub typed: BTreeMap<PersonId, String>,
    /// The typed number of days.
    pub days: String,
    /// Whether people are told by email.
    pub tell: bool,
    /// What is wrong with the fields.
    pub errors: FieldErrors,
    /// Why nothing happened.
    pub problem: Option<String>,
}

/// A row of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
struct RenameLine {
    row: RenameRow,
    /// What is in the field, if the row has one.
    field: Option<String>,
    /// The complaint that the person sees. What is sent with it again counts as accepted.
    complaint: Option<String>,
}

impl RenameForm {
    fn lines(&self) -> Vec<RenameLine> {
        let kept = self.view.unchanged.first.iter().filter(|_| self.single);
        let mut rows: Vec<&RenameRow> = self.view.plan.rows.iter().chain(kept).collect();
        // What needs a decision comes first.
        rows.sort_by_key(|row| row.complaint().is_none());
        rows.into_iter()
            .take(RENAME_ROWS)
            .map(|row| {
                let typed = self.typed.get(&row.person).cloned();
                let complaint = row.complaint();
                let made = || row.username().map(Username::to_string).unwrap_or_default();
                let editable = self.single || typed.is_some() || complaint.is_some();
                RenameLine {
                    field: editable.then(|| typed.unwrap_or_else(made)),
                    complaint,
                    row: row.clone(),
                }
            })
            .collect()
    }
}

/// What would change, as HTML, with the form that changes it.
pub fn rename_page(page: OfficePage, form: RenameForm) -> String {
    let lines = form.lines();
    let title = match (form.single, lines.as_slice()) {
        (true, [line]) => format!("Change the username of {}", line.row.name),
        _ => match form.view.plan.rows.len() {
            0 => "No username to change".to_owned(),
            1 => "Change 1 username?".to_owned(),
            many => format!("Change {many} usernames?"),
        },
    };
    let wrong = !form.errors.is_empty();
    let window = if wrong { format!("Error: {title}") } else { title.clone() };
    render(page, window, move || {
        let lead = if form.single {
            "Their password, messages and history stay as they are."
        } else {
            "These are made by the school\u{2019}s username pattern from the names on the roll. Passwords, messages and history stay as they are."
        };
        let rows = form.view.plan.rows.len();
        let unchanged = (!form.single && form.view.unchanged.count > 0)
            .then(|| format!("{} already fit the pattern and stay as they are.", form.view.unchanged.count));
        let left = form.view.left_out.iter().map(|left| format!("{} skipped: {}.", left.count, left.reason));
        let said: Vec<String> = left.chain(unchanged).collect();
        let more = (rows > RENAME_ROWS)
            .then(|| format!("The first {RENAME_ROWS} of {rows}. The others change in the same way."));
        let nothing = lines.is_empty();
        let list = list_of(form.among);
        let button = match rows {
            _ if form.single => "Change username".to_owned(),
            1 => "Change 1 username".to_owned(),
            many => format!("Change {many} usernames"),
        };
        let reviewed = lines
            .iter()
            .filter(|line| line.complaint.is_some())
            .filter_map(|line| Some((line.row.person, line.field.clone()?)))
            .map(
                |(person, shown)| view! { <input type="hidden" name=format!("shown-{person}") value=shown/> },
            )
            .collect_view();
        view! {
            <PageHead title lead=move || lead up=Some(list)
                actions=|| view! { <a class="btn" href="/accounts/renames">"Earlier changes"</a> }/>
            {form.problem.map(|problem| view! { <Notice tone="red" title="Nothing was changed"><p>{problem}</p></Notice> })}
            <ErrorSummary errors=form.errors.clone()/>
            {(!said.is_empty()).then(|| view! { <p>{said.join(" ")}</p> })}
            <Table rows=TableRows::new(LoadedRows::new(&CHANGES, lines)) label="Usernames to change" empty=|| ()/>
            {more.map(|more| view! { <p class="table-foot">{more}</p> })}
            <form class="stack gap-m" id="rename" method="post" action="/accounts/rename/change" novalidate>
                <input type="hidden" name="school" value=form.school.to_string()/>
                <input type="hidden" name="selection" value=form.selection/>
                <input type="hidden" name="among" value=form.among/>
                <input type="hidden" name="hash" value=form.hash/>
                {reviewed}
                {(!nothing).then(|| view! {
                    <TextField id="days" label="Days the old username still signs in" input_mode="numeric"
                        hint="0 stops it at once. Either way, nobody else ever gets it." value=form.days errors=form.errors/>
                    <label class="choice">
                        <input type="checkbox" name="tell" value="yes" checked=form.tell/>
                        <span><b>"Tell them by email"</b></span>
                        <span class="hint">"The message has the new username only. People who have not signed in yet get none."</span>
                    </label>
                })}
                <p class="row">
                    {(!nothing).then(|| view! { <button class="btn primary" type="submit">{button}</button> })}
                    <a class="btn" href=list.0>"Back"</a>
                </p>
            </form>
        }
    })
}

/// The usernames that would change.
static CHANGES: Kind<RenameLine> = Kind {
    about: About {
        slug: "rename",
        one: "username",
        many: "usernames",
        margin: "",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |line| line.row.person.0,
    name: |line| line.row.name.clone(),
    mark: None,
    flag: None,
    columns: &[
        Column::names("student", "Name", ColumnWidth::Grows(192), |row| {
            row.text(|line| line.row.name.clone())
        }),
        Column::tells("group", "Group", ColumnWidth::Fixed(80), 3, |row| {
            row.text(|line| line.row.group.clone())
        }),
        Column::tells("from", "Username now", ColumnWidth::Grows(160), 1, |row| {
            row.code(|line| line.row.from.to_string())
        }),
        Column::tells("to", "New username", ColumnWidth::Grows(224), 0, |row| row.drawn(new_username)),
        Column::tells("why", "What was changed", ColumnWidth::Grows(208), 2, |row| {
            row.text(|line| match &line.row.made {
                PlannedUsername::Ready(proposal) => {
                    proposal.changes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
                }
                _ => String::new(),
            })
        }),
    ],
};

fn new_username(line: &RenameLine) -> AnyView {
    let person = line.row.person;
    let id = format!("u-{person}");
    match (line.field.clone(), line.row.username()) {
        (None, username) => {
            let username = username.map(Username::to_string).unwrap_or_default();
            let former =
                line.row.is_former().then(|| view! { " "<span class="muted">"former username"</span> });
            view! { <span><span class="code">{username}</span>{former}</span> }.into_any()
        }
        (Some(value), _) => {
            let wrong = line.complaint.is_some();
            let why = format!("{id}-error");
            view! {
                <div class="field in-cell">
                    <label class="vh" for=id.clone()>{format!("New username of {}", line.row.name)}</label>
                    // The table has forms of its own, so the field is not inside its form.
                    <input class="input code" id=id.clone() name=id form="rename" value=value autocomplete="off" autocapitalize="none"
                        spellcheck="false" aria-invalid=wrong.then_some("true") aria-describedby=wrong.then(|| why.clone())/>
                    {line.row.is_former().then(|| view! { <span class="hint">"former username"</span> })}
                    {line.complaint.clone().map(|complaint| view! {
                        <span class="error" id=why><Icon name="circle-alert"/>{complaint}</span>
                    })}
                </div>
            }
            .into_any()
        }
    }
}
