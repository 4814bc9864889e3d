//! `greencap guardians`.

mod autocreate;
mod duplicates;
mod lift;

use clap::Subcommand;

use super::{ExitStatus, Failure};

#[derive(Debug, Subcommand)]
pub(super) enum Guardians {
    /// Find guardians without an account, and create what is missing.
    Autocreate(autocreate::Autocreate),
    /// Search all adults for likely duplicates, and list those that wait for an answer. Exits with 3 if there are any.
    Duplicates(duplicates::Duplicates),
    /// Lift a restriction where no second person can approve it.
    Lift(lift::Lift),
}

pub(super) async fn run(asked: Guardians) -> Result<ExitStatus, Failure> {
    match asked {
        Guardians::Autocreate(asked) => autocreate::run(asked).await,
        Guardians::Duplicates(asked) => duplicates::run(asked).await,
        Guardians::Lift(asked) => lift::run(asked).await,
    }
}
