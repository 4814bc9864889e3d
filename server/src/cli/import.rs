//! `greencap import KIND FILE`.

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

use backend::Backend;
use backend::imports::{commit, dates, discard, map, settle, simulate, stage};
use clap::Args;
use clap::builder::PossibleValuesParser;
use domain::authorization::actor::Actor;
use domain::imports::dates::DateOrder;
use domain::imports::dates::evidence::DateQuestion;
use domain::imports::encoding::TextEncoding;
use domain::imports::fault::TableFault;
use domain::imports::held::HeldDecision;
use domain::imports::kind::{ImportDeclaration, KindSlug};
use domain::imports::reading::{Certainty, FileReading, ReadOptions};
use domain::imports::views::{CommitOutcome, ImportView};
use domain::roll::school::SchoolCode;
use domain::rooms;

use super::out::say;
use super::{ExitStatus, Failure};

mod columns;
mod meanings;
pub(super) mod report;
mod told;

use self::columns::mapping;
use self::report::{create_log, report, write_log};

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of the command")]
pub(super) struct ImportCommand {
    /// The kind of list in the file, such as `students`. `oneroster` imports students, staff, guardians, teaching groups
    /// and tutors of an export, one after the other.
    #[arg(value_parser = PossibleValuesParser::new(rooms::IMPORTS.iter().map(|kind| kind.slug).chain([EXPORT])))]
    kind: String,
    /// The file.
    file: PathBuf,
    /// The school's code.
    #[arg(long)]
    school: SchoolCode,
    /// Say what would happen without changing anything.
    #[arg(long)]
    simulate: bool,
    /// Match a field to a column, such as `email=Mail` or, by its number, `email=#3`; `FIELD=` leaves the field out.
    /// Other columns are matched by name, or as in the last import of this kind. Columns that can only be guessed are
    /// left out.
    #[arg(long = "map", value_name = "FIELD=COLUMN")]
    maps: Vec<String>,
    /// The order of day, month and year in dates such as 03/04/2012, if the file does not show it: `dmy`, `mdy` or `ymd`.
    #[arg(long, value_name = "ORDER", value_parser = PossibleValuesParser::new(DateOrder::ALL.map(DateOrder::slug)))]
    dates: Option<String>,
    /// Say what a value of a deciding column means, such as `status:Active=current`: `current`, `left` (imported only
    /// with an end date that is over) or `skip`. Values that are not known must be given.
    #[arg(long = "means", value_name = "FIELD:VALUE=MEANING")]
    means: Vec<String>,
    /// The encoding of a text file, such as windows-1250. Detected if not given; a guess is refused.
    #[arg(long, value_name = "NAME")]
    encoding: Option<TextEncoding>,
    /// The sheet of a workbook to read, by name.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// The number of the row with the column names, or 0 if no row has any. Found if not given.
    #[arg(long, value_name = "N")]
    header_row: Option<u32>,
    /// Whether the cells of a workbook that are merged with the cell above get its value.
    #[arg(long, value_name = "BOOL")]
    fill_merged: Option<bool>,
    /// Accept what rows that are held back propose: confirm changed addresses of accounts, and take the person that a
    /// row is about if only one is possible. A row whose number says one person and whose name another stays held.
    #[arg(long)]
    accept_held: bool,
    /// Import the file even if it ends more of the school's records than the organisation allows.
    #[arg(long)]
    accept_endings: bool,
    /// Write one JSON object per row to this file.
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// How often a plan is made again if others change something meanwhile.
const ATTEMPTS: usize = 5;

/// What an export of a whole school is called instead of a kind.
const EXPORT: &str = "oneroster";

/// The kinds that such an export has, each after those that it refers to.
const IN_EXPORT: [&str; 5] = ["students", "staff", "contacts", "memberships", "tutors"];

pub(super) async fn run(asked: ImportCommand) -> Result<ExitStatus, Failure> {
    let mut log = asked.log.as_deref().map(create_log).transpose()?;
    let slugs = if asked.kind == EXPORT { IN_EXPORT.to_vec() } else { vec![asked.kind.as_str()] };
    let mut status = ExitStatus::Done;
    for slug in slugs {
        let kind = rooms::import(slug)
            .ok_or_else(|| Failure::WrongUse(format!("there is no kind of import {slug}")))?;
        if run_kind(&asked, kind, log.as_mut()).await? == ExitStatus::DoneWithRejected {
            status = ExitStatus::DoneWithRejected;
        }
    }
    Ok(status)
}

/// Imports the rows of one kind.
async fn run_kind(
    asked: &ImportCommand,
    kind: &'static ImportDeclaration,
    log: Option<&mut BufWriter<File>>,
) -> Result<ExitStatus, Failure> {
    let unreadable = |error: std::io::Error| {
        Failure::WrongUse(format!("{} cannot be read: {error}", asked.file.display()))
    };
    let file = std::fs::read(&asked.file).map_err(unreadable)?;
    let backend = super::open::backend().await?;
    let (actor, school) = super::school::find(&backend, kind.permission, &asked.school).await?;
    let name = asked.file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let options = ReadOptions {
        encoding: asked.encoding,
        header_row: asked.header_row,
        fill_merged: asked.fill_merged,
        sheet: None,
    };
    let file = stage::ImportFile {
        kind: KindSlug::from(kind),
        school: school.school,
        name,
        bytes: file,
        options: options.with_sheet(asked.sheet.as_deref().unwrap_or_default()),
        read_before: None,
    };
    let staged = match stage::stage_as(&backend, &actor, file).await {
        // An export need not have everything that it could have.
        Err(backend::Error::Import(problem))
            if asked.kind == EXPORT && problem.code() == TableFault::NoRows.code() =>
        {
            if !asked.json {
                say!("The export has no {}.", kind.many);
            }
            return Ok(ExitStatus::Done);
        }
        staged => staged?,
    };
    let carried_out = async {
        no_questions(&staged.reading)?;
        carry_out(&backend, &actor, kind, &staged, asked).await
    };
    let ended = match carried_out.await {
        Ok(ended) => ended,
        Err(failure) => {
            // The staged file is of no use any more; what matters to the caller is why it failed.
            let _ = discard::discard(&backend, &actor, staged.id).await;
            return Err(failure);
        }
    };
    if let Some(log) = log {
        write_log(&backend, &actor, kind, &ended, log).await?;
    }
    report(&backend, &actor, kind, &staged, &ended, asked).await
}

/// Refuses what a person would be asked: a command takes no guess.
fn no_questions(reading: &FileReading) -> Result<(), Failure> {
    let questions = reading.questions();
    if questions.is_empty() {
        return Ok(());
    }
    let encoding = reading.text.as_ref().filter(|text| text.certainty == Certainty::Guess);
    let say = match encoding {
        Some(text) => {
            format!("If they are right, run the command again with --encoding {}.", text.encoding.slug())
        }
        None if reading.asks_about_merged() => {
            "Say it with --fill-merged true or --fill-merged false.".to_owned()
        }
        None => "Say which one with --sheet NAME.".to_owned(),
    };
    Err(Failure::WrongUse(format!("{} {say}", questions.join(" "))))
}

/// Matches columns, simulates, and commits unless only a simulation was asked for.
async fn carry_out(
    backend: &Backend,
    actor: &Actor,
    kind: &'static ImportDeclaration,
    staged: &ImportView,
    asked: &ImportCommand,
) -> Result<ImportView, Failure> {
    let mapping = mapping(kind, staged, &asked.maps)?;
    told::refuse_open_questions(kind, staged, &mapping)?;
    let mapped = map::map(backend, actor, staged.id, mapping).await?;
    let mapped = meanings::decide(backend, actor, kind, mapped, &asked.means).await?;
    meanings::refuse_open(&mapped)?;
    let order = asked.dates.as_deref().and_then(DateOrder::from_slug);
    let matched = dates::choose(backend, actor, staged.id, order).await?;
    if let Some(question) = matched.date_question(kind) {
        return Err(Failure::WrongUse(which_order(&question)));
    }
    let mut checked = simulate::simulate(backend, actor, staged.id).await?;
    if asked.accept_held {
        checked = accept_held(backend, actor, checked).await?;
    }
    if asked.simulate {
        return Ok(checked);
    }
    for _ in 0..ATTEMPTS {
        told::refuse_endings(kind, &checked, asked.accept_endings)?;
        let Some(plan) = checked.plan else { break };
        match commit::commit(backend, actor, checked.id, plan).await? {
            CommitOutcome::Done { import } => return Ok(import),
            CommitOutcome::Drifted { import, .. } => checked = import,
            // The operator's commands run here.
            CommitOutcome::Queued { .. } | CommitOutcome::Waits => break,
        }
    }
    Err(Failure::Failed("the records keep changing; nothing was imported, try again".to_owned()))
}

/// Asks for the order of the dates.
fn which_order(question: &DateQuestion) -> String {
    let options: Vec<String> = question
        .choices
        .iter()
        .map(|order| format!("--dates {} ({})", order.slug(), order.words()))
        .collect();
    format!(
        "the file does not show how its dates are written. {} Say {}.",
        question.words(),
        options.join(" or ")
    )
}

/// Accepts what held rows propose. Who is known only then may have another address, which is a second question.
async fn accept_held(backend: &Backend, actor: &Actor, checked: ImportView) -> Result<ImportView, Failure> {
    let mut checked = checked;
    loop {
        let (held, decided) = (checked.counts.map_or(0, |counts| counts.waiting()), checked.decided);
        if held == 0 {
            return Ok(checked);
        }
        checked = settle::settle(backend, actor, checked.id, HeldDecision::Proposals).await?;
        if checked.decided == decided {
            return Ok(checked);
        }
    }
}
