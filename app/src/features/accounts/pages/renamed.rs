//! Changes of usernames that were made: the list of them, and one of them.

use domain::accounts::rename::{RENAME_ROWS, RenameDetail, RenameSummary, RenamedPerson};
use domain::lists::page::{Cursor, Page};
use domain::operations::past::PastOperation;
use leptos::prelude::*;

use crate::features::office::page::{OfficePage, in_query, render};
use crate::ui::icon::{Hidden, Icon};
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRows};
use crate::ui::time::TimeWords;

/// The list of changes.
const RENAMES: (&str, &str) = ("/accounts/renames", "Username changes");

/// The changes made at a school, newest first, as HTML; `undoes` is for those who may change usernames.
pub fn renames_page(page: OfficePage, found: Page<RenameSummary>, undoes: bool) -> String {
    render(page, RENAMES.1, move || {
        let Page { rows, next } = found;
        let older = next.map(|next: Cursor| format!("{}?after={}", RENAMES.0, in_query(&next.to_string())));
        let rows: Vec<_> = rows.into_iter().map(|change| (change, undoes)).collect();
        view! {
            <PageHead title=RENAMES.1 up=Some(("/accounts", "User accounts"))
                lead=|| "Every change of usernames. You can undo a change until one of its usernames changes again."/>
            <Table rows=TableRows::new(LoadedRows::new(&PAST, rows)) label=RENAMES.1 empty=|| view! {
                <p class="muted">"No username has been changed yet. To change some, select people under User accounts and choose Change usernames."</p>
            }/>
            {older.map(|older| view! { <p><a class="btn" href=older>"Earlier changes"</a></p> })}
        }
    })
}

/// Changes that were made, each with whether the reader may undo it.
static PAST: Kind<(RenameSummary, bool)> = Kind {
    about: About {
        slug: "renames",
        one: "change",
        many: "changes",
        margin: "",
        layout: RowLayout::Even,
        opens: true,
    },
    id: |(change, _)| change.operation.id.0,
    name: |(change, _)| change.who(),
    mark: None,
    flag: None,
    columns: &[
        Column::names("whose", "Person", ColumnWidth::Grows(192), |row| {
            row.drawn(|(change, _)| {
                let href = format!("{}/{}", RENAMES.0, change.operation.id);
                view! { <a href=href>{change.who()}</a> }.into_any()
            })
        }),
        Column::tells("changed", "Changed", ColumnWidth::Fixed(128), 1, |row| {
            row.text(|(change, _)| TimeWords::here().short(change.operation.at))
        }),
        Column::tells("by", "By", ColumnWidth::Grows(160), 2, |row| {
            row.long(|(change, _)| by(&change.operation))
        }),
        Column::tells("state", "State", ColumnWidth::Fixed(176), 1, |row| {
            row.text(|(change, _)| match change.operation.undone_at {
                Some(at) => format!("Undone {}", TimeWords::here().short(at)),
                None => "Changed".to_owned(),
            })
        }),
        Column::acts(112, |row| row.drawn(|(change, undoes)| undo(change, *undoes))),
    ],
};

/// The heading of a change: whose usernames, or how many, changed or changed back.
fn heading(change: &RenameSummary) -> String {
    let what = match (&change.first, change.operation.size) {
        (Some(name), 1) => format!("Username of {name}"),
        (_, 1) => "1 username".to_owned(),
        (_, many) => format!("{many} usernames"),
    };
    let back = if change.operation.undone_at.is_some() { " back" } else { "" };
    format!("{what} changed{back}")
}

fn by(operation: &PastOperation) -> String {
    operation.by.clone().unwrap_or_else(|| "Command line".to_owned())
}

fn undo_of(operation: &PastOperation) -> String {
    format!("{}/{}/undo", RENAMES.0, operation.id)
}

/// The link to the question before an undo, while the change stands.
fn undo(change: &RenameSummary, undoes: bool) -> AnyView {
    let what = format!(" the username change of {}", change.who());
    (undoes && change.operation.undone_at.is_none())
        .then(|| view! {
            <a class="btn small" href=undo_of(&change.operation)><Icon name="undo-2" small=true/>"Undo"<Hidden>{what}</Hidden></a>
        })
        .into_any()
}

/// The question before an undo, as HTML.
pub fn undo_page(page: OfficePage, change: RenameSummary) -> String {
    let size = change.operation.size;
    let title = match (&change.first, size) {
        (Some(name), 1) => format!("Undo the username change of {name}?"),
        (_, 1) => "Undo 1 username change?".to_owned(),
        (_, many) => format!("Undo {many} username changes?"),
    };
    let (again, button) = if size == 1 {
        (
            "They get their former username back. Nobody can sign in with the new one, and it stays reserved for them.",
            "Undo the change".to_owned(),
        )
    } else {
        (
            "Everyone gets their former username back. Nobody can sign in with the new ones, and they stay reserved for the same people.",
            format!("Undo {size} changes"),
        )
    };
    let words = page.me.words();
    render(page, title.clone(), move || {
        let made = format!("Changed {} by {}.", words.at(change.operation.at), by_words(&change.operation));
        let back = format!("{}/{}", RENAMES.0, change.operation.id);
        view! {
            <PageHead title lead=move || made.clone() up=Some(RENAMES)/>
            <form class="stack" method="post" action=undo_of(&change.operation)>
                <p>{again}" If they were told of the change by email, they are told of this too."</p>
                <p class="row">
                    <button class="btn primary" type="submit">{button}</button>
                    <a class="btn" href=back>"Back"</a>
                </p>
            </form>
        }
    })
}

fn by_words(operation: &PastOperation) -> &str {
    operation.by.as_deref().unwrap_or("the command line")
}

/// What became of the old usernames of a change that stands.
fn old_usernames(size: u32, until: Option<String>) -> String {
    let one = size == 1;
    let stays =
        if one { "It stays reserved for this person." } else { "They stay reserved for the same people." };
    match (until, one) {
        (Some(until), true) => {
            format!("The old username signs in until {until}, and then never again. {stays}")
        }
        (Some(until), false) => {
            format!("The old usernames sign in until {until}, and then never again. {stays}")
        }
        (None, true) => format!("The old username no longer signs in. {stays}"),
        (None, false) => format!("The old usernames no longer sign in. {stays}"),
    }
}

/// A change that was made, as HTML.
pub fn renamed_page(page: OfficePage, detail: RenameDetail, undoes: bool, problem: Option<String>) -> String {
    let change = detail.summary();
    let title = heading(&change);
    let words = page.me.words();
    render(page, title.clone(), move || {
        let operation = &change.operation;
        let lead = format!("Changed {} by {}.", words.at(operation.at), by_words(operation));
        let old = operation
            .undone_at
            .is_none()
            .then(|| old_usernames(operation.size, detail.old_until.map(|until| words.until(until))));
        let again = match (&change.first, operation.size) {
            (Some(name), 1) => format!(" {name} has the former username again."),
            (None, 1) => " The person has the former username again.".to_owned(),
            _ => " Everyone has their former username again.".to_owned(),
        };
        let listed = detail.people.len();
        let undoable = undoes && operation.undone_at.is_none();
        view! {
            <PageHead title lead=move || lead.clone() up=Some(RENAMES)/>
            {problem.map(|problem| view! { <Notice tone="red" title="Nothing was changed"><p>{problem}</p></Notice> })}
            {operation.undone_at.map(|at| view! {
                <div class="notice"><Icon name="undo-2"/><p><b>{format!("This change was undone {}.", words.at(at))}</b>{again}</p></div>
            })}
            {old.map(|old| view! { <p>{old}</p> })}
            <Table rows=TableRows::new(LoadedRows::new(&CHANGED, detail.people)) label="Changed usernames" empty=|| ()/>
            {(listed == RENAME_ROWS).then(|| view! { <p class="table-foot">{format!("The first {listed} of {}.", operation.size)}</p> })}
            <div class="row gap-m">
                <a class="btn primary" href="/accounts">"Done"</a>
                {undoable.then(|| view! {
                    <a class="btn" href=undo_of(operation)><Icon name="undo-2"/>"Undo"<Hidden>" this change of usernames"</Hidden></a>
                })}
            </div>
        }
    })
}

/// The usernames that changed.
static CHANGED: Kind<RenamedPerson> = Kind {
    about: About {
        slug: "renamed",
        one: "username",
        many: "usernames",
        margin: "",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |person| person.person.0,
    name: |person| person.name.clone(),
    mark: None,
    flag: None,
    columns: &[
        Column::names("name", "Name", ColumnWidth::Grows(192), |row| row.text(|person| person.name.clone())),
        Column::tells("username", "Username", ColumnWidth::Grows(192), 0, |row| {
            row.code(|person| person.username.clone())
        }),
        Column::tells("former", "Former username", ColumnWidth::Grows(192), 1, |row| {
            row.code(|person| person.former.clone().unwrap_or_else(|| "Not shown".to_owned()))
        }),
    ],
};
