//! `greencap people`.

use backend::Backend;
use backend::data_rights::erase::{ErasureOutcome, erase};
use backend::data_rights::export::{DataSummary, PersonExport, export, summary};
use backend::data_rights::subject::with_key;
use backend::roll::organisation;
use backend::roll::schools::list::schools;
use clap::{Args, Subcommand};
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::data_rights::readable::readable;
use domain::ids::SchoolId;
use domain::roll::school::SchoolCode;
use serde_json::{Value, json};

use super::out::say;
use super::{ExitStatus, Failure, open, school};

#[derive(Debug, Subcommand)]
pub(super) enum People {
    /// Print everything that is held on a person, without passwords and other secrets.
    Export(Asked),
    /// Erase a person: everything but that they existed, their username, and the audit log. Cannot be undone.
    Erase(Asked),
}

#[derive(Debug, Args)]
pub(super) struct Asked {
    /// Admission number, staff code, number in another system, or username.
    key: String,
    /// The code of a school that knows them, if people of several schools have this key.
    #[arg(long)]
    school: Option<SchoolCode>,
    /// Only say how much there is, and what an erasure would do.
    #[arg(long)]
    simulate: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(command: People) -> Result<ExitStatus, Failure> {
    let backend = open::backend().await?;
    match command {
        People::Export(asked) => copy(&backend, &asked).await,
        People::Erase(asked) => forget(&backend, &asked).await,
    }
}

/// The operator, a school that knows the person with this key, and what is held on them.
async fn whose(backend: &Backend, asked: &Asked) -> Result<(Actor, SchoolId, DataSummary), Failure> {
    if let Some(code) = &asked.school {
        let (actor, school) = school::find(backend, Permission::ManageDataRights, code).await?;
        let person = with_key(backend, &actor, school.school, &asked.key).await?;
        let held = summary(backend, &actor, school.school, person).await?;
        return Ok((actor, school.school, held));
    }
    let actor = Actor::system(organisation::ensure(backend).await?);
    let mut found: Option<(SchoolId, DataSummary)> = None;
    for school in schools(backend, &actor).await?.schools {
        let school = school.school.id;
        let held = match with_key(backend, &actor, school, &asked.key).await {
            Ok(person) => summary(backend, &actor, school, person).await,
            Err(error) => Err(error),
        };
        match (held, &found) {
            (Ok(held), Some((_, other))) if other.subject.person != held.subject.person => {
                return Err(Failure::WrongUse(format!(
                    "people of several schools have the key {}; name one with --school",
                    asked.key
                )));
            }
            (Ok(held), None) => found = Some((school, held)),
            (Ok(_), Some(_)) | (Err(backend::Error::NotFound(_)), _) => {}
            (Err(other), _) => return Err(other.into()),
        }
    }
    let (school, held) =
        found.ok_or_else(|| Failure::WrongUse(format!("nobody has the key {}", asked.key)))?;
    Ok((actor, school, held))
}

async fn copy(backend: &Backend, asked: &Asked) -> Result<ExitStatus, Failure> {
    let (actor, school, held) = whose(backend, asked).await?;
    if asked.simulate {
        print_summary(asked, &held);
        return Ok(ExitStatus::Done);
    }
    let found = export(backend, &actor, school, held.subject.person).await?;
    if asked.json {
        say!("{}", found.json());
    } else {
        print_export(&found);
    }
    Ok(ExitStatus::Done)
}

async fn forget(backend: &Backend, asked: &Asked) -> Result<ExitStatus, Failure> {
    let (actor, school, before) = whose(backend, asked).await?;
    let person = before.subject.person;
    if asked.simulate {
        print_summary(asked, &before);
        // What stands in the way is an answer, and exit status 3 says that it would be refused.
        return Ok(if before.obstacles.is_empty() { ExitStatus::Done } else { ExitStatus::DoneWithRejected });
    }
    let rows = match erase(backend, &actor, school, person).await? {
        ErasureOutcome::Erased(rows) => rows,
        // The operator's commands need no approval.
        ErasureOutcome::Waits => {
            return Err(Failure::Failed(
                "the roll changed in the meantime; run the command again".to_owned(),
            ));
        }
    };
    if asked.json {
        say!(
            "{}",
            json!({ "simulated": false, "person": person, "username": before.subject.username, "erased": rows })
        );
    } else {
        say!("Erased {rows} entries. What stays: that they existed, their username, and the audit log.");
    }
    Ok(ExitStatus::Done)
}

fn print_summary(asked: &Asked, found: &DataSummary) {
    if asked.json {
        say!("{}", summary_json(found));
        return;
    }
    say!("{}", found.subject.name);
    for count in &found.counts {
        say!("{:>7}  {:<10}{}", count.rows, count.fate.slug(), count.heading);
    }
    for obstacle in &found.obstacles {
        say!("Cannot be erased yet: {}", obstacle.sentence());
    }
    say!("{} entries would be erased. Nothing was changed.", found.erased_rows());
}

fn summary_json(found: &DataSummary) -> Value {
    let kinds: Vec<Value> = found
        .counts
        .iter()
        .map(|count| {
            json!({ "table": count.table, "heading": count.heading, "rows": count.rows, "when_erased": count.fate.slug() })
        })
        .collect();
    let obstacles: Vec<Value> = found
        .obstacles
        .iter()
        .map(|obstacle| json!({ "code": obstacle.slug(), "message": obstacle.sentence() }))
        .collect();
    json!({
        "simulated": true,
        "person": found.subject.person,
        "name": found.subject.name,
        "username": found.subject.username,
        "erased": found.erased_rows(),
        "held": kinds,
        "problems": obstacles,
    })
}

fn print_export(found: &PersonExport) {
    say!("Everything held on {}", found.subject.name);
    for kind in &found.kinds {
        say!("");
        say!("{}", kind.count.heading);
        for row in &kind.rows {
            for (name, value) in readable(row) {
                say!("  {name}: {value}");
            }
            say!("");
        }
    }
    say!("Not included:");
    for line in PersonExport::not_included() {
        say!("  {line}");
    }
}
