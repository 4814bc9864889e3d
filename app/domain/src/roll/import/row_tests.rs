use super::*;
use crate::imports::cells::{CellValue, RowReader};
use crate::imports::dates::DateOrder;
use crate::imports::mapping::Mapping;
use crate::imports::outcome::RowOutcome;
use crate::imports::views::RowLine;
use proptest::prelude::*;

/// Reads files with these columns.
struct TestReader(RowReader);

impl TestReader {
    fn read_with_notes<S: ToString>(&self, cells: &[S]) -> Result<(StudentRow, Vec<Note>), Vec<Note>> {
        let cells: Vec<String> = cells.iter().map(ToString::to_string).collect();
        let mut reading = self.0.cells(&cells);
        let row = row::read(&mut reading);
        reading.finish(row)
    }

    fn read<S: ToString>(&self, cells: &[S]) -> Result<StudentRow, Vec<Note>> {
        self.read_with_notes(cells).map(|(row, _)| row)
    }
}

fn reader(headers: &[&str]) -> TestReader {
    let headers: Vec<String> = headers.iter().map(|h| (*h).to_owned()).collect();
    let day = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    let mapping = Mapping::automatic(&STUDENTS, &headers, None);
    TestReader(RowReader::new(&STUDENTS, &mapping, |_| DateOrder::default(), day))
}

fn sentence(problem: &Note) -> String {
    let line =
        RowLine { outcome: RowOutcome::Rejected, code: problem.code.clone(), notes: vec![problem.clone()] };
    crate::imports::words::line(&STUDENTS, &line)
}

#[test]
fn a_whole_row_is_read() {
    let reader = reader(&[
        "Adm No",
        "Forename",
        "Surname",
        "DOB",
        "Year",
        "Reg",
        "Email",
        "Start date",
        "Leaving date",
    ]);
    let row = reader
        .read(&[
            "004512",
            " Søren ",
            "Vestergård-Ali",
            "03/04/2012",
            "9",
            "9B",
            "S@Example.org",
            "2023-09-01",
            "",
        ])
        .unwrap();
    assert_eq!(row.admission_number.as_str(), "004512");
    assert_eq!(row.person.given, CellValue::Value("Søren".to_owned()));
    assert_eq!(row.person.born_on, CellValue::Value(NaiveDate::from_ymd_opt(2012, 4, 3).unwrap()));
    assert_eq!(row.person.email.value().unwrap().as_str(), "S@example.org");
    assert_eq!((row.ends_on, row.person.phone), (CellValue::Empty, CellValue::Nothing));
}

#[test]
fn everything_wrong_with_a_row_is_said_at_once() {
    let reader = reader(&["Adm No", "Forename", "DOB", "Email", "Start date", "End date", "Phone"]);
    let problems = reader
        .read(&["", "", "tomorrow", "saoirse@mailbox", "2026-09-01", "2026-08-01", "ext. 4"])
        .unwrap_err();
    let codes: Vec<_> = problems.iter().map(|problem| problem.code.as_ref()).collect();
    assert_eq!(
        codes,
        ["admission_number_missing", "name_missing", "date_of_birth", "email", "phone", "end_before_start"]
    );
    let told = sentence(&problems[2]);
    assert!(told.contains("\u{201c}tomorrow\u{201d} is not a date"), "{told}");
}

#[test]
fn births_in_the_future_or_long_ago_are_refused() {
    let reader = reader(&["Adm No", "Forename", "DOB"]);
    for (born, code) in [("2026-11-22", "date_of_birth_future"), ("1899-01-01", "date_of_birth_implausible")]
    {
        assert_eq!(reader.read(&["1", "A", born]).unwrap_err()[0].code, code);
    }
    assert!(reader.read(&["1", "A", "2026-11-21"]).is_ok());
}

#[test]
fn full_names_are_parted_at_the_comma_or_before_the_last_word() {
    let reader = reader(&["Adm No", "Name"]);
    for (full, given, family) in [
        ("Okoronta, Adaeze Ngozi", "Adaeze Ngozi", "Okoronta"),
        ("Adaeze Ngozi Okoronta", "Adaeze Ngozi", "Okoronta"),
    ] {
        let row = reader.read(&["1", full]).unwrap();
        assert_eq!(
            (row.person.given, row.person.family),
            (CellValue::Value(given.to_owned()), CellValue::Value(family.to_owned()))
        );
    }
    assert_eq!(reader.read(&["1", "Suharto"]).unwrap().person.family, CellValue::Empty);
}

#[test]
fn a_language_that_is_not_known_does_not_cost_the_student_the_row() {
    let reader = reader(&["Adm No", "Name", "Language"]);
    let (row, notes) = reader.read_with_notes(&["1", "A B", "Other"]).unwrap();
    assert_eq!((row.person.language, notes.len()), (CellValue::Nothing, 1));
}

#[test]
fn a_row_shorter_than_the_header_has_empty_cells() {
    let row = reader(&["Adm No", "Forename", "Email"]).read(&["1", "A"]).unwrap();
    assert_eq!(row.person.email, CellValue::Empty);
}

proptest! {
    #[test]
    fn no_row_breaks_the_reader_and_what_is_refused_says_why(values in proptest::collection::vec("\\PC{0,12}", 0..8)) {
        let reader = reader(&["Adm No", "Forename", "Surname", "DOB", "Email", "Phone", "Start date"]);
        if let Err(problems) = reader.read(&values) {
            prop_assert!(!problems.is_empty() && problems.iter().all(|p| sentence(p).ends_with('.')));
        }
    }
}
