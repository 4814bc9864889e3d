//! Rows between and below the records of a file: the header again, lines, totals, dates of printing.
//!
//! A row is skipped only if nothing else can be meant. Whatever could be a person's row is read as one.

use super::kind::header_key;
use super::note::Note;
use super::remark::{ERROR_CELLS, FOOTER, HEADER_AGAIN, RULE};
use super::value::is_error;

/// Words that begin a total.
const TOTALS: &[&str] = &[
    "total",
    "combined",
    "totals",
    "grandtotal",
    "subtotal",
    "sum",
    "count",
    "gesamt",
    "gesamtzahl",
    "summe",
    "anzahl",
    "somme",
    "effectif",
    "suma",
    "razem",
    "totaal",
    "aantal",
    "totale",
];

/// Words of what is counted.
const COUNTED: &[&str] = &[
    "students",
    "student",
    "pupils",
    "pupil",
    "learners",
    "children",
    "people",
    "records",
    "record",
    "rows",
    "row",
    "entries",
    "items",
    "boys",
    "girls",
    "male",
    "males",
    "female",
    "females",
    "staff",
    "number",
    "no",
    "of",
    "in",
    "on",
    "roll",
    "list",
    "class",
    "form",
    "report",
    "file",
    "count",
    "total",
    "returned",
    "affected",
    "selected",
    "found",
    "schuler",
    "schulerinnen",
    "und",
    "eleves",
    "alumnos",
    "leerlingen",
    "uczniow",
    "de",
    "der",
    "des",
    "general",
    "alunos",
];

/// Words that begin a line about the print-out.
const PRINTED: &[&str] = &[
    "printed",
    "generated",
    "exported",
    "extracted",
    "created",
    "produced",
    "reported",
    "run",
    "gedruckt",
    "erstellt",
    "stand",
    "imprime",
    "edite",
    "impreso",
    "generado",
    "afgedrukt",
    "wydrukowano",
];

/// Words that follow them.
const WHEN: &[&str] = &[
    "on", "by", "at", "from", "date", "am", "um", "von", "vom", "le", "par", "el", "por", "op", "door",
    "dnia",
];

/// Words before a page number.
const PAGES: &[&str] = &["page", "seite", "pagina", "strona", "blatt"];

/// Why a row is no record; `None` if it may be one. `keys` are the file's column names, folded by [`header_key`]: once,
/// and not for every row.
pub fn no_record(keys: &[String], cells: &[String]) -> Option<Note> {
    let mut filled = cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
    let first = filled.next()?;
    let is_rule = |cell: &str| {
        cell.len() >= 2
            && cell
                .chars()
                .all(|c| matches!(c, '-' | '_' | '=' | '*' | '\u{2014}' | '\u{2013}' | '+' | '|' | ' '))
    };
    if is_rule(first) && filled.clone().all(is_rule) {
        // One cell of two dashes is how a person writes "nothing".
        return (first.len() > 2 || filled.next().is_some()).then(|| Note::new(RULE));
    }
    // A column that is too narrow has something to show.
    let is_error = |cell: &str| is_error(cell) && !cell.starts_with("##");
    if is_error(first) && filled.clone().all(is_error) {
        return Some(Note::new(ERROR_CELLS));
    }
    if is_header_again(keys, cells) {
        return Some(Note::new(HEADER_AGAIN));
    }
    if filled.count() > 5 {
        return None;
    }
    let text =
        cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(" ");
    is_footer(&text).then(|| Note::new(FOOTER))
}

/// Whether each filled cell is the name of its column.
fn is_header_again(keys: &[String], cells: &[String]) -> bool {
    let mut same = 0;
    for (key, cell) in keys.iter().zip(cells).filter(|(_, cell)| !cell.trim().is_empty()) {
        if key.is_empty() || *key != header_key(cell) {
            return false;
        }
        same += 1;
    }
    same >= 2 || (same == 1 && keys.len() == 1)
}

fn is_footer(text: &str) -> bool {
    let words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).map(header_key).filter(|word| !word.is_empty()).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let is_number = |word: &str| word.bytes().all(|b| b.is_ascii_digit());
    let counts = |words: &[&str]| {
        words.iter().all(|word| is_number(word) || COUNTED.contains(word) || TOTALS.contains(word))
    };
    let has_number = words.iter().any(|word| is_number(word));
    match words.as_slice() {
        ["grand" | "sub", "total" | "totals", rest @ ..] => counts(rest),
        [first, rest @ ..] if TOTALS.contains(first) => counts(rest),
        ["number" | "no", "of", rest @ ..] => !rest.is_empty() && counts(rest),
        // "31 students", but not "31" alone, which may be somebody's number.
        [number, rest @ ..] if is_number(number) && !rest.is_empty() => {
            rest.iter().any(|word| word.len() > 3) && counts(rest)
        }
        ["end", "of", rest @ ..] => !rest.is_empty() && counts(rest),
        [page, rest @ ..] if PAGES.contains(page) && has_number => rest
            .iter()
            .all(|word| is_number(word) || matches!(*word, "of" | "von" | "de" | "sur" | "van" | "z")),
        [first, when, _, ..] if PRINTED.contains(first) => WHEN.contains(when) || is_number(when),
        ["report", first, when, ..] if PRINTED.contains(first) => WHEN.contains(when),
        ["date" | "time", "printed", ..] | ["print" | "report", "date", _, ..] => has_number,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str) -> Vec<String> {
        text.split('|').map(str::to_owned).collect()
    }

    fn why(text: &str) -> Option<String> {
        let header = row("Adm No|Forename|Surname|Form|Date of birth");
        let keys: Vec<String> = header.iter().map(|name| header_key(name)).collect();
        no_record(&keys, &row(text)).map(|note| note.code.into_owned())
    }

    #[test]
    fn what_stands_between_and_below_records_is_known() {
        for (text, code) in [
            ("Adm No|Forename|Surname|Form|Date of birth", HEADER_AGAIN),
            ("ADM_NO|forename|surname", HEADER_AGAIN),
            ("------|--------|-------", RULE),
            ("=====", RULE),
            ("_____________||", RULE),
            ("#REF!|#REF!|#VALUE!", ERROR_CELLS),
            ("#SPILL!|Err:502|#GETTING_DATA", ERROR_CELLS),
            ("Total: 31", FOOTER),
            ("TOTAL|31", FOOTER),
            ("||Grand Total:||31", FOOTER),
            ("Total students|31", FOOTER),
            ("Total number of pupils: 31", FOOTER),
            ("Number of students|31", FOOTER),
            ("31 students", FOOTER),
            ("(31 rows affected)", FOOTER),
            ("Count = 31", FOOTER),
            ("Printed on 12/09/2026 at 14:02", FOOTER),
            ("Printed on|12/09/2026", FOOTER),
            ("Printed 12/09/2026", FOOTER),
            ("Report generated by A. Clerk", FOOTER),
            ("Generated on: 2026-09-12", FOOTER),
            ("2|<=== TOTAL MALE", FOOTER),
            ("3|<=== COMBINED", FOOTER),
            ("Page 1 of 3", FOOTER),
            ("Page|2", FOOTER),
            ("End of report", FOOTER),
            ("Gesamt: 31 Sch\u{fc}ler", FOOTER),
            ("Stand: 01.09.2026", FOOTER),
            ("Seite 1 von 2", FOOTER),
            ("Total g\u{e9}n\u{e9}ral|31", FOOTER),
        ] {
            assert_eq!(why(text).as_deref(), Some(code), "{text}");
        }
    }

    #[test]
    fn what_may_be_a_person_is_read_as_one() {
        for text in [
            "1001|Ann|Page|7A",
            "Page|Ann",
            "Page",
            "1|Stand|Lee",
            "Stand|Ann",
            "1002|Total|Tim",
            "31",
            "1003|Sum|Li|7A",
            "Sum|Li",
            "-",
            "--",
            "1004|-|-|-",
            "#REF!|Ann|Lee",
            "#N/A|#N/A",
            "1005|Class|Kim",
            "Form|Ann",
            "Printed",
            "Created|Ann|Lee",
            "1006|No|Of|7A",
        ] {
            assert_eq!(why(text), None, "{text}");
        }
    }
}
