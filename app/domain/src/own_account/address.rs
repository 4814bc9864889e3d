//! One's own email address, and a change of it.

use chrono::{DateTime, FixedOffset};

use crate::roll::address::EmailAddress;

/// Where messages to someone go, as they see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnAddress {
    /// The present address, if there is one.
    pub present: Option<String>,
    /// The one that they asked for and have yet to confirm.
    pub waiting: Option<WaitingAddress>,
}

/// A new address that waits to be confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingAddress {
    /// The address.
    pub address: EmailAddress,
    /// Until when, at the place of the school.
    pub until: DateTime<FixedOffset>,
}
