//! Help for people who forgot how they sign in.

use serde::{Deserialize, Serialize};

use crate::accounts::action::LeftAlone;
use crate::audit::exports::Rows;

/// How a one-time code of the office reaches its person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeHandout {
    /// By email to the address that messages go to.
    Emailed,
    /// Shown once at the desk, to be read out or printed.
    Shown,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "handed")]
pub enum CodeOutcome {
    /// The message is in the queue.
    Queued,
    /// To be shown, this once.
    Shown {
        /// The person's name as pages show it.
        name: String,
        /// Their username.
        username: String,
        /// The code, in two groups.
        code: String,
        /// The address of the sign-in page.
        page: String,
        /// The moment until which it works, in words.
        until: String,
    },
}

/// Whom one-time codes can be made for, before they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodesAsked {
    /// How many people.
    pub people: usize,
    /// How many of them have an email address.
    pub with_address: usize,
    /// The others, by reason.
    pub left_alone: Vec<LeftAlone>,
    /// The set size, if codes for so many people wait for a second person.
    pub waits_over: Option<Rows>,
}

/// Codes that were made together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodesMade {
    /// How they reach their people.
    pub handout: CodeHandout,
    /// How many.
    pub made: usize,
    /// To be shown, this once; none of those that went out by email.
    pub slips: Vec<CodeSlip>,
    /// The address of the sign-in page.
    pub page: String,
    /// The moment until which they work, in words.
    pub until: String,
}

/// One of several codes, to be cut out and handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeSlip {
    /// The person's name as pages show it.
    pub name: String,
    /// Their username.
    pub username: String,
    /// The code, in two groups.
    pub code: String,
}
