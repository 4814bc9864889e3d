//! From people to usernames: pure, set-wise, and the same for any order of the people.

use std::collections::{HashMap, HashSet};
use std::num::NonZeroU8;

use super::change::{Added, Change, Highlight};
use super::layout::{Layout, Source, digits_of, put_number};
use super::naming::{Candidate, Naming};
use super::plan::{Made, PlanRow, Proposal, Review, UsernameProblem};
use super::review;
use super::taken::{TakenBy, TakenUsernames, stem};
use super::template::{ClashRule, Piece, Settle};
use super::username::{Username, UsernameError};
use crate::ids::PersonId;

/// Makes the rows of a plan, in order of sort key, admission number and id.
///
/// Usernames typed by staff are settled first, then the template's in that order. A username that was made for the same
/// person before is theirs again where the template could give it; one that anyone else holds or held is never given.
pub(super) fn generate(naming: &Naming, people: &[Candidate], taken: &TakenUsernames) -> Vec<PlanRow> {
    let mut order: Vec<&Candidate> = people.iter().collect();
    order.sort_by(|a, b| {
        (&a.sort_key, &a.admission_number, a.person).cmp(&(&b.sort_key, &b.admission_number, b.person))
    });
    let mut seen = HashSet::with_capacity(order.len());
    order.retain(|candidate| seen.insert(candidate.person));

    let mut assigner = Assigner::new(naming, taken, order.len());
    // Few of many: a place for everyone would cost a large plan a tenth of its memory.
    let mut typed: HashMap<PersonId, _> = order
        .iter()
        .filter_map(|candidate| {
            let typed = naming.typed.get(&candidate.person)?;
            Some((candidate.person, assigner.take_typed(candidate, typed)))
        })
        .collect();
    let made: Vec<_> = order
        .iter()
        .map(|candidate| {
            typed.remove(&candidate.person).unwrap_or_else(|| Ok(assigner.take_from_template(candidate)))
        })
        .collect();
    order
        .iter()
        .zip(made)
        .map(|(candidate, made)| PlanRow {
            person: candidate.person,
            name: candidate.name.clone(),
            group: candidate.group.clone(),
            admission_number: candidate.admission_number.clone(),
            // Last, so that what is offered instead of a taken username is free of all the others.
            made: made.unwrap_or_else(|(typed, refused)| assigner.refuse(candidate, typed, refused)),
        })
        .collect()
}

/// The usernames that making a plan can run into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Those with one of these stems; see [`super::taken::stem`].
    Stems(HashSet<String>),
    /// Any: the template counts inside the username.
    All,
}

/// Which taken usernames [`super::plan::AccountPlan::make`] needs to know for these people, so that a large
/// organisation's need not all be read.
pub fn reach(naming: &Naming, people: &[Candidate]) -> Reach {
    let counter_last =
        naming.template.pieces().last().is_some_and(|(_, p)| matches!(p, Piece::Counter { .. }));
    if naming.template.counter().is_some() && !counter_last {
        return Reach::All;
    }
    let mut stems: HashSet<String> = HashSet::with_capacity(people.len());
    for candidate in people {
        stems.extend(Layout::new(&naming.template, &candidate.parts).stems(naming.template.clash().settle));
    }
    stems.extend(
        naming.typed.values().filter_map(|t| t.parse::<Username>().ok()).map(|u| stem(u.as_str()).to_owned()),
    );
    Reach::Stems(stems)
}

/// Why a username that staff typed was not taken.
enum Refused {
    Invalid(UsernameError),
    Taken(TakenBy),
}

/// Where usernames are handed out: who holds which, and how far each counter has come.
struct Assigner<'a> {
    naming: &'a Naming,
    taken: &'a TakenUsernames,
    /// Handed out in this plan.
    given: HashMap<String, &'a Candidate>,
    /// The next number for a text with a gap of so many digits, so that ten thousand people of one name are counted
    /// through once.
    next: HashMap<(String, usize), u64>,
}

impl<'a> Assigner<'a> {
    fn new(naming: &'a Naming, taken: &'a TakenUsernames, people: usize) -> Self {
        Self { naming, taken, given: HashMap::with_capacity(people), next: HashMap::new() }
    }

    /// Who holds `username`, from the point of view of `candidate`.
    fn holder(&self, candidate: &Candidate, username: &str) -> Option<TakenBy> {
        if let Some(other) = self.given.get(username) {
            return Some(TakenBy::Plan(other.who()));
        }
        if candidate.reserved.iter().any(|own| own.as_str() == username) {
            return None;
        }
        self.taken.holder(username).cloned()
    }

    fn is_free(&self, candidate: &Candidate, username: &str) -> bool {
        !self.given.contains_key(username)
            && (self.taken.holder(username).is_none()
                || candidate.reserved.iter().any(|own| own.as_str() == username))
    }

    /// Judges a username that staff typed, and hands it out if it can be used.
    fn take_typed<'t>(
        &mut self,
        candidate: &'a Candidate,
        typed: &'t str,
    ) -> Result<Made, (&'t str, Refused)> {
        let username: Username = typed.parse().map_err(|error| (typed, Refused::Invalid(error)))?;
        if let Some(by) = self.holder(candidate, username.as_str()) {
            return Err((typed, Refused::Taken(by)));
        }
        self.given.insert(username.as_str().to_owned(), candidate);
        let proposal = Proposal { username, typed: true, highlights: Vec::new(), changes: Vec::new() };
        Ok(self.review(candidate, proposal, None))
    }

    /// Says what is wrong with a username that was not taken, and what to do.
    fn refuse(&mut self, candidate: &Candidate, typed: &str, refused: Refused) -> Made {
        let problem = match refused {
            Refused::Invalid(error) => error.into(),
            Refused::Taken(by) => UsernameProblem::Taken { by, such_as: self.propose(candidate).username },
        };
        Made::Problem { typed: typed.to_owned(), problem }
    }

    /// Makes a username by the template, and hands it out.
    fn take_from_template(&mut self, candidate: &'a Candidate) -> Made {
        let proposal = self.propose(candidate);
        self.given.insert(proposal.username.as_str().to_owned(), candidate);
        let settled = proposal.changes.iter().any(|c| matches!(c, Change::Settled { .. }));
        let ask = settled && self.naming.template.clash().settle == Settle::Ask;
        self.review(candidate, proposal, ask.then_some(Review::Clash))
    }

    fn review(&self, candidate: &Candidate, proposal: Proposal, other: Option<Review>) -> Made {
        let accepted = self.naming.accepted.get(&candidate.person) == Some(&proposal.username);
        match review::of(&proposal.username).or(other) {
            Some(review) if !accepted => Made::NeedsReview(proposal, review),
            _ => Made::Ready(proposal),
        }
    }

    /// The template's free username for a person. Does not hand it out.
    fn propose(&mut self, candidate: &Candidate) -> Proposal {
        let rule = self.naming.template.clash();
        let layout = Layout::new(&self.naming.template, &candidate.parts);
        if let Some(again) = Self::theirs_again(&layout, candidate, rule)
            && !self.given.contains_key(again.username.as_str())
        {
            return again;
        }
        if layout.counts() {
            let digits = self.naming.template.counter().unwrap_or(NonZeroU8::MIN);
            let rule = ClashRule { settle: Settle::Number, start: 1, digits };
            return self.numbered(&layout, candidate, rule, None);
        }
        let (first, _) = layout.fit(0, None).text();
        let Some(by) = self.holder(candidate, &first) else {
            return proposal(&layout, 0, None, &first, Vec::new());
        };
        let settled = |added| Change::Settled { taken: first.clone(), by: (&by).into(), added };
        if rule.settle == Settle::NextLetters {
            for extra in 1..=layout.spare_letters() {
                let (text, _) = layout.fit(extra, None).text();
                if self.is_free(candidate, &text) {
                    return proposal(&layout, extra, None, &text, vec![settled(Added::Letters)]);
                }
            }
        }
        self.numbered(&layout, candidate, rule, Some(settled(Added::Number)))
    }

    /// The next free number. Numbers that outgrow their width start over with the name cut by one more letter, so that
    /// the length stays within its bound.
    fn numbered(
        &mut self,
        layout: &Layout<'_>,
        candidate: &Candidate,
        rule: ClashRule,
        settled: Option<Change>,
    ) -> Proposal {
        let mut number = u64::from(rule.start);
        loop {
            let width = digits_of(number, rule.digits);
            let (mut text, place) = layout.fit(0, Some(width)).text();
            let place = place.unwrap_or(text.len()..text.len());
            let key = (text.clone(), place.start);
            let beyond = 10_u64.saturating_pow(u32::try_from(width).unwrap_or(u32::MAX));
            number = number.max(self.next.get(&key).copied().unwrap_or_default());
            while number < beyond {
                put_number(&mut text, &place, number);
                number += 1;
                if self.is_free(candidate, &text) {
                    // Counted again from here: it is handed out, or was only looked at and then stays free.
                    self.next.insert(key, number - 1);
                    return proposal(layout, 0, Some(width), &text, settled.into_iter().collect());
                }
            }
            self.next.insert(key, beyond);
        }
    }

    /// A username that was made for this person before, if it is one that the template gives, with or without more
    /// letters or a number.
    fn theirs_again(layout: &Layout<'_>, candidate: &Candidate, rule: ClashRule) -> Option<Proposal> {
        let letters = if rule.settle == Settle::NextLetters { layout.spare_letters() } else { 0 };
        let again = |own: &Username, extra, width| {
            proposal(layout, extra, width, own.as_str(), vec![Change::TheirsAgain])
        };
        candidate.reserved.iter().find_map(|own| {
            if !layout.counts()
                && let Some(extra) =
                    (0..=letters).find(|extra| layout.fit(*extra, None).text().0 == own.as_str())
            {
                return Some(again(own, extra, None));
            }
            (1..own.as_str().len()).find_map(|width| {
                let (text, place) = layout.fit(0, Some(width)).text();
                let place = place?;
                let own_text = own.as_str();
                let same = text.len() == own_text.len()
                    && text[..place.start] == own_text[..place.start]
                    && text[place.end..] == own_text[place.end..]
                    && own_text[place].bytes().all(|b| b.is_ascii_digit());
                same.then(|| again(own, 0, Some(width)))
            })
        })
    }
}

fn proposal(
    layout: &Layout<'_>,
    extra: usize,
    width: Option<usize>,
    text: &str,
    why: Vec<Change>,
) -> Proposal {
    let fitted = layout.fit(extra, width);
    let (mut highlights, changes) = fitted.explain();
    let (_, place) = fitted.text();
    // A number that the template asks for is no change.
    if let Some(place) = place.filter(|_| !layout.counts() || layout.source() != Source::Template) {
        highlights.push(Highlight::new(place));
    }
    highlights.sort();
    // What settled a clash is what staff look for: it stands first. Collected again at its exact size: a plan holds
    // 100,000 of them.
    let changes = why.into_iter().chain(changes).collect();
    Proposal { username: Username::from_layout(text), typed: false, highlights, changes }
}

#[cfg(test)]
mod tests;
