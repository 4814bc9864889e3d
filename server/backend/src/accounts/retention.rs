//! Accounts and their batches stay; requests for approval are shown for 30 days.

use super::approvals::SHOWN;
use crate::jobs::retention::{Retention, Stays, forget};

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[forget!("approvals", SHOWN, "asked_at <= $1")],
    stays: &[
        Stays { table: "usernames", why: "a username belongs to its person for ever" },
        Stays { table: "accounts", why: "the school’s own" },
        Stays { table: "batches", why: "what staff look up" },
    ],
};
