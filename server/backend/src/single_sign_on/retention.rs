//! A visit to a provider ends after ten minutes; what a school has set up, and what is linked, stays.

use crate::jobs::retention::{AT_ONCE, Retention, Stays, forget};

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[
        forget!("provider_visits", AT_ONCE, "expires_at <= $1"),
        forget!("unlinked_identities", AT_ONCE, "expires_at <= $1"),
    ],
    stays: &[
        Stays { table: "identity_providers", why: "the school’s own" },
        Stays { table: "linked_identities", why: "what its people sign in with" },
    ],
};
