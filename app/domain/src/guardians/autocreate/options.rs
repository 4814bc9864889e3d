//! What somebody chooses before a simulation: which students, which of their contacts, and what is to happen.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::message::NewMessages;
use crate::guardians::contact::ContactPriority;
use crate::guardians::relationship::Relationship;
use crate::ids::ContactId;
use crate::roll::filter::RollFilter;
use crate::roll::page::natural;
use crate::roll::selection::Selection;
use crate::roll::status::RollStatus;

/// The rules of a run. They are stored with it, so that what runs is what was simulated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AutocreateOptions {
    /// Whose contacts are looked at.
    pub students: Selection,
    /// Only those of them who are in one of these year groups; empty for all.
    #[serde(default)]
    pub years: BTreeSet<String>,
    /// Only those of them who are in one of these registration groups; empty for all.
    #[serde(default)]
    pub groups: BTreeSet<String>,
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
        Self {
            students: Selection::Matching { filter: RollFilter::default() },
            years: BTreeSet::new(),
            groups: BTreeSet::new(),
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
    /// With students who were chosen elsewhere. A list that is filtered by nothing but year, group and roll status becomes a
    /// choice that the form shows. Current students are always among those of a filter, unless its roll status says otherwise.
    #[must_use]
    pub fn with_students(mut self, students: Selection) -> Self {
        self.students = students;
        let from_list = self.is_from_list();
        if let Selection::Matching { filter } = &mut self.students {
            self.future_students |= filter.roll.contains(&RollStatus::Future);
            if filter.roll.contains(&RollStatus::Current) {
                filter.roll.clear();
            }
            if !from_list {
                self.years.extend(Some(std::mem::take(&mut filter.year)).filter(|year| !year.is_empty()));
                self.groups.extend(Some(std::mem::take(&mut filter.group)).filter(|group| !group.is_empty()));
            }
        }
        self
    }

    /// Whether the students are chosen by more than year and group: by a list, or by a search in it.
    pub fn is_from_list(&self) -> bool {
        match &self.students {
            Selection::People { .. } => true,
            Selection::Matching { filter } => {
                let is_on_roll = filter.roll.is_empty() || filter.roll.contains(&RollStatus::Current);
                !filter.q.trim().is_empty() || !filter.status.is_empty() || !is_on_roll
            }
        }
    }

    /// The roll statuses of the students of a filter; none if nobody of them is looked at.
    pub fn roll(&self, filter: &RollFilter) -> Vec<RollStatus> {
        let future = self.future_students.then_some(RollStatus::Future);
        let all = filter.roll.is_empty() || filter.roll.contains(&RollStatus::Current);
        std::iter::once(RollStatus::Current)
            .chain(future)
            .filter(|status| all || filter.roll.contains(status))
            .collect()
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
        let whose = match self.roll(filter).as_slice() {
            [] => "students who are not on roll",
            [RollStatus::Future] => "future students",
            [_] => "current students",
            _ => "current and future students",
        };
        let words = if filter.q.trim().is_empty() {
            String::new()
        } else {
            format!(", found by \u{201c}{}\u{201d}", filter.q.trim())
        };
        let status = if filter.status.is_empty() { "" } else { ", by the state of their own account" };
        let year = one_of("year", &filter.year, &self.years).unwrap_or_else(|| "all years".to_owned());
        let group = one_of("group", &filter.group, &self.groups);
        let group = group.map(|group| format!(", {group}")).unwrap_or_default();
        format!("{whose}, {year}{group}{words}{status}")
    }
}

/// "years 7 and 8", in natural order; `None` if nothing is chosen.
fn one_of(what: &str, filtered: &str, chosen: &BTreeSet<String>) -> Option<String> {
    let mut all: Vec<&str> = chosen.iter().map(String::as_str).collect();
    if !filtered.is_empty() {
        all.push(filtered);
    }
    all.sort_by(|a, b| natural(a, b));
    all.dedup();
    let (last, others) = all.split_last()?;
    Some(match others {
        [] => format!("{what} {last}"),
        others => format!("{what}s {} and {last}", others.join(", ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(filter: RollFilter) -> AutocreateOptions {
        AutocreateOptions::default().with_students(Selection::Matching { filter })
    }

    #[test]
    fn a_list_filtered_by_year_becomes_a_choice_of_the_form() {
        let year_seven =
            RollFilter { year: "7".to_owned(), roll: vec![RollStatus::Current], ..RollFilter::default() };
        let mut options = of(year_seven.clone());
        assert!(!options.is_from_list() && !options.future_students);
        options.years.extend(["10".to_owned(), "8".to_owned()]);
        options.groups.insert("7A".to_owned());
        assert_eq!(options.students_in_words(), "current students, years 7, 8 and 10, group 7A");
        let searched = of(RollFilter { q: "obi".to_owned(), ..year_seven });
        assert!(searched.is_from_list() && searched.years.is_empty(), "the list keeps its own filter");
        assert_eq!(searched.students_in_words(), "current students, year 7, found by \u{201c}obi\u{201d}");
    }

    #[test]
    fn a_list_of_leavers_or_future_students_never_becomes_the_current_ones() {
        let roll = |roll: &[RollStatus]| {
            let filter = RollFilter { roll: roll.to_vec(), ..RollFilter::default() };
            let options = of(filter);
            let Selection::Matching { filter } = &options.students else { panic!("a filter") };
            options.roll(filter)
        };
        assert_eq!(roll(&[RollStatus::Leaver]), []);
        assert_eq!(roll(&[RollStatus::Future]), [RollStatus::Future]);
        assert_eq!(roll(&[RollStatus::Current, RollStatus::Leaver]), [RollStatus::Current]);
        assert_eq!(
            roll(&[RollStatus::Current, RollStatus::Future]),
            [RollStatus::Current, RollStatus::Future]
        );
        assert_eq!(roll(&[]), [RollStatus::Current]);
    }
}
