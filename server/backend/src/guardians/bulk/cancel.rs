//! Cancelling the invitations of several guardians.

use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::guardians::bulk::ChosenGuardians;
use domain::ids::{AccountId, PersonId, SchoolId};
use domain::invitations::views::RevokeReport;
use domain::operations::progress::LeftOutCount;
use sqlx::PgConnection;
use uuid::Uuid;

use super::people::selection_of;
use crate::invitations::revoke::revoke;
use crate::operations::Rehearsal;
use crate::tenancy::enter::Entered;
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

#[derive(sqlx::FromRow)]
struct InvitedAccountRow {
    id: Uuid,
    works: bool,
}

/// The accounts of these people, and whether each has an invitation that works.
async fn invited(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    people: &[PersonId],
) -> Result<Vec<InvitedAccountRow>> {
    Ok(sqlx::query_as::<_, InvitedAccountRow>(
        "SELECT a.id, EXISTS (SELECT FROM invitations i
                              WHERE i.account_id = a.id AND i.used_at IS NULL AND i.revoked_at IS NULL
                                AND i.expires_at > $3) AS works
         FROM accounts a WHERE a.organisation_id = $1 AND a.person_id = ANY ($2) ORDER BY a.id",
    )
    .bind(actor.organisation.0)
    .bind(people.iter().map(|person| person.0).collect::<Vec<_>>())
    .bind(backend.now())
    .fetch_all(connection)
    .await?)
}

/// Says how many of these people have an invitation that works.
pub(super) async fn cancellable(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    people: &[PersonId],
) -> Result<Rehearsal> {
    let mut transaction =
        backend.enter(actor, Permission::SendInvitations, InSchool(school)).await?.transaction;
    let found = invited(backend, &mut transaction, actor, people).await?;
    let ready = found.iter().filter(|account| account.works).count();
    let none = u32::try_from(found.len() - ready).unwrap_or(u32::MAX);
    let left_out = if none == 0 {
        Vec::new()
    } else {
        vec![LeftOutCount { reason: "no invitation that works".to_owned(), count: none }]
    };
    Ok(Rehearsal { ready, left_out, waits: false })
}

/// Cancels the invitations of the chosen guardians that still work.
#[tracing::instrument(skip_all, fields(school = %school))]
pub async fn cancel(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    chosen: &ChosenGuardians,
) -> Result<RevokeReport> {
    let people = selection_of(backend, actor, school, chosen, Permission::SendInvitations).await?;
    let accounts: Vec<AccountId> = {
        let Entered { mut transaction, .. } =
            backend.enter(actor, Permission::SendInvitations, InSchool(school)).await?;
        let found = invited(backend, &mut transaction, actor, &people).await?;
        found.into_iter().filter(|account| account.works).map(|account| AccountId(account.id)).collect()
    };
    revoke(backend, actor, school, &accounts).await
}
