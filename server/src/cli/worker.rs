//! `greencap worker`.

use backend::jobs::retention;
use backend::jobs::worker::{self, Pass};
use clap::Args;

use super::{Failure, Status};

#[derive(Debug, Args)]
pub(super) struct Worker {
    /// Send what is due now, let go of what is past its time, and end.
    #[arg(long)]
    once: bool,
}

/// Sends messages, and lets go of what is past its time, until it is asked to stop. Any number may run, on any machine.
pub(super) async fn run(asked: Worker) -> Result<Status, Failure> {
    let backend = super::open::backend().await?;
    if asked.once {
        retention::daily(&backend, || false).await?;
        return match worker::run_once(&backend).await? {
            Pass::ServerAway(why) => Err(Failure::Failed(why.sentence().to_owned())),
            Pass::Done | Pass::Stopped => Ok(Status::Done),
        };
    }
    tokio::spawn(super::open::tend());
    worker::run(backend, super::stop::asked()).await;
    Ok(Status::Done)
}
