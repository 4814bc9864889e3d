//! Rows that are held back until the office decides, because a file alone does not say clearly whom they are
//! about, or because they would change where an account's messages go. A row that nobody decides changes
//! nothing, and stays in the log as held.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use super::choices::Choices;
use super::crossing::Crossing;
use crate::ids::PersonId;
use crate::operations::facts::{FactsWriter, Sink, Tag};

/// Why a row is held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldReason {
    /// Its key belongs to someone else than its name and date of birth do.
    KeyOfAnother,
    /// Its key is almost that of someone with the same name: a spreadsheet may have removed the zeros.
    NearKey,
    /// Someone at the school has this name and date of birth, but another key.
    OtherKey,
    /// Someone at another school of the organisation has this name and date of birth: a move.
    OtherSchool,
    /// Someone in Greencap who is at no school has this name and date of birth.
    KnownPerson,
    /// An earlier row of the file is about the same person, with another key.
    SamePerson,
    /// Other rows of the file have its key and are about the same person, and nothing says which is the newest.
    SameKey,
    /// It would change the address that an account's messages go to.
    Address,
    /// Somebody who works at the school has this name, and another address.
    Colleague,
    /// Several people in Greencap can be the adult of the row.
    SeveralPeople,
    /// Two people stand in one cell, such as "Mr & Mrs".
    TwoPeople,
    /// The adult and the child belonged together, until the office or the family ended it.
    EndedLink,
    /// Nobody has its key, and that is so of too many rows: the column may be the wrong one.
    UnknownKey,
    /// The login of the other system cannot be a username here.
    NoUsername,
    /// The student has an account with another username.
    OtherUsername,
}

impl HeldReason {
    /// All, in the order of pages.
    pub const ALL: [Self; 15] = [
        Self::UnknownKey,
        Self::KeyOfAnother,
        Self::NearKey,
        Self::OtherKey,
        Self::OtherSchool,
        Self::KnownPerson,
        Self::SamePerson,
        Self::SameKey,
        Self::Address,
        Self::Colleague,
        Self::SeveralPeople,
        Self::TwoPeople,
        Self::EndedLink,
        Self::NoUsername,
        Self::OtherUsername,
    ];

    /// The code in logs and in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::KeyOfAnother => "key_of_another",
            Self::NearKey => "near_key",
            Self::OtherKey => "other_key",
            Self::OtherSchool => "other_school_student",
            Self::KnownPerson => "known_person_held",
            Self::SamePerson => "same_person",
            Self::SameKey => "same_key",
            Self::Address => "address",
            Self::Colleague => "colleague",
            Self::SeveralPeople => "several_people",
            Self::TwoPeople => "two_people",
            Self::EndedLink => "ended_link",
            Self::UnknownKey => "unknown_key",
            Self::NoUsername => "no_username",
            Self::OtherUsername => "other_username_held",
        }
    }

    /// Whether it is about several rows of the file, not about whom one is about. A row can need both decisions.
    pub fn is_of_rows(self) -> bool {
        matches!(self, Self::SamePerson | Self::SameKey)
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.slug() == slug)
    }
}

/// A kind of decision, which can be taken for all rows of one reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChoiceKind {
    /// The row is about this person, who keeps the key they have.
    ThisPerson,
    /// The row is about this person, and its key becomes theirs.
    Renumber,
    /// The row is about someone new.
    NewPerson,
    /// Of several rows about one person, this one counts.
    UseRow,
    /// The row is left out.
    LeaveOut,
    /// The account's messages go to the new address.
    ConfirmAddress,
    /// The row is imported without its address.
    KeepAddress,
    /// What was ended begins again.
    LinkAgain,
    /// The column is the right one: the row is rejected, because nobody has its key.
    RightColumn,
    /// The account gets a username by the school's pattern.
    MakeUsername,
    /// The row is imported without an account.
    NoAccount,
}

impl ChoiceKind {
    const ALL: [Self; 11] = [
        Self::RightColumn,
        Self::ThisPerson,
        Self::Renumber,
        Self::NewPerson,
        Self::UseRow,
        Self::LeaveOut,
        Self::ConfirmAddress,
        Self::KeepAddress,
        Self::LinkAgain,
        Self::MakeUsername,
        Self::NoAccount,
    ];

    /// The name in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::ThisPerson => "this_person",
            Self::Renumber => "renumber",
            Self::NewPerson => "new_person",
            Self::UseRow => "use_row",
            Self::LeaveOut => "leave_out",
            Self::ConfirmAddress => "confirm_address",
            Self::KeepAddress => "keep_address",
            Self::LinkAgain => "link_again",
            Self::RightColumn => "right_column",
            Self::MakeUsername => "make_username",
            Self::NoAccount => "no_account",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }

    /// Whether it decides about an address, not about whom the row is about. A row can need both.
    pub fn is_of_address(self) -> bool {
        matches!(self, Self::ConfirmAddress | Self::KeepAddress)
    }

    /// Whether it decides about a login, not about whom the row is about. A row can need both.
    pub fn is_of_login(self) -> bool {
        matches!(self, Self::MakeUsername | Self::NoAccount)
    }
}

/// A decision about one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct HeldChoice {
    /// What is decided.
    pub kind: ChoiceKind,
    /// The person, where the decision names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// The row, where the decision says that it is about the same person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
}

impl HeldChoice {
    /// A decision that names nobody.
    pub fn of(kind: ChoiceKind) -> Self {
        Self { kind, person: None, row: None }
    }

    /// A decision that names a person.
    pub fn about(kind: ChoiceKind, person: PersonId) -> Self {
        Self { person: Some(person), ..Self::of(kind) }
    }

    /// The decision that a row is about the same person as another one.
    pub fn joining(row: u32) -> Self {
        Self { row: Some(row), ..Self::of(ChoiceKind::ThisPerson) }
    }
}

/// What is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "about")]
pub enum HeldDecision {
    /// One row, by its number in the file.
    Row {
        /// The row.
        row: u32,
        /// The choice, one of those that the row offers.
        choice: HeldChoice,
    },
    /// All rows held for one reason, where only one such choice is possible.
    Reason {
        /// The reason.
        reason: HeldReason,
        /// The choice.
        choice: ChoiceKind,
    },
    /// What a row and its only possible person say with one voice, for all rows: `--accept-held`.
    Proposals,
    /// Nothing any more: all decisions are removed.
    Nothing,
}

/// A person, as a held row shows them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownPerson {
    /// The person; `None` for the one in the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// Name.
    pub name: String,
    /// Date of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub born_on: Option<NaiveDate>,
    /// Admission number or staff code; empty if unknown or not for this importer to see.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// School; empty if they are at none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub school: String,
    /// Email address.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// Username, or a sentence if there is an account that this importer cannot see.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub account: String,
    /// The first day at the school, where it says who or which is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_on: Option<NaiveDate>,
    /// The last day at the school.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<NaiveDate>,
    /// Year and registration group, where they say which row is meant.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub groups: String,
    /// The row of the file, if it is another row than the one that is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
}

/// What a held row shows, and what can be decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldRow {
    /// Why it is held back.
    pub reason: HeldReason,
    /// The person in the file.
    pub in_file: ShownPerson,
    /// The people in Greencap it may be about.
    pub people: Vec<ShownPerson>,
    /// What can be decided.
    pub choices: Vec<HeldChoice>,
    /// What was decided, but cannot be done yet: the key still belongs to somebody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<HeldChoice>,
    /// What becomes of the key of its holder, who has left, if it is given to somebody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frees: Option<String>,
    /// Whether it may be about somebody whom this importer may not know of.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_out_of_reach: bool,
    /// What another row of the file has of this one's person, or this one of its.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crossing: Option<Crossing>,
}

const REASON: Tag = Tag::new(1);
const PEOPLE: Tag = Tag::new(2);
const PERSON: Tag = Tag::new(1);

impl HeldRow {
    /// A row that waits for a decision.
    pub fn new(
        reason: HeldReason,
        in_file: ShownPerson,
        people: Vec<ShownPerson>,
        choices: Vec<HeldChoice>,
    ) -> Self {
        Self {
            reason,
            in_file,
            people,
            choices,
            waiting: None,
            frees: None,
            is_out_of_reach: false,
            crossing: None,
        }
    }

    /// The only choice of this kind; `None` if there is none, or if several people are possible.
    pub fn only(&self, kind: ChoiceKind) -> Option<HeldChoice> {
        let mut choices = self.choices.iter().filter(|choice| choice.kind == kind);
        choices.next().copied().filter(|_| choices.next().is_none())
    }

    /// What the file, the name and the date of birth propose with one voice: what `--accept-held` accepts.
    /// Nothing for a row whose key says one person and whose name another, or that takes from another row.
    pub fn proposal(&self) -> Option<HeldChoice> {
        match self.reason {
            _ if self.crossing.is_some() => None,
            HeldReason::KeyOfAnother
            | HeldReason::SamePerson
            | HeldReason::SameKey
            | HeldReason::Colleague
            | HeldReason::SeveralPeople
            | HeldReason::TwoPeople
            | HeldReason::EndedLink
            | HeldReason::UnknownKey
            | HeldReason::OtherUsername => None,
            HeldReason::NoUsername => self.only(ChoiceKind::MakeUsername),
            HeldReason::NearKey | HeldReason::OtherSchool | HeldReason::KnownPerson => {
                self.only(ChoiceKind::ThisPerson)
            }
            // A row without a number gives nobody one.
            HeldReason::OtherKey => {
                // A name alone says nobody.
                let says_more = self.in_file.born_on.is_some() || !self.in_file.key.is_empty();
                let same = || self.only(ChoiceKind::ThisPerson).filter(|_| says_more);
                self.only(ChoiceKind::Renumber).or_else(same)
            }
            HeldReason::Address => self.only(ChoiceKind::ConfirmAddress),
        }
    }

    /// Adds it to a plan's facts.
    pub fn facts(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        let people = self.people.iter().filter_map(|shown| shown.person);
        fields.text(REASON, self.reason.slug()).list(PEOPLE, people, |person, fields| {
            fields.id(PERSON, person.0);
        });
    }
}
