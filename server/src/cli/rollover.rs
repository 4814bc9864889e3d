//! `greencap rollover`.

use backend::Error;
use backend::school_year::rollover::{
    RollOver, RolloverEnd, RolloverView, UNKNOWN_YEAR, WRONG_EXCEPTIONS, commit, simulate,
};
use clap::Args;
use domain::authorization::policy::Permission;
use domain::operations::progress::counted;
use domain::roll::school::SchoolCode;
use domain::school_year::exceptions::Exceptions;
use domain::school_year::rollover::NextStep;
use serde_json::{Value, json};

use super::out::say;
use super::{ExitStatus, Failure, open, school};

/// Move a school to its next year: students move up or leave, teaching groups go on as new ones.
#[derive(Debug, Args)]
pub(super) struct Rollover {
    /// The school's code.
    #[arg(long)]
    school: SchoolCode,
    /// The year that has ended, such as 2026/27.
    #[arg(long)]
    year: String,
    /// Admission numbers of students who stay in their year group, separated by commas.
    #[arg(long, value_name = "NUMBERS", default_value = "")]
    stays: String,
    /// Admission numbers of students who leave although their year group goes on, separated by commas.
    #[arg(long, value_name = "NUMBERS", default_value = "")]
    leaves: String,
    /// Say what would happen without changing anything.
    #[arg(long)]
    simulate: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(asked: Rollover) -> Result<ExitStatus, Failure> {
    let backend = open::backend().await?;
    let (actor, at) = school::find(&backend, Permission::ImportRoll, &asked.school).await?;
    let exceptions = Exceptions::read(&asked.stays, &asked.leaves);
    let input = RollOver { exceptions, ..RollOver::usual(&asked.year) };
    let seen = match simulate(&backend, &actor, at.school, &input).await {
        Err(Error::Conflict { code: UNKNOWN_YEAR | WRONG_EXCEPTIONS, message }) => {
            return Err(Failure::WrongUse(message));
        }
        other => other?,
    };
    let mut operation = None;
    if !asked.simulate {
        if let Some(sentence) = &seen.too_early {
            return Err(Failure::Failed(sentence.clone()));
        }
        match commit(&backend, &actor, at.school, input, seen.hash).await? {
            RolloverEnd::Done(ran, _) => operation = Some(ran.to_string()),
            RolloverEnd::Nothing => {}
            RolloverEnd::Drifted => {
                return Err(Failure::Failed(
                    "the roll changed meanwhile; nothing was changed, try again".to_owned(),
                ));
            }
            // The operator's commands need no approval and run here.
            RolloverEnd::Waits | RolloverEnd::Queued(_) => {
                return Err(Failure::Failed("it waits for another person; open /school-year".to_owned()));
            }
        }
    }
    report(&seen, &asked, operation.as_deref());
    Ok(ExitStatus::Done)
}

fn report(seen: &RolloverView, asked: &Rollover, operation: Option<&str>) {
    if asked.json {
        let years: Vec<Value> = seen
            .years
            .iter()
            .map(|line| {
                let to = match &line.step {
                    NextStep::Moves { to } => Some(to.clone()),
                    NextStep::Leaves | NextStep::Stays => None,
                };
                json!({
                    "year_group": line.year,
                    "students": line.students,
                    "leaves": line.step == NextStep::Leaves,
                    "to": to,
                })
            })
            .collect();
        let groups: Vec<Value> = seen
            .groups
            .iter()
            .map(|line| json!({ "name": line.name, "members": line.members, "goes_on": line.goes_on }))
            .collect();
        say!(
            "{}",
            json!({
                "simulated": asked.simulate,
                "year": seen.year.name,
                "next": seen.next.name,
                "operation": operation,
                "moves_up": seen.moves,
                "leaves": seen.leaves,
                "stays": seen.stays,
                "comes": seen.comes,
                "year_groups": years,
                "groups": groups,
                "refused": seen.too_early,
            })
        );
        return;
    }
    say!("{} to {}:", seen.year.name, seen.next.name);
    for line in &seen.years {
        let year = if line.year.is_empty() { "no year group" } else { &line.year };
        let step = match &line.step {
            NextStep::Moves { to } => format!("to {to}"),
            NextStep::Leaves => "leave".to_owned(),
            NextStep::Stays => "stay".to_owned(),
        };
        say!("{:>8}  {year} {step}", line.students);
    }
    let done = if asked.simulate { "would move up" } else { "moved up" };
    say!(
        "{} {done}, {} leave, {} stay, {} come. {}, {} go on.",
        counted(seen.moves, "student", "students"),
        seen.leaves,
        seen.stays,
        seen.comes,
        counted(
            u32::try_from(seen.groups.len()).unwrap_or(u32::MAX),
            "teaching group closed",
            "teaching groups closed"
        ),
        seen.groups.iter().filter(|line| line.goes_on).count()
    );
    if let Some(sentence) = &seen.too_early {
        say!("{sentence}");
    }
    if asked.simulate {
        say!("This was a simulation. Nothing was changed.");
    }
}
