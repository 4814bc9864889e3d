//! Roles, grants and restrictions are kept until someone removes them.

use crate::jobs::retention::{KeptTable, Retention};

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[],
    stays: &[
        KeptTable { table: "custom_roles", why: "belongs to the school" },
        KeptTable { table: "staff_roles", why: "belongs to the school" },
        KeptTable { table: "access_grants", why: "records who could see a child, and when" },
        KeptTable { table: "access_restrictions", why: "records what a court order required, and when" },
    ],
};
