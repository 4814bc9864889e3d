//! Messages that help people back in: reading whom they name at the moment they are sent, and writing them.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::audit::AuditAction;
use domain::ids::{DeliveryId, PersonId};
use domain::invitations::failure::DeliveryFailure;
use domain::recovery::RecoveryMail;
use domain::roll::address::EmailAddress;
use domain::roll::name::display_name;
use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::lease::Lease;
use super::loaded::Written;
use crate::mail::render::{AlertValues, Mail, RecoveryPerson, RecoveryValues, render};
use crate::{Backend, Error, Result};

/// A message in the queue with all that it says.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct LoadedRecovery {
    pub(super) id: Uuid,
    pub(super) attempts: i32,
    kind: String,
    created_at: DateTime<Utc>,
    address: Option<String>,
    language: Option<String>,
    school: String,
    time_zone: String,
    /// Those who still have the address and can still sign in, each with a reset that still works.
    people: Json<Vec<Named>>,
    /// The entry of the audit log that it tells of.
    alert: Option<Json<Told>>,
}

#[derive(Debug, Deserialize)]
struct Told {
    entry: i64,
    action: String,
    rows: Option<u64>,
}

#[derive(Debug, Deserialize)]
struct Named {
    /// With a link or a code to a new password, or to an identity.
    reset: Option<Uuid>,
    /// With a link that confirms or undoes a change of address.
    change: Option<Uuid>,
    person: PersonId,
    expires_at: Option<DateTime<Utc>>,
    username: String,
    given: String,
    family: String,
    preferred: String,
}

/// Everything loaded under a lease, or one message of it.
pub(super) async fn loaded(
    connection: &mut PgConnection,
    lease: Lease,
    only: Option<DeliveryId>,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<LoadedRecovery>> {
    sqlx::query_as(
        "SELECT d.id, d.attempts, mail.kind, mail.created_at, coalesce(m.value, mail.recipient) AS address,
                holder.language, coalesce(s.name, o.name) AS school, o.time_zone,
                coalesce((SELECT jsonb_agg(jsonb_build_object(
                                     'reset', r.id, 'change', c.id, 'person', p.id, 'username', a.username,
                                     'expires_at', CASE WHEN c.id IS NULL THEN r.expires_at
                                                        WHEN mail.kind = 'address_confirm' THEN c.expires_at
                                                        ELSE c.undo_until END,
                                     'given', p.given_name, 'family', p.family_name, 'preferred', p.preferred_name)
                                 ORDER BY p.sort_key, a.id)
                          FROM (SELECT x.person_id FROM addresses x
                                WHERE x.organisation_id = d.organisation_id AND x.comparable = m.comparable
                                  AND x.kind = 'email' AND x.is_primary
                                UNION ALL
                                SELECT whose.person_id WHERE mail.recipient IS NOT NULL) named
                          JOIN accounts a ON a.organisation_id = d.organisation_id AND a.person_id = named.person_id
                          JOIN people p ON p.id = a.person_id
                          LEFT JOIN password_resets r ON r.mail_id = mail.id AND r.account_id = a.id
                               AND r.used_at IS NULL AND r.revoked_at IS NULL AND r.expires_at > $3
                          LEFT JOIN address_changes c ON c.id = mail.address_change_id AND c.undone_at IS NULL
                               AND CASE WHEN mail.kind = 'address_confirm' THEN c.confirmed_at IS NULL AND c.expires_at > $3
                                        ELSE c.undo_until > $3 END
                          WHERE CASE WHEN mail.kind = 'usernames' THEN a.state IN ('invited', 'active', 'locked')
                                     WHEN mail.kind IN ('factors', 'password', 'address_changed', 'guesses') THEN a.id = mail.account_id
                                     WHEN mail.kind IN ('address_confirm', 'address_asked') THEN c.id IS NOT NULL
                                     WHEN mail.kind = 'alert' THEN a.id = mail.account_id AND a.state IN ('active', 'locked')
                                          AND a.person_id IN (SELECT administrators(a.organisation_id, $3))
                                     WHEN mail.kind = 'identity' THEN r.id IS NOT NULL AND a.state IN ('invited', 'active')
                                     ELSE r.id IS NOT NULL AND a.state IN ('active', 'locked') END),
                         '[]') AS people,
                (SELECT jsonb_build_object('entry', e.sequence, 'action', e.action,
                                           'rows', coalesce(e.details -> 'accounts', e.details -> 'entries', e.details -> 'rows'))
                 FROM audit_events e WHERE e.organisation_id = mail.organisation_id AND e.sequence = mail.alert) AS alert
         FROM deliveries d
         JOIN recovery_mails mail ON mail.id = d.recovery_mail_id
         JOIN organisations o ON o.id = d.organisation_id
         LEFT JOIN addresses m ON m.id = d.address_id
         LEFT JOIN accounts whose ON whose.organisation_id = d.organisation_id AND whose.id = mail.account_id
         LEFT JOIN people holder ON holder.id = coalesce(m.person_id, whose.person_id)
         LEFT JOIN LATERAL (
             SELECT s.name FROM enrolments e JOIN schools s ON s.id = e.school_id
             WHERE e.person_id = holder.id AND e.latest ORDER BY e.starts_on DESC, s.id LIMIT 1) s ON true
         WHERE d.lease = $1 AND d.state = 'sending' AND ($2::uuid IS NULL OR d.id = $2)
         ORDER BY d.id",
    )
    .bind(lease.0)
    .bind(only.map(|delivery| delivery.0))
    .bind(now)
    .fetch_all(connection)
    .await
}

impl LoadedRecovery {
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
        let in_words = |at: DateTime<Utc>| at.with_timezone(&zone).format("%H:%M on %-d %B %Y").to_string();
        let base_url = &backend.config.base_url;
        let people: Vec<RecoveryPerson> = self
            .people
            .0
            .iter()
            .map(|person| {
                let secrets = person.reset.map(|reset| backend.keys.resets.secrets(reset));
                let to_reset = secrets.as_ref().map(|secrets| format!("{base_url}/reset/{}", secrets.link));
                let to_change = person.change.map(|change| {
                    let (keys, door) = match kind {
                        RecoveryMail::AddressConfirm => (&backend.keys.address_confirmations, "confirm"),
                        _ => (&backend.keys.address_undos, "undo"),
                    };
                    format!("{base_url}/email/{door}/{}", keys.secrets(change).link)
                });
                RecoveryPerson {
                    name: display_name(&person.given, &person.family, &person.preferred),
                    username: person.username.clone(),
                    link: to_reset.or(to_change),
                    code: secrets.map(|secrets| secrets.code.to_string()),
                    until: person.expires_at.map(in_words),
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
            RecoveryMail::AddressConfirm => Mail::AddressConfirm,
            RecoveryMail::AddressAsked => Mail::AddressAsked,
            RecoveryMail::AddressChanged => Mail::AddressChanged,
            RecoveryMail::Guesses => Mail::Guesses,
            RecoveryMail::Alert => Mail::Alert,
        };
        let alert = self.alert.as_ref().map(|Json(told)| told.values(base_url)).transpose()?;
        let values = RecoveryValues {
            people: &people,
            school: &self.school,
            page: &format!("{base_url}/sign-in"),
            when: &in_words(self.created_at),
            alert,
        };
        let content = render(mail, self.language.as_deref().unwrap_or_default(), &values)?;
        let people = self.people.0.iter().map(|named| named.person).collect();
        Ok(Written { to, name, people, content })
    }
}

impl Told {
    fn values(&self, base_url: &str) -> Result<AlertValues> {
        let action = AuditAction::from_slug(&self.action)
            .ok_or_else(|| Error::unexpected(format!("audit action {}", self.action)))?;
        Ok(AlertValues {
            what: action.alert(self.rows.unwrap_or_default()),
            entry: self.entry,
            page: format!("{base_url}/audit"),
        })
    }
}
