//! What the command says at its end, and the file with the log.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use backend::Backend;
use backend::imports::log;
use domain::authorization::actor::Actor;
use domain::imports::about::source_values;
use domain::imports::held_words;
use domain::imports::kind::ImportDeclaration;
use domain::imports::note::CHANGED;
use domain::imports::outcome::{LEFT_OUT, LogFilter, RowOutcome};
use domain::imports::views::{ImportView, NamedLogLine};
use domain::imports::words;
use domain::when::long_day;
use serde_json::{Map, Value, json};

use super::{ImportCommand, meanings, told};
use crate::cli::out::say;
use crate::cli::{ExitStatus, Failure};

/// The number of log lines read at a time.
const LOG_PART: u16 = 2000;

/// The most rows shown on the terminal that are held back, rejected, or have a field left out; the log has all of them.
const TOLD: u16 = 20;

/// Creates the file for the log.
pub(in crate::cli) fn create_log(path: &Path) -> Result<BufWriter<File>, Failure> {
    File::create(path)
        .map(BufWriter::new)
        .map_err(|error| Failure::WrongUse(format!("{} cannot be written: {error}", path.display())))
}

/// Writes one JSON object per row.
pub(super) async fn write_log(
    backend: &Backend,
    actor: &Actor,
    kind: &ImportDeclaration,
    file: &ImportView,
    log: &mut BufWriter<File>,
) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        Failure::Failed(format!(
            "the log could not be written: {error}; it is stored with the import {}",
            file.id
        ))
    };
    let mut next = Some(0);
    while let Some(after) = next {
        let page = log::page(backend, actor, file.id, None, after, LOG_PART).await?;
        for named in &page.lines {
            serde_json::to_writer(&mut *log, &logged(kind, file, named))
                .map_err(|error| failed(error.into()))?;
            log.write_all(b"\n").map_err(failed)?;
        }
        next = page.next;
    }
    log.flush().map_err(failed)
}

/// Formats a log line for scripts.
fn logged(kind: &ImportDeclaration, file: &ImportView, named: &NamedLogLine) -> Value {
    let line = &named.line;
    let changes: Vec<Value> = line
        .line
        .notes
        .iter()
        .filter(|note| note.code == CHANGED)
        .map(|note| json!({ "field": note.get("field"), "old": note.get("old"), "new": note.get("new") }))
        .collect();
    let mut object = json!({
        "file": file.file_name,
        "sheet": file.reading.sheet.as_ref().map(|sheet| &sheet.name),
        "kind": kind.slug,
        "name": named.name,
        "changes": changes,
        "row": line.row,
        "outcome": line.line.outcome,
        "code": line.line.code,
        "message": words::line(kind, &line.line),
        "key": line.key,
    });
    if let Some(people) = &named.people {
        object["child"] = json!(people.child);
        object["adult"] = json!(people.adults.join("; "));
    }
    let values = source_values(&line.line.notes).into_iter();
    let values: Vec<Value> = values.map(|(field, value)| json!({ "field": field, "value": value })).collect();
    object["source_values"] = json!(values);
    if let Some(held) = &line.line.held {
        object["held"] = json!(held);
    }
    object
}

/// Says what became of the file, and ends with a status that tells whether a row needs a person.
pub(super) async fn report(
    backend: &Backend,
    actor: &Actor,
    kind: &ImportDeclaration,
    staged: &ImportView,
    ended: &ImportView,
    asked: &ImportCommand,
) -> Result<ExitStatus, Failure> {
    let counts = ended.counts.unwrap_or_default();
    if asked.json {
        let mut object: Map<String, Value> = RowOutcome::ALL
            .into_iter()
            .map(|outcome| (outcome.slug().to_owned(), counts.shown(outcome.into()).into()))
            .collect();
        object.insert(LEFT_OUT.to_owned(), counts.left_out.into());
        object.insert("ended".to_owned(), counts.ended.into());
        object.insert("fixed".to_owned(), counts.fixed.into());
        object.insert("address_held".to_owned(), counts.address_held.into());
        object.insert("only_new_keys".to_owned(), ended.findings.has_only_new_keys(&counts).into());
        object.insert("rows".to_owned(), ended.row_count.into());
        let dates = ended.dates_read(kind).map(|(order, ..)| order.slug());
        object.insert("dates".to_owned(), json!(dates));
        object.insert("simulated".to_owned(), asked.simulate.into());
        object.insert("batch".to_owned(), json!(ended.id));
        let lacking: Vec<&str> =
            told::not_in_file(kind, ended).iter().filter_map(|of| of.any_of.first().copied()).collect();
        object.insert("not_in_file".to_owned(), json!(lacking));
        object.insert("columns".to_owned(), told::columns(staged, ended));
        object.insert("decisions".to_owned(), json!(ended.decisions));
        object.insert("encoding".to_owned(), json!(ended.reading.text.as_ref().map(|text| text.encoding)));
        object.insert("sheet".to_owned(), json!(ended.reading.sheet.as_ref().map(|sheet| &sheet.name)));
        object.insert("doubted".to_owned(), ended.findings.doubted.into());
        object.insert("export".to_owned(), json!(ended.reading.export));
        object.insert("header_row".to_owned(), json!(ended.reading.header_row));
        object.insert("hidden_rows".to_owned(), json!(ended.reading.hidden_rows));
        say!("{}", Value::Object(object));
    } else {
        say!("{}, {}", ended.file_name, words::rows(ended.row_count));
        for note in ended.reading.notes() {
            say!("{note}");
        }
        told::print_not_in_file(kind, ended);
        told::print_left_out(kind, staged, ended);
        meanings::print(kind, ended);
        for outcome in RowOutcome::ALL {
            say!("{:>8}  {}", counts.shown(outcome.into()), outcome.label());
        }
        say!("{}", counts.sum());
        if counts.fixed > 0 {
            say!("Fixed after they were sent back: {}.", words::rows(counts.fixed));
        }
        if let Some((order, example, day)) = ended.dates_read(kind) {
            say!("Dates are read as {}: {example} is {}.", order.words(), long_day(day));
        }
        if let Some(doubt) = ended.findings.doubt(&counts) {
            say!("{doubt} Say which column it is with --map FIELD=COLUMN.");
        }
        if let Some(guarded) = ended.findings.guarded {
            say!("{}", guarded.share(kind));
        }
        if ended.findings.has_only_new_keys(&counts) {
            say!("{}", held_words::only_new_keys(kind));
        }
        let filters = [RowOutcome::History, RowOutcome::Held, RowOutcome::Rejected].map(LogFilter::from);
        for filter in filters.into_iter().chain([LogFilter::LeftOut]) {
            let told = log::page(backend, actor, ended.id, Some(filter), 0, TOLD).await?;
            for named in &told.lines {
                say!("Row {}: {}", named.line.row, words::line(kind, &named.line.line));
            }
            if told.next.is_some() {
                say!("There are more such rows. Use --log FILE to write the whole log to a file.");
            }
        }
        if counts.waiting() > 0 {
            say!(
                "Decide about the rows that are held back on the page Import, or accept what they propose with --accept-held."
            );
        }
        if asked.simulate {
            say!("This was a simulation. Nothing was changed.");
        }
    }
    Ok(if counts.rejected + counts.waiting() > 0 { ExitStatus::DoneWithRejected } else { ExitStatus::Done })
}
