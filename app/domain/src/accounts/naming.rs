//! What usernames are made from: people, and the naming that staff chose.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::parts::NameParts;
use super::taken::TakenUsernames;
use super::template::UsernameTemplate;
use super::username::Username;
use crate::ids::{AccountId, PersonId};

/// A student without an account, or with a closed one, as generation needs them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The student.
    pub person: PersonId,
    /// Their name as pages show it.
    pub name: String,
    /// Registration group, or the year group if there is none; may be empty.
    pub group: String,
    /// Admission number, as the school writes it.
    pub admission_number: String,
    /// The sort key of lists: [`crate::fold::sort_key`].
    pub sort_key: String,
    /// The parts a username is made from.
    pub parts: NameParts,
    /// Usernames made for this student before that nobody else has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reserved: Vec<Username>,
    /// Their closed account, which is opened again with its username; or the one whose username is to change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<Box<HeldAccount>>,
}

/// An account that someone has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldAccount {
    /// The account.
    pub id: AccountId,
    /// Its username.
    pub username: Username,
}

impl Candidate {
    /// Name and group, as used in sentences.
    pub fn who(&self) -> String {
        name_and_group(&self.name, &self.group)
    }
}

/// How staff want usernames to be made. In Auto mode this is a template, with some usernames typed over; in
/// Manual mode, typed usernames, and the template for fields left unchanged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Naming {
    /// For everyone without a typed username.
    pub template: UsernameTemplate,
    /// Usernames as staff typed them; they are checked with the others.
    #[serde(default)]
    pub typed: BTreeMap<PersonId, String>,
    /// Usernames that needed review and were accepted, each for one student and exactly as proposed.
    #[serde(default)]
    pub accepted: BTreeMap<PersonId, Username>,
}

/// What a plan is made from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidates {
    /// The chosen students who have no account, or a closed one, in the order of [`Candidate::sort_key`].
    pub people: Vec<Candidate>,
    /// The usernames that generation could clash with.
    pub taken: TakenUsernames,
    /// How many of the chosen people already have an account, or are no longer on the school's roll.
    pub left_out: u32,
    /// How many of the chosen people a restriction hides from the actor.
    #[serde(default)]
    pub restricted: u32,
}

/// "Tomasz Wilczarek, 10B"; only the name if there is no group.
pub fn name_and_group(name: &str, group: &str) -> String {
    if group.is_empty() { name.to_owned() } else { format!("{name}, {group}") }
}
