//! Which part of a whole name comes first: "Li Wei" does not say. A comma or capitals say it, and so does a child of the
//! row who has the same family name. What nothing says is asked once for the file.

use std::collections::HashMap;
use std::hash::BuildHasher;

use super::fields::{CHILD, FAMILY_FIRST, FULL_NAME};
use super::names::is_ambiguous;
use crate::fold::romanise;
use crate::imports::kind::ImportDeclaration;
use crate::imports::mapping::{ColumnMatch, Mapping, MatchedBy};
use crate::imports::value;

/// A row whose name can be read in two ways: the number of its child, and the first and the last word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenName {
    /// The number of the child; empty if the row has none.
    pub child: String,
    first: String,
    last: String,
}

/// The names of a file that can be read in two ways, if nobody has chosen how they are read.
pub fn open_names(mapping: &Mapping, rows: &[Vec<String>]) -> Vec<OpenName> {
    let matched = mapping.column_of(FULL_NAME.slug);
    let is_by_name = |at: &usize| mapping.columns().get(*at).is_some_and(|of| of.by == MatchedBy::Name);
    let Some(column) = matched.filter(is_by_name) else { return Vec::new() };
    let child = mapping.column_of(CHILD.slug);
    let names = rows.iter().filter_map(|row| {
        let name = value::meant(row.get(column)?);
        let words: Vec<&str> = name.split_whitespace().collect();
        let (first, last) = (words.first()?, words.last()?);
        is_ambiguous(&name).then(|| OpenName {
            child: child
                .and_then(|at| row.get(at))
                .map_or(String::new(), |cell| value::meant(cell).into_owned()),
            first: romanise(first),
            last: romanise(last),
        })
    });
    names.collect()
}

/// What the family names of the children say about the order of names, by the children's numbers.
pub fn decided<S: BuildHasher>(
    kind: &ImportDeclaration,
    mapping: Mapping,
    names: &[OpenName],
    families: &HashMap<String, String, S>,
) -> Mapping {
    let Some(column) = mapping.column_of(FULL_NAME.slug).filter(|_| !names.is_empty()) else {
        return mapping;
    };
    let (mut first, mut last) = (0, 0);
    for name in names {
        let Some(family) = families.get(&name.child).map(|family| romanise(family)) else { continue };
        let ends_with = |word: &str| family == word || family.split([' ', '-']).any(|part| part == word);
        first += usize::from(ends_with(&name.first));
        last += usize::from(ends_with(&name.last));
    }
    let matched = match () {
        () if last > first => return mapping,
        () if first > last => ColumnMatch::of(kind.field(FAMILY_FIRST.slug), MatchedBy::Guess),
        () => ColumnMatch::rival(&FULL_NAME, MatchedBy::Contested),
    };
    let mut columns: Vec<ColumnMatch> = mapping.columns().to_vec();
    if let Some(of) = columns.get_mut(column) {
        *of = matched;
    }
    Mapping::try_from(columns).unwrap_or(mapping)
}

/// Whether a file is asked which part of its names comes first.
pub fn is_asked(mapping: &Mapping) -> bool {
    let asks = |column: &ColumnMatch| {
        column.by == MatchedBy::Contested
            && column.undecided().is_some_and(|of| of.as_str() == FULL_NAME.slug)
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
}
