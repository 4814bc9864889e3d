//! Roles, grants and restrictions are kept until someone removes them.

use crate::jobs::retention::{Retention, Stays};

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[],
    stays: &[
        Stays { table: "custom_roles", why: "belongs to the school" },
        Stays { table: "staff_roles", why: "belongs to the school" },
        Stays { table: "groups", why: "belongs to the school" },
        Stays { table: "group_members", why: "records who was in a group, and when" },
        Stays { table: "access_grants", why: "records who could see a child, and when" },
        Stays { table: "access_restrictions", why: "records what a court order required, and when" },
    ],
};
