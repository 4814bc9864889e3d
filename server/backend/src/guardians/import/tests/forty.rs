//! One file with forty mistakes, each of another kind or in another cell: every one is said under its column, goes back to
//! the sender with its reason, and is fixed in the page.

use domain::imports::mend::{CorrectedCell, Mending};
use domain::imports::outcome::RowOutcome;
use domain::imports::sent_back::{REASON, SheetFormat};
use sqlx::PgPool;

use super::Office;
use crate::imports::mend::mend;
use crate::imports::problems::problems;
use crate::imports::send_back::send_back;
use crate::testing::student;

const HEADER: &str = "Student ID,Student email,Guardian ID,Relationship,First name,Surname,Email,Work email,Mobile,Home phone,Work phone,\
    Language,Priority,PR,Lives with,Emergency contact,Pickup,Payer,Has access,Start date,End date,Postcode,\
    Guardian 2 name,Guardian 2 email,Guardian 2 mobile,Guardian 2 language,Guardian 2 priority,Guardian 2 PR,Guardian 2 lives with,\
    Guardian 2 pickup,Guardian 2 access,Mother email,Mother phone,Father email,Father phone";

/// What is wrong in a row: the column, what stands there, and what is right.
const MISTAKES: [(&str, &str, &str); 40] = [
    ("Student ID", "", "K0"),
    ("Student ID", "X999", "K1"),
    ("Student ID", "4.47E+11", "K2"),
    ("Student ID", "03-Apr", "K3"),
    ("Student ID", "#REF!", "K4"),
    ("Student email", "kim@school", ""),
    ("Guardian ID", "1.18E+15", "G6"),
    ("Email", "adult7@home", "adult7@home.example"),
    ("Email", "adult8@home.example, other8@home.example", "adult8@home.example"),
    ("Email", "adult 9@home.example", "adult9@home.example"),
    ("Email", "#NAME?", "adult10@home.example"),
    ("Work email", "at work", ""),
    ("Mobile", "O7900 900112", "07900 900112"),
    ("Mobile", "7.9E+09", "07900 900113"),
    ("Mobile", "12345", "07900 900114"),
    ("Mobile", "####", "07900 900115"),
    ("Home phone", "ask the neighbour", ""),
    ("Work phone", "ext 12", ""),
    ("Language", "Klingon", "pl"),
    ("Priority", "first", "1"),
    ("Priority", "100", "1"),
    ("PR", "perhaps", "Y"),
    ("Lives with", "weekends", "N"),
    ("Emergency contact", "sometimes", "Y"),
    ("Pickup", "Fridays", "Y"),
    ("Payer", "half", "N"),
    ("Has access", "later", "Y"),
    ("Start date", "31/02/2026", "2026-02-28"),
    ("End date", "soon", ""),
    ("End date", "2025-01-01", "2027-01-01"),
    ("Guardian 2 email", "second30@home", "second30@home.example"),
    ("Guardian 2 mobile", "O7900", "07900 900131"),
    ("Guardian 2 language", "Elvish", "de"),
    ("Guardian 2 priority", "two", "2"),
    ("Guardian 2 PR", "perhaps", "N"),
    ("Guardian 2 lives with", "weekends", "N"),
    ("Guardian 2 pickup", "Fridays", "Y"),
    ("Guardian 2 access", "later", "Y"),
    ("Mother email", "whose@home.example", ""),
    ("Father phone", "07900 900139", ""),
];

/// The row with a mistake: everything else in it is right.
fn row(at: usize, columns: &[&str]) -> Vec<String> {
    let (wrong, value, _) = MISTAKES[at];
    let cell = |column: &&str| match *column {
        column if column == wrong => value.to_owned(),
        "Student ID" => format!("K{at}"),
        "Relationship" => "Carer".to_owned(),
        "First name" => format!("Adult{at}"),
        "Surname" => "Lind".to_owned(),
        "Start date" if wrong == "End date" => "2026-01-01".to_owned(),
        "Guardian 2 name" if wrong.starts_with("Guardian 2") => format!("Berg, Second{at}"),
        _ => String::new(),
    };
    columns.iter().map(cell).collect()
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn forty_mistakes_of_different_kinds_are_said_sent_back_and_fixed(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    for at in 0..MISTAKES.len() {
        let (family, number) = (format!("Lee{at}"), format!("K{at}"));
        student(&office.backend, &office.school, "Kim", &family, &number, None).await;
    }
    let columns: Vec<&str> = HEADER.split(',').map(str::trim).collect();
    let quoted = |cells: Vec<String>| -> String {
        let cells: Vec<String> = cells.iter().map(|cell| format!("\"{cell}\"")).collect();
        format!("{}\n", cells.join(","))
    };
    let rows: String = (0..MISTAKES.len()).map(|at| quoted(row(at, &columns))).collect();
    let file = format!("{}\n{rows}\"A100\",\"\",\"\",\"Carer\",\"Sound\",\"Lind\"\n", columns.join(","));
    let checked = office.check(&file).await;
    let faulty = |counts: domain::imports::plan::PlanCounts| counts.rejected + counts.left_out;
    assert_eq!(faulty(checked.counts.unwrap()), 40, "{:#?}", office.log(&checked).await);

    // Each is under its column, in words.
    let found = problems(&office.backend, &office.actor, checked.id).await.unwrap();
    for (at, (column, value, _)) in MISTAKES.iter().enumerate() {
        let number = u32::try_from(at + 2).unwrap();
        let rows = found.kinds.iter().flat_map(|kind| &kind.first);
        let wrong =
            rows.clone().find(|row| row.row == number).unwrap_or_else(|| panic!("row {number}: {column}"));
        let cell = wrong.cells.iter().find(|cell| cell.heading == *column).unwrap();
        assert_eq!(cell.value, *value);
        assert!(!wrong.told.contains('_'), "in words: {}", wrong.told);
        // What a row lacks as a whole is said of the row.
        assert!(cell.complaint.is_some() || *column == "Student ID", "{column}: {}", wrong.told);
    }
    assert!(
        found.kinds.len() >= 25,
        "{:?}",
        found.kinds.iter().map(|kind| &kind.heading).collect::<Vec<_>>()
    );

    // The sender gets the same columns in the same order, just these rows, and a reason for each.
    let sheet = send_back(&office.backend, &office.actor, checked.id, SheetFormat::Csv).await.unwrap();
    let text = String::from_utf8(sheet).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headings: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(headings[..columns.len()], columns);
    assert_eq!(headings[columns.len()], REASON);
    let sent: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(sent.len(), 40);
    for (at, record) in sent.iter().enumerate() {
        let cells: Vec<String> = record.iter().take(columns.len()).map(str::to_owned).collect();
        assert_eq!(cells, row(at, &columns), "as it was sent");
        assert!(!record[columns.len()].is_empty() && !record[columns.len()].contains('_'), "{record:?}");
    }

    // Each is fixed in the page, and the sender who mends them brings the same.
    let mut fixed = checked.clone();
    for (at, (column, _, right)) in MISTAKES.iter().enumerate() {
        let cells = row(at, &columns).into_iter().enumerate().map(|(nth, cell)| CorrectedCell {
            column: u32::try_from(nth).unwrap(),
            value: if columns[nth] == *column { (*right).to_owned() } else { cell },
        });
        let mending = Mending::Row { row: u32::try_from(at + 2).unwrap(), cells: cells.collect() };
        fixed = mend(&office.backend, &office.actor, checked.id, mending).await.unwrap();
        let left = u32::try_from(MISTAKES.len() - at - 1).unwrap();
        assert_eq!(faulty(fixed.counts.unwrap()), left, "{column}");
    }
    let imported = office.written(&fixed).await;
    let counts = imported.counts.unwrap();
    assert_eq!((counts.rejected, counts.left_out, counts.total()), (0, 0, 41));
    assert!(office.outcomes(&imported).await.iter().all(|outcome| *outcome == RowOutcome::Added));
}
