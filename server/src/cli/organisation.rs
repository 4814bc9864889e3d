//! `greencap organisation`.

use backend::roll::organisation;
use backend::roll::organisation::details::{OrganisationForm, change, details};
use clap::{Args, Subcommand};
use domain::authorization::actor::Actor;

use super::out::say;
use super::{ExitStatus, Failure};

#[derive(Debug, Subcommand)]
pub(super) enum OrganisationCommand {
    /// Show the organisation's name, time zone and office.
    Show {
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Change them. What is not named stays.
    Set(Set),
}

#[derive(Debug, Args)]
pub(super) struct Set {
    /// The name, which the sign-in page shows.
    #[arg(long)]
    name: Option<String>,
    /// The time zone of every date and time, such as Pacific/Auckland.
    #[arg(long)]
    time_zone: Option<String>,
    /// The phone number of the office.
    #[arg(long)]
    office_phone: Option<String>,
    /// The email address of the office. Replies to messages go there.
    #[arg(long)]
    office_email: Option<String>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(command: OrganisationCommand) -> Result<ExitStatus, Failure> {
    let backend = super::open::backend().await?;
    let actor = Actor::system(organisation::ensure(&backend).await?);
    let json = match command {
        OrganisationCommand::Show { json } => json,
        OrganisationCommand::Set(asked) => {
            let before = details(&backend, &actor).await?.form;
            let form = OrganisationForm {
                name: asked.name.unwrap_or(before.name),
                time_zone: asked.time_zone.unwrap_or(before.time_zone),
                office_phone: asked.office_phone.unwrap_or(before.office_phone),
                office_email: asked.office_email.unwrap_or(before.office_email),
            };
            change(&backend, &actor, &form).await?;
            asked.json
        }
    };
    let shown = details(&backend, &actor).await?.form;
    if json {
        say!("{}", serde_json::json!(shown));
        return Ok(ExitStatus::Done);
    }
    let facts = [
        ("name", shown.name),
        ("time zone", shown.time_zone),
        ("office phone", shown.office_phone),
        ("office email", shown.office_email),
    ];
    for (fact, value) in facts {
        say!("{fact:<13} {}", if value.is_empty() { "not set" } else { &value });
    }
    Ok(ExitStatus::Done)
}
