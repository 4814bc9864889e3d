//! `greencap accounts rename`.

use crate::cli::out::say;
use backend::accounts::by_key::person_with_key;
use backend::accounts::create::Among;
use backend::accounts::rename::{RenameAccounts, plan_rename, rename};
use backend::accounts::template::template;
use backend::operations::ExpectedPlan;
use clap::Args;
use domain::accounts::naming::Naming;
use domain::accounts::plan::PlannedUsername;
use domain::accounts::rename::{OldUsernameDays, RenameOutcome, RenameRow};
use domain::accounts::template::UsernameTemplate;
use domain::accounts::username::Username;
use domain::authorization::policy::Permission;
use domain::ids::OperationId;
use domain::roll::filter::RollFilter;
use domain::roll::school::SchoolCode;
use domain::roll::selection::Selection;
use domain::roll::status::RollStatus;
use serde_json::{Value, json};

use super::create::code;
use crate::cli::{ExitStatus, Failure};

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("whose").required(true).args(["person", "template"]))]
pub(in crate::cli) struct Rename {
    /// The school's code.
    #[arg(long)]
    school: SchoolCode,
    /// One person, by admission number or staff code.
    #[arg(long, value_name = "KEY", requires = "username")]
    person: Option<String>,
    /// That person's new username.
    #[arg(long, value_name = "U", requires = "person", conflicts_with = "template")]
    username: Option<String>,
    /// Everyone on roll whose username no longer fits the school's pattern, or the one given.
    #[arg(long, value_name = "T", num_args = 0..=1, require_equals = true)]
    #[expect(clippy::option_option, reason = "clap's way to say: not given, given, given with a value")]
    template: Option<Option<UsernameTemplate>>,
    /// How many days the old username still signs in: 0 to 365. Defaults to the organisation's setting.
    #[arg(long, value_name = "N")]
    old_days: Option<OldUsernameDays>,
    /// Send no email with the new username.
    #[arg(long)]
    no_email: bool,
    /// Show what would change, without changing anything.
    #[arg(long)]
    simulate: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(asked: Rename) -> Result<ExitStatus, Failure> {
    let backend = crate::cli::open::backend().await?;
    let (actor, school) =
        crate::cli::school::find(&backend, Permission::ManageAccounts, &asked.school).await?;
    let school = school.school;
    let pattern = match asked.template.flatten() {
        Some(pattern) => pattern,
        None => template(&backend, &actor, school).await?,
    };
    let mut naming = Naming { template: pattern, ..Naming::default() };
    let (among, selection) = if let (Some(key), Some(username)) = (&asked.person, &asked.username) {
        let (among, person) = person_with_key(&backend, &actor, school, key).await?;
        // The operator typed exactly this username for exactly this person.
        if let Ok(typed) = username.parse::<Username>() {
            naming.accepted.insert(person, typed);
        }
        naming.typed.insert(person, username.clone());
        (among, Selection::People { ids: vec![person] })
    } else {
        let filter = RollFilter { roll: vec![RollStatus::Current], ..RollFilter::default() };
        (Among::Students, Selection::Matching { filter })
    };
    let input = RenameAccounts { selection, among, naming, days: asked.old_days, tell: !asked.no_email };
    let view = plan_rename(&backend, &actor, school, &input).await?;
    if asked.person.is_some() && view.plan.rows.is_empty() && view.unchanged.count == 0 {
        let reason = view.left_out.first().map_or("no account", |left| left.reason.as_str());
        return Err(Failure::Failed(format!("nothing was changed: {reason}")));
    }
    let hash = view.plan.hash;
    let mut report = RenameReport::of(view.plan.rows, view.unchanged.count);
    if !asked.simulate {
        // Exactly what was planned; where some rows need a decision, the others.
        let expected =
            if report.waiting.is_empty() { ExpectedPlan::Plan(hash) } else { ExpectedPlan::WhateverIsReady };
        match rename(&backend, &actor, school, input, expected).await? {
            RenameOutcome::Renamed { operation, .. } => report.operation = operation,
            // The operator's commands need no approval and run here.
            RenameOutcome::Drifted | RenameOutcome::Waits | RenameOutcome::Queued(_) => {
                return Err(Failure::Failed(
                    "the roll changed in the meantime; run the command again".to_owned(),
                ));
            }
        }
    }
    if asked.json {
        say!("{}", report.json(asked.simulate));
    } else {
        report.print(asked.simulate);
    }
    Ok(if report.waiting.is_empty() { ExitStatus::Done } else { ExitStatus::DoneWithRejected })
}

/// What changed, or would.
struct RenameReport {
    operation: Option<OperationId>,
    changed: Vec<RenameRow>,
    waiting: Vec<RenameRow>,
    unchanged: u32,
}

impl RenameReport {
    fn of(rows: Vec<RenameRow>, unchanged: u32) -> Self {
        let ready = |row: &RenameRow| matches!(row.made, PlannedUsername::Ready(_));
        let (changed, waiting) = rows.into_iter().partition(ready);
        Self { operation: None, changed, waiting, unchanged }
    }

    fn json(&self, simulated: bool) -> Value {
        let changed = self.changed.iter().map(|row| {
            json!({ "key": row.admission_number, "name": row.name, "from": row.from, "username": row.username() })
        });
        let problems = self.waiting.iter().map(|row| {
            json!({ "key": row.admission_number, "name": row.name, "username": row.username(),
                    "code": code(&row.made), "message": row.complaint() })
        });
        json!({
            "simulated": simulated,
            "operation": self.operation,
            "updated": self.changed.len(),
            "unchanged": self.unchanged,
            "rejected": self.waiting.len(),
            "accounts": changed.collect::<Vec<_>>(),
            "problems": problems.collect::<Vec<_>>(),
        })
    }

    fn print(&self, simulated: bool) {
        for row in &self.changed {
            let username = row.username().map_or("", Username::as_str);
            say!("{:<20}  {:<20}  {:<12}  {}", row.from.as_str(), username, row.admission_number, row.name);
        }
        for row in &self.waiting {
            let username = row.username().map_or("", Username::as_str);
            let complaint = row.complaint().unwrap_or_default();
            say!("Rejected: {username}, {}, {}: {complaint}", row.admission_number, row.name);
        }
        let what = if simulated { "would change; nothing was changed" } else { "changed" };
        say!(
            "{} usernames {what}. {} stay as they are, {} rejected.",
            self.changed.len(),
            self.unchanged,
            self.waiting.len()
        );
        if let Some(operation) = self.operation {
            say!("Operation {operation}");
        }
    }
}
