//! `greencap accounts`.

use clap::Subcommand;

use super::{Failure, Status};

mod create;

#[derive(Debug, Subcommand)]
pub(super) enum Accounts {
    /// Make accounts for the students of a roll who have none.
    Create(create::Create),
}

pub(super) async fn run(command: Accounts) -> Result<Status, Failure> {
    match command {
        Accounts::Create(asked) => create::run(asked).await,
    }
}
