//! Accounts are kept, and so are the usernames created for them.

use crate::jobs::retention::{Retention, Stays};

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[],
    stays: &[
        Stays { table: "former_usernames", why: "a username belongs to its person permanently" },
        Stays { table: "accounts", why: "belongs to the school" },
    ],
};
