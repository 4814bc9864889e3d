//! Settings are kept: they are the school's choices.

use crate::jobs::retention::{Retention, Stays};

/// See [`Retention`].
pub(crate) const RETENTION: Retention =
    Retention { rules: &[], stays: &[Stays { table: "settings", why: "belongs to the school" }] };
