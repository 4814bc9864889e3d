//! What the command says about columns: which it must be told about, and which it leaves out.

use crate::cli::out::say;
use domain::imports::kind::ImportDeclaration;
use domain::imports::mapping::{FieldSlug, LeftOut, Mapping};
use domain::imports::reading::NAME_ORDER;
use domain::imports::required::FieldRequirement;
use domain::imports::views::{ColumnView, ImportView};
use serde_json::{Value, json};

use crate::cli::Failure;

/// Refuses if a field could be in several columns, or if a required field has none, and gives the options that
/// answer it.
pub(super) fn refuse_open_questions(
    kind: &ImportDeclaration,
    staged: &ImportView,
    mapping: &Mapping,
) -> Result<(), Failure> {
    let headers: Vec<String> = staged.columns.iter().map(|column| column.header.clone()).collect();
    let questions = mapping.open_questions(kind, &headers);
    if questions.is_empty() {
        return Ok(());
    }
    let mut lines: Vec<String> = questions.0.into_iter().map(|question| question.message).collect();
    if staged.reading.asks_name_order {
        lines.push(NAME_ORDER.to_owned());
    }
    for (field, columns) in mapping.contested() {
        let mut options: Vec<String> =
            columns.iter().map(|at| map_option(field.as_str(), &headers, *at)).collect();
        if staged.reading.asks_name_order && field.as_str().contains("full_name") {
            let turned = field.as_str().replace("full_name", "family_name_first");
            options.extend(columns.iter().map(|at| map_option(&turned, &headers, *at)));
        }
        lines.push(format!("Add {} or, to leave it out, --map {}=", options.join(" or "), field.as_str()));
    }
    let guessed = staged.columns.iter().enumerate().filter_map(|(at, column)| {
        let field = guess(column).filter(|field| mapping.column_of(field.as_str()).is_none())?;
        let is_needed = kind.needs.iter().any(|need| need.any_of.contains(&field.as_str()));
        is_needed
            .then(|| format!("If this column is right, add {}", map_option(field.as_str(), &headers, at)))
    });
    lines.extend(guessed);
    Err(Failure::WrongUse(lines.join("\n")))
}

/// The field that a column was only guessed to be.
fn guess(column: &ColumnView) -> Option<&FieldSlug> {
    use domain::imports::mapping::MatchedBy::Guess;
    let goes_to = &column.goes_to;
    goes_to.field.as_ref().or(goes_to.rival.as_ref()).filter(|_| goes_to.by == Guess)
}

/// The option that matches a field to a column: by its name, or by its number if others have the same name.
fn map_option(field: &str, headers: &[String], at: usize) -> String {
    let name = headers.get(at).map_or("", String::as_str);
    let is_plain = !name.is_empty() && headers.iter().filter(|header| *header == name).count() == 1;
    let column = if is_plain { name.replace('\'', "'\\''") } else { format!("#{}", at + 1) };
    format!("--map '{field}={column}'")
}

/// The fields that a file usually has, and this one does not.
pub(super) fn not_in_file(kind: &ImportDeclaration, ended: &ImportView) -> Vec<&'static FieldRequirement> {
    let has = |slug: &str| {
        ended
            .columns
            .iter()
            .any(|column| column.goes_to.field.as_ref().is_some_and(|field| field.as_str() == slug))
    };
    kind.lacking(has)
}

/// Says what the file does not have, and how to give the column if it does.
pub(super) fn print_not_in_file(kind: &ImportDeclaration, ended: &ImportView) {
    for expected in not_in_file(kind, ended) {
        let options: Vec<String> =
            expected.any_of.iter().map(|slug| format!("--map {slug}=COLUMN")).collect();
        say!("{} Say which one with {}.", expected.message, options.join(" or "));
    }
}

/// Says which columns are left out, and why if it was not by choice.
pub(super) fn print_left_out(kind: &ImportDeclaration, staged: &ImportView, ended: &ImportView) {
    let headers: Vec<String> = staged.columns.iter().map(|column| column.header.clone()).collect();
    for (at, (before, after)) in staged.columns.iter().zip(&ended.columns).enumerate() {
        if after.goes_to.field.is_some() {
            continue;
        }
        let name =
            if before.header.is_empty() { format!("column {}", at + 1) } else { before.header.clone() };
        let why = match (guess(before), before.goes_to.why, &before.goes_to.rival) {
            (Some(field), ..) => {
                format!(
                    "it may be {}; to import it, add {}",
                    kind.label(field.as_str()),
                    map_option(field.as_str(), &headers, at)
                )
            }
            (_, Some(LeftOut::Secret), _) => {
                "it may hold passwords, rights or ID numbers; its values were not read; if it is something else, give it another name in the file"
                    .to_owned()
            }
            (_, Some(LeftOut::Beyond), _) => {
                "a row can have 12 numbered adults; give the others rows of their own".to_owned()
            }
            (_, Some(LeftOut::Others), _) => "it is about someone or something else".to_owned(),
            (_, Some(LeftOut::InParts), _) => "the parts of the name have their own columns".to_owned(),
            (_, _, Some(rival)) => format!("another column is {}", kind.label(rival.as_str())),
            _ => "it is no field that can be imported".to_owned(),
        };
        say!("Left out: {name} ({why})");
    }
}

/// What became of each column, for scripts.
pub(super) fn columns(staged: &ImportView, ended: &ImportView) -> Value {
    let columns = staged.columns.iter().zip(&ended.columns).map(|(before, after)| {
        json!({
            "header": before.header,
            "field": after.goes_to.field,
            "matched": after.goes_to.field.as_ref().map(|_| after.goes_to.by),
            "guess": guess(before),
            "left_out": before.goes_to.why,
        })
    });
    columns.collect()
}

/// Refuses a file that ends more than the organisation allows, unless the operator says that it is the right one.
pub(super) fn refuse_endings(
    kind: &ImportDeclaration,
    checked: &ImportView,
    accepted: bool,
) -> Result<(), Failure> {
    match checked.findings.guarded.filter(|_| !accepted) {
        Some(guarded) => Err(Failure::WrongUse(format!(
            "{} If it is the right file, run the command again with --accept-endings.",
            guarded.share(kind)
        ))),
        None => Ok(()),
    }
}
