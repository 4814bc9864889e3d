//! A person's own email address, and changing it.

use chrono::{DateTime, FixedOffset};

use crate::roll::address::EmailAddress;

/// Where messages to a person go, as shown to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnAddress {
    /// The current address, if there is one.
    pub present: Option<String>,
    /// The new address they asked for and have not confirmed yet.
    pub waiting: Option<WaitingAddress>,
}

/// A new address that is not confirmed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingAddress {
    /// The address.
    pub address: EmailAddress,
    /// When the confirmation expires, in the school's time zone.
    pub until: DateTime<FixedOffset>,
}
