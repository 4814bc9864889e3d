//! From a row of the queue to what is sent: reading it, judging whether it is still wanted, writing it.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::accounts::state::AccountState;
use domain::ids::{AccountId, DeliveryId, PersonId};
use domain::invitations::failure::DeliveryFailure;
use domain::invitations::link::{START, start_link};
use domain::roll::address::EmailAddress;
use domain::roll::name::PersonName;
use sqlx::PgConnection;
use uuid::Uuid;

use super::lease::Lease;
use super::recoveries::{self, LoadedRecovery};
use crate::mail::render::{InvitationMail, Mail, Rendered, render};
use crate::{Backend, Error, Result};

/// A message in the queue with all that it says.
#[derive(Debug)]
pub(super) enum Loaded {
    /// An invitation.
    Invitation(Box<LoadedInvitation>),
    /// What helps someone back in.
    Recovery(Box<LoadedRecovery>),
}

#[derive(Debug, sqlx::FromRow)]
pub(super) struct LoadedInvitation {
    id: Uuid,
    invitation_id: Uuid,
    account_id: Uuid,
    person_id: Uuid,
    attempts: i32,
    expires_at: DateTime<Utc>,
    used_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
    state: String,
    username: String,
    given_name: String,
    middle_name: String,
    family_name: String,
    preferred_name: String,
    language: String,
    address: Option<String>,
    school: String,
    time_zone: String,
    /// The providers to sign in with, if the school requires single sign-on.
    providers: Option<String>,
}

/// A message, written.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) to: EmailAddress,
    pub(super) name: String,
    /// Everyone whom it names.
    pub(super) people: Vec<PersonId>,
    pub(super) content: Rendered,
}

/// Everything loaded under a lease, or one message of it.
pub(super) async fn loaded(
    connection: &mut PgConnection,
    lease: Lease,
    only: Option<DeliveryId>,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Loaded>> {
    let mut all: Vec<Loaded> = invitations(connection, lease, only, now)
        .await?
        .into_iter()
        .map(|invitation| Loaded::Invitation(Box::new(invitation)))
        .collect();
    let recoveries = recoveries::loaded(connection, lease, only, now).await?;
    all.extend(recoveries.into_iter().map(|recovery| Loaded::Recovery(Box::new(recovery))));
    Ok(all)
}

async fn invitations(
    connection: &mut PgConnection,
    lease: Lease,
    only: Option<DeliveryId>,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<LoadedInvitation>> {
    sqlx::query_as(
        "SELECT d.id, d.invitation_id, i.account_id, a.person_id, d.attempts, i.expires_at, i.used_at, i.revoked_at, a.state,
                a.username, p.given_name, p.middle_name, p.family_name, p.preferred_name, p.language,
                m.value AS address, coalesce(s.name, o.name) AS school, o.time_zone,
                CASE WHEN password_is_off(a.organisation_id, a.person_id, $3) THEN
                    (SELECT string_agg(i.name, ' / ' ORDER BY i.created_at, i.id) FROM identity_providers i
                     WHERE i.organisation_id = a.organisation_id AND i.enabled) END AS providers
         FROM deliveries d
         JOIN invitations i ON i.id = d.invitation_id
         JOIN accounts a ON a.id = i.account_id
         JOIN people p ON p.id = a.person_id
         JOIN organisations o ON o.id = d.organisation_id
         LEFT JOIN addresses m ON m.id = d.address_id
         LEFT JOIN LATERAL (
             SELECT s.name FROM enrolments e JOIN schools s ON s.id = e.school_id
             WHERE e.person_id = a.person_id AND e.latest ORDER BY e.starts_on DESC, s.id LIMIT 1) s ON true
         WHERE d.lease = $1 AND d.state = 'sending' AND ($2::uuid IS NULL OR d.id = $2)
         ORDER BY d.id",
    )
    .bind(lease.0)
    .bind(only.map(|delivery| delivery.0))
    .bind(now)
    .fetch_all(connection)
    .await
}

impl Loaded {
    pub(super) fn id(&self) -> DeliveryId {
        DeliveryId(match self {
            Self::Invitation(invitation) => invitation.id,
            Self::Recovery(recovery) => recovery.id,
        })
    }

    /// Whose latest invitation it carries; none for other messages.
    pub(super) fn account(&self) -> Option<AccountId> {
        match self {
            Self::Invitation(invitation) => Some(AccountId(invitation.account_id)),
            Self::Recovery(_) => None,
        }
    }

    /// How often it was tried before.
    pub(super) fn attempts(&self) -> i32 {
        match self {
            Self::Invitation(invitation) => invitation.attempts,
            Self::Recovery(recovery) => recovery.attempts,
        }
    }

    /// Where it goes; empty once the address is gone.
    pub(super) fn address(&self) -> &str {
        match self {
            Self::Invitation(invitation) => invitation.address(),
            Self::Recovery(recovery) => recovery.address(),
        }
    }

    /// Why it must not be sent any more, if so, and whether someone has to look.
    pub(super) fn obstacle(&self, now: DateTime<Utc>) -> Option<DeliveryFailure> {
        match self {
            Self::Invitation(invitation) => invitation.obstacle(now),
            Self::Recovery(recovery) => recovery.obstacle(),
        }
    }

    /// Writes the message, with the secrets that ids give.
    pub(super) fn write(&self, backend: &Backend) -> Result<Written> {
        match self {
            Self::Invitation(invitation) => invitation.write(backend),
            Self::Recovery(recovery) => recovery.write(backend),
        }
    }
}

impl LoadedInvitation {
    fn address(&self) -> &str {
        self.address.as_deref().unwrap_or_default()
    }

    fn obstacle(&self, now: DateTime<Utc>) -> Option<DeliveryFailure> {
        let state = AccountState::from_slug(&self.state);
        if self.used_at.is_some() || matches!(state, Some(AccountState::Active | AccountState::Locked)) {
            Some(DeliveryFailure::NotNeeded)
        } else if self.revoked_at.is_some() {
            Some(DeliveryFailure::Revoked)
        } else if !matches!(state, Some(AccountState::Created | AccountState::Invited)) {
            Some(DeliveryFailure::AccountStopped)
        } else if self.expires_at <= now {
            Some(DeliveryFailure::Expired)
        } else if self.address.is_none() {
            Some(DeliveryFailure::AddressGone)
        } else {
            None
        }
    }

    fn write(&self, backend: &Backend) -> Result<Written> {
        let name =
            PersonName::new(&self.given_name, &self.middle_name, &self.family_name, &self.preferred_name)
                .map_err(Error::unexpected)?;
        let to: EmailAddress = self.address().parse().map_err(Error::unexpected)?;
        let zone: Tz = self.time_zone.parse().map_err(Error::unexpected)?;
        let secrets = backend.keys.invitations.secrets(self.invitation_id);
        let base_url = &backend.config.base_url;
        let full_name = name.full();
        // The last moment is the one before it ends.
        let last_day = (self.expires_at - chrono::TimeDelta::seconds(1)).with_timezone(&zone);
        let content = render(
            Mail::Invitation,
            &self.language,
            &InvitationMail {
                name: name.familiar(),
                full_name: &full_name,
                // People who only sign in with a provider are known there by their address.
                username: self.providers.as_ref().map_or(&self.username, |_| to.as_str()),
                school: &self.school,
                link: &start_link(base_url, &secrets.link),
                page: &format!("{base_url}{START}"),
                code: &secrets.code.to_string(),
                providers: self.providers.as_deref(),
                last_day: &last_day.format("%-d %B %Y").to_string(),
            },
        )?;
        Ok(Written { to, name: full_name, people: vec![PersonId(self.person_id)], content })
    }
}
