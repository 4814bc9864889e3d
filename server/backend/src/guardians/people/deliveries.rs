//! What was sent to an adult, to which address, and what became of it.

use chrono::{DateTime, Utc};
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::guardians::delivery::{Delivery, MessageSubject};
use domain::ids::PersonId;
use domain::messages::delivery::DeliveryState;
use domain::messages::failure::DeliveryFailure;

use crate::tenancy::enter::Entered;
use crate::tenancy::target::Person;
use crate::{Backend, Error, Result};

/// The most messages that a record shows. The audit log and the history have the rest.
const MOST: i64 = 50;

#[derive(sqlx::FromRow)]
struct DeliveryOfPersonRow {
    kind: String,
    state: String,
    address: Option<String>,
    error_code: Option<String>,
    attempts: i32,
    due_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
    sent_at: Option<DateTime<Utc>>,
    opened_at: Option<DateTime<Utc>>,
    used_at: Option<DateTime<Utc>>,
}

/// Returns what was sent to an adult and to records that were merged into theirs, latest first. Nothing to readers who may not
/// see accounts, and no address that a restriction hides from them.
pub async fn deliveries(backend: &Backend, actor: &Actor, person: PersonId) -> Result<Vec<Delivery>> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ViewAccounts, Person(person)).await?;
    let rows: Vec<DeliveryOfPersonRow> = sqlx::query_as(
        "SELECT m.kind, m.state, CASE WHEN NOT hidden.addresses THEN coalesce(d.value, m.recipient) END AS address, m.error_code, m.attempts, m.due_at, m.created_at,
                m.sent_at, i.opened_at, i.used_at
         FROM messages m
         CROSS JOIN (SELECT NOT $4 AND addresses_hidden_of($2, $5) AS addresses) hidden
         LEFT JOIN addresses d ON d.organisation_id = m.organisation_id AND d.id = m.address_id
         LEFT JOIN invitations i ON i.organisation_id = m.organisation_id AND i.id = m.id
         WHERE m.organisation_id = $1
           AND m.person_id IN (SELECT p.id FROM people p WHERE p.organisation_id = $1 AND (p.id = $2 OR p.merged_into = $2))
         ORDER BY m.created_at DESC, m.id DESC LIMIT $3",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .bind(MOST)
    .bind(at.allows(actor, Permission::ManageRestrictions))
    .bind(at.today)
    .fetch_all(&mut *transaction)
    .await?;
    rows.into_iter().map(DeliveryOfPersonRow::delivery).collect()
}

impl DeliveryOfPersonRow {
    fn delivery(self) -> Result<Delivery> {
        let state = DeliveryState::from_slug(&self.state)
            .ok_or_else(|| Error::unexpected(format!("message state {}", self.state)))?;
        let waits = matches!(state, DeliveryState::Queued | DeliveryState::Sending);
        Ok(Delivery {
            subject: MessageSubject::of_kind(&self.kind),
            address: self.address,
            state,
            failure: self.error_code.as_deref().and_then(DeliveryFailure::from_slug),
            queued_at: self.created_at,
            sent_at: self.sent_at,
            next_try_at: (waits && self.attempts > 0).then_some(self.due_at),
            opened_at: self.opened_at,
            used_at: self.used_at,
        })
    }
}
