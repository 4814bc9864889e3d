//! Sessions are deleted when they expire; a browser is recognised for 180 days, and a form waits an hour for
//! its step-up.

use super::visitor::KNOWN_FOR;
use crate::jobs::retention::{AT_ONCE, Retention, forget};

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[
        forget!("sessions", AT_ONCE, "least(idle_ends_at, ends_at) <= $1"),
        forget!("interrupted_forms", AT_ONCE, "expires_at <= $1"),
        forget!("known_devices", KNOWN_FOR, "last_sign_in_at <= $1"),
    ],
    stays: &[],
};
