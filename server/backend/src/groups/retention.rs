//! Groups are kept: who was taught together, and what, is asked about for years.

use crate::jobs::retention::{KeptTable, Retention};

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[],
    stays: &[
        KeptTable { table: "groups", why: "belongs to the school" },
        KeptTable { table: "group_members", why: "records who was in a group, and when" },
        KeptTable { table: "membership_changes", why: "lets a change of members be undone" },
        KeptTable { table: "academic_years", why: "belongs to the school" },
        KeptTable { table: "courses", why: "belongs to the school" },
        KeptTable { table: "course_additions", why: "belongs to the school" },
        KeptTable { table: "group_courses", why: "records what a group studied" },
    ],
};
