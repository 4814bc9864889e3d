//! From facts to outcomes: the rule for each pair, with who is alike and which usernames are free. A simulation and the run of
//! it decide in the same way, so whatever differs has changed.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::accounts::naming::Naming;
use domain::accounts::plan::{PlanRow, PlannedUsername};
use domain::guardians::autocreate::options::AutocreateOptions;
use domain::guardians::autocreate::outcome::{Outcome, Rule, outcome};
use domain::guardians::duplicates::likely::LikelyPair;
use domain::ids::PersonId;
use domain::operations::facts::{Facts, FactsFormat, FactsWriter, Sink, Tag};
use domain::operations::plan::PlannedRow;
use sqlx::PgConnection;

use super::alike;
use super::read::ReadPair;
use crate::accounts::guardians::plan_for;
use crate::tenancy::places::SchoolContext;
use crate::{Backend, Result};

/// A pair with its outcome.
#[derive(Debug, Clone)]
pub struct DecidedPair {
    pub(super) read: ReadPair,
    pub(super) outcome: Outcome,
    pub(super) rule: Rule,
    /// The account that would be created, if one would.
    pub(super) account: Option<PlanRow>,
}

impl DecidedPair {
    /// The username of the account that would be created.
    pub(super) fn username(&self) -> Option<&str> {
        match &self.account.as_ref()?.made {
            PlannedUsername::Ready(proposal) => Some(proposal.username.as_str()),
            PlannedUsername::NeedsReview(..) | PlannedUsername::Problem { .. } => None,
        }
    }
}

const ADULT: Tag = Tag::new(1);
const CHILD: Tag = Tag::new(2);
const OUTCOME: Tag = Tag::new(3);
const USERNAME: Tag = Tag::new(4);

/// Encodes who gets access to whom, and by which username.
impl Facts for DecidedPair {
    const FORM: FactsFormat = FactsFormat { name: "autocreate_guardians", version: 1 };

    fn write(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        let facts = &self.read.facts;
        fields.id(ADULT, facts.adult.0).id(CHILD, facts.child.0).text(OUTCOME, self.outcome.slug());
        if let Some(username) = self.username() {
            fields.text(USERNAME, username);
        }
    }
}

impl PlannedRow for DecidedPair {}

/// What was decided.
pub(super) struct Decided {
    /// Each pair with its outcome.
    pub(super) pairs: Vec<DecidedPair>,
    /// The likely duplicates because of whom somebody is asked about.
    pub(super) alike: Vec<LikelyPair>,
}

/// Decides about each pair. `naming` makes the usernames.
pub(super) async fn decide(
    backend: &Backend,
    connection: &mut PgConnection,
    school: &SchoolContext,
    options: &AutocreateOptions,
    mut pairs: Vec<ReadPair>,
    naming: impl FnOnce(&[PersonId]) -> Naming,
) -> Result<Decided> {
    let found = alike::find(connection, school, &candidates(options, &pairs)).await?;
    for pair in &mut pairs {
        let facts = &mut pair.facts;
        facts.email_is_shared = found.shared.contains(&facts.adult);
        facts.alike = found.alike.get(&facts.adult).copied();
    }
    let without = candidates(options, &pairs);
    let naming = naming(&without);
    let planned = plan_for(backend, connection, school, without.clone(), naming).await?;
    let accounts: HashMap<PersonId, PlanRow> = planned.into_iter().map(|row| (row.person, row)).collect();
    let without: HashSet<PersonId> = without.into_iter().collect();
    let pairs: Vec<DecidedPair> = pairs
        .into_iter()
        .map(|mut read| {
            let account = accounts.get(&read.facts.adult);
            let ready = account.is_some_and(|row| matches!(row.made, PlannedUsername::Ready(_)));
            read.facts.username_needs_review = without.contains(&read.facts.adult) && !ready;
            let (outcome, rule) = outcome(options, &read.facts);
            let account = account.filter(|_| outcome.creates()).cloned();
            DecidedPair { read, outcome, rule, account }
        })
        .collect();
    let asked: HashSet<PersonId> = pairs
        .iter()
        .filter(|pair| pair.outcome == Outcome::AskSamePerson)
        .map(|pair| pair.read.facts.adult)
        .collect();
    let is_asked = |pair: &LikelyPair| asked.contains(&pair.a) || asked.contains(&pair.b);
    let alike = found.pairs.into_iter().filter(is_asked).collect();
    Ok(Decided { pairs, alike })
}

/// The adults who would get an account, each once, in the order of the pairs.
fn candidates(options: &AutocreateOptions, pairs: &[ReadPair]) -> Vec<PersonId> {
    let mut seen = HashSet::new();
    pairs
        .iter()
        .filter(|pair| outcome(options, &pair.facts).0.creates())
        .map(|pair| pair.facts.adult)
        .filter(|adult| seen.insert(*adult))
        .collect()
}

/// Exactly the usernames that were proposed: a username that is taken meanwhile has changed.
pub(super) fn as_proposed(usernames: &BTreeMap<PersonId, String>, people: &[PersonId]) -> Naming {
    let typed = people.iter().filter_map(|person| Some((*person, usernames.get(person)?.clone()))).collect();
    Naming { typed, ..Naming::default() }
}
