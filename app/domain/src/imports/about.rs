//! Whom a row of a file about families is about, as the file says it: the log names the student and every adult.

use super::kind::ImportDeclaration;
use super::mapping::Mapping;
use super::note::Note;
use super::value;

/// The student and the adults of a row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowPeople {
    /// The student's number, or what else the row has of them.
    pub child: String,
    /// The names of the adults, or their keys.
    pub adults: Vec<String>,
}

/// The people of a row; `None` for kinds whose rows are about one person.
pub fn people_in(kind: &ImportDeclaration, mapping: &Mapping, cells: &[String]) -> Option<RowPeople> {
    let groups = &kind.groups;
    if groups.behind.is_empty() {
        return None;
    }
    let said = |slug: &str| {
        let cell = mapping.column_of(slug).and_then(|at| cells.get(at));
        cell.map_or(String::new(), |cell| value::meant(cell).into_owned())
    };
    let first = |texts: &[String]| texts.iter().find(|text| !text.is_empty()).cloned().unwrap_or_default();
    let of_other = |slug: &str| {
        let field = groups.repeated.iter().find(|(own, _)| *own == slug);
        field.map_or(String::new(), |(_, other)| said(other))
    };
    let both = |given: String, family: String| format!("{given} {family}").trim().to_owned();
    let child = first(&[
        said(kind.key),
        of_other("email"),
        of_other(groups.whole),
        both(of_other("given_name"), of_other("family_name")),
    ]);
    let named = groups.named.iter().map(|(_, group, _)| *group);
    let adults = (1..=groups.numbered.max(1)).chain(named).map(|group| {
        let cell = |slug: &str| {
            groups.field(kind.fields, group, slug).map_or(String::new(), |field| said(field.slug))
        };
        first(&[
            cell(groups.whole),
            cell("family_name_first"),
            both(cell("given_name"), cell("family_name")),
            cell(groups.behind),
        ])
    });
    Some(RowPeople { child, adults: adults.filter(|name| !name.is_empty()).collect() })
}

/// What stands in the file where something is said of it: the field, and the text of its cell.
pub fn source_values(notes: &[Note]) -> Vec<(String, String)> {
    let said = notes.iter().filter(|note| !note.get("value").is_empty());
    said.map(|note| (note.get("field").to_owned(), note.get("value").to_owned())).collect()
}
