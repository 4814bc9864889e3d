//! The merge as an operation: one that opens something to a login waits for a second person.

use chrono::TimeDelta;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::authorization::policy::Refusal;
use domain::guardians::duplicates::fields::MergeField;
use domain::guardians::duplicates::merge::{AccessChange, Opened};
use domain::ids::{AccountId, MergeId, OperationId, PairId, PersonId, SchoolId};
use domain::operations::facts::{Facts, FactsFormat, FactsWriter, Sink, Tag};
use domain::operations::plan::{Plan, PlanHash, PlannedRow};
use domain::operations::progress::ResultPage;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::access::sides;
use super::ledger::{Ledger, MergeKind};
use super::parties::{Party, lock, look, obstacle, refuse};
use crate::audit::AuditEntry;
use crate::authorization::roles::outranking;
use crate::operations::{
    AfterApproval, AppliedPlan, AuditLogEntries, ExpectedPlan, Operation, OperationContext, RunEnd, run,
};
use crate::tenancy::places::SchoolContext;
use crate::{Backend, Error, Result};

/// Merges one person into another.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MergePeople {
    /// The two.
    people: Vec<PersonId>,
    /// Whether the one with the lower id stays.
    first_stays: bool,
    /// Values of which the one who stays gets the other's.
    take: Vec<MergeField>,
    /// The likely duplicate, if it was one, for the person who has to approve it.
    #[serde(default)]
    pair: Option<PairId>,
}

impl MergePeople {
    /// Merges `other` into `survivor`, who gets the other's values in `take`.
    pub fn new(survivor: PersonId, other: PersonId, take: Vec<MergeField>) -> Self {
        Self {
            people: vec![survivor.min(other), survivor.max(other)],
            first_stays: survivor < other,
            take,
            pair: None,
        }
    }

    /// Says which likely duplicate it is.
    #[must_use]
    pub fn of(self, pair: PairId) -> Self {
        Self { pair: Some(pair), ..self }
    }

    /// Who stays, and who is merged into them.
    fn roles(&self) -> Result<(PersonId, PersonId)> {
        match self.people.as_slice() {
            [a, b] if a != b => {
                let (first, second) = (*a.min(b), *a.max(b));
                Ok(if self.first_stays { (first, second) } else { (second, first) })
            }
            _ => Err(Error::NotFound("guardian")),
        }
    }
}

/// One of the two people, with everything that was shown of both.
#[derive(Debug, Clone)]
pub struct MergeRow {
    person: PersonId,
    stays: bool,
    seen: String,
    widens: bool,
}

const PERSON: Tag = Tag::new(1);
const STAYS: Tag = Tag::new(2);
const SEEN: Tag = Tag::new(3);

impl Facts for MergeRow {
    const FORM: FactsFormat = FactsFormat { name: "merge_people", version: 1 };

    fn write(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        fields
            .id(PERSON, self.person.0)
            .text(STAYS, if self.stays { "yes" } else { "no" })
            .text(SEEN, &self.seen);
    }
}

impl PlannedRow for MergeRow {}

/// What planning found: the two people, and what happens to access.
pub struct MergeParties {
    pub(super) survivor: Party,
    pub(super) other: Party,
    pub(super) change: AccessChange,
}

impl Operation for MergePeople {
    const KIND: &'static str = "merge_people";
    const PERMISSION: Permission = Permission::ManageGuardians;
    const AFTER_APPROVAL: AfterApproval = AfterApproval::SamePlan;
    const VERB: &'static str = "Merge";
    const KEPT: Option<TimeDelta> = Some(TimeDelta::days(30));

    type Row = MergeRow;
    type Beside = MergeParties;
    type Written = MergeId;
    type Outcome = MergeId;

    fn describe(&self, _rows: usize) -> String {
        "two records of one guardian, whose account then sees more of a child".to_owned()
    }

    fn result(&self, _operation: OperationId) -> ResultPage {
        ResultPage { href: "/guardians/duplicates/merges".to_owned(), label: "Open Merges".to_owned() }
    }

    fn review(&self) -> Option<ResultPage> {
        let stays = if self.first_stays { "first" } else { "second" };
        self.pair.map(|pair| ResultPage {
            href: format!("/guardians/duplicates/{pair}/merge?stays={stays}"),
            label: "See what it does".to_owned(),
        })
    }

    /// A merge that lets somebody see more. What the server's operator does never needs a second person.
    async fn alarms(
        &self,
        work: &mut OperationContext<'_>,
        rows: &[MergeRow],
        _parties: &MergeParties,
    ) -> Result<bool> {
        Ok(work.actor.account().is_some() && rows.iter().any(|row| row.widens))
    }

    fn size(_rows: &[MergeRow]) -> usize {
        1
    }

    async fn lock(&self, work: &mut OperationContext<'_>) -> Result<()> {
        lock(work.connection, work.actor, &self.people).await
    }

    async fn plan(&self, work: &mut OperationContext<'_>) -> Result<(Plan<MergeRow>, MergeParties)> {
        let (survivor, other) = self.roles()?;
        let [survivor, other] = look(work.connection, work.actor, [survivor, other]).await?;
        refuse(obstacle(work.connection, work.actor, &survivor, &other).await?)?;
        let people = [survivor.person(), other.person()];
        if !outranking(work.backend, work.connection, work.actor, &people).await?.is_empty() {
            let told = AuditEntry::new(AuditAction::InsufficientPermissions)
                .person(other.person())
                .details(json!({ "wanted": Self::PERMISSION.slug() }));
            return Err(work.refuse_and_tell(told, Error::Refused(Refusal::Outranked)));
        }
        let [of_survivor, of_other] =
            sides(work.connection, work.actor, [&survivor, &other], work.school.today).await?;
        let change = AccessChange::of(&of_survivor, &of_other);
        let seen = seen(&survivor, &other, &change, &self.take);
        let row = |party: &Party, stays| MergeRow {
            person: party.person(),
            stays,
            seen: seen.clone(),
            widens: change.widens(),
        };
        let rows = vec![row(&survivor, true), row(&other, false)];
        Ok((Plan::of(rows), MergeParties { survivor, other, change }))
    }

    fn person(row: &MergeRow) -> Option<PersonId> {
        Some(row.person)
    }

    fn about(&self, people: Vec<PersonId>) -> Self {
        Self { people, ..self.clone() }
    }

    async fn apply(
        &self,
        work: &mut OperationContext<'_>,
        _rows: Vec<MergeRow>,
        parties: &MergeParties,
    ) -> Result<AppliedPlan<MergeId>> {
        let MergeParties { survivor, other, change } = parties;
        let by = work.actor.account().map(|account| account.0);
        let (backend, connection) = (work.backend, &mut *work.connection);
        let kind = MergeKind::Merge { widened: change.widens() };
        let ledger =
            Ledger::open(backend, connection, work.actor, (other.person(), survivor.person()), kind).await?;
        let behind: Vec<PersonId> =
            change.children.iter().filter(|child| child.stays_behind).map(|child| child.child).collect();
        ledger.move_contacts(connection, by, None).await?;
        ledger.move_grants(connection, by, (None, &behind)).await?;
        ledger.move_restrictions_and_tasks(connection).await?;
        ledger.move_keys(connection, None).await?;
        ledger.move_addresses(connection, None).await?;
        ledger.choose_values(connection, survivor, other, &self.take).await?;
        ledger.leave_one_login(backend, connection, survivor, other).await?;
        close(&ledger, connection).await?;
        let login = survivor.account_id.or(other.account_id).map(AccountId);
        ledger
            .tell_both(backend, connection, (login, &[survivor.email.clone(), other.email.clone()]))
            .await?;
        let entry = |party: &Party, stays: &str| {
            AuditEntry::new(AuditAction::PeopleMerged)
                .person(party.person())
                .subject("merge", ledger.merge.0)
                .details(json!({ "record": stays, "children": change.children.len(), "widened": change.widens().to_string() }))
        };
        let log = AuditLogEntries::EachOwn(vec![entry(survivor, "stays"), entry(other, "merged away")]);
        Ok(AppliedPlan { written: ledger.merge, log })
    }

    async fn finish(
        &self,
        _backend: &Backend,
        _school: &SchoolContext,
        _operation: OperationId,
        merge: MergeId,
    ) -> Result<MergeId> {
        Ok(merge)
    }
}

/// Everything that an approval is about, as text.
fn seen(survivor: &Party, other: &Party, change: &AccessChange, take: &[MergeField]) -> String {
    let opened: Vec<Opened> = change
        .children
        .iter()
        .flat_map(|child| {
            child.scopes.iter().filter(|scope| scope.after).map(|scope| (child.child, scope.scope))
        })
        .collect();
    json!({
        "after": opened.iter().map(|(child, scope)| format!("{child} {}", scope.slug())).collect::<Vec<_>>(),
        "behind": change.children.iter().filter(|child| child.stays_behind).map(|child| child.child).collect::<Vec<_>>(),
        "accounts": [survivor.account_id, other.account_id],
        "states": [&survivor.account_state, &other.account_state],
        "take": take.iter().map(|field| (field.slug(), other.value(*field))).collect::<Vec<_>>(),
    })
    .to_string()
}

/// Marks the person who goes, and every pair of the two as merged.
async fn close(ledger: &Ledger, connection: &mut sqlx::PgConnection) -> Result<()> {
    sqlx::query(
        "WITH merged AS (
             UPDATE people SET merged_into = $3, updated_at = $4 WHERE organisation_id = $1 AND id = $2
         ), pairs AS (
             UPDATE person_pairs SET state = 'merged', known_then = evidence, answered_at = $4
             WHERE organisation_id = $1 AND a_id = least($2, $3) AND b_id = greatest($2, $3))
         DELETE FROM person_pairs
         WHERE organisation_id = $1 AND state IN ('open', 'later') AND (a_id = $2 OR b_id = $2)
           AND NOT (a_id = least($2, $3) AND b_id = greatest($2, $3))",
    )
    .bind(ledger.organisation.0)
    .bind(ledger.from.0)
    .bind(ledger.to.0)
    .bind(ledger.at)
    .execute(connection)
    .await?;
    Ok(())
}

/// How asking for a merge ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MergeOutcome {
    /// They are one.
    Merged(MergeId),
    /// A second person has to agree.
    Waits,
    /// Something changed since the page was shown. Nothing was done.
    Changed,
}

/// Merges two people exactly as the page showed it, or asks a second person first.
#[tracing::instrument(skip_all)]
pub async fn merge(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    input: MergePeople,
    shown: PlanHash,
) -> Result<MergeOutcome> {
    Ok(match run(backend, actor, school, input, ExpectedPlan::Plan(shown)).await?.end {
        RunEnd::Ran(ran) => MergeOutcome::Merged(ran.outcome),
        RunEnd::Waits | RunEnd::Queued(_) => MergeOutcome::Waits,
        RunEnd::Nothing | RunEnd::Drifted(_) => MergeOutcome::Changed,
    })
}
