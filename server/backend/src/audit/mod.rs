//! Writing the audit log, in the transaction of what it tells of.

use domain::access::actor::Actor;
use domain::audit::AuditAction;
use domain::ids::{AccountId, AuditEventId, PersonId};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{Backend, Result};

/// One line of the log.
#[derive(Debug, Clone)]
pub struct AuditEntry {
    /// What was done.
    pub action: AuditAction,
    /// To whom; makes it a line of that person's history.
    pub person: Option<PersonId>,
    /// To what: the kind of thing and its id.
    pub subject: Option<(&'static str, Uuid)>,
    /// Counts, reasons, states. Never a name, an address or a token.
    pub details: Value,
}

impl AuditEntry {
    /// An action upon nobody in particular.
    pub fn new(action: AuditAction) -> Self {
        Self { action, person: None, subject: None, details: Value::Object(serde_json::Map::new()) }
    }

    /// Upon this person.
    #[must_use]
    pub fn person(mut self, person: PersonId) -> Self {
        self.person = Some(person);
        self
    }

    /// Upon this thing.
    #[must_use]
    pub fn subject(mut self, kind: &'static str, id: Uuid) -> Self {
        self.subject = Some((kind, id));
        self
    }

    /// With these details.
    #[must_use]
    pub fn details(mut self, details: Value) -> Self {
        self.details = details;
        self
    }
}

/// Writes one line. For a bulk operation that is one line for the whole, not one per person; a person's history finds
/// it through the batch or the invitation.
pub async fn record(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    entry: AuditEntry,
) -> Result<()> {
    let (kind, subject) = entry.subject.unzip();
    sqlx::query(
        "INSERT INTO audit_events (id, organisation_id, at, actor_account_id, action, person_id, subject_kind, subject_id, details)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(backend.new_id::<AuditEventId>().0)
    .bind(actor.organisation.0)
    .bind(backend.now())
    .bind(actor.account().map(|account| account.0))
    .bind(entry.action.slug())
    .bind(entry.person.map(|person| person.0))
    .bind(kind)
    .bind(subject)
    .bind(entry.details)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes one line per account, in one statement however many: for actions that each person's history tells of.
/// `details` are the same for all of them.
pub async fn record_for_each(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    action: AuditAction,
    accounts: &[(AccountId, PersonId)],
    details: &Value,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO audit_events (id, organisation_id, at, actor_account_id, action, person_id, subject_kind, subject_id, details)
         SELECT line.id, $1, $2, $3, $4, line.person_id, 'account', line.account_id, $5
         FROM unnest($6::uuid[], $7::uuid[], $8::uuid[]) AS line (id, account_id, person_id)",
    )
    .bind(actor.organisation.0)
    .bind(backend.now())
    .bind(actor.account().map(|account| account.0))
    .bind(action.slug())
    .bind(details)
    .bind(accounts.iter().map(|_| backend.new_id::<AuditEventId>().0).collect::<Vec<_>>())
    .bind(accounts.iter().map(|(account, _)| account.0).collect::<Vec<_>>())
    .bind(accounts.iter().map(|(_, person)| person.0).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}
