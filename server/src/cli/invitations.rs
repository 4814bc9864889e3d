//! `greencap invitations`.

use std::collections::BTreeMap;

use backend::invitations::send::send;
use clap::{Args, Subcommand};
use domain::authorization::policy::Permission;
use domain::ids::BatchId;
use domain::invitations::views::Recipients;
use domain::roll::school::SchoolCode;
use serde_json::json;

use super::out::say;
use super::{ExitStatus, Failure};

#[derive(Debug, Subcommand)]
pub(super) enum InvitationsCommand {
    /// Queue invitation emails. A running server or `greencap worker` sends them.
    Send(Send),
}

#[derive(Debug, Args)]
pub(super) struct Send {
    /// The school's code.
    #[arg(long)]
    school: SchoolCode,
    #[command(flatten)]
    to: InvitationRecipients,
    /// Those of the batch who were invited and have not answered, instead of those who were never invited.
    #[arg(long, requires = "batch", conflicts_with = "all_uninvited")]
    again: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct InvitationRecipients {
    /// Those of this batch who were never invited.
    #[arg(long, value_name = "ID")]
    batch: Option<BatchId>,
    /// Everyone with an account who was never invited.
    #[arg(long)]
    all_uninvited: bool,
}

pub(super) async fn run(command: InvitationsCommand) -> Result<ExitStatus, Failure> {
    let InvitationsCommand::Send(asked) = command;
    let backend = super::open::backend().await?;
    let (actor, school) = super::school::find(&backend, Permission::SendInvitations, &asked.school).await?;
    let recipients = match asked.to.batch {
        Some(batch) => Recipients::Batch { batch, again: asked.again },
        None => Recipients::Uninvited,
    };
    let report = send(&backend, &actor, school.school, recipients).await?;
    let mut reasons = BTreeMap::<&str, u32>::new();
    for person in &report.left_out {
        *reasons.entry(person.reason.slug()).or_default() += 1;
    }
    if asked.json {
        let skipped: Vec<_> = report
            .left_out
            .iter()
            .map(|person| {
                json!({ "key": person.admission_number, "name": person.name, "code": person.reason.slug(),
                        "message": person.reason.sentence() })
            })
            .collect();
        say!(
            "{}",
            json!({ "batch": asked.to.batch, "queued": report.queued, "skipped": report.left_out.len(),
                    "reasons": reasons, "left_out": skipped })
        );
    } else {
        say!("{} invitations queued.", report.queued);
        for person in &report.left_out {
            say!("Skipped {} {}: {}", person.admission_number, person.name, person.reason.sentence());
        }
    }
    Ok(ExitStatus::Done)
}
