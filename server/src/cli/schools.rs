//! `greencap schools`.

use backend::roll::organisation;
use backend::roll::organisation::details::details;
use backend::roll::schools::add::add_school;
use backend::roll::schools::change::{change_school, school};
use backend::roll::schools::form::SchoolForm;
use backend::roll::schools::list::schools;
use clap::{Args, Subcommand};
use domain::authorization::actor::Actor;
use domain::roll::school::SchoolCode;

use super::out::say;
use super::{ExitStatus, Failure};

#[derive(Debug, Subcommand)]
pub(super) enum Schools {
    /// Add a school.
    Add {
        /// A short code for commands and files: 1 to 20 letters, numbers, dots, hyphens or underscores.
        code: SchoolCode,
        /// Its name.
        name: String,
        #[command(flatten)]
        office: OfficeOptions,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// List the schools.
    List {
        /// Print a JSON array.
        #[arg(long)]
        json: bool,
    },
    /// Rename a school, or change how families reach its office. Its code stays.
    Rename {
        /// Its code.
        code: SchoolCode,
        /// Its new name.
        name: String,
        #[command(flatten)]
        office: OfficeOptions,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
}

/// How families reach the school's own office.
#[derive(Debug, Args)]
pub(super) struct OfficeOptions {
    /// The phone number of its office; empty for the organisation's.
    #[arg(long)]
    office_phone: Option<String>,
    /// The email address of its office; empty for the organisation's.
    #[arg(long)]
    office_email: Option<String>,
}

pub(super) async fn run(command: Schools) -> Result<ExitStatus, Failure> {
    let backend = super::open::backend().await?;
    let actor = Actor::system(organisation::ensure(&backend).await?);
    match command {
        Schools::Add { code, name, office, json } => {
            let unnamed = details(&backend, &actor).await?.form.name.is_empty();
            let form = SchoolForm {
                name,
                code: code.to_string(),
                office_phone: office.office_phone.unwrap_or_default(),
                office_email: office.office_email.unwrap_or_default(),
            };
            let school = add_school(&backend, &actor, &form).await?;
            if json {
                say!("{}", serde_json::json!({ "id": school.id, "code": school.code, "name": school.name }));
            } else {
                say!("Added {} with the code {}.", school.name, school.code);
                if unnamed {
                    let zone = details(&backend, &actor).await?.form.time_zone;
                    say!(
                        "The organisation has the same name, and its times are in {zone}. Change both with `greencap organisation set`."
                    );
                }
            }
        }
        Schools::List { json } => {
            let found = schools(&backend, &actor).await?.schools;
            if json {
                say!("{}", serde_json::json!(found));
            } else {
                for listed in found {
                    say!("{:<20} {} ({} students)", listed.school.code, listed.school.name, listed.students);
                }
            }
        }
        Schools::Rename { code, name, office, json } => {
            let (id, before) = school(&backend, &actor, &code).await?;
            let form = SchoolForm {
                name,
                office_phone: office.office_phone.unwrap_or(before.office_phone),
                office_email: office.office_email.unwrap_or(before.office_email),
                code: before.code,
            };
            change_school(&backend, &actor, id, &form).await?;
            let (_, school) = school(&backend, &actor, &code).await?;
            if json {
                say!("{}", serde_json::json!({ "id": id, "code": school.code, "name": school.name }));
            } else {
                say!("{} is now called {}.", school.code, school.name);
            }
        }
    }
    Ok(ExitStatus::Done)
}
