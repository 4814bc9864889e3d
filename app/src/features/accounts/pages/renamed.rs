//! Changes of usernames that were made: the list of them, and one of them.

use domain::accounts::rename::{RENAME_ROWS, RenameDetail, RenamedPerson};
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
pub fn renames_page(page: OfficePage, found: Page<PastOperation>, undoes: bool) -> String {
    render(page, RENAMES.1, move || {
        let Page { rows, next } = found;
        let older = next.map(|next: Cursor| format!("{}?after={}", RENAMES.0, in_query(&next.to_string())));
        let rows: Vec<_> = rows.into_iter().map(|operation| (operation, undoes)).collect();
        view! {
            <PageHead title=RENAMES.1 up=Some(("/accounts", "User accounts"))
                lead=|| "Usernames that were changed, of one person or of many. A change can be undone while none of its usernames was changed again."/>
            <Table rows=TableRows::new(LoadedRows::new(&PAST, rows)) label=RENAMES.1 empty=|| view! {
                <p class="muted">"No username has been changed yet. To change some, select people under User accounts and choose Change usernames."</p>
            }/>
            {older.map(|older| view! { <p><a class="btn" href=older>"Earlier changes"</a></p> })}
        }
    })
}

/// Changes that were made, each with whether the reader may undo it.
static PAST: Kind<(PastOperation, bool)> = Kind {
    about: About {
        slug: "renames",
        one: "change",
        many: "changes",
        margin: "",
        layout: RowLayout::Even,
        opens: true,
    },
    id: |(operation, _)| operation.id.0,
    name: |(operation, _)| changed(operation.size),
    mark: None,
    flag: None,
    columns: &[
        Column::names("changed", "Changed", ColumnWidth::Grows(160), |row| {
            row.drawn(|(operation, _)| {
                let href = format!("{}/{}", RENAMES.0, operation.id);
                view! { <a href=href>{TimeWords::here().short(operation.at)}</a> }.into_any()
            })
        }),
        Column::tells("by", "By", ColumnWidth::Grows(192), 2, |row| row.long(|(operation, _)| by(operation))),
        Column::tells("usernames", "Usernames", ColumnWidth::Fixed(112), 1, |row| {
            row.text(|(operation, _): &(PastOperation, bool)| operation.size.to_string())
        })
        .labelled(),
        Column::tells("state", "State", ColumnWidth::Fixed(192), 1, |row| {
            row.text(|(operation, _)| match operation.undone_at {
                Some(at) => format!("Undone {}", TimeWords::here().short(at)),
                None => "Changed".to_owned(),
            })
        }),
        Column::acts(112, |row| row.drawn(|(operation, undoes)| undo(operation, *undoes))),
    ],
};

fn changed(size: u32) -> String {
    match size {
        1 => "1 username changed".to_owned(),
        many => format!("{many} usernames changed"),
    }
}

fn by(operation: &PastOperation) -> String {
    operation.by.clone().unwrap_or_else(|| "Command line".to_owned())
}

/// The form that undoes a change, while it stands.
fn undo(operation: &PastOperation, undoes: bool) -> AnyView {
    let what = format!(" this change of {}", TimeWords::here().short(operation.at));
    (undoes && operation.undone_at.is_none())
        .then(|| view! {
            <form method="post" action=format!("{}/{}/undo", RENAMES.0, operation.id)>
                <button class="btn small" type="submit"><Icon name="undo-2" small=true/>"Undo"<Hidden>{what}</Hidden></button>
            </form>
        })
        .into_any()
}

/// A change that was made, as HTML.
pub fn renamed_page(page: OfficePage, detail: RenameDetail, undoes: bool, problem: Option<String>) -> String {
    let title = changed(detail.operation.size);
    let words = page.me.words();
    render(page, title.clone(), move || {
        let operation = detail.operation;
        let by = operation.by.as_deref().unwrap_or("the command line");
        let lead = format!("Changed {} by {by}.", words.short(operation.at));
        let old = match (operation.undone_at, detail.old_until) {
            (Some(_), _) => String::new(),
            (None, Some(until)) => format!(
                "The old usernames sign in until {}, and then never again. They stay reserved for the same people.",
                words.short(until)
            ),
            (None, None) => {
                "The old usernames no longer sign in. They stay reserved for the same people.".to_owned()
            }
        };
        let listed = detail.people.len();
        let undoable = undoes && operation.undone_at.is_none();
        let action = format!("{}/{}/undo", RENAMES.0, operation.id);
        view! {
            <PageHead title lead=move || lead.clone() up=Some(RENAMES)/>
            {problem.map(|problem| view! { <Notice tone="red" title="Nothing was changed"><p>{problem}</p></Notice> })}
            {operation.undone_at.map(|at| view! {
                <div class="notice"><Icon name="undo-2"/><p><b>{format!("This change was undone {}.", words.short(at))}</b>" Everyone has their former username again."</p></div>
            })}
            {(!old.is_empty()).then(|| view! { <p>{old}</p> })}
            <Table rows=TableRows::new(LoadedRows::new(&CHANGED, detail.people)) label="Changed usernames" empty=|| ()/>
            {(listed == RENAME_ROWS).then(|| view! { <p class="table-foot">{format!("The first {listed} of {}.", operation.size)}</p> })}
            <div class="row gap-m">
                <a class="btn primary" href="/accounts">"Done"</a>
                {undoable.then(|| view! {
                    <form method="post" action=action>
                        <button class="btn" type="submit"><Icon name="undo-2"/>"Undo"<Hidden>" this change of usernames"</Hidden></button>
                    </form>
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
