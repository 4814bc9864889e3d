//! Saving a plan: exactly the accounts that were seen, all of them or none.

use std::collections::{HashMap, HashSet};

use domain::accounts::batch::{BatchView, CreatedAccount, Drifted, Gone, SaveOutcome};
use domain::accounts::naming::Naming;
use domain::accounts::plan::{AccountPlan, Made, PlanHash, PlanRow};
use domain::accounts::state::AccountState;
use domain::accounts::username::Username;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource};
use domain::ids::{AccountId, BatchId, OrganisationId, PersonId, SchoolId};
use domain::roll::name::display_name;
use domain::selection::Selection;
use serde_json::json;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::queries;
use crate::audit::{AuditEntry, record};
use crate::db::{into, load_rows};
use crate::error::breaks_constraint;
use crate::roll::schools::{self, SchoolContext};
use crate::{Backend, Error, Result};

/// From so many accounts on, PostgreSQL's statistics are refreshed at once: its own turn comes up to a minute later,
/// and until then it plans as if the accounts were not there (PostgreSQL, "Populating a Database": run ANALYZE
/// afterwards).
const MANY: usize = 5_000;

/// What a save may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// The plan with this hash, as someone saw it. If it has become another, nothing is done.
    Plan(PlanHash),
    /// Whatever is ready when it runs. Rows that wait for a person's eye are left out and told of.
    WhateverIsReady,
}

/// Makes the accounts of a plan in one transaction: usernames, accounts, the batch and the line in the audit log.
pub async fn save(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    selection: &Selection,
    naming: &Naming,
    expected: Expected,
) -> Result<SaveOutcome> {
    backend.authorize(actor, Permission::ManageAccounts, Resource::School(actor.organisation, school))?;
    let school = schools::context(backend, actor, Permission::ManageAccounts, school).await?;
    let mut transaction = backend.tenant_transaction(actor.organisation).await?;
    queries::lock_usernames(&mut transaction, actor.organisation).await?;
    let chosen = queries::choose(&mut transaction, &school, selection, Some(naming), backend.now()).await?;
    let (plan, candidates) = queries::make_plan(naming.clone(), chosen).await?;
    if let Expected::Plan(hash) = expected {
        if hash != plan.hash {
            let gone = gone(&mut transaction, &school, selection, &plan).await?;
            return Ok(SaveOutcome::Drifted(Drifted { now: plan, gone }));
        }
        if !plan.is_ready() {
            return Err(Error::conflict(
                "plan_not_ready",
                "Accept or change the remaining usernames, then save.",
            ));
        }
    }
    let hash = plan.hash;
    let left_out = candidates.left_out;
    let reserved = candidates.people.into_iter().flat_map(|candidate| candidate.reserved).collect();
    let (ready, waiting) = sort_out(backend, plan.rows);
    if ready.is_empty() {
        return Ok(SaveOutcome::Saved(BatchView { id: None, created: Vec::new(), waiting, left_out }));
    }
    let batch = insert_batch(backend, &mut transaction, actor, &school, (naming, hash), ready.len()).await?;
    insert_accounts(backend, &mut transaction, &school, batch, &ready, &reserved).await?;
    let entry = AuditEntry::new(AuditAction::AccountsCreated)
        .subject("batch", batch.0)
        .details(json!({ "accounts": ready.len(), "school": school.school }));
    record(backend, &mut transaction, actor, entry).await?;
    let mut emails = emails(&mut transaction, school.organisation, batch).await?;
    transaction.commit().await?;
    if ready.len() >= MANY {
        refresh_statistics(backend, school.organisation).await;
    }
    let created = ready.into_iter().map(|new| new.created(&mut emails)).collect();
    Ok(SaveOutcome::Saved(BatchView { id: Some(batch), created, waiting, left_out }))
}

async fn refresh_statistics(backend: &Backend, organisation: OrganisationId) {
    let refreshed = async {
        let mut transaction = backend.tenant_transaction(organisation).await?;
        sqlx::query("SELECT analyze_accounts()").execute(&mut *transaction).await?;
        Ok::<_, Error>(transaction.commit().await?)
    };
    if let Err(error) = refreshed.await {
        // The accounts are made; only the next plans are slower.
        tracing::warn!(%error, "statistics were not refreshed after a large batch");
    }
}

/// An account on its way into the database.
struct New {
    account: AccountId,
    row: PlanRow,
    username: Username,
}

impl New {
    fn created(self, emails: &mut HashMap<PersonId, String>) -> CreatedAccount {
        CreatedAccount {
            account: self.account,
            email: emails.remove(&self.row.person),
            person: self.row.person,
            name: self.row.name,
            group: self.row.group,
            admission_number: self.row.admission_number,
            username: self.username,
        }
    }
}

/// Parts the rows that are ready from those that wait.
fn sort_out(backend: &Backend, rows: Vec<PlanRow>) -> (Vec<New>, Vec<PlanRow>) {
    let (mut ready, mut waiting) = (Vec::with_capacity(rows.len()), Vec::new());
    for row in rows {
        if let Made::Ready(proposal) = &row.made {
            ready.push(New { account: backend.new_id(), username: proposal.username.clone(), row });
        } else {
            waiting.push(row);
        }
    }
    (ready, waiting)
}

async fn insert_batch(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    school: &SchoolContext,
    plan: (&Naming, PlanHash),
    size: usize,
) -> Result<BatchId> {
    let batch: BatchId = backend.new_id();
    sqlx::query(
        "INSERT INTO batches (id, organisation_id, school_id, created_by, created_at, plan_hash, naming, size)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(batch.0)
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(actor.account().map(|account| account.0))
    .bind(backend.now())
    .bind(plan.1.0.as_slice())
    .bind(Json(plan.0))
    .bind(i32::try_from(size).map_err(Error::unexpected)?)
    .execute(connection)
    .await?;
    Ok(batch)
}

/// Loads usernames and accounts. A username that was this person's before stands there already.
async fn insert_accounts(
    backend: &Backend,
    connection: &mut PgConnection,
    school: &SchoolContext,
    batch: BatchId,
    ready: &[New],
    reserved: &HashSet<Username>,
) -> Result<()> {
    let now = backend.now();
    let unused: Vec<&New> = ready.iter().filter(|new| !reserved.contains(&new.username)).collect();
    load_rows(
        connection,
        into!("usernames", "organisation_id, username, person_id, created_at"),
        unused,
        |line, new| {
            line.plain(school.organisation).text(new.username.as_str()).plain(new.row.person).time(now);
        },
    )
    .await
    .map_err(met_another)?;
    load_rows(
        connection,
        into!("accounts", "id, organisation_id, person_id, username, state, batch_id, created_at"),
        ready,
        |line, new| {
            line.plain(new.account)
                .plain(school.organisation)
                .plain(new.row.person)
                .text(new.username.as_str())
                .text(AccountState::Created.slug())
                .plain(batch)
                .time(now);
        },
    )
    .await
    .map_err(met_another)?;
    Ok(())
}

/// Where invitations to the accounts of a batch go. Asked for at the end: beside a large plan they would take memory.
async fn emails(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    batch: BatchId,
) -> Result<HashMap<PersonId, String>> {
    let rows: Vec<(Uuid, String)> = sqlx::query_as(
        "SELECT m.person_id, m.value
         FROM accounts a JOIN addresses m ON m.person_id = a.person_id AND m.kind = 'email' AND m.is_primary
         WHERE a.organisation_id = $1 AND a.batch_id = $2",
    )
    .bind(organisation.0)
    .bind(batch.0)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|(person, email)| (PersonId(person), email)).collect())
}

/// The lock keeps two saves apart; what else could make an account or take a person off the roll in this very moment
/// runs into a constraint, and the answer is to look again.
fn met_another(error: sqlx::Error) -> Error {
    let met = ["usernames_pkey", "usernames_person_fkey", "accounts_person_key", "accounts_username_key"];
    if met.iter().any(|constraint| breaks_constraint(&error, constraint)) {
        Error::conflict(
            "roll_moved",
            "The roll changed while you were saving, so nothing was saved. Save again.",
        )
    } else {
        error.into()
    }
}

#[derive(sqlx::FromRow)]
struct GoneRow {
    id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    username: Option<String>,
}

/// Of people picked one by one, those whom the plan does not hold: names only of those who are on the school's lists.
async fn gone(
    connection: &mut PgConnection,
    school: &SchoolContext,
    selection: &Selection,
    plan: &AccountPlan,
) -> Result<Vec<Gone>> {
    let Selection::People { ids } = selection else { return Ok(Vec::new()) };
    let kept: HashSet<PersonId> = plan.rows.iter().map(|row| row.person).collect();
    let missing: Vec<Uuid> = ids.iter().filter(|id| !kept.contains(id)).map(|id| id.0).collect();
    let rows = sqlx::query_as::<_, GoneRow>(
        "SELECT DISTINCT p.id, p.given_name, p.family_name, p.preferred_name, a.username
         FROM unnest($3::uuid[]) AS missing (id)
         JOIN people p ON p.id = missing.id AND p.organisation_id = $1
         JOIN enrolments e ON e.person_id = p.id AND e.school_id = $2
         LEFT JOIN accounts a ON a.organisation_id = $1 AND a.person_id = p.id
         ORDER BY p.family_name, p.given_name, p.id",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(missing)
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Gone {
                person: PersonId(row.id),
                name: display_name(&row.given_name, &row.family_name, &row.preferred_name),
                has_account: row.username.map(Username::try_from).transpose().map_err(Error::unexpected)?,
            })
        })
        .collect()
}
