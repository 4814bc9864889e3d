//! The link to create the first administrator is deleted when it expires.

use crate::jobs::retention::{AT_ONCE, Retention, forget};

/// See [`Retention`].
pub(crate) const RETENTION: Retention =
    Retention { rules: &[forget!("setup_links", AT_ONCE, "expires_at <= $1")], stays: &[] };
