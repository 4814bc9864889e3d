//! What usernames are made from: people, and how staff want them named.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::parts::NameParts;
use super::taken::TakenUsernames;
use super::template::UsernameTemplate;
use super::username::Username;
use crate::ids::PersonId;

/// A student without an account, as generation needs them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The student.
    pub person: PersonId,
    /// As pages show it.
    pub name: String,
    /// Registration group, or the year group where there is none; may be empty.
    pub group: String,
    /// Admission number, as the school writes it.
    pub admission_number: String,
    /// What the list is sorted by: [`crate::fold::sort_key`].
    pub sort_key: String,
    /// What a username is made of.
    pub parts: NameParts,
    /// Usernames that were made for this student before and belong to nobody else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reserved: Vec<Username>,
}

impl Candidate {
    /// Name and group, as sentences name a student.
    pub fn who(&self) -> String {
        name_and_group(&self.name, &self.group)
    }
}

/// How staff want usernames to be made. Auto is a template with some usernames typed over; Manual is usernames typed,
/// with the template where a field is still as it was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Naming {
    /// For everyone without a username typed.
    pub template: UsernameTemplate,
    /// Usernames typed by staff, as typed: they are judged with the rest.
    #[serde(default)]
    pub typed: BTreeMap<PersonId, String>,
    /// Usernames put up for review that staff accepted, each for one student and as it then was.
    #[serde(default)]
    pub accepted: BTreeMap<PersonId, Username>,
}

/// What a plan is made from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidates {
    /// The students chosen who have no account, in the order of [`Candidate::sort_key`].
    pub people: Vec<Candidate>,
    /// The usernames that generation can run into.
    pub taken: TakenUsernames,
    /// How many of those chosen already have an account, or are no longer on the school's roll.
    pub left_out: u32,
    /// How many of those chosen a restriction hides from the actor.
    #[serde(default)]
    pub restricted: u32,
}

/// "Tomasz Wilczarek, 10B"; the name alone where there is no group.
pub fn name_and_group(name: &str, group: &str) -> String {
    if group.is_empty() { name.to_owned() } else { format!("{name}, {group}") }
}
