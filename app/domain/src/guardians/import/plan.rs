//! The plan of a whole file about guardians: one adult can stand in many rows, and one row can have many adults. The
//! order of the rows means nothing. A row of which anything is unclear changes nothing until somebody has decided.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::accounts::{self, Accounts, Owner};
use super::adults::{self, Adults, Mention, Why};
use super::children::CHILD_UNKNOWN;
use super::doubt;
use super::effects::Effects;
use super::known::{AdultIndex, Known};
use super::row::{AdultSaid, FamilyRow};
use super::who::{self, ADULT_UNKNOWN, Group};
use super::write::{AdultRef, GuardiansWrite, LinkWrite};
use super::{changes, children, pairs};
use crate::ids::PersonId;
use crate::imports::deciding::ASKS_ELSEWHERE;
use crate::imports::held::{ChoiceKind, Choices, HeldChoice, HeldReason, HeldRow, ShownPerson};
use crate::imports::note::{Note, Verdict};
use crate::imports::outcome::RowOutcome;

/// The code of an adult and a child who belong together now.
pub const LINKED: &str = "linked";
/// The code of an adult whom an earlier row names too.
pub const SAME_ADULT: &str = "same_as_row";
/// The code of a row that says with another one what an adult is to a child.
pub const WITH_ROW: &str = "with_row";
/// The code of an adult who is their own child.
pub const SELF: &str = "self";
/// The code of a link that a file ends.
pub const LINK_ENDED: &str = "link_ended";
/// The code of a link that a file ends and that is not there.
pub const NOT_LINKED: &str = "not_linked";
/// The code of an adult who is kept from the child.
pub const RESTRICTED: &str = "restricted";
/// The code of a student whom an earlier row gives the same login.
pub const SAME_ACCOUNT: &str = "same_account";

/// A readable row of the file.
#[derive(Debug, Clone, Copy)]
pub struct PlanRow<'a> {
    /// Its number.
    pub number: u32,
    /// What it says.
    pub row: &'a FamilyRow,
}

/// What a kind of file says without words.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// The day the file was uploaded.
    pub day: NaiveDate,
    /// Whether every row must name a child.
    pub needs_child: bool,
    /// Whether logins become accounts.
    pub accounts: Accounts,
}

/// Why a row is not written.
#[derive(Debug, Clone)]
pub(super) enum Trouble {
    Held(Box<HeldRow>),
    Rejected(Note),
    LeftOut,
    /// There is nothing to end.
    Nothing,
    /// The adult is known where the importer sees nothing: who reaches both schools is asked.
    Elsewhere(Box<HeldRow>, PersonId),
}

impl Trouble {
    pub(super) fn verdict<W>(self) -> Verdict<W> {
        match self {
            Self::Held(held) | Self::Elsewhere(held, _) => Verdict::held(*held),
            Self::Nothing => Verdict::unchanged(vec![Note::new(NOT_LINKED)], None),
            Self::Rejected(note) => Verdict::rejected(note),
            Self::LeftOut => Verdict::told(RowOutcome::Skipped, Note::new("row_left_out")),
        }
    }
}

/// Plans all readable rows, and returns the verdict on each, in their order.
pub fn plan(
    rows: &[PlanRow<'_>],
    known: &Known,
    choices: &Choices,
    terms: Terms,
) -> Vec<Verdict<GuardiansWrite>> {
    let mut troubles: Vec<Option<Trouble>> = Vec::with_capacity(rows.len());
    let mut children: Vec<Vec<PersonId>> = Vec::with_capacity(rows.len());
    for found in children::of_rows(rows, &known.children, choices, terms.needs_child) {
        let (found, trouble) =
            found.map_or_else(|trouble| (Vec::new(), Some(trouble)), |found| (found, None));
        children.push(found);
        troubles.push(trouble);
    }
    let is_numbered = |row: &&PlanRow<'_>| !row.row.children.parts.is_empty();
    let numbered = rows.iter().filter(is_numbered).count();
    doubt::ask(rows, &mut troubles, (CHILD_UNKNOWN, numbered), choices);
    let mut mentions = Vec::new();
    for (at, row) in rows.iter().enumerate().filter(|(at, _)| troubles[*at].is_none()) {
        mentions.extend(row.row.adults.iter().map(|said| Mention { row: at, said }));
    }
    let adults = adults::find(&mentions, &children);
    let index = AdultIndex::of(known);
    let mut planning = Planning { rows, known, choices, terms, children, mentions, adults, troubles };
    let who = planning.identify(&index);
    planning.part(&who);
    planning.doubt_keys();
    planning.judge_pairs(&who, &index);
    planning.judge_logins(&who);
    planning.verdicts(&who)
}

/// Who a group of mentions is: somebody known and how they were found, or somebody new.
type Who = Option<(usize, Why)>;

struct Planning<'a> {
    rows: &'a [PlanRow<'a>],
    known: &'a Known,
    choices: &'a Choices,
    terms: Terms,
    children: Vec<Vec<PersonId>>,
    mentions: Vec<Mention<'a>>,
    adults: Adults,
    troubles: Vec<Option<Trouble>>,
}

impl<'a> Planning<'a> {
    /// Finds out who each adult of the file is. Rows about somebody unclear wait.
    fn identify(&mut self, index: &AdultIndex<'_>) -> Vec<Who> {
        let mut all = Vec::with_capacity(self.adults.members.len());
        for members in &self.adults.members {
            let mentions: Vec<Mention<'a>> = members.iter().map(|at| self.mentions[*at]).collect();
            let mut children: Vec<PersonId> =
                mentions.iter().flat_map(|mention| self.children[mention.row].iter().copied()).collect();
            children.sort_unstable();
            children.dedup();
            let group = Group { mentions, children };
            match who::find(&group, self.rows, (self.known, index), self.choices) {
                Ok(who) => all.push(who),
                Err(trouble) => {
                    for mention in &group.mentions {
                        self.troubles[mention.row].get_or_insert_with(|| trouble.clone());
                    }
                    all.push(None);
                }
            }
        }
        all
    }

    /// An adult who is gone from the other system belongs to none of its students. Of somebody who is nobody here, nothing ends.
    fn part(&mut self, who: &[Who]) {
        let is_gone = |mention: &Mention<'_>| self.rows[mention.row].row.is_gone;
        let mut children_of: HashMap<PersonId, Vec<PersonId>> = HashMap::new();
        if self.mentions.iter().any(is_gone) {
            for (adult, child) in self.known.contacts.keys() {
                children_of.entry(*adult).or_default().push(*child);
            }
        }
        for (at, mention) in self.mentions.iter().enumerate() {
            let row = self.rows[mention.row].row;
            let found = who[self.adults.group[at]];
            // Who is gone there is known by the key of that system alone.
            let found = found.filter(|(_, why)| !row.is_gone || *why == Why::Key);
            match self.person(found) {
                _ if !row.ends => {}
                None => {
                    self.troubles[mention.row].get_or_insert(Trouble::Nothing);
                }
                Some(adult) if row.is_gone => {
                    let mut children = children_of.get(&adult).cloned().unwrap_or_default();
                    children.sort_unstable();
                    self.children[mention.row] = children;
                }
                Some(_) => {}
            }
        }
    }

    /// Asks about the column of the adults' keys, if it is all that says who they are.
    fn doubt_keys(&mut self) {
        let is_keyed = |mention: &Mention<'_>| mention.said.key.is_some() && mention.said.person.is_none();
        let keyed = self.mentions.iter().filter(|mention| is_keyed(mention)).count();
        doubt::ask(self.rows, &mut self.troubles, (ADULT_UNKNOWN, keyed), self.choices);
    }

    fn person(&self, who: Who) -> Option<PersonId> {
        who.map(|(at, _)| self.known.adults[at].person.person)
    }

    /// Rejects logins that belong to somebody else, or that the file has for several people.
    fn judge_logins(&mut self, who: &[Who]) {
        let rows = self.rows;
        let mut owners: Vec<(usize, &str, Owner)> = Vec::new();
        for (at, mention) in self.mentions.iter().enumerate() {
            let Some(login) = &mention.said.login else { continue };
            let group = self.adults.group[at];
            owners.push((mention.row, &login.text, Owner::Adult(group)));
            if let Some(trouble) = accounts::claimed(self.known, login, self.person(who[group])) {
                self.troubles[mention.row].get_or_insert(trouble);
            }
        }
        for (at, row) in rows.iter().enumerate() {
            if let (Some(login), [student]) = (&row.row.account_of_student, self.children[at].as_slice()) {
                owners.push((at, &login.text, Owner::Student(*student)));
                if let Some(trouble) = accounts::claimed(self.known, login, Some(*student)) {
                    self.troubles[at].get_or_insert(trouble);
                }
            }
        }
        for (row, trouble) in accounts::contradictions(&owners) {
            self.troubles[row].get_or_insert(trouble);
        }
    }

    /// What becomes of the accounts of students, by the place of the row.
    fn students(&self) -> HashMap<usize, Verdict<GuardiansWrite>> {
        let mut first: HashMap<PersonId, u32> = HashMap::new();
        let mut all = HashMap::new();
        for (at, row) in self.rows.iter().enumerate() {
            let Some(login) = &row.row.account_of_student else { continue };
            let [student] = self.children[at].as_slice() else { continue };
            let first = *first.entry(*student).or_insert(row.number);
            let with = (self.terms, self.choices);
            all.insert(at, accounts::of_student((row, first), login, *student, self.known, with));
        }
        all
    }

    /// Holds rows back that would begin again what was ended, and rejects those of somebody who is their own child.
    fn judge_pairs(&mut self, who: &[Who], index: &AdultIndex<'_>) {
        for (at, mention) in self.mentions.iter().enumerate() {
            let Some(adult) = self.person(who[self.adults.group[at]]) else { continue };
            let number = self.rows[mention.row].number;
            for child in &self.children[mention.row] {
                let trouble = if self.rows[mention.row].row.ends {
                    None
                } else if adult == *child {
                    Some(Trouble::Rejected(Note::new(SELF)))
                } else {
                    self.ended(number, (adult, *child), index)
                };
                if let Some(trouble) = trouble {
                    self.troubles[mention.row].get_or_insert(trouble);
                }
            }
        }
    }

    /// Why a row cannot begin again what was ended.
    fn ended(&self, number: u32, pair: (PersonId, PersonId), index: &AdultIndex<'_>) -> Option<Trouble> {
        let ended_on = *self.known.ended.get(&pair).filter(|_| !self.known.contacts.contains_key(&pair))?;
        match self.choices.of(number, HeldReason::EndedLink).map(|choice| choice.kind) {
            Some(ChoiceKind::LinkAgain) => return None,
            Some(_) => return Some(Trouble::LeftOut),
            None => {}
        }
        let (adult, child) = pair;
        let adult = &self.known.adults[index.person(adult)?];
        let child = self.known.children.person(child).map(|child| child.name.full()).unwrap_or_default();
        let shown = ShownPerson {
            person: Some(adult.person.person),
            name: format!("{} as a contact of {child}", adult.person.name.full()),
            ends_on: Some(ended_on),
            ..ShownPerson::default()
        };
        let choices = [ChoiceKind::LinkAgain, ChoiceKind::LeaveOut].map(HeldChoice::of).to_vec();
        let held = HeldRow::new(HeldReason::EndedLink, ShownPerson::default(), vec![shown], choices);
        Some(Trouble::Held(Box::new(held)))
    }

    /// Whether a mention's row is written.
    fn counts(&self, mention: usize) -> bool {
        self.troubles[self.mentions[mention].row].is_none()
    }

    fn verdicts(mut self, who: &[Who]) -> Vec<Verdict<GuardiansWrite>> {
        let mut effects: Vec<Effects> = Vec::new();
        effects.resize_with(self.rows.len(), Effects::default);
        let mut new = 0;
        let mut references: Vec<Option<AdultRef>> = Vec::with_capacity(who.len());
        for (group, members) in self.adults.members.iter().enumerate() {
            let counting: Vec<usize> = members.iter().copied().filter(|at| self.counts(*at)).collect();
            let Some(first) = counting.first().map(|at| self.mentions[*at].row) else {
                references.push(None);
                continue;
            };
            // A row that ends something says nothing else of the adult.
            let says = counting.iter().filter(|at| !self.rows[self.mentions[**at].row].row.ends);
            let said: Vec<&AdultSaid> = says.map(|at| self.mentions[*at].said).collect();
            let number = self.rows[first].number;
            let known = who[group].map(|(at, why)| (&self.known.adults[at], why));
            let reference = if let Some((adult, _)) = known {
                AdultRef::Known(adult.person.person)
            } else {
                new += 1;
                AdultRef::New(new - 1)
            };
            references.push(Some(reference));
            if said.is_empty() {
                continue;
            }
            let change = changes::of_adult(reference, &said, known, self.choices.of_address(number));
            let known = known.map(|(adult, _)| adult);
            let name = change.name().or(known.map(|adult| &adult.person.name));
            let asked = (self.terms, self.choices.of_login(number));
            let account = accounts::of_adult(reference, &said, known, name, asked);
            effects[first].adult(change);
            effects[first].account(account);
            for at in counting.iter().skip(1) {
                let row = self.mentions[*at].row;
                if row != first {
                    let why = self.adults.why[*at].map_or("", Why::slug);
                    effects[row].says_more = self.terms.needs_child && self.children[row].is_empty();
                    effects[row].same.push(Note::new(SAME_ADULT).with("row", number).with("by", why));
                }
            }
        }
        self.pairs(&references, &mut effects);
        let mut students = self.students();
        let verdicts = std::mem::take(&mut self.troubles).into_iter().zip(effects).enumerate();
        verdicts
            .map(|(at, (trouble, effects))| match (trouble, students.remove(&at)) {
                (Some(Trouble::Elsewhere(held, adult)), _) => self.elsewhere(at, *held, adult),
                (Some(trouble), _) => trouble.verdict(),
                (None, Some(student)) => student,
                (None, None) => effects.verdict(),
            })
            .collect()
    }

    /// A row about somebody of another school: it changes nothing, and asks.
    fn elsewhere(&self, at: usize, held: HeldRow, adult: PersonId) -> Verdict<GuardiansWrite> {
        let asks: Vec<(PersonId, PersonId)> = self.children[at].iter().map(|child| (adult, *child)).collect();
        let notes = if asks.is_empty() { Vec::new() } else { vec![Note::new(ASKS_ELSEWHERE)] };
        let write = (!asks.is_empty()).then(|| GuardiansWrite { asks, ..GuardiansWrite::default() });
        Verdict { notes, write, ..Verdict::held(held) }
    }

    /// What becomes of each adult and child, told in the first row that names them.
    fn pairs(&self, references: &[Option<AdultRef>], effects: &mut [Effects]) {
        let mut order: Vec<(usize, PersonId)> = Vec::new();
        let mut pairs: HashMap<(usize, PersonId), Vec<usize>> = HashMap::new();
        for at in (0..self.mentions.len()).filter(|at| self.counts(*at)) {
            for child in &self.children[self.mentions[at].row] {
                let pair = (self.adults.group[at], *child);
                let rows = pairs.entry(pair).or_default();
                if rows.is_empty() {
                    order.push(pair);
                }
                rows.push(at);
            }
        }
        for pair in order {
            let (Some(adult), Some(rows)) = (references[pair.0], pairs.get(&pair)) else { continue };
            let said: Vec<&AdultSaid> = rows.iter().map(|at| self.mentions[*at].said).collect();
            let first = self.mentions[rows[0]].row;
            for at in rows.iter().skip(1) {
                let row = self.mentions[*at].row;
                if row != first {
                    effects[row].with = Some(self.rows[first].number);
                }
            }
            let said = pairs::joined(&said);
            let effect = &mut effects[first];
            let known = match adult {
                AdultRef::Known(person) => self.known.contacts.get(&(person, pair.1)),
                AdultRef::New(_) => None,
            };
            if let AdultRef::Known(person) = adult
                && self.known.restricted.contains(&(person, pair.1))
            {
                effect.notes.push(Note::new(RESTRICTED));
            }
            // What is said to be over in one row is over, whatever others say.
            if rows.iter().any(|at| self.rows[self.mentions[*at].row].row.ends) {
                effect.end(adult, pair.1, known);
                continue;
            }
            let facts = match known {
                Some(known) => pairs::changed(&said, known, &mut effect.notes),
                None => Some(pairs::begun(&said, self.terms, &mut effect.notes)),
            };
            let Some(facts) = facts else { continue };
            effect.is_linked |= known.is_none();
            effect.is_updated |= known.is_some();
            let existing = known.map(|known| known.id);
            effect.link(LinkWrite { adult, child: pair.1, existing, facts, ends: false });
        }
    }
}
