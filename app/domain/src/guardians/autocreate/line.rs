//! A row of the page of a run.

use super::facts::PairFacts;
use super::outcome::{Outcome, Rule};
use crate::guardians::duplicates::evidence::Evidence;
use crate::ids::{ContactId, PairId, PersonId};

/// A row of a run: an adult, and the children to whom the same happens by the same rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunLine {
    /// The adult.
    pub adult: PersonId,
    /// Their name.
    pub name: String,
    /// What they are to the children: "Father, contact 2".
    pub what: String,
    /// Their primary email; hidden if a restriction is in force.
    pub email: Option<String>,
    /// Whether the email is there and not shown.
    pub email_hidden: bool,
    /// The children, by name, in the order of lists.
    pub children: Vec<(PersonId, String)>,
    /// The names of those whom they see already, if others are added.
    pub already: Vec<String>,
    /// What happens.
    pub outcome: Outcome,
    /// Why.
    pub rule: Rule,
    /// Who else on record they may be.
    pub alike: Option<AlikeLine>,
    /// The username of a new account.
    pub username: Option<String>,
    /// Whether something had changed when the run was carried out.
    pub changed: bool,
    /// The family they belong to.
    pub household: u32,
    /// The contacts, for an exception.
    pub contacts: Vec<ContactId>,
    /// What was known of each child and the adult, in the order of the children.
    pub facts: Vec<PairFacts>,
}

/// Somebody on record who may be the same person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlikeLine {
    /// Their name; `None` if the reader does not see them.
    pub name: Option<String>,
    /// The page on which the two are compared, if the reader sees both.
    pub pair: Option<PairId>,
    /// Why.
    pub evidence: Vec<Evidence>,
}

impl RunLine {
    /// What happens and why, as a sentence of the page.
    pub fn why(&self) -> String {
        if self.changed {
            return "Changed since the simulation, so nothing was done".to_owned();
        }
        let children: Vec<&str> = self.children.iter().map(|(_, name)| name.as_str()).collect();
        match (self.outcome, self.children.len()) {
            (Outcome::Attach, count) => {
                let already: Vec<&str> = self.already.iter().map(String::as_str).collect();
                let has = if already.is_empty() {
                    "Has an account".to_owned()
                } else {
                    format!("Has an account for {}", together(&already))
                };
                let is = if count == 1 { "is" } else { "are" };
                format!("{has}. {} {is} added", together(&children))
            }
            (Outcome::Create, 2..) => format!("New account, {} students attached", self.children.len()),
            (Outcome::AskSamePerson, _) => {
                self.alike.as_ref().map_or_else(|| self.rule.label().to_owned(), AlikeLine::sentence)
            }
            _ => self.rule.label().to_owned(),
        }
    }
}

impl AlikeLine {
    fn sentence(&self) -> String {
        let Some(name) = &self.name else {
            return "May be on record twice, also at a school that you do not act for. Ask someone who acts for all schools"
                .to_owned();
        };
        let why: Vec<&str> = self
            .evidence
            .iter()
            .filter(|evidence| evidence.points() >= 0)
            .map(|evidence| evidence.label())
            .collect();
        if why.is_empty() {
            return format!("May be {name}, who is on record already");
        }
        format!("May be {name}, who is on record already: {}", why.join(", ").to_lowercase())
    }
}

/// "Ana, Ben and Cid".
fn together(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}
