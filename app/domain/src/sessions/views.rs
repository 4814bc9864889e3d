//! Sessions, as their owners and the office see them.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use super::device::Device;
use crate::ids::SessionId;

/// A browser that is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionLine {
    /// The session.
    pub session: SessionId,
    /// What the browser said by itself when it signed in.
    pub device: Device,
    /// The address on the network that it signed in from.
    pub source: Option<String>,
    /// When it signed in, at the place of the school.
    pub since: DateTime<FixedOffset>,
    /// The name of the provider that it was signed in with, if any.
    pub provider: Option<String>,
    /// When it last asked for a page, to the minute.
    pub last_seen_at: DateTime<FixedOffset>,
    /// Whether it is the browser that asks.
    pub here: bool,
}

/// Which sessions to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "which")]
pub enum Ending {
    /// This one.
    One {
        /// The session.
        session: SessionId,
    },
    /// Every one but that of the browser that asks.
    Others,
}
