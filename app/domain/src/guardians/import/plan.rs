//! The plan of a whole file about guardians: one adult can stand in many rows, and one row can have many adults. The
//! order of the rows means nothing. A row of which anything is unclear changes nothing until somebody has decided.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::adults::{self, Adults, Mention, Why};
use super::changes::{self, AdultChange};
use super::children::{self, CHILD_UNKNOWN};
use super::doubt;
use super::known::{AdultIndex, Known, KnownContact};
use super::pairs::{self, KEPT_BY_HAND};
use super::row::{AdultSaid, FamilyRow};
use super::who::{self, ADULT_UNKNOWN, Group};
use super::write::{AdultRef, GuardiansWrite, LinkWrite};
use crate::ids::PersonId;
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
}

/// Why a row is not written.
#[derive(Debug, Clone)]
pub(super) enum Trouble {
    Held(Box<HeldRow>),
    Rejected(Note),
    LeftOut,
}

impl Trouble {
    fn verdict<W>(self) -> Verdict<W> {
        match self {
            Self::Held(held) => Verdict::held(*held),
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
    planning.doubt_keys();
    planning.judge_pairs(&who);
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

    /// Asks about the column of the adults' keys, if it is all that says who they are.
    fn doubt_keys(&mut self) {
        let is_keyed = |mention: &Mention<'_>| mention.said.key.is_some() && mention.said.person.is_none();
        let keyed = self.mentions.iter().filter(|mention| is_keyed(mention)).count();
        doubt::ask(self.rows, &mut self.troubles, (ADULT_UNKNOWN, keyed), self.choices);
    }

    fn person(&self, who: Who) -> Option<PersonId> {
        who.map(|(at, _)| self.known.adults[at].person.person)
    }

    /// Holds rows back that would begin again what was ended, and rejects those of somebody who is their own child.
    fn judge_pairs(&mut self, who: &[Who]) {
        for (at, mention) in self.mentions.iter().enumerate() {
            let Some(adult) = self.person(who[self.adults.group[at]]) else { continue };
            let number = self.rows[mention.row].number;
            for child in &self.children[mention.row] {
                let trouble = if self.rows[mention.row].row.ends {
                    None
                } else if adult == *child {
                    Some(Trouble::Rejected(Note::new(SELF)))
                } else {
                    self.ended(number, adult, *child)
                };
                if let Some(trouble) = trouble {
                    self.troubles[mention.row].get_or_insert(trouble);
                }
            }
        }
    }

    /// Why a row cannot begin again what was ended.
    fn ended(&self, number: u32, adult: PersonId, child: PersonId) -> Option<Trouble> {
        let pair = (adult, child);
        let ended_on = *self.known.ended.get(&pair).filter(|_| !self.known.contacts.contains_key(&pair))?;
        match self.choices.of(number, HeldReason::EndedLink).map(|choice| choice.kind) {
            Some(ChoiceKind::LinkAgain) => return None,
            Some(_) => return Some(Trouble::LeftOut),
            None => {}
        }
        let adult = self.known.adults.iter().find(|known| known.person.person == adult)?;
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
            let said: Vec<&AdultSaid> = counting.iter().map(|at| self.mentions[*at].said).collect();
            let number = self.rows[first].number;
            let known = who[group].map(|(at, why)| (&self.known.adults[at], why));
            let reference = if let Some((adult, _)) = known {
                AdultRef::Known(adult.person.person)
            } else {
                new += 1;
                AdultRef::New(new - 1)
            };
            references.push(Some(reference));
            let change = changes::of_adult(reference, &said, known, self.choices.of_address(number));
            effects[first].adult(change);
            for at in counting.iter().skip(1) {
                let row = self.mentions[*at].row;
                if row != first {
                    let why = self.adults.why[*at].map_or("", Why::slug);
                    effects[row].same.push(Note::new(SAME_ADULT).with("row", number).with("by", why));
                }
            }
        }
        self.pairs(&references, &mut effects);
        let verdicts = std::mem::take(&mut self.troubles).into_iter().zip(effects);
        verdicts
            .map(|(trouble, effects)| trouble.map_or_else(|| effects.verdict(), Trouble::verdict))
            .collect()
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
            effect.write.links.push(LinkWrite { adult, child: pair.1, existing, facts, ends: false });
        }
    }
}

/// What a row does.
#[derive(Default)]
struct Effects {
    write: GuardiansWrite,
    is_added: bool,
    is_linked: bool,
    is_updated: bool,
    notes: Vec<Note>,
    /// Adults whom earlier rows name too.
    same: Vec<Note>,
    /// The row that names the same adult and child.
    with: Option<u32>,
    held: Option<Box<HeldRow>>,
}

impl Effects {
    fn adult(&mut self, change: AdultChange) {
        self.is_added |= change.is_new;
        self.is_updated |= !change.is_new && change.write.is_some();
        self.write.adults.extend(change.write);
        self.notes.extend(change.notes);
        self.held = self.held.take().or(change.held);
    }

    /// Ends what an adult is to a child.
    fn end(&mut self, adult: AdultRef, child: PersonId, known: Option<&KnownContact>) {
        let Some(known) = known else {
            self.notes.push(Note::new(NOT_LINKED));
            return;
        };
        self.is_updated = true;
        self.notes.push(Note::new(LINK_ENDED));
        let facts = known.facts.clone();
        self.write.links.push(LinkWrite { adult, child, existing: Some(known.id), facts, ends: true });
    }

    /// The strongest of what the row does.
    fn verdict(self) -> Verdict<GuardiansWrite> {
        let mut notes = self.notes;
        let is_kept = notes.iter().any(|note| note.code == KEPT_BY_HAND);
        let (outcome, code) = match () {
            () if self.is_added => (RowOutcome::Added, "new_adult"),
            () if self.is_linked => (RowOutcome::Linked, LINKED),
            () if self.is_updated => (RowOutcome::Updated, "details_changed"),
            () if self.held.is_some() => (RowOutcome::Held, HeldReason::Address.slug()),
            () if is_kept => (RowOutcome::Kept, KEPT_BY_HAND),
            () => (RowOutcome::Unchanged, "no_difference"),
        };
        if outcome == RowOutcome::Linked {
            notes.insert(0, Note::new(LINKED));
        }
        let changes = matches!(outcome, RowOutcome::Added | RowOutcome::Linked | RowOutcome::Updated);
        if changes {
            notes.extend(self.same);
        }
        notes.extend(self.with.map(|row| Note::new(WITH_ROW).with("row", row)));
        let write = Some(self.write).filter(|write| !write.is_empty());
        Verdict { outcome, code: code.into(), notes, write, held: self.held }
    }
}
