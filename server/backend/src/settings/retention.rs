//! Settings are kept: they are the school's choices.

use crate::jobs::retention::{KeptTable, Retention};

/// See [`Retention`].
pub(crate) const RETENTION: Retention =
    Retention { rules: &[], stays: &[KeptTable { table: "settings", why: "belongs to the school" }] };
