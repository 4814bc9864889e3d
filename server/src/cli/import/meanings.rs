//! Columns that decide whether a row is imported: what `--means` says, and what is still to be said.

use crate::cli::out::say;
use backend::Backend;
use backend::imports::decide;
use domain::authorization::actor::Actor;
use domain::imports::deciding::{ChosenMeaning, Meaning};
use domain::imports::kind::ImportDeclaration;
use domain::imports::mapping::FieldSlug;
use domain::imports::views::ImportView;
use domain::imports::words::rows;

use crate::cli::Failure;

/// Takes the options `--means`.
pub(super) async fn decide(
    backend: &Backend,
    actor: &Actor,
    kind: &'static ImportDeclaration,
    mapped: ImportView,
    means: &[String],
) -> Result<ImportView, Failure> {
    if means.is_empty() {
        return Ok(mapped);
    }
    let chosen: Result<Vec<ChosenMeaning>, Failure> = means.iter().map(|text| chosen(kind, text)).collect();
    Ok(decide::decide(backend, actor, mapped.id, &chosen?).await?)
}

fn chosen(kind: &'static ImportDeclaration, option: &str) -> Result<ChosenMeaning, Failure> {
    let wrong = |why: String| Failure::WrongUse(format!("--means {option}: {why}"));
    let parts = option.split_once(':').and_then(|(field, rest)| Some((field, rest.rsplit_once('=')?)));
    let Some((field, (text, meaning))) = parts else {
        return Err(wrong("write it as FIELD:VALUE=MEANING, such as status:Active=current".to_owned()));
    };
    let deciding: Vec<_> = kind.fields.iter().filter(|field| field.deciding().is_some()).collect();
    let Some(field) = deciding.iter().find(|of| of.slug == field.trim()) else {
        let slugs: Vec<&str> = deciding.iter().map(|field| field.slug).collect();
        return Err(wrong(format!("the fields that decide are {}", slugs.join(", "))));
    };
    let meaning = Meaning::from_slug(meaning.trim())
        .ok_or_else(|| wrong("the meanings are current, left and skip".to_owned()))?;
    Ok(ChosenMeaning { field: FieldSlug::from(*field), text: text.trim().to_owned(), meaning })
}

/// Refuses if a value has no meaning yet, and gives the options that say it.
pub(super) fn refuse_open(mapped: &ImportView) -> Result<(), Failure> {
    let mut lines = Vec::new();
    for decision in &mapped.decisions {
        for value in decision.open() {
            let quoted = value.text.replace('\'', "'\\''");
            lines.push(format!(
                "The column {} decides which rows are imported, but it isn\u{2019}t known what {} means. Add --means '{}:{quoted}=current', \u{2026}=left or \u{2026}=skip",
                decision.header,
                if value.text.is_empty() { "an empty cell".to_owned() } else { format!("\u{201c}{}\u{201d}", value.text) },
                decision.field.as_str(),
            ));
        }
    }
    if lines.is_empty() { Ok(()) } else { Err(Failure::WrongUse(lines.join("\n"))) }
}

/// Says what each value was taken to mean.
pub(super) fn print(kind: &ImportDeclaration, ended: &ImportView) {
    for decision in &ended.decisions {
        for value in &decision.values {
            let meaning = match value.meaning {
                Some(Meaning::Current) => format!("current {}", kind.one),
                Some(Meaning::Left) => "left; imported only with an end date that is over".to_owned(),
                Some(Meaning::Skip) | None => "skipped".to_owned(),
            };
            let text = if value.text.is_empty() { "(empty)" } else { &value.text };
            say!("{}: {text}, {}: {meaning}", decision.header, rows(value.rows));
        }
    }
}
