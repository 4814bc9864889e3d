//! Which part of a whole name comes first: "Li Wei" does not say. A comma or capitals say it, and so does a child of the
//! row who has the same family name. What nothing says is asked once for the file.

use std::collections::HashMap;
use std::hash::BuildHasher;

use super::fields::{CHILD, CHILD_FAMILY, FAMILY_FIRST, FULL_NAME};
use super::names::is_ambiguous;
use crate::fold::romanise;
use crate::imports::kind::{ImportDeclaration, ImportField};
use crate::imports::mapping::{ColumnMatch, Mapping, MatchedBy};
use crate::imports::value;

/// A name that can be read in two ways: the first and the last word, and what the row says of its child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenName {
    /// The number of the first child, without zeros in front; empty if the row has none.
    pub child: String,
    /// The family name of the child, if the row has it.
    family: String,
    first: String,
    last: String,
}

/// The first number of a cell, without the zeros that a spreadsheet may have taken from it.
fn first_number(cell: &str) -> String {
    let first = cell.split([',', ';', '|', '\n']).next().unwrap_or_default();
    first.trim().trim_start_matches('0').to_owned()
}

/// Whether a field is the whole name of an adult of any group of columns.
fn is_whole_name(field: &str) -> bool {
    field.contains(FULL_NAME.slug)
}

/// Whether a field is a whole name of which somebody said that the family name stands first.
fn is_family_first(field: &str) -> bool {
    field.contains(FAMILY_FIRST.slug)
}

/// The columns with whole names of adults, told by their names.
fn whole_names(mapping: &Mapping) -> Vec<usize> {
    let is_open = |column: &ColumnMatch| {
        let field = column.field.as_ref().filter(|_| column.by == MatchedBy::Name);
        field.is_some_and(|field| is_whole_name(field.as_str()))
    };
    let columns = mapping.columns().iter().enumerate();
    columns.filter(|(_, column)| is_open(column)).map(|(at, _)| at).collect()
}

/// The names of a file that can be read in two ways, if nobody has chosen how they are read. All adults of a file are
/// written in one way.
pub fn open_names(mapping: &Mapping, rows: &[Vec<String>]) -> Vec<OpenName> {
    let is_chosen = |column: &ColumnMatch| {
        let field = column.field.as_ref().map_or("", |field| field.as_str());
        is_family_first(field) || (is_whole_name(field) && column.by != MatchedBy::Name)
    };
    if mapping.columns().iter().any(is_chosen) {
        return Vec::new();
    }
    let columns = whole_names(mapping);
    let (child, family) = (mapping.column_of(CHILD.slug), mapping.column_of(CHILD_FAMILY.slug));
    let names = rows.iter().flat_map(|row| {
        columns.iter().filter_map(move |column| {
            let name = value::meant(row.get(*column)?);
            let words: Vec<&str> = name.split_whitespace().collect();
            let (first, last) = (words.first()?, words.last()?);
            let cell = |at: Option<usize>| {
                at.and_then(|at| row.get(at)).map_or(String::new(), |cell| value::meant(cell).into_owned())
            };
            is_ambiguous(&name).then(|| OpenName {
                child: first_number(&cell(child)),
                family: romanise(&cell(family)),
                first: romanise(first),
                last: romanise(last),
            })
        })
    });
    names.collect()
}

/// What the family names of the children say about the order of names: those of the file, or else by the children's
/// numbers.
pub fn decided<S: BuildHasher>(
    kind: &ImportDeclaration,
    mapping: Mapping,
    names: &[OpenName],
    families: &HashMap<String, String, S>,
) -> Mapping {
    let columns = whole_names(&mapping);
    let Some(first_column) = columns.first().filter(|_| !names.is_empty()) else { return mapping };
    let (mut first, mut last) = (0, 0);
    for name in names {
        let known = families.get(&name.child).map(|family| romanise(family));
        let Some(family) = Some(name.family.clone()).filter(|family| !family.is_empty()).or(known) else {
            continue;
        };
        let ends_with = |word: &str| family == word || family.split([' ', '-']).any(|part| part == word);
        first += usize::from(ends_with(&name.first));
        last += usize::from(ends_with(&name.last));
    }
    if last > first {
        return mapping;
    }
    let is_turned = first > last;
    let mut matched: Vec<ColumnMatch> = mapping.columns().to_vec();
    for column in &columns {
        // What nothing says is asked once, of the first column; the others follow it.
        if let Some(of) = matched.get_mut(*column).filter(|_| is_turned || column == first_column)
            && let Some(field) = of.field.as_ref().and_then(|field| kind.field(field.as_str()))
        {
            *of = if is_turned {
                ColumnMatch::of(turned(kind, field), MatchedBy::Guess)
            } else {
                ColumnMatch::rival(field, MatchedBy::Contested)
            };
        }
    }
    Mapping::try_from(matched).unwrap_or(mapping)
}

/// The field of the same adult's whole name with the family name first.
fn turned(kind: &ImportDeclaration, field: &ImportField) -> Option<&'static ImportField> {
    kind.field(&field.slug.replace(FULL_NAME.slug, FAMILY_FIRST.slug))
}

/// Whether a file is asked which part of its names comes first.
pub fn is_asked(mapping: &Mapping) -> bool {
    let asks = |column: &ColumnMatch| {
        column.by == MatchedBy::Contested && column.undecided().is_some_and(|of| is_whole_name(of.as_str()))
    };
    mapping.columns().iter().filter(|column| asks(column)).count() == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guardians::import::CONTACTS;

    // C46
    #[test]
    fn the_order_of_names_is_told_by_the_children_or_asked_once() {
        let headers = ["child_id", "guardian_name"].map(str::to_owned);
        let mapping = || Mapping::automatic(&CONTACTS, &headers, None);
        let family = HashMap::from([("A1".to_owned(), "Wei".to_owned()), ("A2".to_owned(), "Li".to_owned())]);
        for (child, name, field, asks) in [
            ("A1", "Li Wei", Some("full_name"), false),
            ("A2", "Li Wei", Some("family_name_first"), false),
            ("A3", "Li Wei", None, true),
            ("A3", "Wei, Li", Some("full_name"), false),
            ("A3", "LI Wei", Some("full_name"), false),
            ("A3", "Cher", Some("full_name"), false),
        ] {
            let rows = [vec![child.to_owned(), name.to_owned()]];
            let names = open_names(&mapping(), &rows);
            let decided = decided(&CONTACTS, mapping(), &names, &family);
            let matched = decided.columns()[1].field.as_ref().map(|field| field.as_str().to_owned());
            assert_eq!((matched.as_deref(), is_asked(&decided)), (field, asks), "{child} {name}");
        }
    }

    // The class lists of a public service for vaccinations have the parents' whole names in groups (NHSDigital,
    // manage-vaccinations-in-schools, app/models/class_import_row.rb).
    #[test]
    fn names_in_groups_of_columns_are_told_by_the_children_of_the_file_or_asked_once() {
        let headers =
            ["CHILD_LAST_NAME", "CHILD_DATE_OF_BIRTH", "PARENT_1_NAME", "PARENT_2_NAME"].map(str::to_owned);
        let fields = |family: &str, first: &str, second: &str| {
            let mapping = Mapping::automatic(&CONTACTS, &headers, None);
            let rows = [vec![family.to_owned(), String::new(), first.to_owned(), second.to_owned()]];
            let names = open_names(&mapping, &rows);
            let decided = decided(&CONTACTS, mapping, &names, &HashMap::<String, String>::new());
            let field =
                |at: usize| decided.columns()[at].field.as_ref().map(|field| field.as_str().to_owned());
            (field(2).unwrap_or_default(), field(3).unwrap_or_default(), is_asked(&decided))
        };
        let of = |first: &str, second: &str, asks| (first.to_owned(), second.to_owned(), asks);
        assert_eq!(fields("Varga", "", "Piotr Varga"), of("full_name", "full_name_2", false));
        assert_eq!(fields("Varga", "Varga Mara", ""), of("family_name_first", "family_name_first_2", false));
        assert_eq!(fields("Lind", "Li Wei", "Mara Varga"), of("", "full_name_2", true));
    }
}
