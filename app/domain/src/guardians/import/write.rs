//! What an import of guardians writes.

use super::addresses::LabelledAddress;
use crate::accounts::username::Username;
use crate::guardians::contact::{ContactFacts, ContactFunction};
use crate::ids::{ContactId, PersonId};
use crate::operations::facts::{Facts, FactsFormat, FactsWriter, Sink, Tag};
use crate::roll::address::AddressKind;
use crate::roll::import::people::PersonWrite;
use crate::roll::name::PersonName;

/// An adult: somebody known, or one of the new ones of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AdultRef {
    /// Somebody known.
    Known(PersonId),
    /// The new adult with this number, from 0.
    New(u32),
}

/// What becomes of an adult.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdultWrite {
    /// Who.
    pub adult: AdultRef,
    /// Name and addresses.
    pub person: PersonWrite,
    /// Mr, Dr, if it changes.
    pub title: Option<String>,
    /// Whether they are an organisation; only said of new ones.
    pub is_organisation: bool,
    /// The lines of the postal address and its postcode, if they change.
    pub postal: Option<(String, String)>,
    /// Keys of the other system that are new.
    pub keys: Vec<String>,
    /// Addresses that are kept beside those that messages go to, and new ones with a label.
    pub addresses: Vec<LabelledAddress>,
    /// The kinds of which all addresses are erased.
    pub erases: Vec<AddressKind>,
}

/// What becomes of an adult and a child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkWrite {
    /// The adult.
    pub adult: AdultRef,
    /// The child.
    pub child: PersonId,
    /// The contact that changes; `None` for a new one.
    pub existing: Option<ContactId>,
    /// What is known of them afterwards.
    pub facts: ContactFacts,
    /// Whether they belong together no longer.
    pub ends: bool,
}

/// The username of an account that a row makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewUsername {
    /// This one.
    Given(Username),
    /// One by the school's pattern, until the engine of accounts has made it.
    ByPattern,
}

/// An account that a row makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountWrite {
    /// Whose.
    pub owner: AdultRef,
    /// Whether its owner is a student.
    pub is_student: bool,
    /// The username.
    pub username: NewUsername,
    /// Their name, from which a username can be made.
    pub name: PersonName,
    /// A student's number at the school.
    pub number: String,
}

/// What one row writes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GuardiansWrite {
    /// Adults.
    pub adults: Vec<AdultWrite>,
    /// Adults and children.
    pub links: Vec<LinkWrite>,
    /// Accounts.
    pub accounts: Vec<AccountWrite>,
    /// Adults of other schools, each with the student to whom somebody who reaches both schools may attach them.
    pub asks: Vec<(PersonId, PersonId)>,
}

impl GuardiansWrite {
    /// Whether it writes nothing.
    pub fn is_empty(&self) -> bool {
        self.adults.is_empty() && self.links.is_empty() && self.accounts.is_empty() && self.asks.is_empty()
    }
}

const ADULTS: Tag = Tag::new(1);
const LINKS: Tag = Tag::new(2);
const ACCOUNTS: Tag = Tag::new(3);
const ASKS: Tag = Tag::new(4);
const KNOWN: Tag = Tag::new(1);
const NEW: Tag = Tag::new(2);
const PERSON: Tag = Tag::new(3);
const TITLE: Tag = Tag::new(4);
const ORGANISATION: Tag = Tag::new(5);
const POSTAL: Tag = Tag::new(6);
const POSTCODE: Tag = Tag::new(7);
const KEYS: Tag = Tag::new(8);
const ADDRESSES: Tag = Tag::new(9);
const ERASES: Tag = Tag::new(10);
const CHILD: Tag = Tag::new(3);
const USERNAME: Tag = Tag::new(3);
const EXISTING: Tag = Tag::new(4);
const FACTS: Tag = Tag::new(5);
const ENDS: Tag = Tag::new(6);

impl Facts for GuardiansWrite {
    const FORM: FactsFormat = FactsFormat { name: "import_guardians", version: 3 };

    fn write(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        fields
            .list(ADULTS, &self.adults, AdultWrite::facts)
            .list(LINKS, &self.links, LinkWrite::facts)
            .list(ACCOUNTS, &self.accounts, AccountWrite::facts)
            .list(ASKS, &self.asks, |(adult, child), fields| {
                fields.id(KNOWN, adult.0).id(NEW, child.0);
            });
    }
}

impl AdultRef {
    fn facts(self, fields: &mut FactsWriter<'_, impl Sink>) {
        match self {
            Self::Known(person) => fields.id(KNOWN, person.0),
            Self::New(number) => fields.number(NEW, number.into()),
        };
    }
}

impl AdultWrite {
    fn facts(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        self.adult.facts(fields);
        fields.nested(PERSON, |fields| self.person.facts(fields));
        if let Some(title) = &self.title {
            fields.text(TITLE, title);
        }
        fields.number(ORGANISATION, self.is_organisation.into());
        if let Some((lines, postcode)) = &self.postal {
            fields.text(POSTAL, lines).text(POSTCODE, postcode);
        }
        fields.list(KEYS, &self.keys, |key, fields| {
            fields.text(KNOWN, key);
        });
        fields.list(ADDRESSES, &self.addresses, |address, fields| {
            fields.text(KNOWN, &address.value).text(NEW, &address.label);
        });
        fields.list(ERASES, &self.erases, |kind, fields| {
            fields.text(KNOWN, kind.slug());
        });
    }
}

impl AccountWrite {
    fn facts(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        self.owner.facts(fields);
        if let NewUsername::Given(username) = &self.username {
            fields.text(USERNAME, username.as_str());
        }
    }
}

impl LinkWrite {
    fn facts(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        self.adult.facts(fields);
        fields.id(CHILD, self.child.0);
        if let Some(existing) = self.existing {
            fields.id(EXISTING, existing.0);
        }
        fields.nested(FACTS, |fields| {
            let facts = &self.facts;
            let tag = Tag::new;
            let functions: Vec<&str> = facts.functions.iter().copied().map(ContactFunction::slug).collect();
            fields
                .text(tag(1), facts.relationship.slug())
                .text(tag(2), &facts.relationship_said)
                .text(tag(3), &functions.join(" "))
                .number(tag(4), facts.priority.map_or(0, u8::from).into())
                .number(tag(5), flag(facts.parental_responsibility))
                .number(tag(6), flag(facts.lives_with))
                .number(tag(7), facts.no_portal.into())
                .day(tag(8), facts.starts_on);
            if let Some(ends_on) = facts.ends_on {
                fields.day(tag(9), ends_on);
            }
        });
        fields.number(ENDS, self.ends.into());
    }
}

/// Nobody has said, no, yes.
fn flag(said: Option<bool>) -> u64 {
    said.map_or(0, |said| if said { 2 } else { 1 })
}
