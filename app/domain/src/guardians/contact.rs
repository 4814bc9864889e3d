//! A contact: who an adult is to one child.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::relationship::Relationship;
use crate::authorization::role::{RoleValidity, ValidityPeriod};

/// What else an adult does for a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactFunction {
    /// Called when something happens.
    Emergency,
    /// May collect the child.
    Pickup,
    /// Pays invoices.
    Payer,
}

impl ContactFunction {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Emergency, Self::Pickup, Self::Payer];

    /// The name in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Emergency => "emergency",
            Self::Pickup => "pickup",
            Self::Payer => "payer",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|function| function.slug() == slug)
    }

    /// The text on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Emergency => "Emergency contact",
            Self::Pickup => "May collect the child",
            Self::Payer => "Pays invoices",
        }
    }
}

/// Whom to call first: 1 to 99.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct ContactPriority(u8);

/// A priority is not a number from 1 to 99.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Enter a number from 1 to 99. 1 is called first.")]
pub struct ContactPriorityError;

impl TryFrom<u8> for ContactPriority {
    type Error = ContactPriorityError;

    fn try_from(number: u8) -> Result<Self, ContactPriorityError> {
        if (1..=99).contains(&number) { Ok(Self(number)) } else { Err(ContactPriorityError) }
    }
}

impl From<ContactPriority> for u8 {
    fn from(priority: ContactPriority) -> Self {
        priority.0
    }
}

/// What is known about an adult and a child.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ContactFacts {
    /// What the adult is to the child.
    pub relationship: Relationship,
    /// What a file or a person wrote, if it says more.
    pub relationship_said: String,
    /// What else they do, in the order of [`ContactFunction::ALL`].
    pub functions: Vec<ContactFunction>,
    /// Whom to call first.
    pub priority: Option<ContactPriority>,
    /// Whether they have parental responsibility; `None` if nobody has said.
    pub parental_responsibility: Option<bool>,
    /// Whether the child lives with them; `None` if nobody has said.
    pub lives_with: Option<bool>,
    /// Whether they are never to get access by a bulk action.
    pub no_portal: bool,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day, if set.
    pub ends_on: Option<NaiveDate>,
}

impl ContactFacts {
    /// Whether the adult is the child's contact on a day.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        // A period that ends before it begins is never valid.
        ValidityPeriod::new(Some(self.starts_on), self.ends_on)
            .is_ok_and(|period| period.on(day) == RoleValidity::Now)
    }
}
