//! Stopping an adult's access to a child who is not theirs.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::guardians::task::TaskKind;
use domain::ids::PersonId;
use serde_json::json;
use sqlx::PgConnection;

use crate::audit::{AuditEntry, record_all};
use crate::guardians::tasks::add::{NewTask, insert};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::Own;
use crate::{Backend, Error, Result};

/// Where somebody said it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotMine {
    /// While they chose their password.
    Activation,
    /// In the portal.
    Portal,
    /// With the link of a message.
    Message,
}

impl NotMine {
    fn slug(self) -> &'static str {
        match self {
            Self::Activation => "activation",
            Self::Portal => "portal",
            Self::Message => "message",
        }
    }
}

/// Stops what the signed-in person sees of a child. Doing it twice is doing it once.
///
/// # Errors
/// [`Error::NotFound`] if the child was never theirs.
#[tracing::instrument(skip_all, fields(child = %child))]
pub async fn press(backend: &Backend, actor: &Actor, child: PersonId, wherefrom: NotMine) -> Result<()> {
    let Entered { mut transaction, at } = backend.enter(actor, Permission::OwnPortal, Own).await?;
    freeze(backend, &mut transaction, actor, (at.person, child), wherefrom).await?;
    transaction.commit().await?;
    Ok(())
}

/// The same in the transaction of what else happens, such as an activation. Writes the audit log, so it must be the last
/// write before the commit.
///
/// # Errors
/// [`Error::NotFound`] if the child was never theirs.
pub(crate) async fn freeze(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    (adult, child): (PersonId, PersonId),
    wherefrom: NotMine,
) -> Result<()> {
    let organisation = actor.organisation;
    let (known, stopped, ended): (bool, i64, i64) = sqlx::query_as(
        "WITH stopped AS (
             UPDATE access_grants SET stopped_at = $4, stopped_for = 'not_my_child', stopped_by = $5
             WHERE organisation_id = $1 AND adult_id = $2 AND child_id = $3 AND stopped_at IS NULL RETURNING id
         ), ended AS (
             UPDATE contacts SET ended_at = $4, ended_for = 'not_my_child', ended_by = $5, updated_at = $4
             WHERE organisation_id = $1 AND adult_id = $2 AND child_id = $3 AND ended_at IS NULL RETURNING id
         )
         SELECT EXISTS (SELECT FROM contacts WHERE organisation_id = $1 AND adult_id = $2 AND child_id = $3)
                OR EXISTS (SELECT FROM access_grants WHERE organisation_id = $1 AND adult_id = $2 AND child_id = $3),
                (SELECT count(*) FROM stopped), (SELECT count(*) FROM ended)",
    )
    .bind(organisation.0)
    .bind(adult.0)
    .bind(child.0)
    .bind(backend.now())
    .bind(actor.account().map(|account| account.0))
    .fetch_one(&mut *connection)
    .await?;
    if !known {
        return Err(Error::NotFound("student"));
    }
    if stopped + ended == 0 {
        return Ok(());
    }
    let task = NewTask { kind: TaskKind::NotMyChild, adult: Some(adult), child: Some(child), day: None };
    insert(backend, connection, organisation, &[task]).await?;
    // It stands in the history of both.
    let entry = |of: PersonId, other: PersonId| {
        AuditEntry::new(AuditAction::NotMyChild)
            .person(of)
            .subject("person", other.0)
            .details(json!({ "from": wherefrom.slug(), "grants": stopped, "contacts": ended }))
    };
    record_all(backend, connection, actor, vec![entry(child, adult), entry(adult, child)]).await
}
