//! Which column is which field: the option `--map`.

use domain::imports::kind::{ImportDeclaration, header_key};
use domain::imports::mapping::Mapping;
use domain::imports::views::ImportView;

use crate::cli::Failure;

/// The file's mapping, with the options `--map` applied.
pub(super) fn mapping(
    kind: &'static ImportDeclaration,
    staged: &ImportView,
    maps: &[String],
) -> Result<Mapping, Failure> {
    let headers: Vec<String> = staged.columns.iter().map(|column| column.header.clone()).collect();
    let columns: Vec<_> = staged.columns.iter().map(|column| column.goes_to.clone()).collect();
    let mut mapping = Mapping::try_from(columns).map_err(Failure::Failed)?.without_guesses();
    for text in maps {
        let wrong = |why: String| Failure::WrongUse(format!("--map {text}: {why}"));
        let (field, column) = text
            .split_once('=')
            .ok_or_else(|| wrong("write it as FIELD=COLUMN, such as email=Mail".to_owned()))?;
        let field = kind.field(field.trim()).or_else(|| kind.usual(field)).ok_or_else(|| {
            let fields: Vec<&str> = kind.fields.iter().map(|field| field.slug).collect();
            wrong(format!("the fields are {}", fields.join(", ")))
        })?;
        if column.trim().is_empty() {
            mapping.release(field);
            continue;
        }
        mapping.assign(find_column(&headers, column).map_err(wrong)?, field);
    }
    Ok(mapping)
}

/// Finds a column by its exact name, or else regardless of case and spelling.
fn find_column(headers: &[String], wanted: &str) -> Result<usize, String> {
    let exact: Vec<usize> = (0..headers.len()).filter(|at| headers[*at] == wanted.trim()).collect();
    let key = header_key(wanted);
    let alike: Vec<usize> =
        (0..headers.len()).filter(|at| !key.is_empty() && header_key(&headers[*at]) == key).collect();
    let number = wanted.trim().strip_prefix('#').and_then(|number| number.parse::<usize>().ok());
    if let Some(number) = number.filter(|number| exact.is_empty() && (1..=headers.len()).contains(number)) {
        return Ok(number - 1);
    }
    match (exact.as_slice(), alike.as_slice()) {
        ([one], _) | ([], [one]) => Ok(*one),
        ([], []) => Err(format!("the file has no such column; it has {}", headers.join(", "))),
        _ => {
            Err("the file has several columns of this name; give the column by its number, such as #3"
                .to_owned())
        }
    }
}
