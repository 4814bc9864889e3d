//! What a register shows of each student.

use domain::roll::views::RollRow;
use leptos::prelude::*;

use crate::ui::icon::{Hidden, Icon};
use crate::ui::memo::{Derived, memo};
use crate::ui::status::StatusBadge;
use crate::ui::time::Words;

/// A column after the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Year group.
    Year,
    /// Registration group.
    Group,
    /// Admission number.
    AdmissionNumber,
    /// Username, or that there is none.
    Username,
    /// The account's status.
    Status,
    /// Where an invitation goes.
    Email,
    /// Last sign-in.
    LastSignIn,
    /// Roll status.
    Roll,
}

impl Column {
    /// The word in the head.
    pub fn label(self) -> &'static str {
        match self {
            Self::Year => "Year",
            Self::Group => "Group",
            Self::AdmissionNumber => "Admission no.",
            Self::Username => "Username",
            Self::Status => "Status",
            Self::Email => "Invitation goes to",
            Self::LastSignIn => "Last sign-in",
            Self::Roll => "Roll",
        }
    }

    /// The class that gives it its width, or hides it when there is little room.
    pub fn class(self) -> &'static str {
        match self {
            Self::Year | Self::Group => "c-group",
            Self::AdmissionNumber => "c-group-wide opt-2",
            Self::Username => "c-user",
            Self::Status => "c-status",
            Self::Email => "",
            Self::LastSignIn => "c-last opt-2",
            Self::Roll => "c-group-wide opt",
        }
    }

    /// The cell of the person in a row. For the next person in the row it only draws what differs.
    pub(super) fn cell(self, row: Signal<Option<RollRow>>, words: Words) -> AnyView {
        match self {
            Self::Year => text(row, |row| row.year.clone()),
            Self::Group => text(row, |row| row.group.clone()),
            Self::Roll => text(row, |row| row.roll.label().to_owned()),
            Self::AdmissionNumber => {
                view! { <span class="code">{text(row, |row| row.admission_number.clone())}</span> }.into_any()
            }
            Self::Username => {
                let username = |row: &RollRow| row.account.as_ref().map(|account| account.username.clone());
                held(
                    row,
                    username,
                    |username| view! { <span class="code">{username}</span> }.into_any(),
                    || view! { <span class="muted">"None yet"</span> }.into_any(),
                )
            }
            Self::Status => {
                let status = of(row, move |row| {
                    Some((
                        row.status(words.now),
                        row.account.as_ref().map(|account| words.short(account.since)),
                    ))
                });
                (move || {
                    status.get().map(|(status, since)| {
                        view! {
                            <StatusBadge status/>
                            {since.map(|since| view! { " "<span class="muted nowrap">{since}</span> })}
                        }
                    })
                })
                .into_any()
            }
            Self::Email => {
                let address = |email: Derived<String>| {
                    view! {
                        <span class="where">
                            <Icon name="mail" small=true/><Hidden>"Email: "</Hidden>
                            <span class="addr" title=email>{email}</span>
                        </span>
                    }
                };
                held(
                    row,
                    |row| row.email.clone(),
                    move |email| address(email).into_any(),
                    || {
                        view! { <span class="status" data-tone="amber"><Icon name="mail-x"/>"No email"</span> }.into_any()
                    },
                )
            }
            Self::LastSignIn => {
                let last =
                    of(row, move |row| match row.account.as_ref().map(|account| account.last_sign_in_at) {
                        Some(Some(at)) => (words.short(at), false),
                        Some(None) => ("Never".to_owned(), true),
                        None => ("Not yet".to_owned(), true),
                    });
                view! { <span class:muted=move || last.with(|last| last.1)>{move || last.with(|last| last.0.clone())}</span> }.into_any()
            }
        }
    }
}

/// What a cell needs of its row; the default where the list has become shorter.
fn of<T: Clone + Default + PartialEq + Send + Sync + 'static>(
    row: Signal<Option<RollRow>>,
    read: impl Fn(&RollRow) -> T + Send + Sync + 'static,
) -> Derived<T> {
    memo(move || row.with(|row| row.as_ref().map(&read).unwrap_or_default()))
}

/// The document is touched only where the text is another one: what draws texts compares them.
fn text(row: Signal<Option<RollRow>>, read: fn(&RollRow) -> String) -> AnyView {
    (move || row.with(|row| row.as_ref().map(read).unwrap_or_default())).into_any()
}

/// One drawing for those who have something, in which only its text changes, and one for those who have not.
fn held(
    row: Signal<Option<RollRow>>,
    read: fn(&RollRow) -> Option<String>,
    some: impl Fn(Derived<String>) -> AnyView + Send + 'static,
    none: impl Fn() -> AnyView + Send + 'static,
) -> AnyView {
    let what = of(row, read);
    let has = memo(move || what.with(Option::is_some));
    let word = memo(move || what.get().unwrap_or_default());
    (move || if has.get() { some(word) } else { none() }).into_any()
}
