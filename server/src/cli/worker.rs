//! `greencap worker`.

use backend::jobs::standing::Pass;
use backend::jobs::worker;
use clap::Args;

use super::{ExitStatus, Failure};

#[derive(Debug, Args)]
pub(super) struct Worker {
    /// Do what is due now, then exit.
    #[arg(long)]
    once: bool,
}

/// Runs jobs, such as sending messages and deleting expired data, until it is asked to stop. Any number of
/// workers may run, on any machine.
pub(super) async fn run(asked: Worker) -> Result<ExitStatus, Failure> {
    let backend = super::open::backend().await?;
    if asked.once {
        return match worker::run_once(&backend).await? {
            Pass::Away(why) => Err(Failure::Failed(why.to_owned())),
            Pass::Done | Pass::Stopped => Ok(ExitStatus::Done),
        };
    }
    tokio::spawn(super::open::tend());
    worker::run(backend, super::stop::asked()).await;
    Ok(ExitStatus::Done)
}
