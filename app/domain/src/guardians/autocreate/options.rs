//! What somebody chooses before a simulation: which students, which of their contacts, and what is to happen.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::message::NewMessages;
use crate::guardians::contact::ContactPriority;
use crate::guardians::relationship::Relationship;
use crate::ids::ContactId;
use crate::roll::filter::RollFilter;
use crate::roll::selection::Selection;
use crate::roll::status::RollStatus;

/// The rules of a run. They are stored with it, so that what runs is what was simulated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AutocreateOptions {
    /// Whose contacts are looked at.
    pub students: Selection,
    /// Whether children who are not on the roll yet count.
    pub future_students: bool,
    /// Which contacts qualify.
    pub contacts: ContactRules,
    /// Whether accounts are created.
    pub create: bool,
    /// Whether children are attached to accounts that exist.
    pub attach: bool,
    /// What is sent.
    pub messages: NewMessages,
    /// Contacts that take part despite a restriction or the mark "no portal". Each is written to the audit log.
    #[serde(default)]
    pub exceptions: BTreeSet<ContactId>,
}

/// Which contacts of a child qualify. A contact has to meet all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactRules {
    /// What they are to the child.
    pub relationships: BTreeSet<Relationship>,
    /// The highest number in the order of calling: 2 means contacts 1 and 2. Contacts without a number qualify only without
    /// this rule.
    pub up_to_priority: Option<ContactPriority>,
    /// Only those of whom somebody has said that they have parental responsibility.
    pub responsible: bool,
    /// Only those of whom somebody has said that the child lives with them.
    pub lives_with: bool,
    /// Only those with an email address.
    pub has_email: bool,
}

impl ContactRules {
    /// The relationships that qualify unless somebody chooses others: parents and carers.
    pub const USUAL: [Relationship; 6] = [
        Relationship::Mother,
        Relationship::Father,
        Relationship::Parent,
        Relationship::Guardian,
        Relationship::FosterCarer,
        Relationship::Carer,
    ];
}

impl Default for ContactRules {
    fn default() -> Self {
        Self {
            relationships: Self::USUAL.into_iter().collect(),
            up_to_priority: None,
            responsible: false,
            lives_with: false,
            has_email: false,
        }
    }
}

impl Default for AutocreateOptions {
    fn default() -> Self {
        let filter = RollFilter { roll: vec![RollStatus::Current], ..RollFilter::default() };
        Self {
            students: Selection::Matching { filter },
            future_students: false,
            contacts: ContactRules::default(),
            create: true,
            attach: true,
            messages: NewMessages::default(),
            exceptions: BTreeSet::new(),
        }
    }
}

impl AutocreateOptions {
    /// Whether the students are chosen by more than year and group: by a list, or by a search in it.
    pub fn is_from_list(&self) -> bool {
        match &self.students {
            Selection::People { .. } => true,
            Selection::Matching { filter } => !filter.q.trim().is_empty() || !filter.status.is_empty(),
        }
    }

    /// The rules in words, as the page of a simulation shows them.
    pub fn words(&self) -> String {
        let rules = &self.contacts;
        let mut who: Vec<String> =
            rules.relationships.iter().map(|relationship| relationship.label().to_lowercase()).collect();
        if rules.responsible {
            who.push("only with parental responsibility".to_owned());
        }
        if rules.lives_with {
            who.push("only those the child lives with".to_owned());
        }
        if rules.has_email {
            who.push("only with an email address".to_owned());
        }
        if let Some(priority) = rules.up_to_priority {
            who.push(match u8::from(priority) {
                1 => "contact 1 only".to_owned(),
                last => format!("contacts 1 to {last}"),
            });
        }
        let orders = if self.exceptions.is_empty() {
            "never anyone with an order on record".to_owned()
        } else {
            format!("{} included by hand despite a mark", self.exceptions.len())
        };
        format!("{}; {}; {orders}.", self.students_in_words(), who.join(", "))
    }

    /// Whose contacts are looked at, in words.
    pub fn students_in_words(&self) -> String {
        let filter = match &self.students {
            Selection::People { ids } => {
                let count = ids.iter().collect::<BTreeSet<_>>().len();
                return if count == 1 {
                    "1 selected student".to_owned()
                } else {
                    format!("{count} selected students")
                };
            }
            Selection::Matching { filter } => filter,
        };
        let whose = if self.future_students { "current and future students" } else { "current students" };
        let words = if filter.q.trim().is_empty() {
            String::new()
        } else {
            format!(", found by \u{201c}{}\u{201d}", filter.q.trim())
        };
        let status = if filter.status.is_empty() { "" } else { ", by the state of their own account" };
        let year =
            if filter.year.is_empty() { "all years".to_owned() } else { format!("year {}", filter.year) };
        let group = if filter.group.is_empty() { String::new() } else { format!(", group {}", filter.group) };
        format!("{whose}, {year}{group}{words}{status}")
    }
}
