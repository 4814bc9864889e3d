//! `greencap migrate`.

use super::out::say;
use super::{ExitStatus, Failure};

/// Brings the database up to date.
pub(super) async fn run() -> Result<ExitStatus, Failure> {
    let backend = super::open::backend().await?;
    backend.database.close().await;
    say!("The database is up to date.");
    Ok(ExitStatus::Done)
}
