//! Which of a file's first rows is the header.

use super::dates::{DateOrder, parse_date};
use super::headings::joined;
use super::kind::ImportDeclaration;
use crate::fold::line;

/// How many rows are searched for the header: titles, addresses and the filters of a report stand above it.
pub const HEADER_SEARCH: usize = 50;

/// How sure it is that a row is the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HeaderEvidence {
    /// It is the first row of a table, and has no values.
    Position,
    /// It has one usual name.
    OneName,
    /// It has several usual names.
    Names,
}

/// A header among the first rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeaderFound {
    /// Its index among the rows that were searched.
    pub at: usize,
    /// How sure it is.
    pub by: HeaderEvidence,
    /// Whether the row above it has the first halves of its names.
    pub is_joined: bool,
}

/// The name of a column as it is kept and shown: one line, although a cell may have several.
pub fn column_name(cell: &str) -> String {
    line(cell)
}

/// The headings of a file's columns in what is made of it: their names, or their numbers if no column has a name.
pub fn headings(names: &[String]) -> Vec<String> {
    let has_names = names.iter().any(|name| !name.is_empty());
    let heading = |(at, name): (usize, &String)| {
        if has_names { name.clone() } else { format!("Column {}", at + 1) }
    };
    names.iter().enumerate().map(heading).collect()
}

/// Finds the header among the first rows that are not empty. The row with the most usual names and the fewest values
/// is taken, so that titles such as "Year: 2026" and "Class: 7A" above it are none. Without two usual names in any row,
/// the first row that is as wide as the rows below it is the header, unless it has values or is of the same make as
/// they are. `None` if no row can be.
pub fn find_header(kind: &ImportDeclaration, rows: &[Vec<String>]) -> Option<HeaderFound> {
    let rows = &rows[..rows.len().min(HEADER_SEARCH)];
    let looks: Vec<RowLooks> = rows.iter().map(|row| RowLooks::of(kind, row)).collect();
    let named = looks.iter().enumerate().filter(|(_, row)| row.names >= 2 && row.points() > 0);
    // Of several, the first: the others are the header again.
    let best = named.rev().max_by_key(|(_, row)| row.points());
    let points = best.map_or(0, |(_, row)| row.points());
    let pairs = rows.windows(2).enumerate().filter(|(at, _)| looks[*at].values == 0);
    let pairs = pairs.filter_map(|(at, pair)| Some((at + 1, joined(kind, &pair[0], &pair[1])?)));
    let pairs: Vec<(usize, RowLooks)> = pairs.map(|(at, names)| (at, RowLooks::of(kind, &names))).collect();
    let pair = pairs.iter().rev().filter(|(_, row)| row.names >= 2).max_by_key(|(_, row)| row.points());
    if let Some((at, _)) = pair.filter(|(_, row)| row.points() > points) {
        return Some(HeaderFound { at: *at, by: HeaderEvidence::Names, is_joined: true });
    }
    if let Some((at, _)) = best {
        return Some(HeaderFound { at, by: HeaderEvidence::Names, is_joined: false });
    }
    let at = first_wide(&looks)?;
    let by = match (looks[at].names, looks[at].values) {
        _ if is_record(at, rows) => return None,
        (1.., _) => HeaderEvidence::OneName,
        (0, 0) => HeaderEvidence::Position,
        _ => return None,
    };
    Some(HeaderFound { at, by, is_joined: false })
}

/// The first record of a file in which no row has column names: what stands above it is narrower. `None` if the rows are
/// no table.
pub fn first_record(kind: &ImportDeclaration, rows: &[Vec<String>]) -> Option<usize> {
    let looks: Vec<RowLooks> = rows.iter().map(|row| RowLooks::of(kind, row)).collect();
    let is_table = looks.iter().filter(|row| row.filled > 1).count() * 2 > looks.len();
    first_wide(&looks).filter(|_| is_table)
}

/// The first row that is nearly as wide as most.
fn first_wide(looks: &[RowLooks]) -> Option<usize> {
    let mut widths: Vec<usize> = looks.iter().map(|row| row.filled).collect();
    widths.sort_unstable();
    let usual_width = widths.get(widths.len() / 2).copied().unwrap_or(0);
    looks.iter().position(|row| row.filled * 3 >= usual_width * 2)
}

/// Whether a row is of the same make as those below it: a cell with digits is written like most of its column, or a
/// word of its stands in its column again and again.
fn is_record(at: usize, rows: &[Vec<String>]) -> bool {
    let row = &rows[at];
    let below: Vec<&Vec<String>> = rows[at + 1..].iter().filter(|other| *other != row).collect();
    row.iter().enumerate().any(|(column, cell)| {
        let cell = cell.trim();
        let others = below.iter().filter_map(|row| row.get(column)).map(|other| other.trim());
        let others: Vec<&str> = others.filter(|other| !other.is_empty()).collect();
        if cell.is_empty() || others.is_empty() {
            return false;
        }
        let share = |is_alike: &dyn Fn(&str) -> bool| others.iter().filter(|of| is_alike(of)).count();
        let has_digit = cell.bytes().any(|b| b.is_ascii_digit());
        let alike = share(&|other| has_digit && make(other) == make(cell));
        alike * 2 > others.len() || share(&|other| other == cell) * 4 > others.len()
    })
}

/// How a text is written: each run of letters or digits as one sign.
fn make(text: &str) -> String {
    let mut made = String::new();
    for c in text.chars() {
        let sign = match c {
            c if c.is_ascii_digit() => '9',
            c if c.is_alphabetic() => 'a',
            other => other,
        };
        if !(sign.is_alphanumeric() && made.ends_with(sign)) {
            made.push(sign);
        }
    }
    made
}

/// What a row's cells look like.
#[derive(Debug, Clone, Copy)]
struct RowLooks {
    /// Different fields whose usual names it has.
    names: usize,
    /// Cells that are values, not names.
    values: usize,
    /// Cells that are not empty.
    filled: usize,
}

impl RowLooks {
    fn of(kind: &ImportDeclaration, row: &[String]) -> Self {
        let filled = || row.iter().filter(|cell| !cell.trim().is_empty());
        let mut fields: Vec<&str> =
            filled().filter_map(|cell| kind.usual(cell)).map(|field| field.slug).collect();
        fields.sort_unstable();
        fields.dedup();
        Self {
            names: fields.len(),
            values: filled().filter(|cell| is_value(cell)).count(),
            filled: filled().count(),
        }
    }

    /// More for a header than for a title.
    fn points(self) -> usize {
        (2 * self.names).saturating_sub(self.values)
    }
}

fn is_value(cell: &str) -> bool {
    let cell = cell.trim();
    let has_digit = cell.bytes().any(|b| b.is_ascii_digit());
    cell.contains('@')
        || (has_digit
            && !cell.chars().any(char::is_alphabetic)
            && (cell.len() >= 3 || cell.parse::<u8>().is_ok()))
        || parse_date(cell, DateOrder::DayFirst).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roll::import::STUDENTS;

    fn find(rows: &[&str]) -> Option<(usize, HeaderEvidence)> {
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| row.split('|').map(str::to_owned).collect()).collect();
        find_header(&STUDENTS, &rows).map(|found| (found.at, found.by))
    }

    #[test]
    fn titles_above_the_header_are_passed_over() {
        use HeaderEvidence::{Names, OneName, Position};
        for (rows, found) in [
            (&["Student list 2026", "Adm No|Forename|x", "1|Ada|"][..], Some((1, Names))),
            (&["Sukunimi|Luokka", "A|B"], Some((0, Position))),
            (&["Adm No|Etunimi|Luokka", "1001|Ada|7A"], Some((0, OneName))),
            // Two known words in a title.
            (&["Year|2026|Form|7A", "Adm No|Forename|Surname", "1|Ada|Lee"], Some((1, Names))),
            (
                &["Quillmere School", "Form|Year", "Adm No|Forename|Surname|Form|Year", "1|A|L|7A|7"],
                Some((2, Names)),
            ),
            // The header again, in the middle.
            (&["Adm No|Forename", "1|Ada", "Adm No|Forename", "2|Ben"], Some((0, Names))),
            // Two rows of names. C40
            (
                &["Contacts 2026", "|Mother||Father|", "Adm No|Name|Email|Name|Email", "1|A|a@b.example|B|"],
                Some((2, Names)),
            ),
            // A title over unknown names.
            (&["Luokan lista", "Tunnus|Etunimi|Luokka", "A1|Ada|7A", "A2|Ben|7A"], Some((1, Position))),
        ] {
            assert_eq!(find(rows), found, "{rows:?}");
        }
        let mut titles = vec!["Quillmere School"; 12];
        titles.extend(["Adm No|Forename", "1|Ada"]);
        assert_eq!(find(&titles), Some((12, Names)));
    }

    #[test]
    fn values_are_no_header() {
        assert_eq!(find(&["004512|Ada|ada@school.example"]), None);
        assert_eq!(find(&["1|Ada|Lee", "2|Ben|Pym"]), None);
        assert_eq!(find(&["Students of 2026", "1001|Ada|Lee", "1002|Ben|Pym"]), None);
        // Moodle writes its parents without column names.
        assert_eq!(find(&["T100|A100|add", "T101|A101|add", "T100|A102|del"]), None);
        assert_eq!(find(&["mvarga|ivarga|add", "jberg|aberg|add", "mvarga|tvarga|add"]), None);
        let rows = [
            vec!["Links".to_owned()],
            vec!["T1".to_owned(), "A1".to_owned()],
            vec!["T2".to_owned(), "A2".to_owned()],
        ];
        assert_eq!(first_record(&STUDENTS, &rows), Some(1));
    }
}
