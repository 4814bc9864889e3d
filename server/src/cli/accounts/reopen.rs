//! `greencap accounts reopen`.

use crate::cli::out::say;
use backend::accounts::by_key::{open_username, person_with_key};
use backend::accounts::create::{Among, CreateAccounts, save_as};
use backend::accounts::plan::plan_as;
use backend::operations::ExpectedPlan;
use clap::Args;
use domain::accounts::batch::SaveOutcome;
use domain::accounts::naming::Naming;
use domain::accounts::username::Username;
use domain::authorization::policy::Permission;
use domain::ids::PersonId;
use domain::roll::filter::RollFilter;
use domain::roll::school::SchoolCode;
use domain::roll::selection::Selection;
use domain::roll::status::RollStatus;
use serde_json::json;

use crate::cli::{ExitStatus, Failure};

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("whose").required(true).args(["person", "all"]))]
pub(in crate::cli) struct Reopen {
    /// The school's code.
    #[arg(long)]
    school: SchoolCode,
    /// Someone with a closed account, by admission number or staff code. Can be repeated.
    #[arg(long, value_name = "KEY")]
    person: Vec<String>,
    /// Every student on roll today whose account is closed.
    #[arg(long)]
    all: bool,
    /// Show what would be re-opened, without changing anything.
    #[arg(long)]
    simulate: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(asked: Reopen) -> Result<ExitStatus, Failure> {
    let backend = crate::cli::open::backend().await?;
    let (actor, school) =
        crate::cli::school::find(&backend, Permission::ManageAccounts, &asked.school).await?;
    let school = school.school;
    let mut named: Vec<(Among, Vec<PersonId>)> = Vec::new();
    let mut keys: Vec<(&str, PersonId)> = Vec::new();
    for key in &asked.person {
        let (among, person) = person_with_key(&backend, &actor, school, key).await?;
        if keys.iter().any(|(_, known)| *known == person) {
            continue;
        }
        keys.push((key, person));
        match named.iter_mut().find(|(kind, _)| *kind == among) {
            Some((_, people)) => people.push(person),
            None => named.push((among, vec![person])),
        }
    }
    let everyone = RollFilter { roll: vec![RollStatus::Current], ..RollFilter::default() };
    let chosen = if asked.all {
        vec![(Among::Students, Selection::Matching { filter: everyone })]
    } else {
        named.into_iter().map(|(among, ids)| (among, Selection::People { ids })).collect()
    };
    let (mut lines, mut batches) = (Vec::new(), Vec::new());
    let mut without = Vec::new();
    for (among, selection) in chosen {
        let input = |selection| CreateAccounts { selection, among, naming: Naming::default() };
        let rows = plan_as(&backend, &actor, school, &input(selection)).await?.plan.rows;
        let (closed, never): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.reopens.is_some());
        without.extend(never.into_iter().map(|row| row.person));
        keys.retain(|(_, person)| closed.iter().all(|row| row.person != *person));
        lines.extend(closed.iter().map(|row| {
            let username = row.username().map(Username::to_string).unwrap_or_default();
            (username, row.admission_number.clone(), row.name.clone())
        }));
        if asked.simulate || closed.is_empty() {
            continue;
        }
        // Exactly those whose account is closed, and as it was just found.
        let these = input(Selection::People { ids: closed.iter().map(|row| row.person).collect() });
        let hash = plan_as(&backend, &actor, school, &these).await?.plan.hash;
        match save_as(&backend, &actor, school, these, ExpectedPlan::Plan(hash)).await? {
            SaveOutcome::Saved(batch) => batches.extend(batch.id),
            // The operator's commands need no approval and run here.
            SaveOutcome::Drifted(_) | SaveOutcome::Waits | SaveOutcome::Queued(_) => {
                return Err(Failure::Failed(
                    "the roll changed in the meantime; run the command again".to_owned(),
                ));
            }
        }
    }
    let mut problems = Vec::new();
    for (key, person) in keys {
        let open = open_username(&backend, &actor, school, person).await?;
        let (code, message) = match &open {
            Some(username) => ("account_not_closed", format!("The account {username} is not closed.")),
            None if without.contains(&person) => {
                ("no_account", "There is no account. Create one with `greencap accounts create`.".to_owned())
            }
            None => ("not_at_school", "They are no longer at the school.".to_owned()),
        };
        problems.push(json!({ "key": key, "username": open, "code": code, "message": message }));
    }
    let left = problems.len();
    if asked.json {
        let accounts: Vec<_> = lines
            .iter()
            .map(|(username, key, name)| json!({ "username": username, "key": key, "name": name }))
            .collect();
        say!(
            "{}",
            json!({ "simulated": asked.simulate, "batches": batches, "updated": lines.len(), "rejected": left, "accounts": accounts, "problems": problems })
        );
    } else {
        for (username, key, name) in &lines {
            say!("{username:<20}  {key:<12}  {name}");
        }
        for problem in &problems {
            let [key, message] = ["key", "message"].map(|of| problem[of].as_str().unwrap_or_default());
            say!("Rejected: {key}: {message}");
        }
        let what = if asked.simulate { "would be re-opened; nothing was changed" } else { "re-opened" };
        say!("{} accounts {what}. {left} rejected.", lines.len());
        for batch in &batches {
            say!("Batch {batch}: greencap invitations send --school {} --batch {batch}", asked.school);
        }
    }
    Ok(if left == 0 { ExitStatus::Done } else { ExitStatus::DoneWithRejected })
}
