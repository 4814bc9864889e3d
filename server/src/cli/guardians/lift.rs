//! `greencap guardians lift`.

use backend::guardians::access::restrictions::lift::lift_by_operator;
use clap::Args;
use domain::authorization::actor::Actor;
use domain::ids::RestrictionId;

use crate::cli::out::say;
use crate::cli::{ExitStatus, Failure, open};

#[derive(Debug, Args)]
pub(in crate::cli) struct Lift {
    /// The restriction, as the page of the student names it.
    restriction: RestrictionId,
}

pub(super) async fn run(asked: Lift) -> Result<ExitStatus, Failure> {
    let backend = open::backend().await?;
    let actor = Actor::system(backend::roll::organisation::ensure(&backend).await?);
    match lift_by_operator(&backend, &actor, asked.restriction).await {
        Ok(()) => {
            say!("Lifted. The adults see what they were given. It is in the audit log.");
            Ok(ExitStatus::Done)
        }
        Err(backend::Error::NotFound(_)) => Err(Failure::WrongUse(
            "there is no restriction with this id, or it was lifted already; the page of the student who is protected names it"
                .to_owned(),
        )),
        Err(other) => Err(other.into()),
    }
}
