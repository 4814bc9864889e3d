//! The columns of student lists. Other features use them in their own lists.

use domain::credentials::status::AccountStatus;
use domain::ids::PersonId;
use domain::roll::views::RollRow;
use leptos::prelude::*;

use crate::ui::cap::Cap;
use crate::ui::icon::{Hidden, Icon};
use crate::ui::live::live;
use crate::ui::memo::{Derived, memo};
use crate::ui::status::StatusBadge;
use crate::ui::table::{About, Column, ColumnWidth, Kind, RowLayout, TableRow};
use crate::ui::time::TimeWords;

/// The name, which opens the student's record.
pub const NAME: Column<RollRow> =
    Column::<RollRow>::names("student", "Student", ColumnWidth::Grows(208), |row| {
        row.link(row.of(|row| row.name.clone()), row.of(|row| format!("/students/{}", row.person)))
    })
    .sorted();
/// Registration group.
pub const GROUP: Column<RollRow> =
    Column::<RollRow>::tells("group", "Group", ColumnWidth::Fixed(80), 3, |row| {
        row.long(|row| row.group.clone())
    })
    .sorted();
/// Year group.
pub const YEAR: Column<RollRow> =
    Column::<RollRow>::tells("year", "Year", ColumnWidth::Fixed(64), 5, |row| {
        row.long(|row| row.year.clone())
    })
    .sorted();
/// Admission number.
pub const NUMBER: Column<RollRow> =
    Column::<RollRow>::tells("number", "Admission no.", ColumnWidth::Fixed(128), 6, |row| {
        row.code(|row| row.admission_number.clone())
    })
    .sorted();
/// The username, or that there is none.
pub const USERNAME: Column<RollRow> =
    Column::<RollRow>::tells("username", "Username", ColumnWidth::Fixed(144), 2, |row| {
        row.either(
            |row| row.account.as_ref().map(|account| account.username.clone()),
            |username| view! { <span class="code" title=username>{username}</span> }.into_any(),
            || view! { <span class="muted">"None yet"</span> }.into_any(),
        )
    })
    .sorted();
/// The account's status.
pub const STATUS: Column<RollRow> =
    Column::<RollRow>::tells("status", "Status", ColumnWidth::Fixed(192), 1, status).sorted();
/// The address for invitations.
pub const EMAIL: Column<RollRow> =
    Column::<RollRow>::tells("email", "Invitation goes to", ColumnWidth::Grows(208), 4, |row| {
        row.either(
            |row| row.email.clone(),
            |email| {
                view! {
                    <span class="where">
                        <Icon name="mail" small=true/><Hidden>"Email: "</Hidden>
                        <span class="addr" title=email>{email}</span>
                    </span>
                }
                .into_any()
            },
            || {
                view! { <span class="status" data-tone="amber"><Icon name="mail-x"/>"No email"</span> }
                    .into_any()
            },
        )
    });
/// Last sign-in.
pub const LAST_SIGN_IN: Column<RollRow> =
    Column::<RollRow>::tells("last-sign-in", "Last sign-in", ColumnWidth::Fixed(112), 7, last_sign_in)
        .sorted();
/// Roll status.
pub const ROLL_STATUS: Column<RollRow> =
    Column::<RollRow>::tells("roll", "Roll", ColumnWidth::Fixed(96), 8, |row| {
        row.text(|row| row.roll.label().to_owned())
    });

/// The students of a school.
pub static STUDENTS: Kind<RollRow> = Kind {
    mark: Some(cap),
    flag: Some(flag),
    columns: &[NAME, GROUP, YEAR, NUMBER, STATUS, USERNAME, EMAIL, LAST_SIGN_IN.on_request(), ROLL_STATUS],
    ..bare("students", "Account")
};

/// The same, for people who may see students but not accounts.
pub static ROLL: Kind<RollRow> =
    Kind { columns: &[NAME, GROUP, YEAR, NUMBER, EMAIL, ROLL_STATUS], ..bare("roll", "") };

/// A list of students without columns.
pub const fn bare(slug: &'static str, margin: &'static str) -> Kind<RollRow> {
    Kind {
        about: About { slug, one: "student", many: "students", margin, layout: RowLayout::Even, opens: true },
        id: |row| row.person.0,
        name: |row| row.name.clone(),
        mark: None,
        flag: None,
        columns: &[],
    }
}

fn status_of(row: TableRow<RollRow>) -> Derived<Option<AccountStatus>> {
    let now = TimeWords::here().now;
    row.of(move |row| Some(row.status(now)))
}

/// The cap: green for students with an account, opening its preview; grey for others.
pub fn cap(row: TableRow<RollRow>) -> AnyView {
    let (status, name) = (status_of(row), row.of(|row| row.name.clone()));
    let person = row.of(|row| Some(row.person));
    let preview = Signal::derive(move || {
        person.get().map(|person: PersonId| format!("/students/{person}/preview")).unwrap_or_default()
    });
    live(move || {
        status.get().map(|status| {
            view! { <Cap status name href=status.has_account().then_some(preview)/> }
        })
    })
}

/// Red if an invitation was not delivered.
pub fn flag(row: TableRow<RollRow>) -> Derived<Option<&'static str>> {
    let status = status_of(row);
    memo(move || {
        matches!(status.get(), Some(AccountStatus::Failed | AccountStatus::Bounced)).then_some("red")
    })
}

fn status(row: TableRow<RollRow>) -> AnyView {
    let words = TimeWords::here();
    let status = row.of(move |row| {
        Some((row.status(words.now), row.account.as_ref().map(|account| words.short(account.since))))
    });
    live(move || {
        status.get().map(|(status, since)| {
            view! {
                <StatusBadge status/>
                {since.map(|since| view! { " "<span class="muted nowrap">{since}</span> })}
            }
        })
    })
}

fn last_sign_in(row: TableRow<RollRow>) -> AnyView {
    let words = TimeWords::here();
    let last = row.of(move |row| match row.account.as_ref().map(|account| account.last_sign_in_at) {
        Some(Some(at)) => (words.short(at), false),
        Some(None) => ("Never".to_owned(), true),
        None => ("Not yet".to_owned(), true),
    });
    view! { <span class:muted=move || last.with(|last| last.1)>{live(move || last.with(|last| last.0.clone()))}</span> }.into_any()
}
