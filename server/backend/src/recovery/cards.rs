//! Cards for accounts in use: a link and a phrase that lead to a new password, made void together with their run.

use domain::credentials::phrase::Phrase;
use domain::ids::{AccountId, OperationId, OrganisationId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{Backend, Result};

/// Where the link of a reset leads first, followed by its token. The server's route has this name.
const LINK: &str = "/reset";

/// Makes a reset with a phrase for each account, and returns the addresses of their links in the same order. Earlier codes and
/// cards of these accounts stop working; their passwords work until the card is used. `approved` says whether a second person
/// approved it.
///
/// The caller must have locked the accounts' rows.
pub(crate) async fn hand_over_cards(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    (run, by, days, approved): (OperationId, Option<AccountId>, i32, bool),
    cards: &[(AccountId, Phrase)],
) -> Result<Vec<String>> {
    let keys = &backend.keys.resets;
    let resets: Vec<(Uuid, AccountId, Vec<u8>)> = cards
        .iter()
        .map(|(account, phrase)| (backend.new_id(), *account, keys.phrase_hash(*account, phrase).to_vec()))
        .collect();
    sqlx::query(
        "WITH before AS (
             UPDATE password_resets SET revoked_at = $3
             WHERE organisation_id = $1 AND account_id = ANY($6) AND kind IN ('code', 'card')
               AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $3)
         INSERT INTO password_resets
             (id, organisation_id, account_id, kind, secret_hash, phrase_hash, run_id, created_at, expires_at, made_by, approved)
         SELECT made.id, o.id, made.account_id, 'card', made.secret_hash, made.phrase_hash, $2, $3,
                (($3 AT TIME ZONE o.time_zone)::date + $4::int + 1)::timestamp AT TIME ZONE o.time_zone, $9, $10
         FROM unnest($5::uuid[], $6::uuid[], $7::bytea[], $8::bytea[]) AS made (id, account_id, secret_hash, phrase_hash)
         JOIN organisations o ON o.id = $1",
    )
    .bind(organisation.0)
    .bind(run.0)
    .bind(backend.now())
    .bind(days)
    .bind(resets.iter().map(|(id, ..)| *id).collect::<Vec<_>>())
    .bind(resets.iter().map(|(_, account, _)| account.0).collect::<Vec<_>>())
    .bind(resets.iter().map(|(id, account, _)| keys.hashes(*id, *account).link.to_vec()).collect::<Vec<_>>())
    .bind(resets.iter().map(|(.., phrase)| phrase.as_slice()).collect::<Vec<_>>())
    .bind(by.map(|account| account.0))
    .bind(approved)
    .execute(connection)
    .await?;
    let base = &backend.config.base_url;
    Ok(resets.iter().map(|(id, ..)| format!("{base}{LINK}/{}", keys.secrets(*id).link)).collect())
}

/// Makes the resets of a run void, of one account or of all, and returns how many worked until now.
///
/// The caller must have locked the accounts' rows.
pub(crate) async fn void_cards(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    (run, only): (OperationId, Option<AccountId>),
) -> Result<u64> {
    Ok(sqlx::query(
        "UPDATE password_resets SET revoked_at = $3
         WHERE organisation_id = $1 AND run_id = $2 AND ($4::uuid IS NULL OR account_id = $4) AND used_at IS NULL
           AND revoked_at IS NULL AND expires_at > $3",
    )
    .bind(organisation.0)
    .bind(run.0)
    .bind(backend.now())
    .bind(only.map(|account| account.0))
    .execute(connection)
    .await?
    .rows_affected())
}
