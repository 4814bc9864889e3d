//! The roll belongs to the school and is kept.

use crate::jobs::retention::{Retention, Stays};

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[],
    stays: &[
        Stays { table: "organisations", why: "belongs to the school" },
        Stays { table: "schools", why: "belongs to the school" },
        Stays { table: "people", why: "belongs to the school" },
        Stays { table: "enrolments", why: "belongs to the school" },
        Stays { table: "addresses", why: "belongs to the school" },
        Stays { table: "roll_loads", why: "deleted with its session" },
        Stays { table: "roll_changes", why: "deleted when the roll is read" },
    ],
};
