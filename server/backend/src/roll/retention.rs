//! The roll belongs to the school and is kept.

use super::addresses::restore::KEPT;
use crate::jobs::retention::{KeptTable, Retention, forget};

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[forget!("removed_addresses", KEPT, "removed_at <= $1")],
    stays: &[
        KeptTable { table: "organisations", why: "belongs to the school" },
        KeptTable { table: "schools", why: "belongs to the school" },
        KeptTable { table: "people", why: "belongs to the school" },
        KeptTable { table: "enrolments", why: "belongs to the school" },
        KeptTable { table: "addresses", why: "belongs to the school" },
        KeptTable { table: "field_edits", why: "deleted with its person" },
        KeptTable { table: "roll_loads", why: "deleted with its session" },
        KeptTable { table: "roll_changes", why: "deleted when the roll is read" },
    ],
};
