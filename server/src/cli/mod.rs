//! The commands of `greencap`. One command, one file; each calls the same use case as the page.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod accounts;
mod audit;
mod backup;
mod completions;
mod create_admin;
mod demo;
mod doctor;
mod exit;
mod guardians;
mod import;
mod invitations;
mod logs;
mod messages;
mod migrate;
mod nightly;
mod open;
mod organisation;
mod out;
mod people;
mod read_table;
mod rollover;
mod school;
mod schools;
mod serve;
mod site;
mod staff;
mod stop;
mod worker;

pub use exit::{ExitStatus, Failure};

/// Create portal accounts for a school's people, and invite them.
#[derive(Debug, Parser)]
#[command(name = "greencap", version, about)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Create, list, rename and re-open accounts.
    #[command(subcommand)]
    Accounts(accounts::Accounts),
    /// Verify the audit log.
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Write everything in the database into a file.
    Backup(backup::Backup),
    /// Print a script that completes commands in a shell, such as `greencap completions bash`.
    Completions(completions::Completions),
    /// Create an administrator who can sign in straight away.
    CreateAdmin(create_admin::CreateAdmin),
    /// Load a demonstration school with made-up people.
    Demo,
    /// Check this server for problems, and say how to fix them.
    Doctor(doctor::Doctor),
    /// Create what guardians are missing, and find those who are recorded twice.
    #[command(subcommand)]
    Guardians(guardians::Guardians),
    /// Import a list from a CSV or Excel file or a OneRoster zip.
    Import(import::ImportCommand),
    /// Send invitations.
    #[command(subcommand)]
    Invitations(invitations::InvitationsCommand),
    /// Change message templates.
    #[command(subcommand)]
    Messages(messages::Messages),
    /// Bring the database up to date.
    Migrate,
    /// Make accounts follow the roll, as every night does.
    Nightly(nightly::NightlyCommand),
    /// Show or change the organisation's name, time zone and office.
    #[command(subcommand)]
    Organisation(organisation::OrganisationCommand),
    /// Export or erase what is held on a person.
    #[command(subcommand)]
    People(people::People),
    /// Read an untrusted file in a separate process. Used by Greencap itself.
    #[command(hide = true)]
    ReadTable(read_table::ReadTable),
    /// Load a backup into an empty database.
    Restore(backup::Restore),
    /// Move a school to its next year.
    Rollover(rollover::Rollover),
    /// Add, list and rename schools.
    #[command(subcommand)]
    Schools(schools::Schools),
    /// Invite colleagues, and list staff.
    #[command(subcommand)]
    Staff(staff::Staff),
    /// Serve the website and send queued messages, until stopped.
    Serve(serve::Serve),
    /// Send queued messages, until stopped.
    Worker(worker::Worker),
}

impl Command {
    /// Whether it runs until it is asked to stop, and then shuts down by itself.
    fn goes_on(&self) -> bool {
        matches!(self, Self::Serve(_) | Self::Worker(_))
    }
}

/// Bytes of stack for each thread. The type of a whole page is deep, and an unoptimised build renders it in
/// frames that exceed the usual 2 MiB. This is address space, not memory: unused stack costs nothing.
const STACK: usize = 16 * 1024 * 1024;

/// Runs a command and converts its result to an exit status; see [`ExitStatus`].
pub fn run(cli: Cli) -> ExitCode {
    // Before any thread is started, because the reading process limits itself.
    let command = match cli.command {
        Command::ReadTable(asked) => return end(read_table::run(asked)),
        other => other,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().thread_stack_size(STACK).enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            out::note(format_args!("cannot start: {error}"));
            return ExitStatus::Failed.into();
        }
    };
    end(runtime.block_on(async {
        logs::begin();
        // An interrupted command still releases the database; its transaction is rolled back.
        let goes_on = command.goes_on();
        let ended = tokio::select! {
            ended = perform(command) => ended,
            _ = tokio::signal::ctrl_c(), if !goes_on => Err(Failure::Failed("interrupted; nothing was changed".to_owned())),
        };
        let closed = open::close().await;
        ended.and_then(|status| closed.map(|()| status))
    }))
}

fn end(ended: Result<ExitStatus, Failure>) -> ExitCode {
    let ended = match (ended, out::lost()) {
        (Ok(_), Some(why)) => Err(Failure::Failed(format!("its output could not be written: {why}"))),
        (ended, _) => ended,
    };
    match ended {
        Ok(status) => status.into(),
        Err(failure) => {
            out::note(&failure);
            failure.status().into()
        }
    }
}

async fn perform(command: Command) -> Result<ExitStatus, Failure> {
    match command {
        Command::Accounts(command) => accounts::run(command).await,
        Command::Audit(command) => audit::run(command).await,
        Command::Backup(asked) => backup::backup(asked).await,
        Command::Completions(asked) => Ok(completions::run(&asked)),
        Command::CreateAdmin(asked) => create_admin::run(asked).await,
        Command::Demo => demo::run().await,
        Command::Doctor(asked) => doctor::run(asked).await,
        Command::Guardians(command) => guardians::run(command).await,
        Command::Import(command) => import::run(command).await,
        Command::Invitations(command) => invitations::run(command).await,
        Command::Messages(command) => messages::run(command).await,
        Command::Migrate => migrate::run().await,
        Command::Nightly(asked) => nightly::run(asked).await,
        Command::Organisation(command) => organisation::run(command).await,
        Command::People(command) => people::run(command).await,
        Command::ReadTable(asked) => read_table::run(asked),
        Command::Restore(asked) => backup::restore(asked).await,
        Command::Rollover(asked) => rollover::run(asked).await,
        Command::Schools(command) => schools::run(command).await,
        Command::Serve(asked) => serve::run(asked).await,
        Command::Staff(command) => staff::run(command).await,
        Command::Worker(asked) => worker::run(asked).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_that_would_be_ignored_is_refused() {
        let understood = |line: &str| Cli::try_parse_from(line.split(' ')).is_ok();
        for right in [
            "greencap accounts rename --school A --template",
            "greencap accounts rename --school A --person 1 --username x",
            "greencap invitations send --school A --all-uninvited",
        ] {
            assert!(understood(right), "{right}");
        }
        for wrong in [
            "greencap accounts rename --school A --template --username x",
            "greencap accounts rename --school A --person 1",
            "greencap accounts rename --school A --username x",
            "greencap invitations send --school A --all-uninvited --again",
            "greencap invitations send --school A --again",
        ] {
            assert!(!understood(wrong), "{wrong}");
        }
    }
}
