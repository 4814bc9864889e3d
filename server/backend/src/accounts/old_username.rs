//! Stopping the sign-in by somebody's old usernames early, and undoing that until the time they had.

use domain::accounts::rename::FormerUsername;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::ids::{PersonId, SchoolId};
use domain::roll::selection::Selection;
use sqlx::PgConnection;
use uuid::Uuid;

use super::create::Among;
use super::renamed::former_usernames;
use crate::audit::{AuditEntry, record};
use crate::authorization::roles::refuse_outranked;
use crate::roll::selection;
use crate::staff::employed::staff_of;
use crate::tenancy::enter::Entered;
use crate::tenancy::places::SchoolContext;
use crate::tenancy::target::InSchool;
use crate::{Backend, Error, Result};

/// Stops the sign-in by every old username of a person at once, or undoes that. Returns how many usernames.
///
/// # Errors
/// A conflict if none of them signs in, or none was stopped.
#[tracing::instrument(skip_all, fields(person = %person))]
pub async fn stop_old_usernames(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    (among, person): (Among, PersonId),
    stop: bool,
) -> Result<u64> {
    let needed = Permission::ManageAccounts;
    let Entered { mut transaction, at } = backend.enter(actor, needed, InSchool(school)).await?;
    ensure_reached(backend, &mut transaction, &at, among, person).await?;
    let mut transaction = refuse_outranked(backend, transaction, actor, needed, person).await?;
    let now = backend.now();
    let changed = sqlx::query(
        "UPDATE former_usernames SET stopped_at = CASE WHEN $4 THEN $3 END
         WHERE organisation_id = $1 AND person_id = $2 AND signs_in_until > $3 AND (stopped_at IS NULL) = $4",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .bind(now)
    .bind(stop)
    .execute(&mut *transaction)
    .await?
    .rows_affected();
    if changed == 0 {
        let why = if stop {
            "No old username of this person signs in any more. Reload the page."
        } else {
            "The time of the old username is over, so this can\u{2019}t be undone."
        };
        return Err(Error::conflict("no_old_username", why));
    }
    let account: Uuid =
        sqlx::query_scalar("SELECT id FROM accounts WHERE organisation_id = $1 AND person_id = $2")
            .bind(actor.organisation.0)
            .bind(person.0)
            .fetch_one(&mut *transaction)
            .await?;
    let action = if stop { AuditAction::OldUsernameStopped } else { AuditAction::OldUsernameAllowed };
    let entry = AuditEntry::new(action).person(person).subject("account", account);
    record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    tracing::info!(stop, usernames = changed, "old usernames");
    Ok(changed)
}

/// Returns the usernames that a member of staff had before; see [`former_usernames`].
pub async fn former_of_staff(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    person: PersonId,
) -> Result<Vec<FormerUsername>> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ViewAccounts, InSchool(school)).await?;
    if staff_of(&mut transaction, &at, &[person]).await?.is_empty() {
        return Ok(Vec::new());
    }
    let whole_school = Resource::School(actor.organisation, school);
    let shown = decide(actor, Permission::ViewFormerUsernames, whole_school).is_ok();
    former_usernames(backend, &mut transaction, actor.organisation, person, shown).await
}

/// The same people as those whose username the actor can change.
async fn ensure_reached(
    backend: &Backend,
    connection: &mut PgConnection,
    school: &SchoolContext,
    among: Among,
    person: PersonId,
) -> Result<()> {
    let one = Selection::People { ids: vec![person] };
    let found = match among {
        Among::Students => selection::people(connection, school, &one, backend.now()).await?,
        Among::Staff => staff_of(connection, school, &[person]).await?,
        Among::Guardians => selection::guardians_ever(connection, school, &[person]).await?,
    };
    if found.is_empty() { Err(Error::NotFound("person")) } else { Ok(()) }
}
