//! The ways to sign in that the sign-in page offers.

use domain::ids::ProviderId;
use domain::single_sign_on::{Offers, ProviderOffer};
use uuid::Uuid;

use crate::{Backend, Result};

/// Returns this server's ways to sign in. If it serves several organisations, each provider names its own.
pub async fn offers(backend: &Backend) -> Result<Offers> {
    let mut connection = backend.system_connection().await?;
    let providers: Vec<(Uuid, String)> = sqlx::query_as(
        "SELECT i.id, CASE WHEN (SELECT count(*) FROM organisations) > 1 THEN i.name || ' (' || o.name || ')'
                           ELSE i.name END
         FROM identity_providers i JOIN organisations o ON o.id = i.organisation_id
         WHERE i.enabled ORDER BY o.created_at, o.id, i.created_at, i.id",
    )
    .fetch_all(&mut *connection)
    .await?;
    let passwords = providers.is_empty()
        || sqlx::query_scalar::<_, bool>(
            "SELECT EXISTS (SELECT FROM organisations o
                            LEFT JOIN schools s ON s.organisation_id = o.id
                            WHERE NOT EXISTS (SELECT FROM settings c
                                              WHERE c.organisation_id = o.id AND c.school_id = s.id
                                                AND c.setting = 'single_sign_on' AND c.value = '\"required\"')
                               OR NOT EXISTS (SELECT FROM identity_providers i WHERE i.organisation_id = o.id AND i.enabled))",
        )
        .fetch_one(&mut *connection)
        .await?;
    let providers =
        providers.into_iter().map(|(id, name)| ProviderOffer { provider: ProviderId(id), name }).collect();
    Ok(Offers { providers, passwords })
}
