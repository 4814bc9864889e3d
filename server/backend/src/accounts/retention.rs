//! Accounts are kept, and so are the usernames created for them.

use chrono::TimeDelta;

use crate::jobs::retention::{KeptTable, Retention, forget};

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    // As long as a request for approval is kept. What ran keeps no names, and is there for its undo.
    rules: &[forget!("pastes", TimeDelta::days(30), "content IS NOT NULL AND created_at <= $1")],
    stays: &[
        KeptTable { table: "former_usernames", why: "a username belongs to its person permanently" },
        KeptTable { table: "accounts", why: "belongs to the school" },
        KeptTable { table: "account_state_changes", why: "deleted with the bulk action that made them" },
        KeptTable { table: "account_portal_changes", why: "deleted with the bulk action that made them" },
    ],
};
