//! Stored runs: written by a simulation, loaded by everything else.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use domain::authorization::actor::Actor;
use domain::guardians::access::DefaultAccess;
use domain::guardians::autocreate::options::AutocreateOptions;
use domain::guardians::autocreate::views::AutocreateCounts;
use domain::ids::{AutocreateId, OperationId, PersonId};
use domain::operations::plan::{Plan, PlanHash};
use serde_json::{Value, json};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::count::AloneChild;
use super::decide::DecidedPair;
use crate::db::{into, load_rows};
use crate::tenancy::places::SchoolContext;
use crate::{Backend, Error, Result};

/// How long a simulation can be run, and how long a run can be undone.
pub(super) const STANDS: TimeDelta = TimeDelta::days(7);

/// A simulation to store.
pub(super) struct NewRun<'a> {
    pub(super) id: AutocreateId,
    pub(super) options: &'a AutocreateOptions,
    pub(super) access: &'a DefaultAccess,
    pub(super) counts: &'a AutocreateCounts,
}

/// A stored run.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct RunRow {
    pub(super) id: Uuid,
    pub(super) created_at: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) options: Json<AutocreateOptions>,
    pub(super) access: Json<DefaultAccess>,
    pub(super) counts: Json<AutocreateCounts>,
    pub(super) plan_hash: Vec<u8>,
    pub(super) operation_id: Option<Uuid>,
    pub(super) applied_at: Option<DateTime<Utc>>,
    pub(super) changed: i32,
    pub(super) undone_at: Option<DateTime<Utc>>,
    pub(super) undone_in_part: bool,
    pub(super) given_name: Option<String>,
    pub(super) family_name: Option<String>,
    pub(super) preferred_name: Option<String>,
}

impl RunRow {
    /// The hash of the pairs that it acts on.
    pub(super) fn plan(&self) -> Result<PlanHash> {
        PlanHash::try_from(self.plan_hash.as_slice()).map_err(Error::unexpected)
    }

    /// The operation that ran it.
    pub(super) fn operation(&self) -> Option<OperationId> {
        self.operation_id.map(OperationId)
    }
}

/// Writes a simulation: COPY for its pairs, of which there can be tens of thousands.
pub(super) async fn write(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    school: &SchoolContext,
    run: NewRun<'_>,
    pairs: &[(usize, DecidedPair)],
    alone: &[AloneChild],
) -> Result<()> {
    let acting = pairs.iter().map(|(_, pair)| pair).filter(|pair| pair.outcome.acts());
    let plan = Plan::of(acting.cloned().collect());
    let now = backend.now();
    sqlx::query(
        "INSERT INTO autocreate_runs (id, organisation_id, school_id, created_at, created_by, expires_at, options, access, counts,
                                      plan_hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(run.id.0)
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(now)
    .bind(actor.account().map(|account| account.0))
    .bind(now + STANDS)
    .bind(Json(run.options))
    .bind(Json(run.access))
    .bind(Json(run.counts))
    .bind(plan.hash.0.as_slice())
    .execute(&mut *connection)
    .await?;
    load_rows(
        connection,
        into!(
            "autocreate_pairs",
            "organisation_id, run_id, number, household, contact_id, adult_id, child_id, outcome, rule, username, revision, facts"
        ),
        pairs.iter().enumerate(),
        |line, (number, (household, pair))| {
            let facts = &pair.read.facts;
            line.plain(school.organisation)
                .plain(run.id)
                .plain(number)
                .plain(household)
                .plain(facts.contact)
                .plain(facts.adult)
                .plain(facts.child)
                .plain(pair.outcome.slug())
                .plain(pair.rule.slug())
                .text_or_null(pair.username())
                .plain(facts.revision())
                .text(&json!(facts).to_string());
        },
    )
    .await?;
    load_rows(
        connection,
        into!("autocreate_alone", "organisation_id, run_id, number, child_id, contacts"),
        alone.iter().enumerate(),
        |line, (number, child)| {
            line.plain(school.organisation)
                .plain(run.id)
                .plain(number)
                .plain(child.child)
                .plain(child.contacts);
        },
    )
    .await?;
    Ok(())
}

/// A statement that finds runs of the school `$2`.
macro_rules! runs {
    ($rest:literal) => {
        concat!(
            "SELECT r.id, r.created_at, r.expires_at, r.options, r.access, r.counts, r.plan_hash, r.operation_id, r.applied_at,
                    r.changed, r.undone_at, r.undone_in_part, p.given_name, p.family_name, p.preferred_name
             FROM autocreate_runs r
             LEFT JOIN accounts maker ON maker.id = r.created_by AND maker.organisation_id = r.organisation_id
             LEFT JOIN people p ON p.id = maker.person_id
             WHERE r.organisation_id = $1 AND r.school_id = $2 ",
            $rest
        )
    };
}
pub(super) use runs;

/// Loads a run of the school.
pub(super) async fn load(
    connection: &mut PgConnection,
    school: &SchoolContext,
    run: AutocreateId,
) -> Result<RunRow> {
    sqlx::query_as::<_, RunRow>(runs!("AND r.id = $3"))
        .bind(school.organisation.0)
        .bind(school.school.0)
        .bind(run.0)
        .fetch_optional(connection)
        .await?
        .ok_or(Error::NotFound("simulation"))
}

/// Finds and locks the run that an operation of the school carried out.
pub(super) async fn carried_out_by(
    connection: &mut PgConnection,
    school: &SchoolContext,
    operation: OperationId,
) -> Result<RunRow> {
    sqlx::query_as::<_, RunRow>(runs!("AND r.operation_id = $3 FOR UPDATE OF r"))
        .bind(school.organisation.0)
        .bind(school.school.0)
        .bind(operation.0)
        .fetch_optional(connection)
        .await?
        .ok_or(Error::NotFound("simulation"))
}

/// What a simulation said about the pairs that it acts on.
#[derive(Debug, Default)]
pub(super) struct StoredPlan {
    /// The number and revision of each pair.
    pub(super) pairs: HashMap<(PersonId, PersonId), (i32, i64)>,
    /// The children.
    pub(super) children: Vec<PersonId>,
    /// The proposed usernames.
    pub(super) usernames: BTreeMap<PersonId, String>,
}

#[derive(sqlx::FromRow)]
struct StoredPairRow {
    number: i32,
    adult_id: Uuid,
    child_id: Uuid,
    username: Option<String>,
    revision: i64,
}

/// Loads the pairs that a run acts on.
pub(super) async fn plan(
    connection: &mut PgConnection,
    school: &SchoolContext,
    run: AutocreateId,
) -> Result<StoredPlan> {
    let rows = sqlx::query_as::<_, StoredPairRow>(
        "SELECT number, adult_id, child_id, username, revision FROM autocreate_pairs
         WHERE organisation_id = $1 AND run_id = $2 AND outcome IN ('attach', 'create', 'create_shared', 'create_no_channel')
         ORDER BY number",
    )
    .bind(school.organisation.0)
    .bind(run.0)
    .fetch_all(connection)
    .await?;
    let mut plan = StoredPlan::default();
    for row in rows {
        let (adult, child) = (PersonId(row.adult_id), PersonId(row.child_id));
        plan.pairs.insert((adult, child), (row.number, row.revision));
        plan.children.push(child);
        if let Some(username) = row.username {
            plan.usernames.insert(adult, username);
        }
    }
    plan.children.sort_unstable();
    plan.children.dedup();
    Ok(plan)
}

/// Records that a run was carried out, and what was left out of it.
pub(super) async fn applied(
    backend: &Backend,
    connection: &mut PgConnection,
    school: &SchoolContext,
    (run, operation): (AutocreateId, OperationId),
    changed: &[i32],
) -> Result<()> {
    if !changed.is_empty() {
        sqlx::query(
            "UPDATE autocreate_pairs SET changed = true WHERE organisation_id = $1 AND run_id = $2 AND number = ANY ($3)",
        )
        .bind(school.organisation.0)
        .bind(run.0)
        .bind(changed)
        .execute(&mut *connection)
        .await?;
    }
    sqlx::query(
        "UPDATE autocreate_runs SET operation_id = $3, applied_at = $4, changed = $5 WHERE organisation_id = $1 AND id = $2",
    )
    .bind(school.organisation.0)
    .bind(run.0)
    .bind(operation.0)
    .bind(backend.now())
    .bind(i32::try_from(changed.len()).map_err(Error::unexpected)?)
    .execute(connection)
    .await?;
    Ok(())
}

/// Records that a run was undone.
pub(super) async fn undone(
    backend: &Backend,
    connection: &mut PgConnection,
    school: &SchoolContext,
    run: AutocreateId,
    in_part: bool,
) -> Result<()> {
    sqlx::query(
        "UPDATE autocreate_runs SET undone_at = $3, undone_in_part = $4 WHERE organisation_id = $1 AND id = $2",
    )
    .bind(school.organisation.0)
    .bind(run.0)
    .bind(backend.now())
    .bind(in_part)
    .execute(connection)
    .await?;
    Ok(())
}

/// The figures of a run for the audit log.
pub(super) fn figures(run: AutocreateId, school: &SchoolContext, accounts: usize, pairs: u64) -> Value {
    json!({ "run": run, "school": school.school, "accounts": accounts, "grants": pairs })
}
