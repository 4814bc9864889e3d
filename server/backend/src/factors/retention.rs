//! A person's second factors are kept; challenges for browsers are deleted when they expire.

use crate::jobs::retention::{AT_ONCE, KeptTable, Retention, forget};

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[forget!("passkey_challenges", AT_ONCE, "expires_at <= $1")],
    stays: &[
        KeptTable { table: "authenticators", why: "what people sign in with" },
        KeptTable { table: "passkeys", why: "what people sign in with" },
        KeptTable { table: "recovery_codes", why: "what people sign in with" },
    ],
};
