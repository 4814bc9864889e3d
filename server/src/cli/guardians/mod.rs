//! `greencap guardians`.

mod autocreate;

use clap::Subcommand;

use super::{ExitStatus, Failure};

#[derive(Debug, Subcommand)]
pub(super) enum Guardians {
    /// Find guardians without an account, and create what is missing.
    Autocreate(autocreate::Autocreate),
}

pub(super) async fn run(asked: Guardians) -> Result<ExitStatus, Failure> {
    match asked {
        Guardians::Autocreate(asked) => autocreate::run(asked).await,
    }
}
