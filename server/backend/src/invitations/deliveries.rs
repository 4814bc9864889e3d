//! The history of an account's invitations: queued, sent, failed and why, opened, used.

use chrono::{DateTime, Utc};
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{AccountId, InvitationId, MessageId, SchoolId};
use domain::invitations::views::InvitationLine;
use domain::messages::delivery::DeliveryState;
use domain::messages::failure::DeliveryFailure;
use uuid::Uuid;

use crate::tenancy::target::InSchool;
use crate::{Backend, Error, Result};

#[derive(sqlx::FromRow)]
struct DeliveryRow {
    invitation_id: Uuid,
    address: Option<String>,
    state: String,
    error_code: Option<String>,
    error_detail: Option<String>,
    attempts: i32,
    due_at: DateTime<Utc>,
    queued_at: DateTime<Utc>,
    sent_at: Option<DateTime<Utc>>,
    opened_at: Option<DateTime<Utc>>,
    used_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
    expires_at: DateTime<Utc>,
}

/// Returns an account's invitations, newest first.
pub async fn deliveries(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    account: AccountId,
) -> Result<Vec<InvitationLine>> {
    let mut transaction = backend.enter(actor, Permission::ViewAccounts, InSchool(school)).await?.transaction;
    let rows: Vec<DeliveryRow> = sqlx::query_as(
        "SELECT i.id AS invitation_id, m.value AS address, d.state, d.error_code, d.error_detail,
                d.attempts, d.due_at, i.created_at AS queued_at, d.sent_at, i.opened_at, i.used_at, i.revoked_at, i.expires_at
         FROM invitations i
         JOIN accounts a ON a.organisation_id = i.organisation_id AND a.id = i.account_id
         JOIN messages d ON d.organisation_id = i.organisation_id AND d.id = i.id
         LEFT JOIN addresses m ON m.id = d.address_id
         WHERE i.organisation_id = $1 AND i.account_id = $3 AND EXISTS (
             SELECT FROM enrolments e WHERE e.person_id = a.person_id AND e.school_id = $2 AND e.latest)
           AND EXISTS (SELECT FROM visible_people v WHERE v.person_id = a.person_id)
         ORDER BY i.created_at DESC, i.id DESC",
    )
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(account.0)
    .fetch_all(&mut *transaction)
    .await?;
    rows.into_iter().map(InvitationLine::try_from).collect()
}

impl TryFrom<DeliveryRow> for InvitationLine {
    type Error = Error;

    fn try_from(row: DeliveryRow) -> Result<Self> {
        let state =
            DeliveryState::from_slug(&row.state).ok_or_else(|| Error::unexpected("unknown message state"))?;
        let waits = matches!(state, DeliveryState::Queued | DeliveryState::Sending);
        Ok(Self {
            invitation: InvitationId(row.invitation_id),
            message: MessageId(row.invitation_id),
            address: row.address,
            state,
            failure: row.error_code.as_deref().and_then(DeliveryFailure::from_slug),
            answer: row.error_detail,
            attempts: u32::try_from(row.attempts).unwrap_or_default(),
            next_try_at: waits.then_some(row.due_at),
            queued_at: row.queued_at,
            sent_at: row.sent_at,
            opened_at: row.opened_at,
            used_at: row.used_at,
            revoked_at: row.revoked_at,
            expires_at: row.expires_at,
        })
    }
}
