//! The order and the figures of a simulation.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::guardians::autocreate::facts::AccountStanding;
use domain::guardians::autocreate::household::households;
use domain::guardians::autocreate::options::AutocreateOptions;
use domain::guardians::autocreate::outcome::{Outcome, OutcomeGroup};
use domain::guardians::autocreate::views::AutocreateCounts;
use domain::ids::PersonId;
use domain::roll::status::RollStatus;

use super::decide::DecidedPair;
use super::read::ReadChild;

/// A child whom the run would leave with no adult.
#[derive(Debug, Clone, Copy)]
pub(super) struct AloneChild {
    pub(super) child: PersonId,
    pub(super) contacts: usize,
}

/// Puts families together, finds the children who would have nobody, and counts.
pub(super) fn count(
    options: &AutocreateOptions,
    children: &[ReadChild],
    decided: Vec<DecidedPair>,
) -> (Vec<(usize, DecidedPair)>, Vec<AloneChild>, AutocreateCounts) {
    let families = households(&decided.iter().map(|pair| pair.read.facts.clone()).collect::<Vec<_>>());
    let mut ordered: Vec<(usize, DecidedPair)> = families.into_iter().zip(decided).collect();
    // Stable: within a family, the order of children and of their contacts.
    ordered.sort_by_key(|(family, _)| *family);
    let alone = alone(options, children, &ordered);
    let mut counts = AutocreateCounts {
        students: small(children.len()),
        contacts: small(ordered.len()),
        households: small(ordered.iter().map(|(family, _)| family).collect::<BTreeSet<_>>().len()),
        alone: small(alone.len()),
        ..AutocreateCounts::default()
    };
    let (mut lines, mut created, mut invited, mut told) =
        (HashSet::new(), HashSet::new(), HashSet::new(), HashSet::new());
    let (mut families, mut group_families) = (HashSet::new(), HashSet::new());
    for (family, pair) in &ordered {
        if families.insert((*family, pair.outcome)) {
            *counts.families.entry(pair.outcome).or_default() += 1;
        }
        if group_families.insert((*family, pair.outcome.group())) {
            *counts.group_families.entry(pair.outcome.group()).or_default() += 1;
        }
        let facts = &pair.read.facts;
        *counts.outcomes.entry(pair.outcome).or_default() += 1;
        counts.attached += u32::from(pair.outcome == Outcome::Attach);
        if pair.outcome.creates() {
            created.insert(facts.adult);
            if options.messages.new_account && facts.email.is_some() {
                invited.insert(facts.adult);
            }
        }
        let active = matches!(facts.account, AccountStanding::Open { active: true, .. });
        if pair.outcome == Outcome::Attach && options.messages.new_child && active && facts.email.is_some() {
            told.insert(facts.adult);
        }
        if lines.insert((facts.adult, pair.outcome, pair.rule)) {
            let group = pair.outcome.group();
            *counts.rows.entry(group).or_default() += 1;
            if group == OutcomeGroup::Skipped {
                *counts.skipped.entry(pair.rule).or_default() += 1;
            }
        }
    }
    counts.accounts = small(created.len());
    counts.messages = small(invited.len() + told.len());
    (ordered, alone, counts)
}

/// The students on the roll with nobody who sees them or would.
fn alone(
    options: &AutocreateOptions,
    children: &[ReadChild],
    pairs: &[(usize, DecidedPair)],
) -> Vec<AloneChild> {
    let mut contacts: HashMap<PersonId, (usize, bool)> = HashMap::with_capacity(children.len());
    for (_, pair) in pairs {
        let facts = &pair.read.facts;
        let sees =
            facts.granted && matches!(facts.account, AccountStanding::Open { .. }) && !facts.restricted;
        let (count, has) = contacts.entry(facts.child).or_default();
        *count += 1;
        *has |= pair.outcome.acts() || sees;
    }
    let counted = |status| match status {
        RollStatus::Current => true,
        RollStatus::Future => options.future_students,
        RollStatus::Leaver => false,
    };
    children
        .iter()
        .filter(|child| counted(child.status))
        .filter_map(|child| match contacts.get(&child.child) {
            Some((_, true)) => None,
            Some((contacts, false)) => Some(AloneChild { child: child.child, contacts: *contacts }),
            None => Some(AloneChild { child: child.child, contacts: 0 }),
        })
        .collect()
}

fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
