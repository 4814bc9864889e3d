//! Whom a row is about. A key alone does not say it: systems are renumbered, keys are swapped, and
//! spreadsheets remove zeros. So a row is compared with the people it may be about by key, by name, and by a
//! second fact: the date of birth of a student, the email address of staff. What they do not say with one
//! voice is held back ([`super::held`]).

use chrono::NaiveDate;

use super::MAX_KEY;
use super::crossing::Crossing;
use super::held::{ChoiceKind, Choices, HeldChoice, HeldReason, HeldRow, ShownPerson};
use super::kind::ImportKind;
use crate::fold::romanise;
use crate::ids::PersonId;

/// Whether two records agree in a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    /// Both have the same.
    Same,
    /// Each has another.
    Different,
    /// One of them does not have it, or a difference proves nothing.
    Unknown,
}

/// How far two names agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameMatch {
    /// The same name, apart from spelling, order and middle names.
    Same,
    /// They share a word: somebody has married, or is a sibling.
    Partly,
    /// They share nothing.
    Different,
}

/// How a row resembles a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resemblance {
    /// The name.
    pub name: NameMatch,
    /// The second fact.
    pub second: Agreement,
}

impl Resemblance {
    /// Name and second fact are the same.
    pub fn is_certain(self) -> bool {
        self.name == NameMatch::Same && self.second == Agreement::Same
    }

    /// The name is the same, and nothing speaks against it.
    pub fn is_possible(self) -> bool {
        self.name == NameMatch::Same && self.second != Agreement::Different
    }

    /// Nothing but the key says that this is the person.
    pub fn contradicts(self) -> bool {
        match self.second {
            Agreement::Same => false,
            Agreement::Different => self.name != NameMatch::Same,
            Agreement::Unknown => self.name == NameMatch::Different,
        }
    }
}

/// Folds a key, so that spellings of one key are equal: without zeros in front, case, width, accents, blanks,
/// invisible characters and punctuation.
pub fn near_key(key: &str) -> String {
    let mut folded = if key.is_ascii() { key.to_ascii_lowercase() } else { romanise(key) };
    folded.retain(|c| c.is_ascii_alphanumeric());
    let start = folded.len() - folded.trim_start_matches('0').len();
    folded.split_off(start.min(folded.len().saturating_sub(1)))
}

/// The key that somebody who has left keeps once theirs is given to somebody else: "1001 (until 2024-07-19)".
pub fn former_key(key: &str, last_day: NaiveDate) -> String {
    let until = format!(" (until {last_day})");
    let kept: String = key.chars().take(MAX_KEY - until.chars().count()).collect();
    kept + &until
}

/// Where a person is, seen from the school of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whereabouts {
    /// At the school.
    Here,
    /// At another school of the organisation.
    Elsewhere,
    /// At no school.
    Nowhere,
}

/// Who a stored record is.
#[derive(Debug, Clone)]
pub struct Identity<'a> {
    /// The person.
    pub person: PersonId,
    /// The key at the school of the file.
    pub key: Option<&'a str>,
    /// Where they are.
    pub at: Whereabouts,
    /// The last day at the school, if there is one.
    pub last_day: Option<NaiveDate>,
    /// Keys at other schools.
    pub keys_elsewhere: Vec<&'a str>,
    /// Whether this importer may add them to the school.
    pub may_take: bool,
    /// Whether this importer may know of them. Of somebody else, a row says only that an address is in use.
    pub is_told: bool,
    /// Whether they belong to the school already, so that nobody asks when name and second fact agree.
    pub is_of_school: bool,
}

/// The stored records that a row may be about.
#[derive(Debug)]
pub struct Matches<'a, C> {
    /// The one with exactly its key at the school.
    pub keyed: Option<&'a C>,
    /// Others with almost its key, or with its name.
    pub others: &'a [C],
}

impl<C> Default for Matches<'_, C> {
    fn default() -> Self {
        Self { keyed: None, others: &[] }
    }
}

/// Whom a row is about.
#[derive(Debug)]
pub enum About<'a, C> {
    /// Someone new.
    New {
        /// Who has left, and whose key becomes that of the new person.
        frees: Option<&'a C>,
    },
    /// This record. `renumber`: its key becomes that of the row.
    Known {
        /// The record.
        record: &'a C,
        /// Whether it gets the row's key.
        renumber: bool,
        /// Who has left, and whose key the row has.
        frees: Option<&'a C>,
    },
    /// It has to be decided.
    Held(Box<HeldRow>),
    /// The office has decided to leave the row out.
    LeftOut,
}

/// Finds whom a row is about, with what the office has decided about it. `day` is that of the file, and `crossing` says
/// whether the row takes something from another one.
pub fn about<'a, K: ImportKind>(
    number: u32,
    row: &K::Row,
    matches: &Matches<'a, K::Current>,
    choices: &Choices,
    day: NaiveDate,
    crossing: Option<Crossing>,
) -> About<'a, K::Current> {
    let candidates = Candidates::<K>::of(row, matches, day, crossing);
    let Some(reason) = candidates.question() else { return candidates.answer() };
    let held = candidates.held(reason);
    let choice = choices.of(number, reason).filter(|choice| held.choices.contains(choice));
    let Some(choice) = choice else { return About::Held(Box::new(held)) };
    let mut frees = None;
    if let Some(holder) = candidates.loses_the_key(choice, choices) {
        if candidates.former_key().is_none() {
            return About::Held(Box::new(HeldRow { waiting: Some(choice), ..held }));
        }
        frees = Some(holder);
    }
    let record = choice.person.and_then(|person| candidates.record(person));
    match (choice.kind, record) {
        (ChoiceKind::LeaveOut, _) => About::LeftOut,
        (ChoiceKind::ThisPerson, Some(record)) => About::Known { record, renumber: false, frees },
        (ChoiceKind::Renumber, Some(record)) => About::Known { record, renumber: true, frees },
        (ChoiceKind::NewPerson, _) => About::New { frees },
        _ => About::Held(Box::new(held)),
    }
}

/// A record that a row may be about.
struct Candidate<'a, C> {
    record: &'a C,
    identity: Identity<'a>,
    resemblance: Resemblance,
}

/// The records that a row may be about, sorted by what speaks for them.
struct Candidates<'r, 'a, K: ImportKind> {
    row: &'r K::Row,
    keyed: Option<&'a K::Current>,
    /// The one with the row's key.
    holder: Option<Candidate<'a, K::Current>>,
    /// Those with almost its key whom nothing contradicts.
    near: Vec<Candidate<'a, K::Current>>,
    /// Those with its name and second fact, and another key.
    alike: Vec<Candidate<'a, K::Current>>,
    day: NaiveDate,
    crossing: Option<Crossing>,
}

impl<'r, 'a, K: ImportKind> Candidates<'r, 'a, K> {
    fn of(
        row: &'r K::Row,
        matches: &Matches<'a, K::Current>,
        day: NaiveDate,
        crossing: Option<Crossing>,
    ) -> Self {
        let candidate = |record: &'a K::Current| {
            let identity = K::identity(record)?;
            Some(Candidate { record, identity, resemblance: K::resemblance(row, record) })
        };
        let holder = matches.keyed.and_then(candidate);
        let (mut near, mut alike) = (Vec::new(), Vec::new());
        let key = near_key(K::key(row));
        let holder_is_named = holder.as_ref().is_some_and(|holder| holder.resemblance.is_possible());
        for other in matches.others.iter().filter_map(candidate) {
            let Resemblance { name, .. } = other.resemblance;
            if holder.as_ref().is_some_and(|holder| holder.identity.person == other.identity.person) {
                continue;
            }
            let is_here = other.identity.at == Whereabouts::Here;
            let is_on_roll = is_here && other.identity.last_day.is_none_or(|last| last >= day);
            let keys = &other.identity.keys_elsewhere;
            let has_key_elsewhere = keys.iter().any(|own| !own.is_empty() && near_key(own) == key);
            let is_alike = match &holder {
                Some(_) if holder_is_named => false,
                // Two keys or two names were swapped, or one was given to somebody else.
                Some(holder) => {
                    other.resemblance.is_certain()
                        || (holder.resemblance.name != NameMatch::Same
                            && ((is_here && other.resemblance.is_possible())
                                || (is_on_roll && name == NameMatch::Same)))
                }
                None => {
                    let is_crossed = is_here && crossing.is_some();
                    other.resemblance.is_certain()
                        || ((has_key_elsewhere || is_crossed) && other.resemblance.is_possible())
                }
            };
            let is_near = holder.is_none() && other.identity.key.is_some_and(|own| near_key(own) == key);
            if is_near && (name == NameMatch::Same || !other.resemblance.contradicts()) {
                near.push(other);
            } else if is_alike {
                alike.push(other);
            }
        }
        Self { row, keyed: matches.keyed, holder, near, alike, day, crossing }
    }

    /// Why the office has to decide; `None` if it is clear.
    fn question(&self) -> Option<HeldReason> {
        if let Some(holder) = &self.holder {
            let is_alone = self.alike.is_empty() && self.crossing.is_none();
            let is_clear = is_alone && !holder.resemblance.contradicts();
            return (!is_clear).then_some(HeldReason::KeyOfAnother);
        }
        if self.keyed.is_some() {
            return None;
        }
        match self.near.as_slice() {
            [] => {}
            [only] if only.resemblance.is_certain() && self.alike.is_empty() => return None,
            _ => return Some(HeldReason::NearKey),
        }
        let at = |at: Whereabouts| self.alike.iter().any(|other| other.identity.at == at);
        match self.alike.as_slice() {
            [] => None,
            [only] if only.identity.is_of_school => None,
            _ if at(Whereabouts::Here) => Some(HeldReason::OtherKey),
            _ if at(Whereabouts::Elsewhere) => Some(HeldReason::OtherSchool),
            _ => Some(HeldReason::KnownPerson),
        }
    }

    /// The answer, where it is clear.
    fn answer(&self) -> About<'a, K::Current> {
        let known = |record| About::Known { record, renumber: false, frees: None };
        if let Some(keyed) = self.keyed {
            return known(keyed);
        }
        self.near.first().or(self.alike.first()).map_or(About::New { frees: None }, |only| known(only.record))
    }

    fn held(&self, reason: HeldReason) -> HeldRow {
        let everybody: Vec<_> = self.everybody().collect();
        let (told, out_of_reach): (Vec<_>, Vec<_>) =
            everybody.into_iter().partition(|other| other.identity.is_told);
        let about = told.iter().filter_map(|other| self.choice_about(other));
        // They are not somebody new, but that is for others to decide.
        let new = out_of_reach.is_empty().then_some(ChoiceKind::NewPerson);
        let other = new.into_iter().chain([ChoiceKind::LeaveOut]).map(HeldChoice::of);
        let people = told.iter().map(|other| K::shown(other.record)).collect();
        let choices = about.chain(other).collect();
        let held = HeldRow::new(reason, K::shown_in_file(self.row), people, choices);
        // Without a holder, it says why the name alone is a question.
        let is_certain = self.alike.iter().any(|other| other.resemblance.is_certain());
        let crossing = self.crossing.filter(|_| self.holder.is_some() || !is_certain);
        HeldRow { frees: self.former_key(), is_out_of_reach: !out_of_reach.is_empty(), crossing, ..held }
    }

    /// What can be decided about one of the people.
    fn choice_about(&self, other: &Candidate<'a, K::Current>) -> Option<HeldChoice> {
        let Identity { person, at, may_take, .. } = other.identity;
        let has_the_key = self.holder.iter().chain(&self.near).any(|own| own.identity.person == person);
        let kind = match at {
            _ if has_the_key => ChoiceKind::ThisPerson,
            Whereabouts::Here => ChoiceKind::Renumber,
            Whereabouts::Elsewhere | Whereabouts::Nowhere if may_take => ChoiceKind::ThisPerson,
            Whereabouts::Elsewhere | Whereabouts::Nowhere => return None,
        };
        Some(HeldChoice::about(kind, person))
    }

    /// The holder of the row's key, if a choice gives it to somebody else and no other row gives them another one.
    fn loses_the_key(&self, choice: HeldChoice, choices: &Choices) -> Option<&'a K::Current> {
        let holder = self.holder.as_ref()?;
        let person = holder.identity.person;
        let keeps = choice.kind == ChoiceKind::LeaveOut || choice.person == Some(person);
        (!keeps && !choices.renumbers(person)).then_some(holder.record)
    }

    /// The key that the holder keeps, if they have left: only then can theirs be given to somebody else.
    fn former_key(&self) -> Option<String> {
        let identity = &self.holder.as_ref()?.identity;
        let last_day = identity.last_day.filter(|last_day| *last_day < self.day)?;
        identity.key.map(|key| former_key(key, last_day))
    }

    fn everybody(&self) -> impl Iterator<Item = &Candidate<'a, K::Current>> {
        self.holder.iter().chain(&self.near).chain(&self.alike)
    }

    fn record(&self, person: PersonId) -> Option<&'a K::Current> {
        self.everybody().find(|other| other.identity.person == person).map(|other| other.record)
    }
}

/// A row about a person whom an earlier row of the file is about too: somebody known, or somebody new.
pub(super) fn twice_in_file<K: ImportKind>(
    row: &K::Row,
    known: Option<ShownPerson>,
    earlier: u32,
) -> HeldRow {
    let new = known.is_none().then_some(ChoiceKind::NewPerson);
    let others = new.into_iter().chain([ChoiceKind::LeaveOut]).map(HeldChoice::of);
    let choices = std::iter::once(HeldChoice::joining(earlier)).chain(others);
    let people = known.into_iter().collect();
    HeldRow::new(HeldReason::SamePerson, K::shown_in_file(row), people, choices.collect())
}

#[cfg(test)]
mod tests {
    use super::near_key;

    #[test]
    fn spellings_of_one_key_are_near_and_other_keys_are_not() {
        for (one, other) in [
            ("004512", "4512"),
            ("A-17", "a17"),
            ("４５１２", "4512"),
            ("\u{FEFF}4512", "4512"),
            ("45\u{200B}12", "4512"),
            ("٤٥١٢", "4512"),
            ("0", "000"),
            ("é7", "E7"),
        ] {
            assert_eq!(near_key(one), near_key(other), "{one:?} {other:?}");
        }
        for (one, other) in [("4512", "45120"), ("4512", "4521"), ("A17", "B17"), ("10", "1")] {
            assert_ne!(near_key(one), near_key(other), "{one:?} {other:?}");
        }
    }
}
