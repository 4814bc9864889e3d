//! The facts that an outcome depends on, in words, each with the record that says so.

use super::facts::{AccountStanding, ContactStanding, PairFacts};

/// One fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldFact {
    /// What it is about.
    pub about: &'static str,
    /// What is known.
    pub tells: String,
    /// Which record says so.
    pub source: &'static str,
}

impl PairFacts {
    /// The facts in words. Only those who may know of restrictions (`may_know`) are told of them.
    pub fn told(&self, may_know: bool) -> Vec<ToldFact> {
        let said = |known: Option<bool>| match known {
            Some(true) => "yes",
            Some(false) => "no",
            None => "nobody has said",
        };
        let fact = |about, tells: &str, source| ToldFact { about, tells: tells.to_owned(), source };
        let kind = self.relationship.label();
        let order = self.priority.map(|priority| format!("{kind}, contact {}", u8::from(priority)));
        let contact = match self.contact_is {
            ContactStanding::Now => "in force",
            ContactStanding::NotYet => "has not begun",
            ContactStanding::Over => "its last day is over",
            ContactStanding::Ended => "ended",
        };
        let email = match (self.email, self.email_is_shared) {
            (None, _) => "none",
            (Some(_), false) => "on record",
            (Some(_), true) => "on record, and another adult has it too",
        };
        let account = match self.account {
            AccountStanding::None => "none",
            AccountStanding::Closed(_) => "closed",
            AccountStanding::Open { active: true, .. } => "in use",
            AccountStanding::Open { active: false, .. } => "not activated yet",
        };
        let access = match (self.granted, self.gets_access) {
            (true, _) => "has access to this student",
            (false, true) => "gets your school\u{2019}s default access",
            (false, false) => "your school gives such adults none by default",
        };
        let mut told = vec![
            fact("Relationship", order.as_deref().unwrap_or(kind), "contact"),
            fact("Parental responsibility", said(self.responsible), "contact"),
            fact("Lives with the student", said(self.lives_with), "contact"),
            fact("Contact", contact, "contact"),
            fact("Student", &self.child_is.label().to_lowercase(), "roll"),
            fact("Email", email, "addresses"),
            fact("Account", account, "account"),
            fact("Access", access, if self.granted { "access" } else { "default access" }),
        ];
        let marks = [
            (self.is_organisation, fact("Person", "an organisation", "record")),
            (self.is_pupil, fact("Person", "on roll today", "roll")),
            (
                self.child_of_age,
                fact("Student", "of age, and decides who sees their portal", "coming of age"),
            ),
            (self.no_portal || self.restricted && !may_know, fact("Mark", "no portal", "contact")),
            (self.restricted && may_know, fact("Order", "in force today", "restriction")),
            (self.excepted && may_know, fact("Exception", "included by hand", "this run")),
            (
                self.alike.is_some(),
                fact("Likely duplicate", "somebody alike is on record", "likely duplicates"),
            ),
            (self.username_needs_review, fact("Username", "needs review", "username rules")),
        ];
        told.extend(marks.into_iter().filter(|(holds, _)| *holds).map(|(_, fact)| fact));
        told
    }

    /// The facts in one line, for files: "Relationship: Mother (contact); …".
    pub fn in_one_line(&self, may_know: bool) -> String {
        let told = self.told(may_know).into_iter();
        told.map(|fact| format!("{}: {} ({})", fact.about, fact.tells, fact.source))
            .collect::<Vec<_>>()
            .join("; ")
    }
}
