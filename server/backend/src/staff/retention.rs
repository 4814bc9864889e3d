//! Employments belong to the school and are kept.

use crate::jobs::retention::{Retention, Stays};

/// See [`Retention`].
pub(crate) const RETENTION: Retention =
    Retention { rules: &[], stays: &[Stays { table: "employments", why: "belongs to the school" }] };
