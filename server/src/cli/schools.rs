//! `greencap schools`.

use backend::roll::{add_school::add_school, organisation};
use clap::Subcommand;
use domain::authorization::actor::Actor;
use domain::roll::school::SchoolCode;

use super::{ExitStatus, Failure};

#[derive(Debug, Subcommand)]
pub(super) enum Schools {
    /// Add a school.
    Add {
        /// A short code for commands and files: 1 to 20 letters, numbers, dots, hyphens or underscores.
        code: SchoolCode,
        /// Its name.
        name: String,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn run(command: Schools) -> Result<ExitStatus, Failure> {
    let Schools::Add { code, name, json } = command;
    let backend = super::open::backend().await?;
    let organisation = organisation::ensure(&backend).await?;
    let school = add_school(&backend, &Actor::system(organisation), &code, &name).await?;
    if json {
        println!("{}", serde_json::json!({ "id": school.id, "code": school.code, "name": school.name }));
    } else {
        println!("Added {} with the code {}.", school.name, school.code);
    }
    Ok(ExitStatus::Done)
}
