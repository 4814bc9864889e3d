//! The office helps someone who forgot their password: with a one-time code, never with a password. Nobody at the school
//! sees or chooses one (OWASP ASVS 5.0, V6.4.6).

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::access::actor::Actor;
use domain::access::policy::{Permission, Resource};
use domain::access::recovery::{CodeHandout, CodeOutcome, RecoveryMail};
use domain::audit::AuditAction;
use domain::ids::{AddressId, PersonId};
use domain::roll::name::display_name;
use sqlx::PgConnection;
use uuid::Uuid;

use super::recovery::queue;
use super::roles::refuse_beyond;
use crate::audit::{self, AuditEntry};
use crate::roll::schools::reach_person;
use crate::{Backend, Error, Result};

/// How long a code works: long enough to be handed over on the next day of school.
pub const CODE_LIVES: TimeDelta = TimeDelta::days(3);

#[derive(sqlx::FromRow)]
struct Subject {
    account_id: Uuid,
    username: String,
    given_name: String,
    family_name: String,
    preferred_name: String,
    address_id: Option<Uuid>,
}

/// Makes a one-time code for a person with an account in use and hands it out: by email, or to be shown once. A code made
/// before stops working; the password, if it is remembered after all, goes on until the code is used.
#[tracing::instrument(skip_all, fields(person = %person))]
pub async fn make_code(
    backend: &Backend,
    actor: &Actor,
    person: PersonId,
    handout: CodeHandout,
) -> Result<CodeOutcome> {
    backend.allow(actor, Permission::ManageAccounts, Resource::AnySchool(actor.organisation))?;
    let zone = reach_person(backend, actor, Permission::ManageAccounts, person).await?;
    let mut transaction = backend.within(actor.organisation).await?;
    let subject = find(&mut transaction, actor, person).await?;
    // It would be a way to their rights.
    refuse_beyond(backend, &mut transaction, actor, person).await?;
    let now = backend.now();
    let expires_at = now + CODE_LIVES;
    let mail = match (handout, subject.address_id) {
        (CodeHandout::Shown, _) => None,
        (CodeHandout::Emailed, Some(address)) => {
            let to = AddressId(address);
            Some(queue(backend, &mut transaction, actor.organisation, RecoveryMail::Code, to, None).await?)
        }
        (CodeHandout::Emailed, None) => {
            return Err(Error::conflict(
                "no_address",
                "There is no email address to send a code to. Show the code, or add an address first.",
            ));
        }
    };
    let reset: Uuid = backend.new_id();
    let account = domain::ids::AccountId(subject.account_id);
    sqlx::query(
        "WITH before AS (
             UPDATE password_resets SET revoked_at = $5
             WHERE account_id = $3 AND kind = 'code' AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $5)
         INSERT INTO password_resets
             (id, organisation_id, account_id, kind, secret_hash, created_at, expires_at, made_by, mail_id)
         VALUES ($1, $2, $3, 'code', $4, $5, $6, $7, $8)",
    )
    .bind(reset)
    .bind(actor.organisation.0)
    .bind(account.0)
    .bind(backend.keys.resets.hashes(reset, account).code.as_slice())
    .bind(now)
    .bind(expires_at)
    .bind(actor.account().map(|account| account.0))
    .bind(mail)
    .execute(&mut *transaction)
    .await?;
    let handed = if mail.is_some() { "emailed" } else { "shown" };
    let entry = AuditEntry::new(AuditAction::ResetCodeMade)
        .person(person)
        .subject("account", account.0)
        .details(serde_json::json!({ "handed_out": handed }));
    audit::record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(subject.outcome(backend, reset, handout, until(expires_at, zone)))
}

async fn find(connection: &mut PgConnection, actor: &Actor, person: PersonId) -> Result<Subject> {
    // Account first, then what belongs to it: the order of every action.
    sqlx::query_as(
        "SELECT a.id AS account_id, a.username, p.given_name, p.family_name, p.preferred_name, m.id AS address_id
         FROM accounts a
         JOIN people p ON p.organisation_id = a.organisation_id AND p.id = a.person_id
         LEFT JOIN addresses m ON m.person_id = a.person_id AND m.kind = 'email' AND m.is_primary
         WHERE a.organisation_id = $1 AND a.person_id = $2 AND a.state IN ('active', 'locked')
         FOR UPDATE OF a",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| {
        Error::conflict(
            "not_active",
            "Only an account that is in use takes a one-time code. Send an invitation code instead, or enable the account.",
        )
    })
}

impl Subject {
    fn outcome(self, backend: &Backend, reset: Uuid, handout: CodeHandout, until: String) -> CodeOutcome {
        match handout {
            CodeHandout::Emailed => CodeOutcome::Queued,
            CodeHandout::Shown => CodeOutcome::Shown {
                name: display_name(&self.given_name, &self.family_name, &self.preferred_name),
                username: self.username,
                code: backend.keys.resets.secrets(reset).code.to_string(),
                page: format!("{}/sign-in", backend.config.base_url),
                until,
            },
        }
    }
}

fn until(expires_at: DateTime<Utc>, zone: Tz) -> String {
    expires_at.with_timezone(&zone).format("%H:%M on %-d %B %Y").to_string()
}
