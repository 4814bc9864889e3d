//! What people may do stays until someone takes it.

use crate::jobs::retention::{Retention, Stays};

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[],
    stays: &[
        Stays { table: "custom_roles", why: "the school’s own" },
        Stays { table: "staff_roles", why: "the school’s own" },
    ],
};
