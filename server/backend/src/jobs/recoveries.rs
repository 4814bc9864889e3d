//! Messages that help people back in: reading whom they name at the moment they are sent, and writing them.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::access::recovery::RecoveryMail;
use domain::ids::DeliveryId;
use domain::invitations::failure::DeliveryFailure;
use domain::roll::address::EmailAddress;
use domain::roll::name::display_name;
use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::claim::Lease;
use super::letters::Written;
use crate::mail::render::{Mail, RecoveryPerson, RecoveryValues, render};
use crate::{Backend, Error, Result};

/// A message in the queue with all that it says.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct HeldRecovery {
    pub(super) id: Uuid,
    pub(super) attempts: i32,
    kind: String,
    address: Option<String>,
    language: Option<String>,
    school: String,
    time_zone: String,
    /// Those who still have the address and may still come in, each with a reset that still works.
    people: Json<Vec<Named>>,
}

#[derive(Debug, Deserialize)]
struct Named {
    /// None for usernames.
    reset: Option<Uuid>,
    expires_at: Option<DateTime<Utc>>,
    username: String,
    given: String,
    family: String,
    preferred: String,
}

/// Everything held under a lease, or one message of it.
pub(super) async fn held(
    connection: &mut PgConnection,
    lease: Lease,
    only: Option<DeliveryId>,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<HeldRecovery>> {
    sqlx::query_as(
        "SELECT d.id, d.attempts, mail.kind, m.value AS address, holder.language, coalesce(s.name, o.name) AS school,
                o.time_zone,
                coalesce((SELECT jsonb_agg(jsonb_build_object(
                                     'reset', r.id, 'expires_at', r.expires_at, 'username', a.username,
                                     'given', p.given_name, 'family', p.family_name, 'preferred', p.preferred_name)
                                 ORDER BY p.sort_key, a.id)
                          FROM addresses x
                          JOIN accounts a ON a.organisation_id = x.organisation_id AND a.person_id = x.person_id
                          JOIN people p ON p.id = a.person_id
                          LEFT JOIN password_resets r ON r.mail_id = mail.id AND r.account_id = a.id
                               AND r.used_at IS NULL AND r.revoked_at IS NULL AND r.expires_at > $3
                          WHERE x.organisation_id = d.organisation_id AND x.comparable = m.comparable
                            AND x.kind = 'email' AND x.is_primary
                            AND CASE WHEN mail.kind = 'usernames' THEN a.state IN ('invited', 'active', 'locked')
                                     WHEN mail.kind IN ('factors', 'password') THEN a.id = mail.account_id
                                     WHEN mail.kind = 'identity' THEN r.id IS NOT NULL AND a.state IN ('invited', 'active')
                                     ELSE r.id IS NOT NULL AND a.state IN ('active', 'locked') END),
                         '[]') AS people
         FROM deliveries d
         JOIN recovery_mails mail ON mail.id = d.recovery_mail_id
         JOIN organisations o ON o.id = d.organisation_id
         LEFT JOIN addresses m ON m.id = d.address_id
         LEFT JOIN people holder ON holder.id = m.person_id
         LEFT JOIN LATERAL (
             SELECT s.name FROM enrolments e JOIN schools s ON s.id = e.school_id
             WHERE e.person_id = m.person_id AND e.latest ORDER BY e.starts_on DESC, s.id LIMIT 1) s ON true
         WHERE d.lease = $1 AND d.state = 'sending' AND ($2::uuid IS NULL OR d.id = $2)
         ORDER BY d.id",
    )
    .bind(lease.0)
    .bind(only.map(|delivery| delivery.0))
    .bind(now)
    .fetch_all(connection)
    .await
}

impl HeldRecovery {
    /// Where it goes; empty once the address is gone.
    pub(super) fn address(&self) -> &str {
        self.address.as_deref().unwrap_or_default()
    }

    /// Why it must not be sent any more, if so.
    pub(super) fn obstacle(&self) -> Option<DeliveryFailure> {
        if self.address.is_none() {
            Some(DeliveryFailure::AddressGone)
        } else if self.people.0.is_empty() {
            Some(DeliveryFailure::NotNeeded)
        } else {
            None
        }
    }

    /// Writes the message, with the secrets that the ids of its resets give.
    pub(super) fn write(&self, backend: &Backend) -> Result<Written> {
        let kind = RecoveryMail::from_slug(&self.kind)
            .ok_or_else(|| Error::unexpected(format!("recovery mail {}", self.kind)))?;
        let to: EmailAddress = self.address().parse().map_err(Error::unexpected)?;
        let zone: Tz = self.time_zone.parse().map_err(Error::unexpected)?;
        let base_url = &backend.config.base_url;
        let people: Vec<RecoveryPerson> = self
            .people
            .0
            .iter()
            .map(|person| {
                let secrets = person.reset.map(|reset| backend.keys.resets.secrets(reset));
                let until = person.expires_at.map(|at| at.with_timezone(&zone));
                RecoveryPerson {
                    name: display_name(&person.given, &person.family, &person.preferred),
                    username: person.username.clone(),
                    link: secrets.as_ref().map(|secrets| format!("{base_url}/reset/{}", secrets.link)),
                    code: secrets.map(|secrets| secrets.code.to_string()),
                    until: until.map(|at| at.format("%H:%M on %-d %B %Y").to_string()),
                }
            })
            .collect();
        let name = match people.as_slice() {
            [person] => person.name.clone(),
            // Nobody's message alone.
            _ => String::new(),
        };
        let mail = match kind {
            RecoveryMail::Links => Mail::ResetLinks,
            RecoveryMail::Code => Mail::ResetCode,
            RecoveryMail::Usernames => Mail::Usernames,
            RecoveryMail::Factors => Mail::Factors,
            RecoveryMail::Password => Mail::Password,
            RecoveryMail::Identity => Mail::Identity,
        };
        let values =
            RecoveryValues { people: &people, school: &self.school, page: &format!("{base_url}/sign-in") };
        let content = render(mail, self.language.as_deref().unwrap_or_default(), &values)?;
        Ok(Written { to, name, content })
    }
}
