//! Help for people who cannot sign in.

use serde::{Deserialize, Serialize};

use crate::accounts::action::LeftAlone;
use crate::audit::exports::RowCount;

/// How a one-time code from the office reaches the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeHandout {
    /// By email to the person's address for messages.
    Emailed,
    /// Shown once on the page, to read out or print.
    Shown,
}

/// The result of creating a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "handed")]
pub enum CodeOutcome {
    /// The message is queued.
    Queued,
    /// Show the code, only this once.
    Shown {
        /// The person's name as pages show it.
        name: String,
        /// Their username.
        username: String,
        /// The code, in two groups.
        code: String,
        /// The address of the sign-in page.
        page: String,
        /// When it expires, in words.
        until: String,
    },
}

/// The people one-time codes would be created for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodesRequest {
    /// The number of people.
    pub people: usize,
    /// How many of them have an email address.
    pub with_address: usize,
    /// People who are skipped, by reason.
    pub left_alone: Vec<LeftAlone>,
    /// The approval limit, if codes for this many people need a second person.
    pub waits_over: Option<RowCount>,
}

/// Codes that were created together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodesMade {
    /// How the codes reach their people.
    pub handout: CodeHandout,
    /// The number of codes.
    pub made: usize,
    /// Codes to show, only this once; empty if they were sent by email.
    pub slips: Vec<CodeSlip>,
    /// The address of the sign-in page.
    pub page: String,
    /// When the codes expire, in words.
    pub until: String,
}

/// One of several codes, to cut out and hand over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeSlip {
    /// The person's name as pages show it.
    pub name: String,
    /// Their username.
    pub username: String,
    /// The code, in two groups.
    pub code: String,
    /// What tells them from others of the same name, after its label: "Group" and "7A".
    pub beside: Option<(&'static str, String)>,
}
