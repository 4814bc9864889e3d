use super::*;
use crate::imports::cells::{CellValue, RowReader};
use crate::imports::dates::DateOrder;
use crate::imports::mapping::Mapping;
use crate::imports::outcome::RowOutcome;
use crate::imports::views::RowLine;
use chrono::NaiveDate;
use proptest::prelude::*;

/// Reads files with these columns.
pub(super) struct TestReader(RowReader);

impl TestReader {
    pub(super) fn read_with_notes<S: ToString>(
        &self,
        cells: &[S],
    ) -> Result<(StudentRow, Vec<Note>), Vec<Note>> {
        let cells: Vec<String> = cells.iter().map(ToString::to_string).collect();
        let mut reading = self.0.cells(&cells);
        let row = row::read(&mut reading);
        reading.finish(row)
    }

    pub(super) fn read<S: ToString>(&self, cells: &[S]) -> Result<StudentRow, Vec<Note>> {
        self.read_with_notes(cells).map(|(row, _)| row)
    }
}

pub(super) fn reader(headers: &[&str]) -> TestReader {
    let headers: Vec<String> = headers.iter().map(|h| (*h).to_owned()).collect();
    let day = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    let mapping = Mapping::automatic(&STUDENTS, &headers, None);
    TestReader(RowReader::new(&STUDENTS, &mapping, DateOrder::default(), day))
}

pub(super) fn sentence(problem: &Note) -> String {
    let line = RowLine {
        outcome: RowOutcome::Rejected,
        code: problem.code.clone(),
        notes: vec![problem.clone()],
        held: None,
    };
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
fn births_in_the_future_or_long_ago_are_left_out() {
    let reader = reader(&["Adm No", "Forename", "DOB"]);
    for (born, code) in [("22/11/2026", "date_of_birth_future"), ("1899-01-01", "date_of_birth_implausible")]
    {
        let (row, notes) = reader.read_with_notes(&["1", "A", born]).unwrap();
        assert_eq!((row.person.born_on, notes[0].code.as_ref()), (CellValue::Nothing, code));
    }
    let (_, notes) = reader.read_with_notes(&["1", "A", "12/11/2027"]).unwrap();
    assert_eq!(
        added(&notes),
        "New student. The date of birth, 12 Nov 2027, is in the future. Correct it or leave it empty. Dates in this file are read as day, month, year. Left out: Date of birth."
    );
    assert!(reader.read(&["1", "A", "2026-11-21"]).unwrap().person.born_on.value().is_some());
}

/// The line of a new student with these notes.
pub(super) fn added(notes: &[Note]) -> String {
    let line =
        RowLine { outcome: RowOutcome::Added, code: "new_student".into(), notes: notes.to_vec(), held: None };
    crate::imports::words::line(&STUDENTS, &line)
}

#[test]
fn an_optional_field_that_cannot_be_read_is_left_out_and_the_rest_of_the_row_is_read() {
    let headers = [
        "Adm No",
        "Forename",
        "Surname",
        "Middle name",
        "DOB",
        "Email",
        "Phone",
        "Language",
        "Year",
        "Reg",
        "Start date",
        "End date",
    ];
    let reader = reader(&headers);
    let long = "x".repeat(200);
    let cells = [
        "1",
        "Ada",
        "Lovelace",
        &long,
        "soon",
        "ada@home",
        "ext. 4",
        "Klingonese",
        "4.47E+11",
        "03-Apr",
        "01/09/2026",
        "01/08/2026",
    ];
    let (row, notes) = reader.read_with_notes(&cells).unwrap();
    assert_eq!(row.admission_number.as_str(), "1");
    assert_eq!((row.person.middle, row.person.born_on), (CellValue::Nothing, CellValue::Nothing));
    assert_eq!((row.person.email, row.person.phone), (CellValue::Nothing, CellValue::Nothing));
    assert_eq!((row.person.language, row.year, row.group), Default::default());
    assert!(row.starts_on.value().is_some());
    assert_eq!(row.ends_on, CellValue::Nothing);
    let said = added(&notes);
    for part in [
        "Start date 1 Sep 2026.",
        "\u{201c}soon\u{201d} is not a date. Write the date as",
        "Email \u{201c}ada@home\u{201d}: Enter the whole address, such as office@school.example.",
        "Phone \u{201c}ext. 4\u{201d}: Enter a phone number",
        "The language \u{201c}Klingonese\u{201d} was not recognised.",
        "Year group: a spreadsheet has shortened this number to \u{201c}4.47E+11\u{201d}",
        "Registration group: \u{201c}03-Apr\u{201d} looks like a date",
        "The end date, 1 Aug 2026, is before the start date, 1 Sep 2026. Correct one of them. Dates in this file are read as day, month, year.",
        "Left out: Middle name, Date of birth, Language, Email, Phone, End date, Year group, Registration group.",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
}

#[test]
fn a_cell_in_which_programs_write_nothing_is_empty() {
    let headers = [
        "Adm No",
        "Forename",
        "Surname",
        "Middle name",
        "DOB",
        "Email",
        "Phone",
        "Language",
        "Year",
        "Start date",
        "End date",
    ];
    let reader = reader(&headers);
    for nothing in
        ["", "NULL", "null", "N/A", "n/a", "-", "none", "#N/A", ".", " \u{200B} ", "\u{2013}", "(null)"]
    {
        let mut cells = vec!["1", "Ada", "Lovelace"];
        cells.resize(headers.len(), nothing);
        let (row, notes) = reader.read_with_notes(&cells).unwrap();
        assert!(notes.is_empty(), "{nothing}: {notes:?}");
        assert_eq!(
            (row.person.middle, row.person.born_on),
            (CellValue::Empty, CellValue::Empty),
            "{nothing}"
        );
        assert_eq!((row.person.email, row.person.phone), (CellValue::Empty, CellValue::Empty), "{nothing}");
        assert_eq!(
            (row.person.language, row.year, row.ends_on),
            (CellValue::Empty, CellValue::Empty, CellValue::Empty)
        );
    }
    for (born, ends) in
        [("0000-00-00", "9999-12-31"), ("00/01/1900", "31/12/9999"), ("0001-01-01T00:00:00", "0")]
    {
        let row = reader.read(&["1", "Ada", "Lovelace", "", born, "", "", "", "", "", ends]).unwrap();
        assert_eq!((row.person.born_on, row.ends_on), (CellValue::Empty, CellValue::Empty), "{born}");
    }
    for nothing in ["NULL", "-", "#N/A"] {
        assert_eq!(reader.read(&[nothing, "Ada"]).unwrap_err()[0].code, "admission_number_missing");
        assert_eq!(reader.read(&["1", nothing, nothing]).unwrap_err()[0].code, "name_missing");
    }
    let null = reader.read(&["1", "Jennifer", "Null"]).unwrap();
    assert_eq!(null.person.family, CellValue::Value("Null".to_owned()));
}

#[test]
fn a_key_is_what_it_was_before_a_spreadsheet_wrote_it_or_is_refused_with_the_reason() {
    let reader = reader(&["Adm No", "Forename"]);
    for (cell, number) in [
        ("'00123", "00123"),
        ("=\"00123\"", "00123"),
        ("4101.0", "4101"),
        ("4,101", "4101"),
        ("\u{FEFF}4101\u{200B}", "4101"),
        ("4.101E+3", "4101"),
        ("A-12.0", "A-12.0"),
    ] {
        assert_eq!(reader.read(&[cell, "Ada"]).unwrap().admission_number.as_str(), number, "{cell}");
        assert_eq!(reader.0.key(&[cell.to_owned()]).as_deref(), Some(number), "{cell}");
    }
    let problems = reader.read(&["4.47E+11", "Ada"]).unwrap_err();
    assert_eq!(
        sentence(&problems[0]),
        "Admission number: a spreadsheet has shortened this number to \u{201c}4.47E+11\u{201d}, so its last digits are missing. Format the column as text in the spreadsheet and enter the number again."
    );
    let problems = reader.read(&["#REF!", "Ada"]).unwrap_err();
    assert!(sentence(&problems[0]).contains("the spreadsheet error \u{201c}#REF!\u{201d}"), "{problems:?}");
}

#[test]
fn a_missing_part_of_a_name_is_said() {
    let reader = reader(&["Adm No", "Forename", "Surname"]);
    let (_, notes) = reader.read_with_notes(&["1", "Ada", ""]).unwrap();
    assert_eq!(added(&notes), "New student. There is no family name. Check that this is right.");
    let (_, notes) = reader.read_with_notes(&["1", "-", "Lovelace"]).unwrap();
    assert_eq!(added(&notes), "New student. There is no given name. Check that this is right.");
    assert!(reader.read_with_notes(&["1", "Ada", "Lovelace"]).unwrap().1.is_empty());
}

#[test]
fn a_text_without_an_at_sign_is_told_just_that() {
    let (_, notes) =
        reader(&["Adm No", "Forename", "Email"]).read_with_notes(&["1", "Ada", "not an address"]).unwrap();
    assert_eq!(
        added(&notes),
        "New student. Email \u{201c}not an address\u{201d}: Enter an email address with one @, such as name@school.example. Left out: Email."
    );
}

#[test]
fn what_stands_in_brackets_in_a_full_name_is_no_family_name_and_is_said() {
    let read = |headers: &[&str], cells: &[&str]| {
        let (row, notes) = reader(headers).read_with_notes(cells).unwrap();
        let person = row.person;
        let name = [person.given, person.family, person.preferred].map(|part| part.clearing("-"));
        (name.join("|"), added(&notes))
    };
    let (name, said) = read(&["Adm No", "Name"], &["1", "Ann Pym (Annie)"]);
    assert_eq!(name, "Ann|Pym|Annie");
    assert!(said.contains("Preferred name: \u{201c}Ann Pym (Annie)\u{201d} was read as Annie."), "{said}");
    let (name, said) = read(&["Adm No", "Surname Forename"], &["1", "Pym Ann [left]"]);
    assert_eq!(name, "Ann|Pym|-");
    assert!(said.contains("\u{201c}[left]\u{201d} in the full name is not imported."), "{said}");
    let (name, said) = read(&["Adm No", "Full name", "Known as"], &["1", "Ann Pym (Annie)", "Nan"]);
    assert_eq!(name, "Ann|Pym|Nan");
    assert!(said.contains("(Annie)"), "{said}");
    let (name, _) = read(&["Adm No", "Full name", "Forename"], &["1", "Ann Pym (Annie)", "Ann"]);
    assert_eq!(name, "Ann|Pym|Annie");
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

/// A name as it may be stored, in the four columns of an exported list.
fn stored_name() -> impl Strategy<Value = crate::roll::name::PersonName> {
    let part = prop_oneof![
        Just(String::new()),
        "['=+@-]?[A-Za-z]{5}[A-Za-z' =+@-]{0,8}",
        "\\p{L}{5,12}[\\PC]{0,4}",
        Just("van den Berg".to_owned()),
        Just("Jan".to_owned()),
        Just("O\u{2019}Neil, Jr".to_owned()),
        Just("\u{674e}\u{660e}".to_owned()),
    ];
    [part.clone(), part.clone(), part.clone(), part].prop_filter_map(
        "a name",
        |[given, middle, family, preferred]| {
            // No name that was read from a file has quotation marks around it.
            let is_quoted = [&given, &middle, &family, &preferred]
                .into_iter()
                .any(|part| crate::imports::value::has_marks_around(part));
            crate::roll::name::PersonName::new(&given, &middle, &family, &preferred)
                .ok()
                .filter(|_| !is_quoted)
        },
    )
}

proptest! {
    #[test]
    fn an_exported_name_that_is_imported_unchanged_changes_nothing(name in stored_name()) {
        use crate::imports::kind::{Decided, ImportKind as _};
        use crate::ids::{EnrolmentId, PersonId};
        use crate::roll::import::people::{CurrentPerson, EditedFields};
        use crate::roll::import::write::{CurrentEnrolment, CurrentStudent, EnrolmentDetails};
        use crate::spreadsheet::neutral;

        let day = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        let reader = reader(&["Name", "Admission number", "Given name", "Middle name", "Family name", "Preferred name"]);
        let full = name.full();
        let cells = [&full, "1", name.given(), name.middle(), name.family(), name.preferred()];
        let row = reader.read(&cells.map(|cell| neutral(cell).into_owned()));
        let row = row.expect("what was stored can be read");
        let details = EnrolmentDetails { year: String::new(), group: String::new(), starts_on: day, ends_on: None };
        let current = CurrentStudent {
            person: CurrentPerson {
                person: PersonId(uuid::Uuid::nil()),
                name: name.clone(),
                born_on: None,
                language: "en".to_owned(),
                email: None,
                left_emails: Vec::new(),
                phone: None,
            edited: EditedFields::default(),
                outranks: false,
                account: None,
                may_readdress: true,
                own: false,
            },
            enrolment: Some(CurrentEnrolment { id: EnrolmentId(uuid::Uuid::nil()), number: "1".to_owned(), details }),
            earlier: Vec::new(),
            elsewhere: Vec::new(),
            may_take: true,
        };
        let verdict = StudentImport::differences(&row, Some(&current), Decided::on(day));
        prop_assert_eq!(verdict.outcome, RowOutcome::Unchanged, "{:?}", verdict.notes);
    }
}
