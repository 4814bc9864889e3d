//! Invitations on cards: on paper, with a phrase that is typed as the password, and a run that makes them void together.

use domain::credentials::phrase::Phrase;
use domain::ids::{AccountId, OperationId, OrganisationId};
use domain::invitations::link::start_link;
use sqlx::PgConnection;
use uuid::Uuid;

use super::queue::{Channel, NewInvitation, insert};
use super::revoke::settle;
use crate::{Backend, Result};

/// Makes an invitation with a phrase for each account, and returns the addresses of their links in the same order. Earlier cards
/// of these accounts stop working; invitations by email go on. `way_in` says whether they count as ways in that their maker
/// opened without a second person.
///
/// The caller must have locked the accounts' rows.
pub(crate) async fn hand_over_cards(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    (run, by, days, way_in): (OperationId, Option<AccountId>, i32, bool),
    cards: &[(AccountId, Phrase)],
) -> Result<Vec<String>> {
    let accounts: Vec<Uuid> = cards.iter().map(|(account, _)| account.0).collect();
    sqlx::query(
        "UPDATE invitations SET revoked_at = $3
         WHERE organisation_id = $1 AND account_id = ANY($2) AND run_id IS NOT NULL AND used_at IS NULL
           AND revoked_at IS NULL AND expires_at > $3",
    )
    .bind(organisation.0)
    .bind(&accounts)
    .bind(backend.now())
    .execute(&mut *connection)
    .await?;
    let new: Vec<NewInvitation> = cards
        .iter()
        .map(|(account, _)| NewInvitation { id: backend.new_id(), account: *account, way_in })
        .collect();
    insert(backend, connection, organisation, (by, days, Channel::Paper), &new).await?;
    let keys = &backend.keys.invitations;
    sqlx::query(
        "UPDATE invitations i SET phrase_hash = new.phrase_hash, run_id = $2
         FROM unnest($3::uuid[], $4::bytea[]) AS new (id, phrase_hash)
         WHERE i.organisation_id = $1 AND i.id = new.id",
    )
    .bind(organisation.0)
    .bind(run.0)
    .bind(new.iter().map(|new| new.id.0).collect::<Vec<_>>())
    .bind(
        cards.iter().map(|(account, phrase)| keys.phrase_hash(*account, phrase).to_vec()).collect::<Vec<_>>(),
    )
    .execute(connection)
    .await?;
    let base = &backend.config.base_url;
    Ok(new.iter().map(|new| start_link(base, &keys.secrets(new.id.0).link)).collect())
}

/// Makes the invitations of a run void, of one account or of all, and returns how many worked until now.
///
/// The caller must have locked the accounts' rows.
pub(crate) async fn void_cards(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    (run, only): (OperationId, Option<AccountId>),
) -> Result<u64> {
    let voided: Vec<Uuid> = sqlx::query_scalar(
        "UPDATE invitations SET revoked_at = $3
         WHERE organisation_id = $1 AND run_id = $2 AND ($4::uuid IS NULL OR account_id = $4) AND used_at IS NULL
           AND revoked_at IS NULL AND expires_at > $3
         RETURNING account_id",
    )
    .bind(organisation.0)
    .bind(run.0)
    .bind(backend.now())
    .bind(only.map(|account| account.0))
    .fetch_all(&mut *connection)
    .await?;
    settle(connection, &voided).await?;
    Ok(voided.len() as u64)
}
