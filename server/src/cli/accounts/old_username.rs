//! `greencap accounts stop-old-username`.

use backend::accounts::by_key::person_with_key;
use backend::accounts::old_username::stop_old_usernames;
use clap::Args;
use domain::authorization::policy::Permission;
use domain::roll::school::SchoolCode;
use serde_json::json;

use crate::cli::out::say;
use crate::cli::{ExitStatus, Failure};

#[derive(Debug, Args)]
pub(in crate::cli) struct StopOldUsername {
    /// The school's code.
    #[arg(long)]
    school: SchoolCode,
    /// The person, by admission number or staff code.
    #[arg(long, value_name = "KEY")]
    person: String,
    /// Undo it: let the old username sign in again until the time it had.
    #[arg(long)]
    undo: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(asked: StopOldUsername) -> Result<ExitStatus, Failure> {
    let backend = crate::cli::open::backend().await?;
    let (actor, school) =
        crate::cli::school::find(&backend, Permission::ManageAccounts, &asked.school).await?;
    let whose = person_with_key(&backend, &actor, school.school, &asked.person).await?;
    let changed = stop_old_usernames(&backend, &actor, school.school, whose, !asked.undo).await?;
    if asked.json {
        say!("{}", json!({ "key": asked.person, "stopped": !asked.undo, "updated": changed }));
    } else {
        let what = if asked.undo { "sign in again" } else { "no longer sign in" };
        say!("{changed} old usernames of {} {what}.", asked.person);
    }
    Ok(ExitStatus::Done)
}
