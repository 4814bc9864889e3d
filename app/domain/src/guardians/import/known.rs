//! What Greencap knows that rows about guardians are compared with.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use crate::guardians::contact::ContactFacts;
use crate::ids::{ContactId, PersonId};
use crate::imports::who::near_key;
use crate::roll::import::people::{CurrentPerson, name_hash};
use crate::roll::name::PersonName;

/// A student of the school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownChild {
    /// The person.
    pub person: PersonId,
    /// Their number at the school.
    pub number: String,
    /// Their name.
    pub name: PersonName,
    /// Their date of birth.
    pub born_on: Option<NaiveDate>,
    /// Their email addresses, for comparison.
    pub emails: Vec<String>,
    /// Their username, if they have an account that is not closed.
    pub account: Option<String>,
    /// Whether they have an account that was closed.
    pub has_closed_account: bool,
    /// Whether they have left the school.
    pub has_left: bool,
}

/// Whose a username is or was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownLogin {
    /// The person.
    pub person: PersonId,
    /// Their name, if the importer may see them.
    pub name: Option<String>,
}

/// The students of the school, by what files call them.
#[derive(Debug, Default)]
pub struct KnownChildren {
    all: Vec<KnownChild>,
    by_number: HashMap<String, usize>,
    by_near: HashMap<String, Vec<usize>>,
    by_email: HashMap<String, Vec<usize>>,
    by_username: HashMap<String, usize>,
    by_name: HashMap<u64, Vec<usize>>,
    by_person: HashMap<PersonId, usize>,
}

impl FromIterator<KnownChild> for KnownChildren {
    fn from_iter<I: IntoIterator<Item = KnownChild>>(children: I) -> Self {
        let mut known = Self::default();
        for child in children {
            let at = known.all.len();
            known.by_number.insert(child.number.clone(), at);
            if let Some(username) = &child.account {
                known.by_username.insert(username.clone(), at);
            }
            known.by_near.entry(near_key(&child.number)).or_default().push(at);
            for email in &child.emails {
                known.by_email.entry(email.clone()).or_default().push(at);
            }
            known.by_name.entry(name_hash(&child.name)).or_default().push(at);
            known.by_person.insert(child.person, at);
            known.all.push(child);
        }
        known
    }
}

impl KnownChildren {
    /// All of them.
    pub fn people(&self) -> impl Iterator<Item = PersonId> {
        self.all.iter().map(|child| child.person)
    }

    /// The student with exactly this number.
    pub fn numbered(&self, number: &str) -> Option<&KnownChild> {
        self.by_number.get(number).map(|at| &self.all[*at])
    }

    /// The students with almost this number.
    pub fn near(&self, number: &str) -> Vec<&KnownChild> {
        let found = self.by_near.get(&near_key(number));
        found.into_iter().flatten().map(|at| &self.all[*at]).collect()
    }

    /// The student who has this username, in any case.
    pub fn with_username(&self, username: &str) -> Option<&KnownChild> {
        self.by_username.get(&username.to_lowercase()).map(|at| &self.all[*at])
    }

    /// The students with this email address.
    pub fn with_email(&self, email: &str) -> Vec<&KnownChild> {
        self.by_email.get(email).into_iter().flatten().map(|at| &self.all[*at]).collect()
    }

    /// The students with this name, and with this date of birth if it is said.
    pub fn named(&self, name: &PersonName, born_on: Option<NaiveDate>) -> Vec<&KnownChild> {
        let named = self.by_name.get(&name_hash(name)).into_iter().flatten().map(|at| &self.all[*at]);
        named.filter(|child| born_on.is_none() || child.born_on == born_on).collect()
    }

    /// A student.
    pub fn person(&self, person: PersonId) -> Option<&KnownChild> {
        self.by_person.get(&person).map(|at| &self.all[*at])
    }
}

/// Somebody who may be an adult of the file.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct KnownAdult {
    /// The person.
    pub person: CurrentPerson,
    /// Mr, Dr.
    pub title: String,
    /// The keys that this sender calls them by, and in a list of links the usernames that they have and had.
    pub keys: Vec<String>,
    /// Whether they have an account that was closed.
    pub has_closed_account: bool,
    /// Their email addresses, for comparison.
    pub emails: Vec<String>,
    /// Their phone numbers.
    pub phones: Vec<String>,
    /// Their postal address and its postcode.
    pub postal: Option<(String, String)>,
    /// Whether they are a student now.
    pub is_student: bool,
    /// Whether they work at the school.
    pub works_here: bool,
    /// Whether this importer may change what is known of them.
    pub is_reached: bool,
}

/// What an adult is to a child, as it is stored.
#[derive(Debug, Clone)]
pub struct KnownContact {
    /// Its identifier.
    pub id: ContactId,
    /// What is known.
    pub facts: ContactFacts,
    /// Fields that somebody changed by hand, by their columns.
    pub kept: Vec<String>,
}

/// Everything that is known.
#[derive(Debug, Default)]
pub struct Known {
    /// The students.
    pub children: KnownChildren,
    /// The adults.
    pub adults: Vec<KnownAdult>,
    /// What is in force, by adult and child.
    pub contacts: HashMap<(PersonId, PersonId), KnownContact>,
    /// What the office or the family has ended, with the day, by adult and child.
    pub ended: HashMap<(PersonId, PersonId), NaiveDate>,
    /// Adults who are kept from a child.
    pub restricted: HashSet<(PersonId, PersonId)>,
    /// Whose the usernames of the file are or were.
    pub logins: HashMap<String, KnownLogin>,
    /// Whether a key that is nobody's can be an email address.
    pub by_address: bool,
}

/// The adults by what finds them.
#[derive(Debug, Default)]
#[expect(clippy::struct_field_names, reason = "each says what finds the adult")]
pub(super) struct AdultIndex<'a> {
    by_key: HashMap<&'a str, Vec<usize>>,
    by_email: HashMap<&'a str, Vec<usize>>,
    by_phone: HashMap<&'a str, Vec<usize>>,
    by_name: HashMap<u64, Vec<usize>>,
    by_child: HashMap<PersonId, Vec<usize>>,
    by_person: HashMap<PersonId, usize>,
}

impl<'a> AdultIndex<'a> {
    pub(super) fn of(known: &'a Known) -> Self {
        let mut index = Self::default();
        for (at, adult) in known.adults.iter().enumerate() {
            for key in &adult.keys {
                index.by_key.entry(key).or_default().push(at);
            }
            for email in &adult.emails {
                index.by_email.entry(email).or_default().push(at);
            }
            for phone in &adult.phones {
                index.by_phone.entry(phone).or_default().push(at);
            }
            index.by_name.entry(name_hash(&adult.person.name)).or_default().push(at);
            index.by_person.insert(adult.person.person, at);
        }
        for (adult, child) in known.contacts.keys().chain(known.ended.keys()) {
            if let Some(at) = index.by_person.get(adult) {
                index.by_child.entry(*child).or_default().push(*at);
            }
        }
        index
    }

    pub(super) fn with_key(&self, key: &str) -> &[usize] {
        self.by_key.get(key).map_or(&[], Vec::as_slice)
    }

    pub(super) fn with_email(&self, email: &str) -> &[usize] {
        self.by_email.get(email).map_or(&[], Vec::as_slice)
    }

    pub(super) fn with_phone(&self, phone: &str) -> &[usize] {
        self.by_phone.get(phone).map_or(&[], Vec::as_slice)
    }

    pub(super) fn named(&self, hash: u64) -> &[usize] {
        self.by_name.get(&hash).map_or(&[], Vec::as_slice)
    }

    pub(super) fn of_child(&self, child: PersonId) -> &[usize] {
        self.by_child.get(&child).map_or(&[], Vec::as_slice)
    }

    pub(super) fn person(&self, person: PersonId) -> Option<usize> {
        self.by_person.get(&person).copied()
    }
}
