//! What the roll holds of a student, and what an import writes.

use chrono::NaiveDate;

use crate::ids::{EnrolmentId, PersonId};
use crate::roll::address::{EmailAddress, PhoneNumber};
use crate::roll::name::PersonName;

/// A student as the roll holds them: the parts that a file can change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnRoll {
    /// The student.
    pub person: PersonId,
    /// The enrolment that stands for the student at the school.
    pub enrolment: EnrolmentId,
    /// Name.
    pub name: PersonName,
    /// Date of birth.
    pub born_on: Option<NaiveDate>,
    /// Language tag.
    pub language: String,
    /// Year group.
    pub year: String,
    /// Registration group.
    pub group: String,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: Option<NaiveDate>,
    /// The email address that invitations go to.
    pub email: Option<String>,
    /// The email addresses that they changed away from themselves, in lower case, while the one that they confirmed
    /// stands.
    pub left_emails: Vec<String>,
    /// The phone number that messages go to.
    pub phone: Option<String>,
    /// Whether they have permissions that the importer does not have: then a file cannot change where messages to them
    /// go.
    pub outranks: bool,
    /// Whether it is the importer: their own email is confirmed by a message to it, not by a file.
    pub own: bool,
}

/// What is to be written for one row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Write {
    /// Who is on the roll already; nobody for a new student.
    pub existing: Option<(PersonId, EnrolmentId)>,
    /// The person's details after it, if they change.
    pub person: Option<PersonDetails>,
    /// What becomes of the enrolment.
    pub enrolment: EnrolmentWrite,
    /// An email address to make the primary one.
    pub email: Option<EmailAddress>,
    /// A phone number to make the primary one.
    pub phone: Option<PhoneNumber>,
}

/// A person's own details.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PersonDetails {
    /// Name.
    pub name: PersonName,
    /// Date of birth.
    pub born_on: Option<NaiveDate>,
    /// Language tag.
    pub language: String,
}

/// A time at the school.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EnrolmentDetails {
    /// Year group.
    pub year: String,
    /// Registration group.
    pub group: String,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: Option<NaiveDate>,
}

/// What becomes of an enrolment.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum EnrolmentWrite {
    /// It stays.
    Keep,
    /// Its details change.
    Change(EnrolmentDetails),
    /// A new one begins, beside an older one that has ended.
    Begin(EnrolmentDetails),
}
