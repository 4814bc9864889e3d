//! "Send me a new code": sends a new invitation to the address the school already has. The response reveals
//! nothing, not even whether anything was sent.

use chrono::{DateTime, TimeDelta, Utc};
use domain::accounts::username::Username;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::fold::typed_name;
use domain::ids::{AccountId, AddressId, OrganisationId, PersonId};
use domain::roll::address::EmailAddress;
use serde_json::json;
use uuid::Uuid;

use super::queries::LoadedInvitation;
use super::queue::{Recipient, queue};
use crate::audit::{AuditEntry, record};
use crate::credentials::ways_in::CHOICE_COUNTS;
use crate::jobs::job::Priority;
use crate::operations::second_person::opens_over;
use crate::{Backend, Result};

/// An account gets no second resent invitation within this time.
const PAUSE: TimeDelta = TimeDelta::minutes(10);
/// The most invitations of any kind per account and day, so that a stranger cannot fill a mailbox.
const MOST_A_DAY: i64 = 5;

/// Sends a new invitation to the person whose link this was, if they still need one.
pub(crate) async fn by_link(backend: &Backend, token: &str) -> Result<()> {
    let Some(hash) = backend.keys.invitations.link_hash(token) else { return Ok(()) };
    let found = LoadedInvitation::by_link(backend, &hash).await?;
    // An invitation that staff revoked is not sent again.
    match found.filter(|found| found.revoked_at.is_none()) {
        Some(found) => again(backend, found.organisation(), found.account_id).await,
        None => Ok(()),
    }
}

/// The most people who share a name that one request applies to.
const MOST_SHARING: i64 = 6;

/// Sends a new invitation to the person with this username or primary address, if they were invited and still
/// need one.
pub(crate) async fn by_name(backend: &Backend, name: &str) -> Result<()> {
    let name = typed_name(name);
    let (username, email) = (name.parse::<Username>().ok(), name.parse::<EmailAddress>().ok());
    if username.is_none() && email.is_none() {
        return Ok(());
    }
    let accounts: Vec<(Uuid, Uuid)> = sqlx::query_as(
        "SELECT a.organisation_id, a.id
         FROM organisations o
         JOIN LATERAL (
             SELECT a.organisation_id, a.id, a.state
             FROM sign_in_names n JOIN accounts a ON a.organisation_id = n.organisation_id AND a.person_id = n.person_id
             WHERE n.organisation_id = o.id AND n.username = $1 AND (n.until <= $4) IS NOT TRUE
             UNION ALL
             SELECT a.organisation_id, a.id, a.state
             FROM addresses m JOIN accounts a ON a.organisation_id = m.organisation_id AND a.person_id = m.person_id
             WHERE m.organisation_id = o.id AND m.comparable = $3 AND m.kind = 'email' AND m.is_primary) a ON true
         WHERE account_state(a.id, a.state) = 'invited' ORDER BY a.id LIMIT $2",
    )
    .bind(username.as_ref().map(Username::as_str))
    .bind(MOST_SHARING)
    .bind(email.as_ref().map(EmailAddress::comparable))
    .bind(backend.now())
    .fetch_all(&mut *backend.system_connection().await?)
    .await?;
    for (organisation, account) in accounts {
        again(backend, OrganisationId(organisation), account).await?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct LatestInvitationRow {
    person_id: Uuid,
    address_id: Uuid,
    invitation_days: i32,
    latest_at: DateTime<Utc>,
    latest_revoked: bool,
    today: i64,
    /// Who chose the address since staff last sent an invitation to this person, if that was a short while ago.
    chosen_by: Option<Uuid>,
}

/// Sends an account a new invitation, if it was invited, still needs one, and did not get too many.
pub(crate) async fn again(backend: &Backend, organisation: OrganisationId, account: Uuid) -> Result<()> {
    let now = backend.now();
    let mut tx = backend.tenant_transaction(organisation).await?;
    // Locked, so that two concurrent clicks count as one.
    let invited: Option<Uuid> = sqlx::query_scalar(
        "SELECT id FROM accounts
         WHERE organisation_id = $1 AND id = $2 AND account_state(id, state) = 'invited' FOR UPDATE",
    )
    .bind(organisation.0)
    .bind(account)
    .fetch_optional(&mut *tx)
    .await?;
    if invited.is_none() {
        return Ok(());
    }
    let standing: Option<LatestInvitationRow> = sqlx::query_as(
        "SELECT a.person_id, d.id AS address_id, coalesce(s.invitation_days, 14) AS invitation_days,
                latest.created_at AS latest_at, (latest.revoked_at IS NOT NULL AND latest.revoked_for IS NULL) AS latest_revoked,
                (SELECT count(*) FROM invitations i WHERE i.account_id = a.id AND i.created_at > $2) AS today,
                CASE WHEN d.chosen_at > greatest($3, (SELECT max(i.created_at) FROM invitations i WHERE i.account_id = a.id AND i.created_by IS NOT NULL))
                     THEN d.chosen_by END AS chosen_by
         FROM accounts a
         JOIN addresses d ON d.person_id = a.person_id AND d.kind = 'email' AND d.is_primary
         JOIN LATERAL (SELECT i.created_at, i.revoked_at, i.revoked_for FROM invitations i WHERE i.account_id = a.id
                       ORDER BY i.created_at DESC LIMIT 1) latest ON true
         LEFT JOIN LATERAL (
             SELECT s.invitation_days FROM enrolments e JOIN schools s ON s.id = e.school_id
             WHERE e.person_id = a.person_id AND e.latest ORDER BY e.starts_on DESC, s.id LIMIT 1) s ON true
         WHERE a.id = $1",
    )
    .bind(account)
    .bind(now - TimeDelta::days(1))
    .bind(now - CHOICE_COUNTS)
    .fetch_optional(&mut *tx)
    .await?;
    let Some(standing) = standing.filter(|standing| {
        !standing.latest_revoked && now - standing.latest_at >= PAUSE && standing.today < MOST_A_DAY
    }) else {
        return Ok(());
    };
    // The mailbox that asks may be that of the person who chose the address, so this is a way in for them as if they had sent it.
    let chosen_by = standing.chosen_by.map(AccountId);
    if let Some(chosen_by) = chosen_by
        && opens_over(backend, &mut tx, (organisation, chosen_by), 1, None).await?.is_some()
    {
        tracing::info!(%account, "no new invitation: the address was changed, and a second person has to send it");
        return Ok(());
    }
    let days = standing.invitation_days;
    let recipient = Recipient {
        invitation: backend.new_id(),
        account: AccountId(account),
        person: PersonId(standing.person_id),
        address: AddressId(standing.address_id),
        way_in: chosen_by.is_some(),
    };
    queue(backend, &mut tx, organisation, chosen_by, days, Priority::Normal, &[recipient]).await?;
    let entry = AuditEntry::new(AuditAction::InvitationsQueued)
        .subject("account", account)
        .details(json!({ "queued": 1, "asked_by": "recipient" }));
    record(backend, &mut tx, &Actor::system(organisation), entry).await?;
    tx.commit().await?;
    Ok(())
}
