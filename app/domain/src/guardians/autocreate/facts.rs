//! What is known of an adult and a child when a simulation looks at them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::guardians::contact::ContactPriority;
use crate::guardians::relationship::Relationship;
use crate::ids::{AccountId, AddressId, ContactId, PersonId};
use crate::operations::facts::{Facts, FactsFormat, FactsWriter, Sink, Tag, hash};
use crate::roll::status::RollStatus;

/// Everything that the outcome of a pair depends on. Written beside the pair in short: what is not so, or not known, is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact that decides by itself")]
pub struct PairFacts {
    /// The contact that was read.
    #[serde(skip, default = "nobody")]
    pub contact: ContactId,
    /// The adult.
    #[serde(skip, default = "nobody")]
    pub adult: PersonId,
    /// The child.
    #[serde(skip, default = "nobody")]
    pub child: PersonId,
    /// What the adult is to the child.
    pub relationship: Relationship,
    /// Whom to call first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<ContactPriority>,
    /// Whether they have parental responsibility; `None` if nobody has said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub responsible: Option<bool>,
    /// Whether the child lives with them; `None` if nobody has said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lives_with: Option<bool>,
    /// Whether they are marked as never to get access by a bulk action.
    #[serde(default, skip_serializing_if = "is_not")]
    pub no_portal: bool,
    /// Whether the contact is in force.
    pub contact_is: ContactStanding,
    /// Whether a restriction keeps the adult from the child today.
    #[serde(default, skip_serializing_if = "is_not")]
    pub restricted: bool,
    /// Whether somebody included this contact by hand despite a restriction or mark.
    #[serde(default, skip_serializing_if = "is_not")]
    pub excepted: bool,
    /// Whether the adult is an authority or a home.
    #[serde(default, skip_serializing_if = "is_not")]
    pub is_organisation: bool,
    /// Whether the adult is on a roll today.
    #[serde(default, skip_serializing_if = "is_not")]
    pub is_pupil: bool,
    /// Where the child stands on this school's roll today.
    pub child_is: RollStatus,
    /// Whether the adult is the one who runs this: nobody decides what they see themselves.
    #[serde(default, skip_serializing_if = "is_not")]
    pub is_yourself: bool,
    /// Whether the child is of age: only they open their portal then.
    #[serde(default, skip_serializing_if = "is_not")]
    pub child_of_age: bool,
    /// Whether the school gives adults like this access when nobody chooses.
    #[serde(default, skip_serializing_if = "is_not")]
    pub gets_access: bool,
    /// The adult's account.
    pub account: AccountStanding,
    /// Whether they have access to the child today.
    #[serde(default, skip_serializing_if = "is_not")]
    pub granted: bool,
    /// Where an invitation would go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<AddressId>,
    /// Whether another adult has the same address.
    #[serde(default, skip_serializing_if = "is_not")]
    pub email_is_shared: bool,
    /// Who else on record may be the same person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alike: Option<Alike>,
    /// Whether a person has to look at the proposed username.
    #[serde(default, skip_serializing_if = "is_not")]
    pub username_needs_review: bool,
}

/// Who it is stands beside the facts.
fn nobody<T: From<Uuid>>() -> T {
    T::from(Uuid::nil())
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_not(fact: &bool) -> bool {
    !fact
}

/// Whether a contact is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactStanding {
    /// Today is one of its days.
    Now,
    /// Its first day is to come.
    NotYet,
    /// Its last day is over.
    Over,
    /// The office or the family ended it.
    Ended,
}

/// An adult's account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountStanding {
    /// They have none.
    None,
    /// It is closed. Only a person opens it again.
    Closed(AccountId),
    /// They have one. Whether they have activated it decides which message they can get.
    Open {
        /// The account.
        id: AccountId,
        /// Whether they have chosen how they sign in.
        active: bool,
    },
}

/// Why two people may be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alike {
    /// Somebody with the same name, or nearly, and the same address, number or child.
    Person(PersonId),
    /// Somebody with the same name works here.
    Colleague(PersonId),
}

const CONTACT: Tag = Tag::new(1);
const RELATIONSHIP: Tag = Tag::new(2);
const PRIORITY: Tag = Tag::new(3);
const RESPONSIBLE: Tag = Tag::new(4);
const LIVES_WITH: Tag = Tag::new(5);
const MARKS: Tag = Tag::new(6);
const STANDING: Tag = Tag::new(7);
const CHILD_IS: Tag = Tag::new(8);
const ACCOUNT: Tag = Tag::new(9);
const EMAIL: Tag = Tag::new(10);
const ALIKE: Tag = Tag::new(11);
const OF_AGE: Tag = Tag::new(12);
const YOURSELF: Tag = Tag::new(13);

impl Facts for PairFacts {
    const FORM: FactsFormat = FactsFormat { name: "autocreate_pair", version: 1 };

    fn write(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        fields.id(CONTACT, self.contact.0).text(RELATIONSHIP, self.relationship.slug());
        if let Some(priority) = self.priority {
            fields.number(PRIORITY, u8::from(priority).into());
        }
        if let Some(responsible) = self.responsible {
            fields.number(RESPONSIBLE, responsible.into());
        }
        if let Some(lives_with) = self.lives_with {
            fields.number(LIVES_WITH, lives_with.into());
        }
        let marks = [
            self.no_portal,
            self.restricted,
            self.excepted,
            self.is_organisation,
            self.is_pupil,
            self.gets_access,
            self.granted,
            self.email_is_shared,
            self.username_needs_review,
        ];
        let marks = marks.into_iter().fold(0, |bits, mark| bits << 1 | u64::from(mark));
        fields.number(MARKS, marks).number(
            STANDING,
            match self.contact_is {
                ContactStanding::Now => 0,
                ContactStanding::NotYet => 1,
                ContactStanding::Over => 2,
                ContactStanding::Ended => 3,
            },
        );
        fields.text(CHILD_IS, self.child_is.slug());
        match self.account {
            AccountStanding::None => {}
            AccountStanding::Closed(account) => {
                fields.text(ACCOUNT, &format!("closed {account}"));
            }
            // That it was activated meanwhile changes nothing but the message, which is decided when it is sent.
            AccountStanding::Open { id, .. } => {
                fields.text(ACCOUNT, &format!("open {id}"));
            }
        }
        if let Some(email) = self.email {
            fields.id(EMAIL, email.0);
        }
        if let Some(Alike::Person(other) | Alike::Colleague(other)) = self.alike {
            fields.id(ALIKE, other.0);
        }
        if self.child_of_age {
            fields.number(OF_AGE, 1);
        }
        if self.is_yourself {
            fields.number(YOURSELF, 1);
        }
    }
}

impl PairFacts {
    /// Identifies what was read: if it is another one later, something that the outcome depends on has changed.
    pub fn revision(&self) -> i64 {
        let bytes = hash([self]).0;
        bytes.iter().take(8).fold(0, |revision, byte| revision << 8 | i64::from(*byte))
    }
}
