//! Settings stay: they are what the school chose.

use crate::jobs::retention::{Retention, Stays};

/// See [`Retention`].
pub(crate) const RETENTION: Retention =
    Retention { rules: &[], stays: &[Stays { table: "settings", why: "the school’s own" }] };
