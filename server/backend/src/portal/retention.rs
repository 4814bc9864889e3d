//! Previews of a student's page are deleted when they end.

use crate::jobs::retention::{AT_ONCE, Retention, forget};

/// See [`Retention`].
pub(crate) const RETENTION: Retention =
    Retention { rules: &[forget!("previews", AT_ONCE, "ends_at <= $1")], stays: &[] };
