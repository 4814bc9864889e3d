//! The commands of `greencap`. One command, one file; each calls the same use case as the page.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod create_admin;
mod exit;
mod migrate;
mod open;
mod schools;

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
    /// Bring the database up to date.
    Migrate,
    /// Add schools.
    #[command(subcommand)]
    Schools(schools::Schools),
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
        // An interrupted command still lets go of the database; its transaction is rolled back.
        let ended = tokio::select! {
            ended = perform(cli.command) => ended,
            _ = tokio::signal::ctrl_c() => Err(Failure::Failed("interrupted; nothing was changed".to_owned())),
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
        Command::Migrate => migrate::run().await,
        Command::Schools(command) => schools::run(command).await,
    }
}
