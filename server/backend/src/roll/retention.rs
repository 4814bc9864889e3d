//! The roll belongs to the school and is kept.

use crate::jobs::retention::{Retention, Stays};

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[],
    stays: &[
        Stays { table: "organisations", why: "the school’s own" },
        Stays { table: "schools", why: "the school’s own" },
        Stays { table: "people", why: "the school’s own" },
        Stays { table: "enrolments", why: "the school’s own" },
        Stays { table: "addresses", why: "the school’s own" },
        Stays { table: "roll_loads", why: "goes with its session" },
        Stays { table: "roll_changes", why: "deleted as the roll is read" },
    ],
};
