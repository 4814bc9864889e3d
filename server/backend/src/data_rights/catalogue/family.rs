//! What is held on adults and children together. Rows can tell something about the other person too.

use domain::data_rights::held::Fate;

use super::{Held, shared, stays};

/// See [`Held`].
pub(super) const HELD: &[Held] = &[
    shared!(
        "child_views",
        "Days on which an adult looked at a child",
        &["adult_id", "child_id"],
        "t.adult_id = ANY($2::uuid[]) OR t.child_id = ANY($2::uuid[])",
        ""
    ),
    shared!(
        "of_age_consents",
        "What a student lets an adult see",
        &["adult_id", "child_id"],
        "t.adult_id = ANY($2::uuid[]) OR t.child_id = ANY($2::uuid[])",
        ""
    ),
    shared!(
        "access_grants",
        "What an adult may see of a child",
        &["adult_id", "child_id"],
        "t.adult_id = ANY($2::uuid[]) OR t.child_id = ANY($2::uuid[])",
        ""
    ),
    // A restriction that excepts somebody stays: it protects a child from the others.
    shared!(
        "access_restrictions",
        "Restrictions that name them",
        &["adult_id", "child_id", "except_ids"],
        "t.adult_id = ANY($2::uuid[]) OR t.child_id = ANY($2::uuid[])",
        ""
    ),
    shared!(
        "office_tasks",
        "What the office was asked to look at",
        &["adult_id", "child_id"],
        "t.adult_id = ANY($2::uuid[]) OR t.child_id = ANY($2::uuid[])",
        ""
    ),
    shared!(
        "contacts",
        "Contacts",
        &["adult_id", "child_id"],
        "t.adult_id = ANY($2::uuid[]) OR t.child_id = ANY($2::uuid[])",
        ""
    ),
    shared!(
        "person_pairs",
        "Likely duplicates",
        &["a_id", "b_id"],
        "t.a_id = ANY($2::uuid[]) OR t.b_id = ANY($2::uuid[])",
        "known_then"
    ),
    stays!(
        "autocreate_pairs",
        "Simulations of autocreate",
        &["adult_id", "child_id", "contact_id"],
        "t.adult_id = ANY($2::uuid[]) OR t.child_id = ANY($2::uuid[])",
        "facts",
        Fate::Stays("part of a stored simulation, deleted with it after 30 days at most")
    ),
    stays!(
        "autocreate_alone",
        "Simulations of autocreate: children without an adult",
        &["child_id"],
        "t.child_id = ANY($2::uuid[])",
        "",
        Fate::Stays("part of a stored simulation, deleted with it after 30 days at most")
    ),
];
