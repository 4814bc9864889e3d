//! `greencap accounts paste`.

use std::io::Read as _;
use std::path::PathBuf;

use crate::cli::out::{note, say};
use backend::Backend;
use backend::accounts::by_key::person_with_key;
use backend::accounts::create::Among;
use backend::accounts::paste::{PasteContent, check, create, group_named, new_group_named, read_file};
use backend::operations::ExpectedPlan;
use backend::tables::limits;
use clap::{Args, ValueEnum};
use domain::accounts::paste::arrange::{ArrangedPaste, arrange};
use domain::accounts::paste::names::NameOrder;
use domain::accounts::paste::outcome::PasteOutcome;
use domain::accounts::paste::plan::{PastePlanRow, RowDoes};
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{GroupId, OperationId, PersonId, SchoolId};
use domain::imports::outcome::RowOutcome;
use domain::roll::school::SchoolCode;
use serde_json::{Map, Value, json};

use crate::cli::{ExitStatus, Failure};

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("into").required(true).args(["group", "new_group"]))]
pub(in crate::cli) struct Paste {
    /// The list: a workbook (.xlsx, .ods) or text with tabs or commas, with or without headings; - for standard input.
    file: PathBuf,
    /// Which part comes first where whole names stand in one column and do not say it.
    #[arg(long, value_name = "ORDER", value_enum)]
    names: Option<Names>,
    /// The school's code.
    #[arg(long)]
    school: SchoolCode,
    /// The group that the people become members of: its name, code or id.
    #[arg(long, value_name = "G")]
    group: Option<String>,
    /// A new teaching group of this name instead.
    #[arg(long, value_name = "NAME", conflicts_with = "group")]
    new_group: Option<String>,
    /// The code of a course of the new group; can be repeated.
    #[arg(long = "course", value_name = "C", requires = "new_group")]
    courses: Vec<String>,
    /// The staff code of a tutor of the new group; can be repeated.
    #[arg(long = "tutor", value_name = "T", requires = "new_group")]
    tutors: Vec<String>,
    /// Show what would be created, without creating anything.
    #[arg(long)]
    simulate: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// What was created, or would be.
#[derive(Default)]
struct PasteReport {
    operation: Option<OperationId>,
    group: Option<GroupId>,
    made: Vec<Value>,
    joined: usize,
    stays: usize,
    waiting: Vec<PastePlanRow>,
    left_out: Vec<String>,
}

pub(super) async fn run(asked: Paste) -> Result<ExitStatus, Failure> {
    let backend = crate::cli::open::backend().await?;
    let (actor, school) =
        crate::cli::school::find(&backend, Permission::ManageAccounts, &asked.school).await?;
    let school = school.school;
    let list = read(&backend, &actor, school, &asked).await?;
    let tutors = tutors(&backend, &actor, school, &asked.tutors).await?;
    let into = match (&asked.group, &asked.new_group) {
        (Some(group), _) => group_named(&backend, &actor, school, group).await?,
        (None, name) => {
            let name = name.as_deref().unwrap_or_default();
            new_group_named(&backend, &actor, school, (name, &asked.courses, tutors)).await?
        }
    };
    let content = PasteContent { into, rows: list.rows };
    let plan = check(&backend, &actor, school, content.clone()).await?;
    let mut report = PasteReport { left_out: list.left_out, ..PasteReport::default() };
    for row in plan.rows {
        report.add(row);
    }
    if !asked.simulate {
        let ready = ExpectedPlan::WhateverIsReady;
        match create(&backend, &actor, school, content, ready).await? {
            PasteOutcome::Done(done) => {
                report.operation = Some(done.operation);
                report.group = Some(done.group);
            }
            PasteOutcome::Nothing(_) => {}
            // The operator's commands need no approval and run here.
            PasteOutcome::Drifted(_) | PasteOutcome::Waits | PasteOutcome::Queued(_) => {
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

fn wrong(error: impl std::fmt::Display) -> Failure {
    Failure::Failed(error.to_string())
}

/// Reads the list: a workbook, or text.
async fn read(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    asked: &Paste,
) -> Result<ArrangedPaste, Failure> {
    let most = limits::FILE as u64 + 1;
    let mut bytes = Vec::new();
    let read = if asked.file.as_os_str() == "-" {
        std::io::stdin().lock().take(most).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(&asked.file).and_then(|file| file.take(most).read_to_end(&mut bytes))
    };
    read.map_err(|error| Failure::WrongUse(format!("the list could not be read: {error}")))?;
    let name = asked.file.to_string_lossy();
    let file = read_file(backend, actor, school, (&name, bytes)).await?;
    for sentence in &file.said {
        note(sentence);
    }
    arrange(&file.rows, asked.names.map(NameOrder::from)).map_err(wrong)
}

/// Which part of whole names comes first.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Names {
    /// Ana Berg.
    GivenFirst,
    /// Berg Ana.
    FamilyFirst,
}

impl From<Names> for NameOrder {
    fn from(names: Names) -> Self {
        match names {
            Names::GivenFirst => Self::GivenFirst,
            Names::FamilyFirst => Self::FamilyFirst,
        }
    }
}

/// The members of staff with these codes.
async fn tutors(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    codes: &[String],
) -> Result<Vec<PersonId>, Failure> {
    let mut tutors = Vec::with_capacity(codes.len());
    for code in codes {
        match person_with_key(backend, actor, school, code).await {
            Ok((Among::Staff, person)) => tutors.push(person),
            Ok(_) | Err(backend::Error::NotFound(_)) => {
                return Err(Failure::WrongUse(format!("there is no member of staff with the code {code}")));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(tutors)
}

impl PasteReport {
    fn add(&mut self, row: PastePlanRow) {
        match row.does {
            RowDoes::Create(_) | RowDoes::Account(..) => {
                let line = json!({ "username": row.username(), "key": row.number, "name": row.name });
                self.made.push(line);
            }
            RowDoes::Join(..) => self.joined += 1,
            RowDoes::Stays(..) => self.stays += 1,
            RowDoes::Waits(_) => self.waiting.push(row),
        }
    }

    fn json(&self, simulated: bool) -> Value {
        let count = |outcome: RowOutcome| match outcome {
            RowOutcome::Added => self.made.len(),
            RowOutcome::Updated => self.joined,
            RowOutcome::Unchanged => self.stays,
            RowOutcome::Rejected => self.waiting.len(),
            _ => 0,
        };
        let mut object: Map<String, Value> = RowOutcome::ALL
            .into_iter()
            .filter(|outcome| !outcome.is_rare())
            .map(|outcome| (outcome.slug().to_owned(), count(outcome).into()))
            .collect();
        let problems = self.waiting.iter().filter_map(|row| {
            let waits = row.waits()?;
            Some(json!({ "row": row.at + 1, "name": row.name, "key": row.number, "column": waits.column,
                         "code": waits.code, "message": waits.sentence }))
        });
        object.insert("problems".to_owned(), problems.collect::<Vec<_>>().into());
        object.insert("simulated".to_owned(), simulated.into());
        object.insert("batch".to_owned(), json!(self.operation));
        object.insert("group".to_owned(), json!(self.group));
        object.insert("joined".to_owned(), self.joined.into());
        object.insert("left_out".to_owned(), json!(self.left_out));
        object.insert("accounts".to_owned(), self.made.clone().into());
        Value::Object(object)
    }

    fn print(&self, simulated: bool) {
        let text = |line: &Value, field: &str| line[field].as_str().unwrap_or_default().to_owned();
        for line in &self.made {
            say!("{:<20}  {:<12}  {}", text(line, "username"), text(line, "key"), text(line, "name"));
        }
        for row in &self.waiting {
            let sentence = row.waits().map(|waits| waits.sentence.as_str()).unwrap_or_default();
            say!("Rejected: row {}, {}: {sentence}", row.at + 1, row.name);
        }
        if !self.left_out.is_empty() {
            say!("Left out: {}.", self.left_out.join(", "));
        }
        let what = if simulated { "would be created; nothing was changed" } else { "created" };
        say!(
            "{} accounts {what}. {} join with the account they have, {} are in the group already, {} rejected.",
            self.made.len(),
            self.joined,
            self.stays,
            self.waiting.len()
        );
        if let Some(operation) = self.operation {
            say!("Batch {operation}");
        }
    }
}
