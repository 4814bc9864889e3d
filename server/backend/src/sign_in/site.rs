//! What pages that are open to everyone show of the organisation.

use domain::roll::office::OfficeContact;

use crate::roll::organisation::UNNAMED;
use crate::{Backend, Result};

/// The organisation of this server, as strangers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Its name; before set-up, "Greencap".
    pub name: String,
    /// How to reach its office.
    pub office: OfficeContact,
    /// Whether anybody has an account, so that somebody can sign in.
    pub has_accounts: bool,
}

/// Returns the site. Its name is that of the organisation, whose people may belong to any of its schools.
pub async fn site(backend: &Backend) -> Result<Site> {
    let found: Option<(String, Option<String>, Option<String>, bool)> = sqlx::query_as(
        "SELECT name, office_phone, office_email, EXISTS (SELECT FROM accounts) AS has_accounts
         FROM organisations ORDER BY created_at, id LIMIT 1",
    )
    .fetch_optional(&mut *backend.system_connection().await?)
    .await?;
    let (name, phone, email, has_accounts) = found.unwrap_or_else(|| (UNNAMED.to_owned(), None, None, false));
    Ok(Site { name, office: OfficeContact::stored(phone.as_deref(), email.as_deref()), has_accounts })
}
