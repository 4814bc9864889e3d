//! Passwords are kept; counts of guesses are deleted when they expire.

use crate::jobs::retention::{AT_ONCE, KeptTable, Retention, forget};

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[forget!("attempts", AT_ONCE, "forgotten_at <= $1")],
    stays: &[KeptTable { table: "passwords", why: "what people sign in with" }],
};
