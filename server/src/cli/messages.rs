//! `greencap messages`.

use std::path::{Path, PathBuf};

use backend::messages::templates::TemplateSources;
use backend::roll::organisation;
use backend::settings::{SettingsOf, message_templates};
use clap::{Args, Subcommand};
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::roll::language::LanguageTag;
use domain::roll::school::SchoolCode;

use super::out::say;
use super::{ExitStatus, Failure};

#[derive(Debug, Subcommand)]
pub(super) enum Messages {
    /// Use your own template for a message, in one language. Without one, Greencap uses its own.
    SetTemplate {
        #[command(flatten)]
        of: TemplateOf,
        /// A folder with subject.txt, body.txt and body.html, written like those in
        /// `server/backend/templates/email`.
        folder: PathBuf,
    },
    /// Remove your own template, so that Greencap's is used again.
    RemoveTemplate {
        #[command(flatten)]
        of: TemplateOf,
    },
}

#[derive(Debug, Args)]
pub(super) struct TemplateOf {
    /// The school's code. Without it: all schools that have no template of their own.
    #[arg(long)]
    school: Option<SchoolCode>,
    /// Which message, such as `invitation`.
    #[arg(long)]
    kind: String,
    /// Its language, such as `pl`.
    #[arg(long)]
    language: LanguageTag,
}

pub(super) async fn run(command: Messages) -> Result<ExitStatus, Failure> {
    let backend = super::open::backend().await?;
    let (Messages::SetTemplate { of, .. } | Messages::RemoveTemplate { of }) = &command;
    let (actor, scope) = match &of.school {
        Some(code) => {
            let (actor, school) = super::school::find(&backend, Permission::ManageSettings, code).await?;
            (actor, SettingsOf::School(school.school))
        }
        None => (Actor::system(organisation::ensure(&backend).await?), SettingsOf::Organisation),
    };
    match &command {
        Messages::SetTemplate { of, folder } => {
            let sources = TemplateSources {
                subject: read(folder, "subject.txt")?,
                body_text: read(folder, "body.txt")?,
                body_html: read(folder, "body.html")?,
            };
            message_templates::save(&backend, &actor, scope, &of.kind, &of.language, &sources).await?;
            say!("Saved. Messages that have not been sent yet use it too.");
        }
        Messages::RemoveTemplate { of } => {
            let removed = message_templates::remove(&backend, &actor, scope, &of.kind, &of.language).await?;
            say!("{}", if removed { "Removed." } else { "There was no such template. Nothing was changed." });
        }
    }
    Ok(ExitStatus::Done)
}

fn read(folder: &Path, name: &str) -> Result<String, Failure> {
    let path = folder.join(name);
    std::fs::read_to_string(&path)
        .map_err(|error| Failure::WrongUse(format!("{} cannot be read: {error}", path.display())))
}
