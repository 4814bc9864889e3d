//! The second factors of an account.

use domain::factors::{FactorsView, PasskeyLine};
use domain::ids::{AccountId, OrganisationId, PersonId};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::Result;

/// Loads an account's second factors.
pub(crate) async fn of_account(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    account: AccountId,
) -> Result<FactorsView> {
    let (app, Json(passkeys), recovery_codes): (bool, Json<Vec<PasskeyLine>>, i64) = sqlx::query_as(
        "SELECT EXISTS (SELECT FROM authenticators
                        WHERE organisation_id = $1 AND account_id = $2 AND confirmed_at IS NOT NULL),
                coalesce((SELECT jsonb_agg(jsonb_build_object('id', k.id, 'name', k.name,
                                               'last_used', (k.last_used_at AT TIME ZONE o.time_zone)::date)
                                           ORDER BY k.created_at, k.id)
                          FROM passkeys k JOIN organisations o ON o.id = k.organisation_id
                          WHERE k.organisation_id = $1 AND k.account_id = $2), '[]'),
                (SELECT count(*) FROM recovery_codes
                 WHERE organisation_id = $1 AND account_id = $2 AND used_at IS NULL)",
    )
    .bind(organisation.0)
    .bind(account.0)
    .fetch_one(connection)
    .await?;
    Ok(FactorsView { app, passkeys, recovery_codes: usize::try_from(recovery_codes).unwrap_or_default() })
}

/// Loads the second factors of a person's account; empty if they have none.
pub(crate) async fn factors_of(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    person: PersonId,
) -> Result<FactorsView> {
    let account: Option<Uuid> =
        sqlx::query_scalar("SELECT id FROM accounts WHERE organisation_id = $1 AND person_id = $2")
            .bind(organisation.0)
            .bind(person.0)
            .fetch_optional(&mut *connection)
            .await?;
    match account {
        Some(account) => of_account(connection, organisation, AccountId(account)).await,
        None => Ok(FactorsView::default()),
    }
}
