//! `greencap guardians duplicates`.

use backend::guardians::duplicates::board::PairLine;
use backend::guardians::duplicates::{board, search};
use clap::Args;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::guardians::duplicates::pair::PairState;
use domain::roll::school::SchoolCode;
use serde_json::{Value, json};

use crate::cli::out::say;
use crate::cli::{ExitStatus, Failure, open, school};

#[derive(Debug, Args)]
pub(in crate::cli) struct Duplicates {
    /// List only those of whom both are contacts of children of the school with this code.
    #[arg(long, conflicts_with = "all")]
    school: Option<SchoolCode>,
    /// List those of all schools, as without a school.
    #[arg(long)]
    all: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(asked: Duplicates) -> Result<ExitStatus, Failure> {
    let backend = open::backend().await?;
    let (actor, of) = match &asked.school {
        Some(code) if !asked.all => {
            let (actor, school) = school::find(&backend, Permission::ManageGuardians, code).await?;
            (actor, Some(school.school))
        }
        _ => (Actor::system(backend::roll::organisation::ensure(&backend).await?), None),
    };
    let searched = search::search(&backend, actor.organisation).await?;
    let found = board::all(&backend, &actor, PairState::Open, of).await?;
    if asked.json {
        let pairs: Vec<Value> = found.iter().map(line).collect();
        say!(
            "{}",
            json!({ "people": searched.people, "likely": searched.pairs, "open": found.len(), "pairs": pairs })
        );
    } else {
        for pair in &found {
            let reasons: Vec<&str> = pair.evidence.iter().map(|evidence| evidence.label()).collect();
            let [a, b] = &pair.people;
            say!("{}\t{}\t{}\t{}", pair.points, a.name, b.name, reasons.join("; "));
        }
        say!("{} adults compared, {} likely duplicates wait for an answer.", searched.people, found.len());
    }
    // Like rows of an import that are held back: a person has to decide.
    Ok(if found.is_empty() { ExitStatus::Done } else { ExitStatus::DoneWithRejected })
}

fn line(pair: &PairLine) -> Value {
    json!({
        "pair": pair.id,
        "points": pair.points,
        "verdict": pair.verdict,
        "evidence": pair.evidence,
        "people": pair.people.iter().map(|card| json!({ "person": card.person, "name": card.name })).collect::<Vec<_>>(),
    })
}
