//! Accounts are kept, and so are the usernames created for them.

use crate::jobs::retention::{KeptTable, Retention};

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[],
    stays: &[
        KeptTable { table: "former_usernames", why: "a username belongs to its person permanently" },
        KeptTable { table: "accounts", why: "belongs to the school" },
        KeptTable { table: "account_state_changes", why: "deleted with the bulk action that made them" },
        KeptTable { table: "account_portal_changes", why: "deleted with the bulk action that made them" },
    ],
};
