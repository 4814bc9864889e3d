//! Accounts as they cross the wire.

use serde::{Deserialize, Serialize};

use crate::credentials::status::StatusGroup;

/// The figures above the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountSummary {
    /// Students on the roll today.
    pub on_roll: u32,
    /// Of those, how many have an account.
    pub with_account: u32,
    /// Of those, how many are in each status group.
    pub groups: Vec<(StatusGroup, u32)>,
    /// Leavers whose account is still open: they could sign in, or be invited.
    pub open_leavers: u32,
}
