//! `greencap migrate`.

use super::{Failure, Status};

/// Brings the database up to date.
pub(super) async fn run() -> Result<Status, Failure> {
    let backend = super::open::backend().await?;
    backend.database.close().await;
    println!("The database is up to date.");
    Ok(Status::Done)
}
