//! What is known of an adult, as far as it tells two people apart.

use chrono::NaiveDate;

use super::names::Names;
use super::phone::is_landline;
use crate::ids::PersonId;

/// A name as the roll has it.
#[derive(Debug, Clone, Copy, Default)]
pub struct WrittenName<'a> {
    /// Mr, Dr; empty if unknown.
    pub title: &'a str,
    /// The given name.
    pub given: &'a str,
    /// The name they go by; empty if it is the given one.
    pub preferred: &'a str,
    /// The family name.
    pub family: &'a str,
}

/// A child whose contact an adult is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChildLink {
    /// The child.
    pub child: PersonId,
    /// Whom to call first, if set.
    pub priority: Option<i16>,
    /// When it was recorded, in microseconds: what a file's row brought together was recorded at the same moment.
    pub recorded: i64,
}

/// An adult to compare.
#[derive(Debug, Clone)]
pub struct Adult {
    pub(super) person: PersonId,
    pub(super) names: Names,
    pub(super) born_on: Option<NaiveDate>,
    pub(super) emails: Vec<String>,
    pub(super) mobiles: Vec<String>,
    pub(super) landlines: Vec<String>,
    pub(super) home: Option<String>,
    pub(super) children: Vec<ChildLink>,
    pub(super) keys: Vec<(String, String)>,
    pub(super) is_staff: bool,
    pub(super) is_student: bool,
}

impl Adult {
    /// An adult of whom only the name is known.
    pub fn new(person: PersonId, name: WrittenName<'_>) -> Self {
        Self {
            person,
            names: Names::read(name),
            born_on: None,
            emails: Vec::new(),
            mobiles: Vec::new(),
            landlines: Vec::new(),
            home: None,
            children: Vec::new(),
            keys: Vec::new(),
            is_staff: false,
            is_student: false,
        }
    }

    /// The person.
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// Sets the date of birth.
    #[must_use]
    pub fn born_on(mut self, day: Option<NaiveDate>) -> Self {
        self.born_on = day;
        self
    }

    /// Adds an email address, in the form in which spellings of one mailbox are equal.
    pub fn add_email(&mut self, comparable: String) {
        self.emails.push(comparable);
    }

    /// Adds a phone number, in the form in which spellings of one number are equal.
    pub fn add_phone(&mut self, comparable: String) {
        if is_landline(&comparable) { &mut self.landlines } else { &mut self.mobiles }.push(comparable);
    }

    /// Sets where they live, folded.
    pub fn set_home(&mut self, comparable: String) {
        self.home = Some(comparable);
    }

    /// Adds a child whose contact they are.
    pub fn add_child(&mut self, link: ChildLink) {
        self.children.push(link);
    }

    /// Adds what another system calls them.
    pub fn add_key(&mut self, series: String, comparable: String) {
        self.keys.push((series, comparable));
    }

    /// Sets whether they work at a school or have a role.
    pub fn set_staff(&mut self, is_staff: bool) {
        self.is_staff = is_staff;
    }

    /// Whether they work at a school or have a role.
    pub fn is_staff(&self) -> bool {
        self.is_staff
    }

    /// Sets whether they are a student today.
    pub fn set_student(&mut self, is_student: bool) {
        self.is_student = is_student;
    }
}
