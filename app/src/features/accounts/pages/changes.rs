//! Changes of several accounts that were made: the list of them, and one of them, with its undo.

use domain::accounts::bulk::{BulkChanged, NamedAccount};
use domain::lists::page::{Cursor, Page};
use leptos::prelude::*;

use crate::features::office::page::{OfficePage, in_query, render};
use crate::ui::icon::{Hidden, Icon};
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRows};
use crate::ui::time::TimeWords;

/// The list of changes.
pub(super) const CHANGES_PAGE: (&str, &str) = ("/accounts/changes", "Account changes");

/// The changes made at a school, newest first, as HTML.
pub fn changes_page(page: OfficePage, found: Page<BulkChanged>) -> String {
    render(page, CHANGES_PAGE.1, move || {
        let Page { rows, next } = found;
        let older =
            next.map(|next: Cursor| format!("{}?after={}", CHANGES_PAGE.0, in_query(&next.to_string())));
        view! {
            <PageHead title=CHANGES_PAGE.1 up=Some(("/accounts", "User accounts"))
                lead=|| "Accounts that were disabled, enabled, unlocked, closed or given a portal group. A change can be undone for 30 days, until one of its accounts changes again. Closing cannot."/>
            <Table rows=TableRows::new(LoadedRows::new(&CHANGES, rows)) label=CHANGES_PAGE.1 empty=|| view! {
                <p class="muted">"No accounts have been changed in the last 30 days. To change some, select people under User accounts."</p>
            }/>
            {older.map(|older| view! { <p><a class="btn" href=older>"Earlier changes"</a></p> })}
        }
    })
}

fn by(changed: &BulkChanged) -> String {
    changed.operation.by.clone().unwrap_or_else(|| "Command line".to_owned())
}

/// Changes that were made.
static CHANGES: Kind<BulkChanged> = Kind {
    about: About {
        slug: "account-changes",
        one: "change",
        many: "changes",
        margin: "",
        layout: RowLayout::Even,
        opens: true,
    },
    id: |changed| changed.operation.id.0,
    name: BulkChanged::heading,
    mark: None,
    flag: None,
    columns: &[
        Column::names("what", "Change", ColumnWidth::Grows(240), |row| {
            row.drawn(|changed| {
                let href = format!("{}/{}", CHANGES_PAGE.0, changed.operation.id);
                view! { <a href=href>{changed.heading()}</a> }.into_any()
            })
        }),
        Column::tells("changed", "Changed", ColumnWidth::Fixed(128), 1, |row| {
            row.text(|changed| TimeWords::here().short(changed.operation.at))
        }),
        Column::tells("by", "By", ColumnWidth::Grows(160), 2, |row| row.long(by)),
        Column::tells("state", "State", ColumnWidth::Fixed(176), 1, |row| {
            row.text(|changed| match changed.undone_at() {
                Some(at) => format!("Undone {}", TimeWords::here().short(at)),
                None => "Changed".to_owned(),
            })
        }),
    ],
};

/// A change that was made, as HTML. `undoes` is for those who may change accounts.
pub fn changed_page(page: OfficePage, changed: BulkChanged, undoes: bool, problem: Option<String>) -> String {
    let title = changed.heading();
    let words = page.me.words();
    render(page, title.clone(), move || {
        let operation = &changed.operation;
        let who = operation.by.as_deref().unwrap_or("the command line");
        let lead = format!("Changed {} by {who}.", words.at(operation.at));
        let size = usize::try_from(operation.size).unwrap_or(usize::MAX);
        let more = size.saturating_sub(changed.first.len());
        let undoable = undoes && changed.change.is_undoable() && operation.undone_at.is_none();
        let undo = format!("{}/{}/undo", CHANGES_PAGE.0, operation.id);
        view! {
            <PageHead title lead=move || lead.clone() up=Some(CHANGES_PAGE)/>
            {problem.map(|problem| view! { <Notice tone="red" title="Nothing was undone"><p>{problem}</p></Notice> })}
            {operation.undone_at.map(|at| view! {
                <div class="notice"><Icon name="undo-2"/><p><b>{format!("This change was undone {}.", words.at(at))}</b>" Every account is as it was before."</p></div>
            })}
            <Table rows=TableRows::new(LoadedRows::new(&PEOPLE, changed.first.clone())) label="Changed accounts" empty=|| ()/>
            {(more > 0).then(|| view! { <p class="table-foot">{format!("And {more} more.")}</p> })}
            <form class="row gap-m" method="post" action=undo>
                <a class="btn primary" href="/accounts">"Done"</a>
                {undoable.then(|| view! {
                    <button class="btn" type="submit"><Icon name="undo-2"/>"Undo"<Hidden>" this change"</Hidden></button>
                })}
            </form>
        }
    })
}

/// People, with their usernames.
pub(super) static PEOPLE: Kind<NamedAccount> = Kind {
    about: About {
        slug: "named-accounts",
        one: "account",
        many: "accounts",
        margin: "",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |who| who.person.0,
    name: |who| who.name.clone(),
    mark: None,
    flag: None,
    columns: &[
        Column::names("name", "Name", ColumnWidth::Grows(192), |row| row.text(|who| who.name.clone())),
        Column::tells("username", "Username", ColumnWidth::Grows(192), 0, |row| {
            row.code(|who| who.username.clone())
        }),
    ],
};
