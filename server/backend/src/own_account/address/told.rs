//! Notifies the previous address when messages to someone with an active account go to another address (OWASP
//! ASVS 5.0, V6.3.7). It never says where they go now.

use domain::ids::{OrganisationId, PersonId};
use futures_util::future::{BoxFuture, FutureExt as _};
use sqlx::PgConnection;
use uuid::Uuid;

use super::cancel_pending;
use super::messages::AddressChanged;
use crate::credentials::revoke::GivenOut;
use crate::messages::queue::{MessageDestination, NewMessage, queue};
use crate::roll::addresses::moved::{AfterMove, MovedEmail};
use crate::{Backend, Result};

/// Address changes that people requested themselves.
pub(crate) struct AddressChanges;

impl GivenOut for AddressChanges {
    fn revoke_of_accounts<'a>(
        &self,
        backend: &'a Backend,
        connection: &'a mut PgConnection,
        organisation: OrganisationId,
        accounts: &'a [Uuid],
    ) -> BoxFuture<'a, Result<()>> {
        async move {
            cancel_pending(connection, organisation, accounts, backend.now()).await?;
            Ok(())
        }
        .boxed()
    }
}

impl AfterMove for AddressChanges {
    /// Notifies everyone, and ends the changes that they requested themselves, including the links to undo
    /// them, which a stranger at the old address could use.
    fn moved<'a>(
        &self,
        backend: &'a Backend,
        connection: &'a mut PgConnection,
        organisation: OrganisationId,
        moved: &'a [MovedEmail],
    ) -> BoxFuture<'a, Result<()>> {
        settle(backend, connection, organisation, moved).boxed()
    }
}

async fn settle(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    moved: &[MovedEmail],
) -> Result<()> {
    sqlx::query(
        "UPDATE address_changes SET expires_at = least(expires_at, $3), undo_until = least(undo_until, $3)
         WHERE organisation_id = $1 AND account_id = ANY($2)",
    )
    .bind(organisation.0)
    .bind(moved.iter().map(|moved| moved.account).collect::<Vec<_>>())
    .bind(backend.now())
    .execute(&mut *connection)
    .await?;
    let left: Vec<(PersonId, String)> =
        moved.iter().filter_map(|moved| Some((moved.person, moved.from.clone()?))).collect();
    tell(backend, connection, organisation, &left, None).await
}

/// Notifies any number of previous addresses in one statement; `change` is the one that the owner requested.
pub(super) async fn tell(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    left: &[(PersonId, String)],
    change: Option<Uuid>,
) -> Result<()> {
    let messages: Vec<NewMessage> = left
        .iter()
        .map(|(person, old)| NewMessage {
            id: backend.new_id(),
            to: MessageDestination::Elsewhere(old.clone()),
            person: Some(*person),
            subject: change,
        })
        .collect();
    queue::<AddressChanged>(backend, connection, organisation, &messages).await
}
