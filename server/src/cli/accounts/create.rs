//! `greencap accounts create`.

use crate::cli::out::say;
use backend::accounts::create::save;
use backend::accounts::plan::plan;
use backend::accounts::template::template;
use backend::operations::ExpectedPlan;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use domain::accounts::batch::SaveOutcome;
use domain::accounts::naming::Naming;
use domain::accounts::plan::{PlanRow, PlannedUsername, ReviewReason, UsernameProblem};
use domain::accounts::template::UsernameTemplate;
use domain::authorization::policy::Permission;
use domain::ids::BatchId;
use domain::imports::outcome::RowOutcome;
use domain::roll::filter::RollFilter;
use domain::roll::school::SchoolCode;
use domain::roll::selection::Selection;
use domain::roll::status::RollStatus;
use serde_json::{Map, Value, json};

use crate::cli::{ExitStatus, Failure};

#[derive(Debug, Args)]
pub(in crate::cli) struct Create {
    /// The school's code.
    #[arg(long)]
    school: SchoolCode,
    /// Which students: current, leavers or future starters.
    #[arg(long, value_parser = PossibleValuesParser::new(RollStatus::ALL.map(RollStatus::slug))
        .try_map(|slug| RollStatus::from_slug(&slug).ok_or("not a roll status")))]
    roll: RollStatus,
    /// The username pattern, such as "{given:1}.{family};max=20". Defaults to the school's own.
    #[arg(long, value_name = "T")]
    template: Option<UsernameTemplate>,
    /// Show what would be created, without creating anything.
    #[arg(long)]
    simulate: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// What was created, or would be.
struct CreateReport {
    batch: Option<BatchId>,
    accounts: Vec<CreatedLine>,
    waiting: Vec<PlanRow>,
    unchanged: u32,
}

struct CreatedLine {
    username: String,
    key: String,
    name: String,
}

pub(super) async fn run(asked: Create) -> Result<ExitStatus, Failure> {
    let backend = crate::cli::open::backend().await?;
    let (actor, school) =
        crate::cli::school::find(&backend, Permission::ManageAccounts, &asked.school).await?;
    let template = match asked.template {
        Some(template) => template,
        None => template(&backend, &actor, school.school).await?,
    };
    let naming = Naming { template, ..Naming::default() };
    let filter = RollFilter { roll: vec![asked.roll], ..RollFilter::default() };
    let everyone = Selection::Matching { filter };
    let report = if asked.simulate {
        let view = plan(&backend, &actor, school.school, &everyone, &naming).await?;
        CreateReport::simulated(view.plan.rows, view.left_out)
    } else {
        let ready = ExpectedPlan::WhateverIsReady;
        match save(&backend, &actor, school.school, &everyone, &naming, ready).await? {
            SaveOutcome::Saved(batch) => CreateReport {
                batch: batch.id,
                accounts: batch
                    .created
                    .into_iter()
                    .map(|made| CreatedLine {
                        username: made.username.into(),
                        key: made.admission_number,
                        name: made.name,
                    })
                    .collect(),
                waiting: batch.waiting,
                unchanged: batch.left_out,
            },
            // The operator's commands need no approval and run here.
            SaveOutcome::Drifted(_) | SaveOutcome::Waits | SaveOutcome::Queued(_) => {
                return Err(Failure::Failed(
                    "the roll changed in the meantime; run the command again".to_owned(),
                ));
            }
        }
    };
    if asked.json {
        say!("{}", report.json(asked.simulate));
    } else {
        report.print(asked.simulate);
    }
    Ok(if report.waiting.is_empty() { ExitStatus::Done } else { ExitStatus::DoneWithRejected })
}

impl CreateReport {
    fn simulated(rows: Vec<PlanRow>, unchanged: u32) -> Self {
        let mut report = Self { batch: None, accounts: Vec::new(), waiting: Vec::new(), unchanged };
        for row in rows {
            if let PlannedUsername::Ready(proposal) = &row.made {
                report.accounts.push(CreatedLine {
                    username: proposal.username.to_string(),
                    key: row.admission_number,
                    name: row.name,
                });
            } else {
                report.waiting.push(row);
            }
        }
        report
    }

    fn count(&self, outcome: RowOutcome) -> usize {
        match outcome {
            RowOutcome::Added => self.accounts.len(),
            RowOutcome::Rejected => self.waiting.len(),
            RowOutcome::Unchanged => self.unchanged as usize,
            RowOutcome::Updated
            | RowOutcome::Linked
            | RowOutcome::History
            | RowOutcome::Skipped
            | RowOutcome::Kept
            | RowOutcome::Held => 0,
        }
    }

    fn json(&self, simulated: bool) -> Value {
        let mut object: Map<String, Value> = RowOutcome::ALL
            .into_iter()
            .filter(|outcome| !outcome.is_rare())
            .map(|outcome| (outcome.slug().to_owned(), self.count(outcome).into()))
            .collect();
        object.insert("simulated".to_owned(), simulated.into());
        object.insert("batch".to_owned(), json!(self.batch));
        let accounts = self.accounts.iter();
        let accounts: Vec<_> = accounts
            .map(|made| json!({ "username": made.username, "key": made.key, "name": made.name }))
            .collect();
        object.insert("accounts".to_owned(), accounts.into());
        let problems = self.waiting.iter();
        let problems: Vec<_> = problems
            .map(|row| {
                json!({ "key": row.admission_number, "name": row.name, "username": row.username(),
                        "code": code(&row.made), "message": row.complaint() })
            })
            .collect();
        object.insert("problems".to_owned(), problems.into());
        Value::Object(object)
    }

    fn print(&self, simulated: bool) {
        for made in &self.accounts {
            say!("{:<20}  {:<12}  {}", made.username, made.key, made.name);
        }
        for row in &self.waiting {
            let username = row.username().map_or("", |username| username.as_str());
            let complaint = row.complaint().unwrap_or_default();
            say!("Rejected: {username}, {}, {}: {complaint}", row.admission_number, row.name);
        }
        let (made, unchanged, rejected) = (self.accounts.len(), self.unchanged, self.waiting.len());
        let what = if simulated { "would be created; nothing was changed" } else { "created" };
        say!("{made} accounts {what}. {unchanged} already had one, {rejected} rejected.");
        if let Some(batch) = self.batch {
            say!("Batch {batch}");
        }
    }
}

/// The stable word for why a row was rejected.
pub(super) fn code(made: &PlannedUsername) -> &'static str {
    match made {
        PlannedUsername::Ready(_) => "ready",
        PlannedUsername::NeedsReview(_, ReviewReason::Reserved) => "username_reserved",
        PlannedUsername::NeedsReview(_, ReviewReason::Offensive) => "username_offensive",
        PlannedUsername::NeedsReview(_, ReviewReason::Clash)
        | PlannedUsername::Problem { problem: UsernameProblem::Taken { .. }, .. } => "username_taken",
        PlannedUsername::Problem { problem: UsernameProblem::Invalid(_), .. } => "username_invalid",
    }
}
