//! What was decided about the rows of a file that were held back.

use std::collections::{HashMap, HashSet};

use super::held::{ChoiceKind, HeldChoice, HeldReason};
use crate::ids::PersonId;

/// The decisions about a file's rows.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// Whom rows are about, by row, each for the reason that was shown.
    who: HashMap<u32, (HeldReason, HeldChoice)>,
    /// Which of several rows about one person count.
    rows: HashMap<u32, (HeldReason, HeldChoice)>,
    /// What happens to their addresses.
    address: HashMap<u32, ChoiceKind>,
    /// What becomes of their logins.
    login: HashMap<u32, ChoiceKind>,
    /// The people whose key becomes another one.
    renumbered: HashSet<PersonId>,
}

impl Choices {
    /// Adds a decision.
    pub fn add(&mut self, row: u32, reason: HeldReason, choice: HeldChoice) {
        if choice.kind.is_of_address() {
            self.address.insert(row, choice.kind);
            return;
        }
        if choice.kind.is_of_login() {
            self.login.insert(row, choice.kind);
            return;
        }
        if reason.is_of_rows() {
            self.rows.insert(row, (reason, choice));
            return;
        }
        if let (ChoiceKind::Renumber, Some(person)) = (choice.kind, choice.person) {
            self.renumbered.insert(person);
        }
        self.who.insert(row, (reason, choice));
    }

    /// What was decided about a row that is held for this reason.
    pub fn of(&self, row: u32, reason: HeldReason) -> Option<HeldChoice> {
        let of = if reason.is_of_rows() { &self.rows } else { &self.who };
        of.get(&row).filter(|(of, _)| *of == reason).map(|(_, choice)| *choice)
    }

    /// What was decided about a row's address.
    pub fn of_address(&self, row: u32) -> Option<ChoiceKind> {
        self.address.get(&row).copied()
    }

    /// What was decided about a row's login.
    pub fn of_login(&self, row: u32) -> Option<ChoiceKind> {
        self.login.get(&row).copied()
    }

    /// Rows that are about the same person as another one, by decision.
    pub fn joined(&self) -> impl Iterator<Item = (u32, u32)> {
        self.rows.iter().filter_map(|(row, (_, choice))| Some((*row, choice.row?)))
    }

    /// Whether another row gives this person another key.
    pub fn renumbers(&self, person: PersonId) -> bool {
        self.renumbered.contains(&person)
    }
}
