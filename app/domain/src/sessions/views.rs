//! Sessions, as shown to their owners and the office.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use super::device::Device;
use crate::ids::SessionId;

/// A browser that is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionLine {
    /// The session.
    pub session: SessionId,
    /// What the browser said about itself when it signed in.
    pub device: Device,
    /// The network address it signed in from.
    pub source: Option<String>,
    /// When it signed in, in the school's time zone.
    pub since: DateTime<FixedOffset>,
    /// The name of the single sign-on provider, if it was used.
    pub provider: Option<String>,
    /// When it last requested a page, to the minute.
    pub last_seen_at: DateTime<FixedOffset>,
    /// Whether it is the current browser.
    pub here: bool,
}

/// Which sessions to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "which")]
pub enum SessionsToEnd {
    /// This one.
    One {
        /// The session.
        session: SessionId,
    },
    /// All except the current browser's.
    Others,
}
