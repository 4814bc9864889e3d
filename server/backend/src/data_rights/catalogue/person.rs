//! What is held on a person themself.

use domain::data_rights::held::Fate;

use super::{Held, goes, shared, stays};

/// Before the accounts and addresses that they were sent to. The text of a message goes before its message.
pub(super) const MESSAGES: &[Held] = &[
    shared!("mailbox", "Texts of messages", &["people"], "t.people && $2::uuid[]", "body_html"),
    goes!(
        "messages",
        "Messages sent",
        &["person_id", "address_id"],
        "t.person_id = ANY($2::uuid[])",
        "lease,priority"
    ),
];

/// The rest.
pub(super) const HELD: &[Held] = &[
    stays!(
        "people",
        "Name, date of birth and language",
        &["merged_into", "added_at_school"],
        "t.id = ANY($2::uuid[])",
        "search_key,sort_key",
        Fate::Emptied("a row without a name, which says that there was somebody")
    ),
    goes!(
        "addresses",
        "Email addresses and phone numbers",
        &["person_id"],
        "t.person_id = ANY($2::uuid[])",
        "comparable"
    ),
    goes!(
        "removed_addresses",
        "Removed email addresses and phone numbers",
        &["person_id"],
        "t.person_id = ANY($2::uuid[])",
        "comparable"
    ),
    goes!(
        "postal_addresses",
        "Postal address",
        &["person_id"],
        "t.person_id = ANY($2::uuid[])",
        "comparable"
    ),
    goes!(
        "person_keys",
        "Numbers in other systems",
        &["person_id"],
        "t.person_id = ANY($2::uuid[])",
        "comparable"
    ),
    goes!("field_edits", "Fields changed by hand", &["person_id"], "t.person_id = ANY($2::uuid[])", ""),
    goes!("comings_of_age", "Coming of age", &["person_id"], "t.person_id = ANY($2::uuid[])", ""),
    stays!(
        "enrolments",
        "Times on the roll",
        &["person_id"],
        "t.person_id = ANY($2::uuid[])",
        "",
        Fate::Emptied(
            "that they were on the roll, from when to when, and under which admission number, so that someone who comes back gets the old account"
        )
    ),
    stays!(
        "employments",
        "Times at work",
        &["person_id"],
        "t.person_id = ANY($2::uuid[])",
        "",
        Fate::Stays("records that they worked at the school, from when to when")
    ),
    goes!(
        "rollover_students",
        "Changes of the last rollovers",
        &[],
        "t.enrolment_id IN (SELECT e.id FROM enrolments e WHERE e.organisation_id = $1 AND e.person_id = ANY($2::uuid[]))",
        ""
    ),
    stays!(
        "pastes",
        "Lists that were pasted",
        &["made_people", "joined_people"],
        "t.made_people && $2::uuid[] OR t.joined_people && $2::uuid[]",
        "content",
        Fate::Stays("says by ids who was created together")
    ),
    goes!(
        "membership_changes",
        "Changes of teaching groups",
        &["person_id", "group_id"],
        "t.person_id = ANY($2::uuid[])",
        ""
    ),
    goes!(
        "group_members",
        "Teaching groups",
        &["person_id", "group_id"],
        "t.person_id = ANY($2::uuid[])",
        ""
    ),
    goes!("staff_roles", "Roles", &["person_id"], "t.person_id = ANY($2::uuid[])", ""),
    stays!(
        "former_usernames",
        "Former usernames",
        &["person_id"],
        "t.person_id = ANY($2::uuid[])",
        "username_stem,username_around",
        Fate::Stays("a username belongs to its person permanently, and nobody else ever gets it")
    ),
    goes!(
        "previews",
        "Views of their portal that are open",
        &["person_id"],
        "t.person_id = ANY($2::uuid[])",
        ""
    ),
    shared!(
        "merge_items",
        "What merges of records moved",
        &[],
        "t.merge_id IN (SELECT m.id FROM merges m WHERE m.organisation_id = $1 AND (m.survivor_id = ANY($2::uuid[]) OR m.other_id = ANY($2::uuid[])))",
        ""
    ),
    shared!(
        "merges",
        "Merges of records",
        &["survivor_id", "other_id"],
        "t.survivor_id = ANY($2::uuid[]) OR t.other_id = ANY($2::uuid[])",
        ""
    ),
    goes!(
        "import_writes",
        "What imports changed",
        &["person_id"],
        "t.person_id = ANY($2::uuid[])",
        "left_as"
    ),
    stays!(
        "import_choices",
        "Choices made in imports",
        &["person_id"],
        "t.person_id = ANY($2::uuid[])",
        "",
        Fate::Stays("says which row of a file was about whom, by an id; deleted with the file")
    ),
    stays!(
        "audit_events",
        "Audit log",
        &["person_id", "actor_account_id", "subject_id", "in_name_of"],
        "t.person_id = ANY($2::uuid[]) OR t.actor_account_id IN (SELECT a.id FROM accounts a WHERE a.organisation_id = $1 AND a.person_id = ANY($2::uuid[]))",
        "hash",
        Fate::Stays("the audit log is never changed; it has ids, and no name")
    ),
    stays!(
        "erasures",
        "Erasures",
        &["person_id"],
        "t.person_id = ANY($2::uuid[])",
        "",
        Fate::Stays("records that they were erased")
    ),
    stays!(
        "roll_changes",
        "Changes that copies of the roll have to follow",
        &["person_id"],
        "t.person_id = ANY($2::uuid[])",
        "xid",
        Fate::Stays("an id, deleted when the roll is read again")
    ),
];
