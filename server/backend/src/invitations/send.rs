//! Send invitation codes: by email, to a batch, a selection, everyone who was never invited, or anybody who has an account.
//! Sending again is the same: earlier invitations stay alive until one of them is used.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::credentials::state::AccountState;
use domain::ids::{AccountId, AddressId, OrganisationId, PersonId, SchoolId};
use domain::invitations::views::{LeftOut, LeftOutPerson, Recipients, SendReport};
use domain::roll::name::display_name;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::queue::{Recipient, queue};
use crate::audit::{AuditEntry, record};
use crate::roll::selection::{people, restricted};
use crate::tenancy::enter::Entered;
use crate::tenancy::places::SchoolContext;
use crate::tenancy::target::InSchool;
use crate::{Backend, Error, Result};

/// Queues an invitation for everyone meant who can be invited, and says who was left out and why.
pub async fn send(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    recipients: Recipients,
) -> Result<SendReport> {
    let Entered { transaction: mut tx, at: context } =
        backend.enter(actor, Permission::SendInvitations, InSchool(school)).await?;
    let organisation = actor.organisation;
    let days = lock_school(&mut tx, organisation, school).await?;
    let now = backend.now();
    let staff = ReachedStaff::of(actor, school);
    let chosen = Chosen::of(&mut tx, &context, &recipients, now).await?;
    let expires_at = now + TimeDelta::days(i64::from(days));
    let found = chosen.invitable(&mut tx, &context, staff).await?;
    let invited: Vec<Recipient> = found
        .into_iter()
        .map(|(account, person, address)| Recipient {
            invitation: backend.new_id(),
            account: AccountId(account),
            person: PersonId(person),
            address: AddressId(address),
        })
        .collect();
    let left_out = left_out(&mut tx, &context, &chosen, staff).await?;
    let restricted = match &recipients {
        Recipients::Selected { selection } => restricted(&mut tx, &context, selection, now).await?,
        _ => chosen.restricted(&mut tx, &context).await?,
    };
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
            (None, [one]) => entry.subject("account", one.account.0),
            (None, _) => entry.subject("school", school.0),
        };
        record(backend, &mut tx, actor, entry).await?;
    }
    tx.commit().await?;
    tracing::info!(queued = invited.len(), left_out = left_out.len(), "invitations queued");
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(SendReport { queued: count(invited.len()), left_out, restricted: count(restricted) })
}

/// Which people who are on no roll the actor may invite, if they are named one by one.
#[derive(Debug, Clone, Copy)]
struct ReachedStaff {
    /// The school's staff.
    of_school: bool,
    /// Everybody of the organisation.
    everywhere: bool,
}

impl ReachedStaff {
    fn of(actor: &Actor, school: SchoolId) -> Self {
        let may = |resource| decide(actor, Permission::SendInvitations, resource).is_ok();
        Self {
            of_school: may(Resource::School(actor.organisation, school)),
            everywhere: may(Resource::Organisation(actor.organisation)),
        }
    }
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

    /// How many students of the school who are meant a restriction hides from the sender.
    async fn restricted(&self, connection: &mut PgConnection, school: &SchoolContext) -> Result<usize> {
        let hidden = school.hidden();
        if hidden.is_empty() {
            return Ok(0);
        }
        let restricted: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM accounts a
             WHERE a.organisation_id = $1 AND a.person_id = ANY($6)
               AND ($3::uuid IS NULL OR a.batch_id = $3) AND ($4::uuid[] IS NULL OR a.id = ANY($4))
               AND (NOT $5 OR NOT EXISTS (SELECT FROM invitations i WHERE i.account_id = a.id AND i.current))
               AND EXISTS (SELECT FROM enrolments e WHERE e.person_id = a.person_id AND e.school_id = $2 AND e.latest)
               AND ($7 OR a.person_id IN (SELECT r.person_id FROM reached_people r))",
        )
        .bind(school.organisation.0)
        .bind(school.school.0)
        .bind(self.batch)
        .bind(&self.accounts)
        .bind(self.uninvited)
        .bind(hidden)
        .bind(school.everybody())
        .fetch_one(connection)
        .await?;
        usize::try_from(restricted).map_err(Error::unexpected)
    }

    /// Account, person and address of everybody meant who can be invited; their accounts are locked. Named one by one, that
    /// may be anybody with an account: of this school's students, of its staff, and of the whole organisation for those
    /// who act for all of it.
    async fn invitable(
        &self,
        connection: &mut PgConnection,
        school: &SchoolContext,
        staff: ReachedStaff,
    ) -> Result<Vec<(Uuid, Uuid, Uuid)>> {
        Ok(sqlx::query_as(
            "SELECT a.id, a.person_id, d.id
             FROM accounts a
             JOIN addresses d ON d.person_id = a.person_id AND d.kind = 'email' AND d.is_primary
             WHERE a.organisation_id = $1 AND a.state IN ('created', 'invited')
               AND ($3::uuid IS NULL OR a.batch_id = $3) AND ($4::uuid[] IS NULL OR a.id = ANY($4))
               AND ($5::uuid[] IS NULL OR a.person_id = ANY($5)) AND (NOT $6 OR NOT EXISTS (
                   SELECT FROM invitations i WHERE i.account_id = a.id AND i.current))
               AND (EXISTS (SELECT FROM enrolments e WHERE e.person_id = a.person_id AND e.school_id = $2 AND e.latest)
                        AND ($9 OR a.person_id IN (SELECT v.person_id FROM visible_people v))
                    OR $4 IS NOT NULL AND $7 AND ($8 OR EXISTS (
                            SELECT FROM staff_roles r
                            WHERE r.organisation_id = $1 AND r.person_id = a.person_id AND r.school_id = $2)))
               AND a.person_id <> ALL ($10)
             ORDER BY a.id FOR NO KEY UPDATE OF a",
        )
        .bind(school.organisation.0)
        .bind(school.school.0)
        .bind(self.batch)
        .bind(&self.accounts)
        .bind(&self.people)
        .bind(self.uninvited)
        .bind(staff.of_school)
        .bind(staff.everywhere)
        .bind(school.everybody())
        .bind(school.hidden())
        .fetch_all(connection)
        .await?)
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
    school: &SchoolContext,
    chosen: &Chosen,
    staff: ReachedStaff,
) -> Result<Vec<LeftOutPerson>> {
    let rows: Vec<LeftOutRow> = sqlx::query_as(
        "SELECT a.id, a.person_id, a.state, p.given_name, p.family_name, p.preferred_name,
                coalesce(e.admission_number, '') AS admission_number
         FROM accounts a
         JOIN people p ON p.id = a.person_id
         LEFT JOIN enrolments e ON e.person_id = a.person_id AND e.school_id = $2 AND e.latest
         WHERE a.organisation_id = $1
           AND ($3::uuid IS NULL OR a.batch_id = $3) AND ($4::uuid[] IS NULL OR a.id = ANY($4))
           AND ($5::uuid[] IS NULL OR a.person_id = ANY($5)) AND (NOT $6 OR NOT EXISTS (
                   SELECT FROM invitations i WHERE i.account_id = a.id AND i.current))
           AND (e.person_id IS NOT NULL AND ($9 OR a.person_id IN (SELECT v.person_id FROM visible_people v))
                OR $4 IS NOT NULL AND $7 AND ($8 OR EXISTS (
                        SELECT FROM staff_roles r
                        WHERE r.organisation_id = $1 AND r.person_id = a.person_id AND r.school_id = $2)))
           AND a.person_id <> ALL ($10)
           AND (a.state NOT IN ('created', 'invited') OR NOT EXISTS (
               SELECT FROM addresses d WHERE d.person_id = a.person_id AND d.kind = 'email' AND d.is_primary))
         ORDER BY p.sort_key, a.id",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(chosen.batch)
    .bind(&chosen.accounts)
    .bind(&chosen.people)
    .bind(chosen.uninvited)
    .bind(staff.of_school)
    .bind(staff.everywhere)
    .bind(school.everybody())
    .bind(school.hidden())
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
