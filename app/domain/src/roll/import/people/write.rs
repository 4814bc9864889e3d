//! A person in the database, and what an import writes.

use chrono::NaiveDate;

use crate::ids::PersonId;
use crate::operations::facts::{FactsWriter, Sink, Tag};
use crate::roll::address::{EmailAddress, PhoneNumber};
use crate::roll::name::PersonName;

/// Which of a person's fields staff have changed by hand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EditedFields {
    /// The email address that invitations go to.
    pub email: bool,
    /// The phone number that messages go to.
    pub phone: bool,
}

impl EditedFields {
    /// Adds a field by its name.
    pub fn add(&mut self, field: &str) {
        match field {
            "email" => self.email = true,
            "phone" => self.phone = true,
            _ => {}
        }
    }
}

/// A person in the database: the details that a file can change.
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
    /// Email addresses that the person has replaced, in lower case, while the address they confirmed is in
    /// use.
    pub left_emails: Vec<String>,
    /// The phone number that messages go to.
    pub phone: Option<String>,
    /// Whether they have permissions that the importer does not have, so that the importer may not change
    /// their contact details.
    pub outranks: bool,
    /// Their username, if they have an account; a sentence if the importer cannot see it.
    pub account: Option<String>,
    /// Whether the importer may change where the account's messages go.
    pub may_readdress: bool,
    /// What staff have changed by hand, unless the import replaces it.
    pub edited: EditedFields,
    /// Whether they are the importer, whose own email address is confirmed by a message rather than changed
    /// by a file.
    pub own: bool,
}

impl CurrentPerson {
    /// Whether messages to their account would go elsewhere with this address.
    pub fn readdresses(&self, email: &EmailAddress) -> bool {
        let comparable = self.email.as_deref().and_then(|old| old.parse::<EmailAddress>().ok());
        self.account.is_some() && comparable.is_none_or(|old| old.comparable() != email.comparable())
    }
}

/// A person's details.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonDetails {
    /// Name.
    pub name: PersonName,
    /// Date of birth.
    pub born_on: Option<NaiveDate>,
    /// Language tag.
    pub language: String,
}

/// What to write for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonWrite {
    /// The existing person; `None` for a new one.
    pub existing: Option<PersonId>,
    /// The new details, if they change.
    pub details: Option<PersonDetails>,
    /// An email address to make primary.
    pub email: Option<EmailAddress>,
    /// A phone number to make primary.
    pub phone: Option<PhoneNumber>,
}

const EXISTING: Tag = Tag::new(1);
const DETAILS: Tag = Tag::new(2);
const EMAIL_ADDRESS: Tag = Tag::new(3);
const PHONE_NUMBER: Tag = Tag::new(4);

impl PersonWrite {
    /// Adds a plan's decisions about the person.
    pub fn facts(&self, fields: &mut FactsWriter<'_, impl Sink>) {
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
    fn facts(&self, fields: &mut FactsWriter<'_, impl Sink>) {
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
