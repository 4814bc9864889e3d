//! How untidy cells of students are read, and what is said about them.

use chrono::NaiveDate;

use super::STUDENTS;
use super::row_tests::{added, reader, sentence};
use crate::imports::cells::{CellValue, RowReader};
use crate::imports::dates::DateOrder;
use crate::imports::mapping::Mapping;
use crate::imports::note::Note;
use crate::imports::remark::{Remark, TOO_FEW_CELLS};

fn value(text: &str) -> CellValue<String> {
    CellValue::Value(text.to_owned())
}

#[test]
fn quotation_marks_around_whole_cells_are_left_out_with_a_note() {
    let reader = reader(&["Adm No", "Forename", "Surname", "Reg", "DOB"]);
    for cells in [
        [
            "\u{201c}12\u{201d}",
            "\u{201c}Ann\u{201d}",
            "\u{201c}Pym\u{201d}",
            "\u{201c}9B\u{201d}",
            "\u{201c}3 Apr 2012\u{201d}",
        ],
        ["'12'", "'Ann'", "'Pym'", "'9B'", "'3 Apr 2012'"],
        ["\u{ab}12\u{bb}", "\u{201e}Ann\u{201c}", "\u{ab}Pym\u{bb}", "\u{201a}9B\u{2018}", "\"3 Apr 2012\""],
    ] {
        let (row, notes) = reader.read_with_notes(&cells).unwrap();
        assert_eq!(row.admission_number.as_str(), "12", "{cells:?}");
        assert_eq!((row.person.given, row.person.family), (value("Ann"), value("Pym")), "{cells:?}");
        assert_eq!(row.group.value().map(AsRef::as_ref), Some("9B"));
        assert!(row.person.born_on.value().is_some());
        let said = added(&notes);
        assert!(said.contains("Quotation marks around the whole cell were left out: "), "{said}");
        assert!(said.contains("Given name, Family name"), "{said}");
    }
    for (given, family) in [("D\u{2019}Arcy", "O'Brien"), ("Ann", "'t Hooft"), ("Robert \"Bob\"", "Abdu'")] {
        let (row, notes) = reader.read_with_notes(&["12", given, family, "9B", ""]).unwrap();
        assert_eq!((row.person.given, row.person.family), (value(given), value(family)));
        assert!(notes.is_empty(), "{notes:?}");
    }
}

#[test]
fn a_full_name_in_quotation_marks_is_parted_without_them() {
    let reader = reader(&["Adm No", "Name"]);
    for full in ["\u{201c}Ann Pym\u{201d}", "'Pym, Ann'", "\u{201e}Ann Pym\u{201c}"] {
        let row = reader.read(&["12", full]).unwrap();
        assert_eq!((row.person.given, row.person.family), (value("Ann"), value("Pym")), "{full}");
    }
}

#[test]
fn a_number_that_a_spreadsheet_made_a_date_is_refused_with_the_reason() {
    let reader = reader(&["Adm No", "Forename", "Reg"]);
    for key in ["03-Apr", "12-Mar", "13/03/2026", "3-Apr", "2026-04-03", "03. Apr", "03-avr"] {
        let problems = reader.read(&[key, "Ada", ""]).unwrap_err();
        let said = sentence(&problems[0]);
        assert!(
            said.starts_with("Admission number: ")
                && said.contains("looks like a date that a spreadsheet made"),
            "{said}"
        );
        let (row, notes) = reader.read_with_notes(&["1", "Ada", key]).unwrap();
        assert_eq!((row.group, notes[0].code.as_ref()), (CellValue::Nothing, "registration_group"), "{key}");
    }
    for key in ["12/345", "2026-0412", "3-4512", "20260403"] {
        assert_eq!(reader.read(&[key, "Ada", ""]).unwrap().admission_number.as_str(), key);
    }
}

#[test]
fn lost_letters_are_said() {
    let reader = reader(&["Adm No", "Forename", "Surname"]);
    let (row, notes) = reader.read_with_notes(&["1", "Zo\u{FFFD}", "Garc\u{c3}\u{ad}a"]).unwrap();
    assert_eq!(row.person.given, value("Zo\u{FFFD}"));
    let said = added(&notes);
    for part in [
        "Given name: \u{201c}Zo\u{FFFD}\u{201d} seems to have lost a letter",
        "which may be \u{201c}Garc\u{ed}a\u{201d}, were mixed up",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    assert!(reader.read_with_notes(&["1", "Zo\u{eb}", "JO\u{c3}O"]).unwrap().1.is_empty());
}

#[test]
fn a_row_with_too_few_cells_is_noted_unless_most_rows_are_so_and_it_fits() {
    let headers = ["Adm No", "Forename", "Surname", "Reg", "Email"].map(str::to_owned);
    let mapping = Mapping::automatic(&STUDENTS, &headers, None);
    let day = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    let reader = RowReader::new(&STUDENTS, &mapping, DateOrder::default(), day);
    let said = |reader: &RowReader, cells: &[&str]| {
        let cells: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
        let note = Note::new(TOO_FEW_CELLS).with("cells", cells.len()).with("columns", headers.len());
        let remarks = [Remark::Say(note)];
        let ((), notes) = reader.cells(&cells).remarked(&remarks).finish(Some(())).unwrap();
        added(&notes)
    };
    let few = reader.clone().mostly_short(5, 10);
    let note = "This row has 4 cells, but the file has 5 columns: check that none is missing.";
    assert_eq!(said(&few, &["2", "Ben", "Pym", "7B"]), format!("New student. {note}"));
    let most = reader.mostly_short(6, 10);
    assert_eq!(said(&most, &["2", "Ben", "Pym", "7B"]), "New student.");
    assert_eq!(said(&most, &["2", "Ben", "7B", "b@x.example"]), format!("New student. {note}"));
}
