//! An unfinished sign-in expires after ten minutes.

use crate::jobs::retention::{AT_ONCE, Retention, forget};

/// See [`Retention`].
pub(crate) const RETENTION: Retention =
    Retention { rules: &[forget!("pending_sign_ins", AT_ONCE, "expires_at <= $1")], stays: &[] };
