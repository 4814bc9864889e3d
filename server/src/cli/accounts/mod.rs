//! `greencap accounts`.

use clap::Subcommand;

use super::{ExitStatus, Failure};

mod create;
mod list;
mod old_username;
mod paste;
mod rename;
mod reopen;

#[derive(Debug, Subcommand)]
pub(super) enum Accounts {
    /// Create accounts for students who have none, and open the closed ones again.
    Create(create::Create),
    /// Create the accounts of a list of people, and add them to a group.
    Paste(paste::Paste),
    /// List the accounts of a school's students.
    List(list::List),
    /// Change usernames. The old ones stay reserved for the same people.
    Rename(rename::Rename),
    /// Stop the sign-in by somebody's old usernames before their time.
    StopOldUsername(old_username::StopOldUsername),
    /// Open closed accounts again, for people who are back: same username, new invitation.
    Reopen(reopen::Reopen),
}

pub(super) async fn run(command: Accounts) -> Result<ExitStatus, Failure> {
    match command {
        Accounts::Create(asked) => create::run(asked).await,
        Accounts::Paste(asked) => paste::run(asked).await,
        Accounts::List(asked) => list::run(asked).await,
        Accounts::Rename(asked) => rename::run(asked).await,
        Accounts::StopOldUsername(asked) => old_username::run(asked).await,
        Accounts::Reopen(asked) => reopen::run(asked).await,
    }
}
