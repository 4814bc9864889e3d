//! Importing guardians: who the adults of a file are, and to which students they belong.
//!
//! A file can have a row for each adult, for each adult and student, or for each student. The kinds differ in what their
//! rows must have; reading, finding the people and planning are the same.

pub mod accounts;
mod actions;
pub mod addresses;
mod adults;
mod changes;
pub mod children;
mod column_groups;
mod doubt;
mod effects;
pub mod fields;
pub mod known;
mod lists;
pub mod login;
pub mod name_order;
mod names;
mod pairs;
pub mod plan;
pub mod recognise;
mod relation_words;
pub mod row;
pub mod row_child;
mod who;
mod words;
pub mod write;

use crate::authorization::policy::Permission;
use crate::imports::kind::{
    FieldRequirement, HereToo, ImportDeclaration, NextStep, OneRoster, OneRosterColumn,
};
use crate::roll::import::people;

/// Contacts of a school's students.
pub static CONTACTS: ImportDeclaration = DECLARED;

const DECLARED: ImportDeclaration = ImportDeclaration {
    slug: "contacts",
    name: "Guardians and contacts",
    title: "Import guardians and contacts",
    lead: "Import who the adults of your students are. Students must be on the roll already. No file gives anyone access by itself.",
    one: "guardian",
    many: "guardians",
    permission: Permission::ManageGuardians,
    fields: column_groups::CONTACT_FIELDS,
    key: fields::CHILD.slug,
    ends: fields::END.slug,
    needs: &[
        FieldRequirement {
            any_of: &[
                fields::CHILD.slug,
                fields::CHILD_EMAIL.slug,
                fields::CHILD_FAMILY.slug,
                fields::CHILD_NAME.slug,
            ],
            message: "Choose the column that says which student each row is about, such as the admission number.",
        },
        FieldRequirement {
            any_of: &[
                fields::GIVEN.slug,
                fields::FAMILY.slug,
                fields::FULL_NAME.slug,
                fields::FAMILY_FIRST.slug,
                fields::KEY.slug,
                "full_name_2",
                "family_name_first_2",
                "family_name_2",
                "mother_full_name",
                "mother_family_name_first",
                "mother_family_name",
                "father_full_name",
                "father_family_name_first",
                "father_family_name",
            ],
            message: "Choose a column with the name of an adult.",
        },
    ],
    expects: &[],
    naming: &[
        &[fields::FULL_NAME.slug],
        &[fields::FAMILY_FIRST.slug],
        &[fields::GIVEN.slug, fields::FAMILY.slug],
        &["mother_full_name"],
        &["mother_given_name", "mother_family_name"],
        &["father_full_name"],
        &["father_given_name", "father_family_name"],
        &[fields::KEY.slug],
    ],
    subjects: column_groups::SUBJECTS,
    // One system calls family names so.
    pairs: &[[("forename", fields::GIVEN.slug), ("longname", fields::FAMILY.slug)]],
    hints: fields::HINTS,
    not_about: fields::NOT_ABOUT,
    oneroster: OneRoster {
        roles: &["parent", "guardian", "relative"],
        columns: &[
            (fields::CHILD.slug, OneRosterColumn::Students),
            (fields::KEY.slug, OneRosterColumn::SourcedId),
            (fields::GIVEN.slug, OneRosterColumn::GivenName),
            (fields::FAMILY.slug, OneRosterColumn::FamilyName),
            (fields::EMAIL.slug, OneRosterColumn::Email),
            (fields::MOBILE.slug, OneRosterColumn::Phone),
            (people::STATUS.slug, OneRosterColumn::Status),
            (lists::GONE.slug, OneRosterColumn::Gone),
        ],
    },
    groups: column_groups::GROUPS,
    here_too: HereToo { button: "a guardian here too", sentence: "they are a guardian here too" },
    next: NextStep {
        permission: Permission::ManageAccounts,
        href: "/guardians/autocreate",
        label: "Create accounts",
        icon: "plus",
        for_one: "Choose Create accounts to give them a way in.",
        for_many: "Choose Create accounts to give them a way in.",
    },
    words: words::words,
};

/// Which students belong to which account.
pub static LINKS: ImportDeclaration = ImportDeclaration {
    slug: "links",
    name: "Links of guardians",
    title: "Import links of guardians",
    lead: "Import which students belong to which adult. Both must be in Greencap already. No file gives anyone access by itself.",
    one: "link",
    many: "links",
    fields: lists::LINK_FIELDS,
    needs: &[
        FieldRequirement {
            any_of: &[fields::CHILD.slug, fields::CHILD_EMAIL.slug],
            message: "Choose the column that says which student each row is about.",
        },
        FieldRequirement {
            any_of: &[lists::ACCOUNT.slug],
            message: "Choose the column with the adult\u{2019}s login name, key or email address.",
        },
    ],
    ends: fields::CHILD.slug,
    pairs: &[],
    naming: &[&[lists::ACCOUNT.slug]],
    hints: &[],
    oneroster: OneRoster { roles: &[], columns: &[] },
    groups: column_groups::OF_LINKS,
    ..DECLARED
};

/// Accounts of guardians and students, as another system lists them: `LOGONID`, `USER_TYPE`.
pub static ADULTS: ImportDeclaration = ImportDeclaration {
    slug: "guardians",
    name: "Accounts of guardians and students",
    title: "Import accounts of guardians and students",
    lead: "Import who signs in, with their usernames. Guardians are added; students must be on the roll already. Nobody is invited, and no file gives anyone access to a student.",
    one: "person",
    many: "people",
    fields: lists::ADULT_FIELDS,
    key: lists::LOGON.slug,
    ends: lists::LOGON.slug,
    needs: &[FieldRequirement {
        any_of: &[
            fields::GIVEN.slug,
            fields::FAMILY.slug,
            fields::FULL_NAME.slug,
            fields::FAMILY_FIRST.slug,
            lists::LOGON.slug,
        ],
        message: "Choose a column with the name of the person, or with their login.",
    }],
    naming: &[
        &[fields::FULL_NAME.slug],
        &[fields::FAMILY_FIRST.slug],
        &[fields::GIVEN.slug, fields::FAMILY.slug],
        &[lists::LOGON.slug],
    ],
    hints: &[],
    oneroster: OneRoster { roles: &[], columns: &[] },
    groups: column_groups::OF_ACCOUNTS,
    next: NextStep {
        permission: Permission::ManageGuardians,
        href: "/imports?kind=links",
        label: "Import their students",
        icon: "link",
        for_one: "Next, import which students belong to them.",
        for_many: "Next, import which students belong to whom.",
    },
    ..DECLARED
};

#[cfg(test)]
mod tests;
