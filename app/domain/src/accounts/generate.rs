//! Generates usernames for a set of people. Pure; the result does not depend on their order.

use std::collections::{HashMap, HashSet};
use std::num::NonZeroU8;

use super::change::{ClashResolution, Highlight, UsernameChange};
use super::layout::{UsernameLayout, UsernameOrigin, digits_of, put_number};
use super::naming::{Candidate, HeldAccount, Naming};
use super::plan::{PlanRow, PlannedUsername, ReviewReason, UsernameProblem, UsernameProposal};
use super::review;
use super::taken::{TakenBy, TakenUsernames};
use super::template::{ClashRule, Settle};
use super::username::{Username, UsernameError};
use crate::ids::PersonId;

/// Makes the rows of a plan, ordered by sort key, admission number and id.
///
/// Usernames typed by staff are settled first, then the template's in that order. A username made for the
/// same person before is reused if the template could produce it; one that anyone else has or had is never
/// assigned.
pub(super) fn generate(naming: &Naming, people: &[Candidate], taken: &TakenUsernames) -> Vec<PlanRow> {
    let mut order: Vec<&Candidate> = people.iter().collect();
    order.sort_by(|a, b| {
        (&a.sort_key, &a.admission_number, a.person).cmp(&(&b.sort_key, &b.admission_number, b.person))
    });
    let mut seen = HashSet::with_capacity(order.len());
    order.retain(|candidate| seen.insert(candidate.person));

    let mut assigner = UsernameAssigner::new(naming, taken, order.len());
    // Usually few people, so this is not allocated for everyone: that would cost a large plan a tenth of its
    // memory.
    let mut typed: HashMap<PersonId, _> = order
        .iter()
        .filter_map(|candidate| {
            // A closed account keeps its username.
            let typed = naming.typed.get(&candidate.person).filter(|_| candidate.account.is_none())?;
            Some((candidate.person, assigner.take_typed(candidate, typed)))
        })
        .collect();
    let made: Vec<_> = order
        .iter()
        .map(|candidate| {
            if let Some(closed) = &candidate.account {
                return Ok(reopened(closed));
            }
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
            // Done last, so that the suggested alternative is not taken by any other row.
            made: made.unwrap_or_else(|(typed, refused)| assigner.refuse(candidate, typed, refused)),
            reopens: candidate.account.as_ref().map(|closed| closed.id),
        })
        .collect()
}

/// Why a username that staff typed cannot be used.
enum TypedUsernameRefusal {
    Invalid(UsernameError),
    Taken(TakenBy),
}

/// Assigns usernames: who has which, and how far each counter has got.
struct UsernameAssigner<'a> {
    naming: &'a Naming,
    taken: &'a TakenUsernames,
    /// Usernames assigned in this plan.
    given: HashMap<String, &'a Candidate>,
    /// The next number for a text and a number of digits, so that ten thousand people of the same name are
    /// counted only once.
    next: HashMap<(String, usize), u64>,
}

impl<'a> UsernameAssigner<'a> {
    fn new(naming: &'a Naming, taken: &'a TakenUsernames, people: usize) -> Self {
        Self { naming, taken, given: HashMap::with_capacity(people), next: HashMap::new() }
    }

    /// Who has `username`, as seen by `candidate`.
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

    /// Checks a username that staff typed, and assigns it if it can be used.
    fn take_typed<'t>(
        &mut self,
        candidate: &'a Candidate,
        typed: &'t str,
    ) -> Result<PlannedUsername, (&'t str, TypedUsernameRefusal)> {
        let username: Username =
            typed.parse().map_err(|error| (typed, TypedUsernameRefusal::Invalid(error)))?;
        if let Some(by) = self.holder(candidate, username.as_str()) {
            return Err((typed, TypedUsernameRefusal::Taken(by)));
        }
        self.given.insert(username.as_str().to_owned(), candidate);
        let proposal =
            UsernameProposal { username, typed: true, highlights: Vec::new(), changes: Vec::new() };
        Ok(self.review(candidate, proposal, None))
    }

    /// Explains why a typed username cannot be used, and suggests another.
    fn refuse(
        &mut self,
        candidate: &Candidate,
        typed: &str,
        refused: TypedUsernameRefusal,
    ) -> PlannedUsername {
        let problem = match refused {
            TypedUsernameRefusal::Invalid(error) => error.into(),
            TypedUsernameRefusal::Taken(by) => {
                UsernameProblem::Taken { by, such_as: Some(self.propose(candidate).username) }
            }
        };
        PlannedUsername::Problem { typed: typed.to_owned(), problem }
    }

    /// Makes a username from the template and assigns it.
    fn take_from_template(&mut self, candidate: &'a Candidate) -> PlannedUsername {
        let proposal = self.propose(candidate);
        self.given.insert(proposal.username.as_str().to_owned(), candidate);
        let settled = proposal.changes.iter().any(|c| matches!(c, UsernameChange::Settled { .. }));
        let ask = settled && self.naming.template.clash().settle == Settle::Ask;
        self.review(candidate, proposal, ask.then_some(ReviewReason::Clash))
    }

    fn review(
        &self,
        candidate: &Candidate,
        proposal: UsernameProposal,
        other: Option<ReviewReason>,
    ) -> PlannedUsername {
        let accepted = self.naming.accepted.get(&candidate.person) == Some(&proposal.username);
        match review::of(&proposal.username).or(other) {
            Some(review) if !accepted => PlannedUsername::NeedsReview(proposal, review),
            _ => PlannedUsername::Ready(proposal),
        }
    }

    /// Returns a free username from the template for a person, without assigning it.
    fn propose(&mut self, candidate: &Candidate) -> UsernameProposal {
        let rule = self.naming.template.clash();
        let layout = UsernameLayout::new(&self.naming.template, &candidate.parts);
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
        let settled = |added| UsernameChange::Settled { taken: first.clone(), by: (&by).into(), added };
        if rule.settle == Settle::NextLetters {
            for extra in 1..=layout.spare_letters() {
                let (text, _) = layout.fit(extra, None).text();
                if self.is_free(candidate, &text) {
                    return proposal(&layout, extra, None, &text, vec![settled(ClashResolution::Letters)]);
                }
            }
        }
        self.numbered(&layout, candidate, rule, Some(settled(ClashResolution::Number)))
    }

    /// Returns the next free number. When numbers outgrow their width, the name loses one more letter and
    /// counting starts over, so that the length stays within its limit.
    fn numbered(
        &mut self,
        layout: &UsernameLayout<'_>,
        candidate: &Candidate,
        rule: ClashRule,
        settled: Option<UsernameChange>,
    ) -> UsernameProposal {
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
                    // The caller may only be looking, so the number stays available; if it is assigned,
                    // counting skips it.
                    self.next.insert(key, number - 1);
                    return proposal(layout, 0, Some(width), &text, settled.into_iter().collect());
                }
            }
            self.next.insert(key, beyond);
        }
    }

    /// Returns a username made for this person before, if the template can produce it, with or without extra
    /// letters or a number.
    fn theirs_again(
        layout: &UsernameLayout<'_>,
        candidate: &Candidate,
        rule: ClashRule,
    ) -> Option<UsernameProposal> {
        let letters = if rule.settle == Settle::NextLetters { layout.spare_letters() } else { 0 };
        let again = |own: &Username, extra, width| {
            proposal(layout, extra, width, own.as_str(), vec![UsernameChange::TheirsAgain])
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

/// A closed account is opened again under the username that it has.
fn reopened(closed: &HeldAccount) -> PlannedUsername {
    PlannedUsername::Ready(UsernameProposal {
        username: closed.username.clone(),
        typed: false,
        highlights: Vec::new(),
        changes: vec![UsernameChange::Reopened],
    })
}

fn proposal(
    layout: &UsernameLayout<'_>,
    extra: usize,
    width: Option<usize>,
    text: &str,
    why: Vec<UsernameChange>,
) -> UsernameProposal {
    let fitted = layout.fit(extra, width);
    let (mut highlights, changes) = fitted.explain();
    let (_, place) = fitted.text();
    // A number that is part of the template is not a change.
    if let Some(place) = place.filter(|_| !layout.counts() || layout.source() != UsernameOrigin::Template) {
        highlights.push(Highlight::new(place));
    }
    highlights.sort();
    // Staff look for what resolved a clash, so it is first. Collected again at its exact size: a plan holds
    // 100,000 of them.
    let changes = why.into_iter().chain(changes).collect();
    UsernameProposal { username: Username::from_layout(text), typed: false, highlights, changes }
}

#[cfg(test)]
mod tests;
