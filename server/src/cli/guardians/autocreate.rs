//! `greencap guardians autocreate`.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;

use backend::Backend;
use backend::guardians::autocreate::create::{CreateOutcome, create};
use backend::guardians::autocreate::lines::{LineFilter, lines};
use backend::guardians::autocreate::{simulate, view};
use clap::{Args, ValueEnum};
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::guardians::autocreate::message::NewMessages;
use domain::guardians::autocreate::options::AutocreateOptions;
use domain::guardians::autocreate::outcome::{Outcome, OutcomeGroup};
use domain::guardians::autocreate::views::{RunState, RunView};
use domain::ids::SchoolId;
use domain::operations::progress::counted;
use domain::roll::school::SchoolCode;
use serde_json::{Map, Value, json};

use crate::cli::import::report::create_log;
use crate::cli::out::say;
use crate::cli::{ExitStatus, Failure};

#[derive(Debug, Args)]
pub(in crate::cli) struct Autocreate {
    /// The school's code.
    #[arg(long)]
    school: SchoolCode,
    /// Say what would happen without changing anything.
    #[arg(long)]
    simulate: bool,
    /// What is sent: an invitation for a new account and a message about a new child, or nothing.
    #[arg(long, value_enum, default_value_t = SentMessages::New)]
    message: SentMessages,
    /// Write one JSON object for each adult and student to this file.
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SentMessages {
    /// One for each new account, and one for each account that a child is added to.
    New,
    /// None.
    None,
}

/// How often a simulation is made again if others change something meanwhile.
const ATTEMPTS: usize = 5;

pub(super) async fn run(asked: Autocreate) -> Result<ExitStatus, Failure> {
    let mut log = asked.log.as_deref().map(create_log).transpose()?;
    let backend = crate::cli::open::backend().await?;
    let (actor, school) =
        crate::cli::school::find(&backend, Permission::ManageGuardians, &asked.school).await?;
    let messages = match asked.message {
        SentMessages::New => NewMessages::default(),
        SentMessages::None => NewMessages::NONE,
    };
    let options = AutocreateOptions { messages, ..AutocreateOptions::default() };
    let ended = carry_out(&backend, &actor, school.school, options, asked.simulate).await?;
    if let Some(log) = &mut log {
        write_log(&backend, &actor, school.school, &ended, log).await?;
    }
    report(&ended, &asked);
    Ok(if ended.counts.held() == 0 { ExitStatus::Done } else { ExitStatus::DoneWithRejected })
}

/// Simulates, and creates exactly that unless only a simulation was asked for.
async fn carry_out(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    options: AutocreateOptions,
    only_simulate: bool,
) -> Result<RunView, Failure> {
    for _ in 0..ATTEMPTS {
        let id = simulate::simulate(backend, actor, school, options.clone()).await?;
        let seen = view::run(backend, actor, school, id).await?;
        if only_simulate || !seen.counts.acts() {
            return Ok(seen);
        }
        match create(backend, actor, school, id, seen.plan).await? {
            CreateOutcome::Created => return Ok(view::run(backend, actor, school, id).await?),
            CreateOutcome::Nothing | CreateOutcome::Drifted { .. } => {}
            // The operator's commands need no approval and run here.
            CreateOutcome::Waits | CreateOutcome::Queued(_) => break,
        }
    }
    Err(Failure::Failed("the records keep changing; nothing was created, try again".to_owned()))
}

/// Rows of the log that are read at a time.
const LOG_PART: u32 = 2000;

/// Writes one JSON object for each adult and student.
async fn write_log(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    run: &RunView,
    log: &mut BufWriter<File>,
) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        let page = format!("it is stored as /guardians/autocreate/{}", run.id);
        Failure::Failed(format!("the log could not be written: {error}; {page}"))
    };
    let mut part = LineFilter { groups: OutcomeGroup::ALL.to_vec(), most: LOG_PART, ..LineFilter::default() };
    loop {
        let read = lines(backend, actor, school, run.id, &part).await?;
        for line in &read {
            for (child, name) in &line.children {
                let object = json!({
                    "adult": line.adult,
                    "adult_name": line.name,
                    "student": child,
                    "student_name": name,
                    "household": line.household + 1,
                    "outcome": line.outcome,
                    "rule": line.rule,
                    "message": line.why(),
                    "username": line.username,
                    "changed": line.changed,
                });
                writeln!(log, "{object}").map_err(failed)?;
            }
        }
        if read.len() < usize::try_from(LOG_PART).unwrap_or(usize::MAX) {
            return log.flush().map_err(failed);
        }
        part.after += LOG_PART;
    }
}

fn report(run: &RunView, asked: &Autocreate) {
    let counts = &run.counts;
    let done = matches!(run.state, RunState::Applied | RunState::AppliedInPart);
    if asked.json {
        let outcomes: Map<String, Value> = Outcome::ALL
            .iter()
            .map(|outcome| {
                let count = counts.outcomes.get(outcome).copied().unwrap_or_default();
                (outcome.slug().to_owned(), count.into())
            })
            .collect();
        let families: Map<String, Value> = counts
            .families
            .iter()
            .map(|(outcome, count)| (outcome.slug().to_owned(), (*count).into()))
            .collect();
        say!(
            "{}",
            json!({
                "simulated": asked.simulate,
                "run": run.id,
                "state": run.state.slug(),
                "students": counts.students,
                "contacts": counts.contacts,
                "households": counts.households,
                "accounts": counts.accounts,
                "attached": counts.attached,
                "messages": counts.messages,
                "children_with_no_adult": counts.alone,
                "held": counts.held(),
                "changed": run.changed,
                "outcomes": outcomes,
                "households_by_outcome": families,
            })
        );
        return;
    }
    let (students, contacts) =
        (counted(counts.students, "student", "students"), counted(counts.contacts, "contact", "contacts"));
    say!("{students}, {contacts}, {}", counted(counts.households, "family", "families"));
    for outcome in Outcome::ALL {
        if let Some(count) = counts.outcomes.get(outcome) {
            say!("{count:>8}  {}", outcome.label_at(run.state.progress()));
        }
    }
    let what = if done { "created" } else { "would be created" };
    say!(
        "{} {what}, {} attached, {}. {} no adult.",
        counted(counts.accounts, "account", "accounts"),
        counted(counts.attached, "student", "students"),
        counted(counts.messages, "message", "messages"),
        counted(counts.alone, "child has", "children have")
    );
    let held = counts.held();
    if held > 0 {
        say!("A person has to decide about {held}: open /guardians/autocreate/{}.", run.id);
    }
    if asked.simulate {
        say!("This was a simulation. Nothing was changed.");
    }
}
