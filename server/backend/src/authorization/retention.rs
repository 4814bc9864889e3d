//! Roles, grants and restrictions are kept until someone removes them.

use crate::jobs::retention::{Retention, Stays};

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[],
    stays: &[
        Stays { table: "custom_roles", why: "the school’s own" },
        Stays { table: "staff_roles", why: "the school’s own" },
        Stays { table: "groups", why: "the school’s own" },
        Stays { table: "group_members", why: "who was in a group when: the school’s own" },
        Stays { table: "access_grants", why: "who could see a child when: the school’s own" },
        Stays { table: "access_restrictions", why: "what an order asked for when: the school’s own" },
    ],
};
