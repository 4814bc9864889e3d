//! Employments belong to the school and are kept.

use crate::jobs::retention::{KeptTable, Retention};

/// See [`Retention`].
pub(crate) const RETENTION: Retention =
    Retention { rules: &[], stays: &[KeptTable { table: "employments", why: "belongs to the school" }] };
