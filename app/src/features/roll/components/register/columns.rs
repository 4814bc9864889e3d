//! What a register shows of each student.

use domain::roll::views::RollRow;
use leptos::prelude::*;

use crate::ui::icon::{Hidden, Icon};
use crate::ui::status::StatusMark;
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

    /// The cell of one student.
    pub fn cell(self, row: &RollRow, words: Words) -> AnyView {
        match self {
            Self::Year => row.year.clone().into_any(),
            Self::Group => row.group.clone().into_any(),
            Self::AdmissionNumber => view! { <span class="code">{row.admission_number.clone()}</span> }.into_any(),
            Self::Username => match &row.account {
                Some(account) => view! { <span class="code">{account.username.clone()}</span> }.into_any(),
                None => view! { <span class="muted">"None yet"</span> }.into_any(),
            },
            Self::Status => {
                let since = row.account.as_ref().map(|account| words.short(account.since));
                view! {
                    <StatusMark status=row.status(words.now)/>
                    {since.map(|since| view! { " "<span class="muted nowrap">{since}</span> })}
                }
                .into_any()
            }
            Self::Email => match &row.email {
                Some(email) => view! {
                    <span class="where">
                        <Icon name="mail" small=true/><Hidden>"Email: "</Hidden>
                        <span class="addr" title=email.clone()>{email.clone()}</span>
                    </span>
                }
                .into_any(),
                None => view! { <span class="status" data-tone="amber"><Icon name="mail-x"/>"No email"</span> }.into_any(),
            },
            Self::LastSignIn => match row.account.as_ref().and_then(|account| account.last_sign_in_at) {
                Some(at) => words.short(at).into_any(),
                None => view! { <span class="muted">{if row.account.is_some() { "Never" } else { "Not yet" }}</span> }.into_any(),
            },
            Self::Roll => row.roll.label().into_any(),
        }
    }
}
