//! Send invitation codes: by email, to a batch, a selection or everyone who was never invited. Sending again is the
//! same: earlier invitations stay alive until one of them is used.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::accounts::state::AccountState;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource};
use domain::ids::{AccountId, AddressId, OrganisationId, PersonId, SchoolId};
use domain::invitations::views::{LeftOut, LeftOutPerson, Recipients, SendReport};
use domain::roll::name::display_name;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::queue::queue;
use crate::audit::{AuditEntry, record};
use crate::roll::schools::{self, SchoolContext};
use crate::roll::selection::people;
use crate::{Backend, Error, Result};

/// Queues an invitation for everyone meant who can be invited, and says who was left out and why.
pub async fn send(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    recipients: Recipients,
) -> Result<SendReport> {
    backend.authorize(actor, Permission::SendInvitations, Resource::School(actor.organisation, school))?;
    let context = schools::context(backend, actor, Permission::SendInvitations, school).await?;
    let organisation = actor.organisation;
    let mut tx = backend.tenant_transaction(actor.organisation).await?;
    let days = lock_school(&mut tx, organisation, school).await?;
    let now = backend.now();
    let chosen = Chosen::of(&mut tx, &context, &recipients, now).await?;
    let expires_at = now + TimeDelta::days(i64::from(days));
    let invited: Vec<(AccountId, AddressId)> = sqlx::query_as::<_, (Uuid, Uuid)>(
        "UPDATE accounts a
         SET state = 'invited', invited_at = coalesce(a.invited_at, $3), delivery_state = 'queued',
             invitation_opened_at = NULL, invitation_expires_at = $4
         FROM enrolments e, addresses d
         WHERE a.organisation_id = $1 AND e.person_id = a.person_id AND e.school_id = $2 AND e.latest
           AND d.person_id = a.person_id AND d.kind = 'email' AND d.is_primary
           AND a.state IN ('created', 'invited')
           AND ($5::uuid IS NULL OR a.batch_id = $5) AND ($6::uuid[] IS NULL OR a.id = ANY($6))
           AND ($7::uuid[] IS NULL OR a.person_id = ANY($7)) AND (NOT $8 OR a.state = 'created')
         RETURNING a.id, d.id",
    )
    .bind(organisation.0)
    .bind(school.0)
    .bind(now)
    .bind(expires_at)
    .bind(chosen.batch)
    .bind(&chosen.accounts)
    .bind(&chosen.people)
    .bind(chosen.uninvited)
    .fetch_all(&mut *tx)
    .await?
    .into_iter()
    .map(|(account, address)| (AccountId(account), AddressId(address)))
    .collect();
    let left_out = left_out(&mut tx, organisation, school, &chosen).await?;
    if !invited.is_empty() {
        queue(backend, &mut tx, organisation, actor.account(), expires_at, &invited).await?;
        let mut reasons = BTreeMap::<&str, u32>::new();
        for person in &left_out {
            *reasons.entry(person.reason.slug()).or_default() += 1;
        }
        let details = json!({ "queued": invited.len(), "left_out": reasons });
        let entry = AuditEntry::new(AuditAction::InvitationsQueued).details(details);
        let entry = match (chosen.batch, invited.as_slice()) {
            (Some(batch), _) => entry.subject("batch", batch),
            (None, [(account, _)]) => entry.subject("account", account.0),
            (None, _) => entry.subject("school", school.0),
        };
        record(backend, &mut tx, actor, entry).await?;
    }
    tx.commit().await?;
    tracing::info!(queued = invited.len(), left_out = left_out.len(), "invitations queued");
    Ok(SendReport { queued: u32::try_from(invited.len()).unwrap_or(u32::MAX), left_out })
}

/// How many days the school's invitations live. Two who send for one school at the same time wait for each other, so
/// that neither meets half of the other's work.
async fn lock_school(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    school: SchoolId,
) -> Result<i32> {
    sqlx::query_scalar(
        "SELECT invitation_days FROM schools WHERE organisation_id = $1 AND id = $2 FOR NO KEY UPDATE",
    )
    .bind(organisation.0)
    .bind(school.0)
    .fetch_optional(connection)
    .await?
    .ok_or(Error::NotFound("school"))
}

/// Recipients as SQL takes them: what is `None` does not narrow.
#[derive(Debug, Default)]
struct Chosen {
    batch: Option<Uuid>,
    accounts: Option<Vec<Uuid>>,
    people: Option<Vec<Uuid>>,
    uninvited: bool,
}

impl Chosen {
    async fn of(
        connection: &mut PgConnection,
        school: &SchoolContext,
        recipients: &Recipients,
        now: DateTime<Utc>,
    ) -> Result<Self> {
        Ok(match recipients {
            Recipients::Batch { batch } => {
                let known: bool = sqlx::query_scalar(
                    "SELECT EXISTS (SELECT FROM operations WHERE organisation_id = $1 AND school_id = $2 AND id = $3 AND ran_at IS NOT NULL AND undone_at IS NULL)",
                )
                .bind(school.organisation.0)
                .bind(school.school.0)
                .bind(batch.0)
                .fetch_one(connection)
                .await?;
                if !known {
                    return Err(Error::NotFound("batch"));
                }
                Self { batch: Some(batch.0), ..Self::default() }
            }
            Recipients::Uninvited => Self { uninvited: true, ..Self::default() },
            Recipients::Accounts { ids } => {
                Self { accounts: Some(ids.iter().map(|id| id.0).collect()), ..Self::default() }
            }
            Recipients::Selected { selection } => {
                let people = people(connection, school, selection, now).await?;
                Self { people: Some(people.iter().map(|id| id.0).collect()), ..Self::default() }
            }
        })
    }
}

#[derive(sqlx::FromRow)]
struct LeftOutRow {
    id: Uuid,
    person_id: Uuid,
    state: String,
    given_name: String,
    family_name: String,
    preferred_name: String,
    admission_number: String,
}

/// Those who are meant and cannot be invited, by name.
async fn left_out(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    school: SchoolId,
    chosen: &Chosen,
) -> Result<Vec<LeftOutPerson>> {
    let rows: Vec<LeftOutRow> = sqlx::query_as(
        "SELECT a.id, a.person_id, a.state, p.given_name, p.family_name, p.preferred_name, e.admission_number
         FROM accounts a
         JOIN people p ON p.id = a.person_id
         JOIN enrolments e ON e.person_id = a.person_id AND e.school_id = $2 AND e.latest
         WHERE a.organisation_id = $1
           AND ($3::uuid IS NULL OR a.batch_id = $3) AND ($4::uuid[] IS NULL OR a.id = ANY($4))
           AND ($5::uuid[] IS NULL OR a.person_id = ANY($5)) AND (NOT $6 OR a.state = 'created')
           AND (a.state NOT IN ('created', 'invited') OR NOT EXISTS (
               SELECT FROM addresses d WHERE d.person_id = a.person_id AND d.kind = 'email' AND d.is_primary))
         ORDER BY p.sort_key, a.id",
    )
    .bind(organisation.0)
    .bind(school.0)
    .bind(chosen.batch)
    .bind(&chosen.accounts)
    .bind(&chosen.people)
    .bind(chosen.uninvited)
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| LeftOutPerson {
            account: AccountId(row.id),
            person: PersonId(row.person_id),
            name: display_name(&row.given_name, &row.family_name, &row.preferred_name),
            admission_number: row.admission_number,
            reason: match AccountState::from_slug(&row.state) {
                Some(AccountState::Active | AccountState::Locked) => LeftOut::Active,
                Some(AccountState::Suspended) => LeftOut::Disabled,
                Some(AccountState::Closed) => LeftOut::Closed,
                _ => LeftOut::NoEmail,
            },
        })
        .collect())
}
