//! `greencap guardians autocreate`.

use backend::Backend;
use backend::guardians::autocreate::create::{CreateOutcome, create};
use backend::guardians::autocreate::{simulate, view};
use clap::{Args, ValueEnum};
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::guardians::autocreate::message::NewMessages;
use domain::guardians::autocreate::options::AutocreateOptions;
use domain::guardians::autocreate::outcome::Outcome;
use domain::guardians::autocreate::views::{RunState, RunView};
use domain::ids::SchoolId;
use domain::roll::school::SchoolCode;
use serde_json::{Map, Value, json};

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
    let backend = crate::cli::open::backend().await?;
    let (actor, school) =
        crate::cli::school::find(&backend, Permission::ManageGuardians, &asked.school).await?;
    let messages = match asked.message {
        SentMessages::New => NewMessages::default(),
        SentMessages::None => NewMessages::NONE,
    };
    let options = AutocreateOptions { messages, ..AutocreateOptions::default() };
    let ended = carry_out(&backend, &actor, school.school, options, asked.simulate).await?;
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
    say!("{} students, {} contacts, {} families", counts.students, counts.contacts, counts.households);
    for outcome in Outcome::ALL {
        if let Some(count) = counts.outcomes.get(outcome) {
            say!("{count:>8}  {}", outcome.label());
        }
    }
    let what = if done { "created" } else { "would be created" };
    say!(
        "{} accounts {what}, {} students attached, {} messages. {} children have no adult.",
        counts.accounts,
        counts.attached,
        counts.messages,
        counts.alone
    );
    let held = counts.held();
    if held > 0 {
        say!("A person has to decide about {held}: open /guardians/autocreate/{}.", run.id);
    }
    if asked.simulate {
        say!("This was a simulation. Nothing was changed.");
    }
}
