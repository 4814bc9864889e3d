//! The site name, shown on pages that are open to everyone.

use crate::roll::organisation::UNNAMED;
use crate::{Backend, Result};

/// Returns the name of the only school, or of the organisation if it has several; before the first school,
/// "Greencap".
pub async fn site_name(backend: &Backend) -> Result<String> {
    let name: Option<String> = sqlx::query_scalar(
        "SELECT CASE WHEN count(s.id) = 1 THEN min(s.name) ELSE o.name END
         FROM organisations o LEFT JOIN schools s ON s.organisation_id = o.id
         GROUP BY o.id, o.name, o.created_at ORDER BY o.created_at, o.id LIMIT 1",
    )
    .fetch_optional(&mut *backend.system_connection().await?)
    .await?;
    Ok(name.unwrap_or_else(|| UNNAMED.to_owned()))
}
