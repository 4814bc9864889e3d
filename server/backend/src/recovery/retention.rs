//! Links and codes to set a new password are kept for as long as someone may ask why one did not work.
//! Unprocessed requests are deleted when they expire.

use super::requests::WAITS;
use crate::jobs::retention::{ASKED_ABOUT, Retention, forget};

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[
        forget!("password_resets", ASKED_ABOUT, "least(expires_at, used_at, revoked_at) <= $1"),
        forget!("recovery_requests", WAITS, "asked_at <= $1"),
    ],
    stays: &[],
};
