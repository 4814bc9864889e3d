//! Writing the audit log, in the transaction of what it records.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::ids::{AccountId, AuditEventId, PersonId};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::chain::{StoredEntry, append};
use crate::{Backend, Result};

/// One line of the log.
#[derive(Debug, Clone)]
pub struct AuditEntry {
    /// The action.
    pub action: AuditAction,
    /// The person affected; the line then shows in their history.
    pub person: Option<PersonId>,
    /// The kind and id of the thing affected.
    pub subject: Option<(&'static str, Uuid)>,
    /// The person whose view the actor used, as in a preview.
    pub in_name_of: Option<PersonId>,
    /// Counts, reasons, states: text and whole numbers. Never a name, an address or a token.
    pub details: Value,
}

impl AuditEntry {
    /// Creates an entry about nobody in particular.
    pub fn new(action: AuditAction) -> Self {
        let details = Value::Object(serde_json::Map::new());
        Self { action, person: None, subject: None, in_name_of: None, details }
    }

    /// Sets the person affected.
    #[must_use]
    pub fn person(mut self, person: PersonId) -> Self {
        self.person = Some(person);
        self
    }

    /// Sets the thing affected.
    #[must_use]
    pub fn subject(mut self, kind: &'static str, id: Uuid) -> Self {
        self.subject = Some((kind, id));
        self
    }

    /// Sets the person on whose behalf it was done.
    #[must_use]
    pub fn in_name_of(mut self, person: PersonId) -> Self {
        self.in_name_of = Some(person);
        self
    }

    /// Sets the details.
    #[must_use]
    pub fn details(mut self, details: Value) -> Self {
        self.details = details;
        self
    }
}

/// Writes one line. A bulk operation writes one line in all, not one per person; a person's history finds it
/// through the batch or the invitation.
///
/// Must be the last write before the commit: every other writer of the organisation's log waits from then on,
/// and taking more locks could cause a deadlock.
pub async fn record(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    entry: AuditEntry,
) -> Result<()> {
    append(&backend.keys, connection, &[entry.row(backend, actor)]).await
}

/// Writes several lines in one statement. Must be the last write, like [`record`].
pub async fn record_all(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    entries: Vec<AuditEntry>,
) -> Result<()> {
    let entries: Vec<StoredEntry> = entries.into_iter().map(|entry| entry.row(backend, actor)).collect();
    append(&backend.keys, connection, &entries).await
}

/// Writes one line per account, all in one statement, for actions that show in each person's history. All
/// lines have the same `details`. Must be the last write, like [`record`].
pub async fn record_for_each(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    action: AuditAction,
    accounts: &[(AccountId, PersonId)],
    details: &Value,
) -> Result<()> {
    let entries: Vec<StoredEntry> = accounts
        .iter()
        .map(|(account, person)| {
            let entry = AuditEntry::new(action).person(*person).subject("account", account.0);
            entry.details(details.clone()).row(backend, actor)
        })
        .collect();
    append(&backend.keys, connection, &entries).await
}

impl AuditEntry {
    fn row(self, backend: &Backend, actor: &Actor) -> StoredEntry {
        let (kind, subject) = self.subject.unzip();
        StoredEntry {
            id: backend.new_id::<AuditEventId>().0,
            organisation_id: actor.organisation.0,
            at: backend.now(),
            actor_account_id: actor.account().map(|account| account.0),
            source: actor.source.map(|address| address.to_string()),
            in_name_of: self.in_name_of.map(|person| person.0),
            action: self.action.slug().to_owned(),
            person_id: self.person.map(|person| person.0),
            subject_kind: kind.map(str::to_owned),
            subject_id: subject,
            details: self.details,
        }
    }
}
