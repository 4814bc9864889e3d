//! The form in which the office says what an adult is to a child.

use std::fmt::Display;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::contact::{ContactFacts, ContactFunction, ContactPriority, ContactPriorityError};
use super::relationship::Relationship;
use crate::authorization::role::ValidityPeriod;
use crate::fields::FieldErrors;
use crate::roll::name::MAX_NAME_PART;
use crate::when::typed_day;

/// What is in the form's fields, as typed. A box that is ticked says "yes".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContactForm {
    /// The slug of a [`Relationship`].
    pub relationship: String,
    /// Their own words for it.
    pub relationship_said: String,
    /// Whether they are called when something happens.
    pub emergency: String,
    /// Whether they may collect the child.
    pub pickup: String,
    /// Whether they pay invoices.
    pub payer: String,
    /// Whom to call first.
    pub priority: String,
    /// "yes", "no", or empty where nobody has said.
    pub parental_responsibility: String,
    /// "yes", "no", or empty where nobody has said.
    pub lives_with: String,
    /// Whether they are never to get access by a bulk action.
    pub no_portal: String,
    /// The first day, as in 2026-09-01.
    pub starts_on: String,
    /// The last day.
    pub ends_on: String,
}

/// The value of a box that is ticked, and of an answer that says so.
pub const YES: &str = "yes";
/// The value of an answer that denies it.
pub const NO: &str = "no";

impl ContactForm {
    /// For somebody new: nothing is chosen, and no box is ticked.
    pub fn beginning(today: NaiveDate) -> Self {
        Self { starts_on: today.to_string(), ..Self::default() }
    }

    /// As it is stored.
    pub fn of(facts: &ContactFacts) -> Self {
        let tick = |holds: bool| if holds { YES.to_owned() } else { String::new() };
        let does = |function| tick(facts.functions.contains(&function));
        Self {
            relationship: facts.relationship.slug().to_owned(),
            relationship_said: facts.relationship_said.clone(),
            emergency: does(ContactFunction::Emergency),
            pickup: does(ContactFunction::Pickup),
            payer: does(ContactFunction::Payer),
            priority: facts.priority.map(|priority| u8::from(priority).to_string()).unwrap_or_default(),
            parental_responsibility: answer(facts.parental_responsibility),
            lives_with: answer(facts.lives_with),
            no_portal: tick(facts.no_portal),
            starts_on: facts.starts_on.to_string(),
            ends_on: facts.ends_on.map(|day| day.to_string()).unwrap_or_default(),
        }
    }

    /// Whether a box is ticked.
    pub fn ticks(&self, function: ContactFunction) -> bool {
        YES == match function {
            ContactFunction::Emergency => &self.emergency,
            ContactFunction::Pickup => &self.pickup,
            ContactFunction::Payer => &self.payer,
        }
    }

    /// Reads the fields.
    ///
    /// # Errors
    /// What is wrong with each of them.
    pub fn parse(&self) -> Result<ContactFacts, FieldErrors> {
        let mut errors = FieldErrors::default();
        let relationship = Relationship::from_slug(&self.relationship);
        if relationship.is_none() {
            errors.push("relationship", "Choose what this adult is to the student.");
        }
        let said = self.relationship_said.split_whitespace().collect::<Vec<_>>().join(" ");
        if said.chars().count() > MAX_NAME_PART {
            errors.push("relationship_said", format!("Enter at most {MAX_NAME_PART} characters."));
        }
        let priority = errors.take("priority", optional(&self.priority, priority));
        let starts_on = errors.take("starts_on", typed_day(&self.starts_on)).and_then(|day| {
            if day.is_none() {
                errors.push("starts_on", "Enter the first day.");
            }
            day
        });
        let ends_on = errors.take("ends_on", typed_day(&self.ends_on));
        if let (Some(first), Some(last)) = (starts_on, ends_on)
            && ValidityPeriod::new(Some(first), last).is_err()
        {
            errors.push("ends_on", "The last day is before the first day. Correct one of them.");
        }
        match (relationship, priority, starts_on, ends_on) {
            (Some(relationship), Some(priority), Some(starts_on), Some(ends_on)) if errors.is_empty() => {
                Ok(ContactFacts {
                    relationship,
                    relationship_said: said,
                    functions: ContactFunction::ALL
                        .into_iter()
                        .filter(|function| self.ticks(*function))
                        .collect(),
                    priority,
                    parental_responsibility: answered(&self.parental_responsibility),
                    lives_with: answered(&self.lives_with),
                    no_portal: self.no_portal == YES,
                    starts_on,
                    ends_on,
                })
            }
            _ => Err(errors),
        }
    }
}

fn answer(said: Option<bool>) -> String {
    match said {
        Some(true) => YES.to_owned(),
        Some(false) => NO.to_owned(),
        None => String::new(),
    }
}

fn answered(typed: &str) -> Option<bool> {
    match typed {
        YES => Some(true),
        NO => Some(false),
        _ => None,
    }
}

/// Reads a field that may be empty.
fn optional<T, E: Display>(typed: &str, read: fn(&str) -> Result<T, E>) -> Result<Option<T>, E> {
    if typed.trim().is_empty() { Ok(None) } else { read(typed.trim()).map(Some) }
}

fn priority(typed: &str) -> Result<ContactPriority, ContactPriorityError> {
    u8::from_str(typed).map_err(|_| ContactPriorityError).and_then(ContactPriority::try_from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn neighbour() -> ContactForm {
        ContactForm {
            relationship: "neighbour".to_owned(),
            ..ContactForm::beginning("2026-11-21".parse().unwrap())
        }
    }

    // C7
    #[test]
    fn every_mark_of_a_new_contact_is_off_until_somebody_sets_it() {
        let facts = neighbour().parse().unwrap();
        assert_eq!(facts.functions, []);
        assert_eq!((facts.parental_responsibility, facts.lives_with, facts.no_portal), (None, None, false));
        let nothing = ContactForm::beginning("2026-11-21".parse().unwrap()).parse().unwrap_err();
        assert_eq!(nothing.of("relationship"), Some("Choose what this adult is to the student."));
    }

    #[test]
    fn a_contact_that_ends_before_it_begins_is_refused_with_a_sentence() {
        let form = ContactForm { ends_on: "2026-11-20".to_owned(), ..neighbour() };
        assert_eq!(
            form.parse().unwrap_err().of("ends_on"),
            Some("The last day is before the first day. Correct one of them.")
        );
    }

    #[test]
    fn each_field_says_what_is_wrong_with_it() {
        let form = ContactForm {
            priority: "first".to_owned(),
            starts_on: "1/9".to_owned(),
            relationship: "owner".to_owned(),
            ..neighbour()
        };
        let errors = form.parse().unwrap_err();
        for field in ["relationship", "priority", "starts_on"] {
            assert!(errors.of(field).is_some(), "{field}");
        }
        for (first, last) in [("0026-09-01", ""), ("", ""), ("2026-09-01", "20270-07-31"), ("2026-02-30", "")]
        {
            let form = ContactForm { starts_on: first.to_owned(), ends_on: last.to_owned(), ..neighbour() };
            let field = if last.is_empty() { "starts_on" } else { "ends_on" };
            assert!(form.parse().unwrap_err().of(field).is_some(), "{first} {last}");
        }
    }

    proptest! {
        #[test]
        fn what_is_stored_comes_back_from_the_form(
            relationship in 0..Relationship::ALL.len(), said in "[A-Za-z]{0,8}", functions: [bool; 3],
            priority in prop::option::of(1u8..=99), responsible: Option<bool>, lives_with: Option<bool>,
            no_portal: bool, first in 0u64..800, lasts in prop::option::of(0u64..800),
        ) {
            let starts_on = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Days::new(first);
            let facts = ContactFacts {
                relationship: Relationship::ALL[relationship],
                relationship_said: said,
                functions: ContactFunction::ALL.into_iter().zip(functions).filter(|(_, does)| *does).map(|(f, _)| f).collect(),
                priority: priority.and_then(|number| ContactPriority::try_from(number).ok()),
                parental_responsibility: responsible,
                lives_with,
                no_portal,
                starts_on,
                ends_on: lasts.map(|days| starts_on + chrono::Days::new(days)),
            };
            prop_assert_eq!(ContactForm::of(&facts).parse(), Ok(facts));
        }
    }
}
