//! Stopping an adult's access to a child who is not theirs.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::guardians::task::{TaskDetails, TaskKind};
use domain::ids::PersonId;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

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
    freeze(backend, &mut transaction, actor, (at.person, &[child]), wherefrom).await?;
    transaction.commit().await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct FrozenRow {
    child_id: Uuid,
    known: bool,
    grants: i64,
    contacts: i64,
}

/// The same for any number of children, in the transaction of what else happens, such as an activation. Writes the audit log,
/// so it must be the last write before the commit.
///
/// # Errors
/// [`Error::NotFound`] if one of the children was never theirs.
pub(crate) async fn freeze(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    (adult, children): (PersonId, &[PersonId]),
    wherefrom: NotMine,
) -> Result<()> {
    let organisation = actor.organisation;
    let rows: Vec<FrozenRow> = sqlx::query_as(
        "WITH stopped AS (
             UPDATE access_grants SET stopped_at = $4, stopped_for = 'not_my_child', stopped_by = $5
             WHERE organisation_id = $1 AND adult_id = $2 AND child_id = ANY ($3) AND stopped_at IS NULL RETURNING child_id
         ), ended AS (
             UPDATE contacts SET ended_at = $4, ended_for = 'not_my_child', ended_by = $5, updated_at = $4
             WHERE organisation_id = $1 AND adult_id = $2 AND child_id = ANY ($3) AND ended_at IS NULL RETURNING child_id
         )
         SELECT child.child_id,
                EXISTS (SELECT FROM contacts k
                        WHERE k.organisation_id = $1 AND k.adult_id = $2 AND k.child_id = child.child_id)
                OR EXISTS (SELECT FROM access_grants g
                           WHERE g.organisation_id = $1 AND g.adult_id = $2 AND g.child_id = child.child_id) AS known,
                (SELECT count(*) FROM stopped s WHERE s.child_id = child.child_id) AS grants,
                (SELECT count(*) FROM ended e WHERE e.child_id = child.child_id) AS contacts
         FROM unnest($3::uuid[]) AS child (child_id)
         ORDER BY child.child_id",
    )
    .bind(organisation.0)
    .bind(adult.0)
    .bind(children.iter().map(|child| child.0).collect::<Vec<_>>())
    .bind(backend.now())
    .bind(actor.account().map(|account| account.0))
    .fetch_all(&mut *connection)
    .await?;
    if rows.iter().any(|row| !row.known) {
        return Err(Error::NotFound("student"));
    }
    let stopped: Vec<&FrozenRow> = rows.iter().filter(|row| row.grants + row.contacts > 0).collect();
    let tasks: Vec<NewTask> = stopped
        .iter()
        .map(|row| NewTask {
            kind: TaskKind::NotMyChild,
            adult: Some(adult),
            child: Some(PersonId(row.child_id)),
            details: TaskDetails::default(),
        })
        .collect();
    insert(backend, connection, organisation, &tasks).await?;
    // It stands in the history of both.
    let entries = stopped.iter().flat_map(|row| {
        let child = PersonId(row.child_id);
        [(child, adult), (adult, child)].map(|(of, other)| {
            let details = json!({ "from": wherefrom.slug(), "grants": row.grants, "contacts": row.contacts });
            AuditEntry::new(AuditAction::NotMyChild).person(of).subject("person", other.0).details(details)
        })
    });
    record_all(backend, connection, actor, entries.collect()).await
}
