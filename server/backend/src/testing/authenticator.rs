//! An authenticator app for tests.

use domain::ids::AccountId;
use uuid::Uuid;

use crate::Backend;
use crate::factors::totp::code_at;

/// The current code of the app that was set up last for an account, by the test's clock.
pub async fn app_code(backend: &Backend, account: AccountId) -> String {
    let id: Uuid = sqlx::query_scalar(
        "SELECT id FROM authenticators WHERE account_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1",
    )
    .bind(account.0)
    .fetch_one(backend.database.raw())
    .await
    .expect("an app was shown its secret");
    format!("{:06}", code_at(&backend.keys.authenticator_secret(account, id), backend.now()))
}
