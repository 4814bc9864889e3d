//! `greencap completions`.

use clap::{Args, CommandFactory as _};
use clap_complete::{Shell, generate};

use super::{Cli, ExitStatus, out};

#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell.
    shell: Shell,
}

/// Prints the script.
pub(super) fn run(asked: &Completions) -> ExitStatus {
    let mut script = Vec::new();
    generate(asked.shell, &mut Cli::command(), "greencap", &mut script);
    out::print(&script);
    ExitStatus::Done
}
