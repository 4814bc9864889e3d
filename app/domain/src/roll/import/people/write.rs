//! What the database holds of a person, and what an import writes.

use chrono::NaiveDate;

use crate::ids::PersonId;
use crate::operations::facts::{Fields, Sink, Tag};
use crate::roll::address::{EmailAddress, PhoneNumber};
use crate::roll::name::PersonName;

/// A person as the database holds them: the parts that a file can change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentPerson {
    /// The person.
    pub person: PersonId,
    /// Name.
    pub name: PersonName,
    /// Date of birth.
    pub born_on: Option<NaiveDate>,
    /// Language tag.
    pub language: String,
    /// The email address that invitations go to.
    pub email: Option<String>,
    /// The email addresses that they changed away from themselves, in lower case, while the one that they confirmed stands.
    pub left_emails: Vec<String>,
    /// The phone number that messages go to.
    pub phone: Option<String>,
    /// Whether they have rights that the importer does not have: nobody else says where messages to them go.
    pub outranks: bool,
    /// Whether it is the importer: their own email is confirmed by a message to it, not by a file.
    pub own: bool,
}

/// A person's own details.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonDetails {
    /// Name.
    pub name: PersonName,
    /// Date of birth.
    pub born_on: Option<NaiveDate>,
    /// Language tag.
    pub language: String,
}

/// What is written of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonWrite {
    /// Somebody who is there already; nobody for a new person.
    pub existing: Option<PersonId>,
    /// The details after it, if they change.
    pub details: Option<PersonDetails>,
    /// An email address to make the primary one.
    pub email: Option<EmailAddress>,
    /// A phone number to make the primary one.
    pub phone: Option<PhoneNumber>,
}

const EXISTING: Tag = Tag::new(1);
const DETAILS: Tag = Tag::new(2);
const EMAIL_ADDRESS: Tag = Tag::new(3);
const PHONE_NUMBER: Tag = Tag::new(4);

impl PersonWrite {
    /// What a plan decides about the person.
    pub fn facts(&self, fields: &mut Fields<'_, impl Sink>) {
        if let Some(existing) = self.existing {
            fields.id(EXISTING, existing.0);
        }
        if let Some(details) = &self.details {
            fields.nested(DETAILS, |fields| details.facts(fields));
        }
        if let Some(email) = &self.email {
            fields.text(EMAIL_ADDRESS, email.as_str());
        }
        if let Some(phone) = &self.phone {
            fields.text(PHONE_NUMBER, phone.as_str());
        }
    }
}

impl PersonDetails {
    fn facts(&self, fields: &mut Fields<'_, impl Sink>) {
        let tag = Tag::new;
        fields
            .text(tag(1), self.name.given())
            .text(tag(2), self.name.middle())
            .text(tag(3), self.name.family())
            .text(tag(4), self.name.preferred())
            .text(tag(5), &self.language);
        if let Some(born_on) = self.born_on {
            fields.day(tag(6), born_on);
        }
    }
}
