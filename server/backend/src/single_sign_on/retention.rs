//! Visits to a provider are deleted after ten minutes; the school's settings and linked identities are kept.

use crate::jobs::retention::{AT_ONCE, KeptTable, Retention, forget};

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[
        forget!("provider_visits", AT_ONCE, "expires_at <= $1"),
        forget!("unlinked_identities", AT_ONCE, "expires_at <= $1"),
    ],
    stays: &[
        KeptTable { table: "identity_providers", why: "belongs to the school" },
        KeptTable { table: "linked_identities", why: "what its people sign in with" },
    ],
};
