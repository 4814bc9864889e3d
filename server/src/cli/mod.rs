//! The commands of `greencap`. One command, one file; each calls the same use case as the page.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod create_admin;
mod exit;
mod invitations;
mod logs;
mod migrate;
mod open;
mod school;
mod schools;
mod stop;
mod worker;

pub use exit::{Failure, Status};

/// School portal accounts: from a roll to people who can sign in.
#[derive(Debug, Parser)]
#[command(name = "greencap", version, about)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make an administrator, who can sign in at once.
    CreateAdmin(create_admin::CreateAdmin),
    /// Send invitations.
    #[command(subcommand)]
    Invitations(invitations::Invitations),
    /// Bring the database up to date.
    Migrate,
    /// Add schools.
    #[command(subcommand)]
    Schools(schools::Schools),
    /// Send queued messages, until asked to stop.
    Worker(worker::Worker),
}

impl Command {
    /// Whether it runs until it is asked to stop, and then ends in its own way.
    fn goes_on(&self) -> bool {
        matches!(self, Self::Worker(_))
    }
}

/// Runs a command and turns its end into an exit status; see [`Status`].
pub fn run(cli: Cli) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("greencap: cannot start: {error}");
            return Status::Failed.into();
        }
    };
    let ended = runtime.block_on(async {
        logs::begin();
        // An interrupted command still lets go of the database; its transaction is rolled back.
        let goes_on = cli.command.goes_on();
        let ended = tokio::select! {
            ended = perform(cli.command) => ended,
            _ = tokio::signal::ctrl_c(), if !goes_on => Err(Failure::Failed("interrupted; nothing was changed".to_owned())),
        };
        let closed = open::close().await;
        ended.and_then(|status| closed.map(|()| status))
    });
    match ended {
        Ok(status) => status.into(),
        Err(failure) => {
            eprintln!("greencap: {failure}");
            failure.status().into()
        }
    }
}

async fn perform(command: Command) -> Result<Status, Failure> {
    match command {
        Command::CreateAdmin(asked) => create_admin::run(asked).await,
        Command::Invitations(command) => invitations::run(command).await,
        Command::Migrate => migrate::run().await,
        Command::Schools(command) => schools::run(command).await,
        Command::Worker(asked) => worker::run(asked).await,
    }
}
