//! Rows that are corrected on the page: stored beside the file, said in the log, undone together.

use domain::imports::mend::{CorrectedCell, FaultyRow, FileProblems, Mending, ProblemRows};
use domain::imports::outcome::RowOutcome;
use sqlx::PgPool;

use super::*;
use crate::Error;
use crate::imports::mend::mend;
use crate::imports::problems::problems;

const FILE: &str = "Adm No,Forename,Surname,DOB,Email\n\
    1,Ada,Lee,2012-01-10,ada@x.example\n\
    2,Ben,Lee,07/08,ben@x.example\n\
    3,Cleo,Lee,07/08,cleo@x\n\
    ,Dov,Lee,2012-05-01,dov@x.example\n\
    5,Eve,Lee,soon,eve@x.example\n";

impl Office {
    async fn problems(&self, import: &ImportView) -> FileProblems {
        problems(&self.backend, &self.actor, import.id).await.unwrap()
    }

    async fn mend(&self, import: &ImportView, mending: Mending) -> Result<ImportView> {
        mend(&self.backend, &self.actor, import.id, mending).await
    }
}

/// The problem whose heading begins like this.
fn of<'a>(found: &'a FileProblems, heading: &str) -> &'a ProblemRows {
    found.kinds.iter().find(|kind| kind.heading.starts_with(heading)).unwrap()
}

/// All cells of a row, with one of them changed.
fn with(row: &FaultyRow, label: &str, value: &str) -> Mending {
    let cells = row.cells.iter().map(|cell| CorrectedCell {
        column: cell.column,
        value: if cell.label == label { value.to_owned() } else { cell.value.clone() },
    });
    Mending::Row { row: row.row, cells: cells.collect() }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn problems_are_listed_by_kind_with_their_rows_and_one_row_is_mended_as_fields(pool: PgPool) {
    let office = Office::new(pool).await;
    let checked = office.check(FILE).await;
    assert_eq!(checked.counts.unwrap(), PlanCounts { left_out: 3, ..counts(4, 0, 0, 0, 1) });
    let found = office.problems(&checked).await;
    let dates = of(&found, "Date of birth: not a date");
    assert_eq!((dates.rows, dates.values[0].value.as_str(), dates.values[0].rows), (3, "07/08", 2));
    let rows: Vec<u32> = dates.first.iter().map(|row| row.row).collect();
    assert_eq!(rows, [3, 4, 6]);
    let email = &of(&found, "Email").first[0];
    let complaint = email.cells.iter().find(|cell| cell.label == "Email").unwrap();
    assert_eq!((complaint.heading.as_str(), complaint.value.as_str()), ("Email", "cleo@x"));
    assert!(complaint.complaint.is_some());

    let without = found.kinds.iter().find(|kind| kind.key.code == "admission_number_missing").unwrap();
    let fixed = office.mend(&checked, with(&without.first[0], "Admission number", "4")).await.unwrap();
    assert_eq!(fixed.counts.unwrap(), PlanCounts { left_out: 3, ..counts(5, 0, 0, 0, 0) });
    assert_eq!(fixed.corrected, 1);
    let line = &office.lines(&fixed).await[3];
    assert_eq!(line.line.outcome, RowOutcome::Added);
    assert_eq!(
        message(line),
        "New student. Date of birth 1 May 2012. Admission number was corrected here. The cell in the file is empty."
    );
    office.written(&fixed).await;
    assert!(office.roll().await.iter().any(|line| line.starts_with("4|Dov|Lee|2012-05-01")));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn one_value_is_replaced_in_all_rows_with_one_problem_and_all_corrections_are_undone(pool: PgPool) {
    let office = Office::new(pool).await;
    let checked = office.check(FILE).await;
    let found = office.problems(&checked).await;
    let problem = of(&found, "Date of birth").key.clone();
    let replace = Mending::Replace { problem, value: "07/08".to_owned(), with: "2012-08-07".to_owned() };
    let fixed = office.mend(&checked, replace).await.unwrap();
    assert_eq!((fixed.corrected, fixed.counts.unwrap().left_out), (2, 2));
    let lines = office.lines(&fixed).await;
    assert!(
        message(&lines[1]).contains("Date of birth was corrected here. The file has \u{201c}07/08\u{201d}.")
    );
    assert_ne!(fixed.plan, checked.plan);
    // The file itself is as it was sent.
    let stored: Vec<String> = sqlx::query_scalar("SELECT rows FROM import_parts")
        .fetch_all(office.backend.database.raw())
        .await
        .unwrap();
    assert!(stored.concat().contains("07/08") && !stored.concat().contains("2012-08-07"));
    let undone = office.mend(&fixed, Mending::Nothing).await.unwrap();
    assert_eq!((undone.corrected, undone.counts, undone.plan), (0, checked.counts, checked.plan));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_row_that_the_file_has_in_pieces_is_read_once_it_was_corrected_as_a_whole(pool: PgPool) {
    let office = Office::new(pool).await;
    let file = "Adm No,Forename,Surname,Email\n1,Ada,Lee, ,ada@x.example\n2,Ben,Lee,ben@x.example\n";
    let checked = office.check(file).await;
    assert_eq!(checked.counts.unwrap(), counts(1, 0, 0, 0, 1));
    let row = office.problems(&checked).await.kinds[0].first[0].clone();
    let fixed = office.mend(&checked, with(&row, "Email", "ada@x.example")).await.unwrap();
    assert_eq!(fixed.counts.unwrap(), counts(2, 0, 0, 0, 0));
    office.written(&fixed).await;
    assert!(office.roll().await[0].ends_with("|ada@x.example*"), "{:?}", office.roll().await);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn corrections_of_what_is_not_there_are_refused_and_change_nothing(pool: PgPool) {
    let office = Office::new(pool).await;
    let checked = office.check("Adm No,Forename,Surname,Remark\n,Ada,Lee,x\n").await;
    let cell = |column, value: &str| vec![CorrectedCell { column, value: value.to_owned() }];
    let of_row = |row, cells| Mending::Row { row, cells };
    let beyond = office.mend(&checked, of_row(99, cell(0, "1"))).await;
    assert!(matches!(beyond, Err(Error::NotFound("row"))), "{beyond:?}");
    for column in [3, 77] {
        let other = office.mend(&checked, of_row(2, cell(column, "y"))).await;
        assert!(matches!(other, Err(Error::Import(_))), "{other:?}");
    }
    let long = office.mend(&checked, of_row(2, cell(0, &"9".repeat(2000)))).await;
    assert!(matches!(long, Err(Error::Invalid(_))), "{long:?}");
    let stored: i64 = sqlx::query_scalar("SELECT count(*) FROM import_corrections")
        .fetch_one(office.backend.database.raw())
        .await
        .unwrap();
    assert_eq!(stored, 0);
    office.mend(&checked, of_row(2, cell(0, "7"))).await.unwrap();
    crate::imports::discard::discard(&office.backend, &office.actor, checked.id).await.unwrap();
    let closed = office.mend(&checked, Mending::Nothing).await;
    assert!(matches!(closed, Err(Error::Import(_))), "{closed:?}");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_column_that_decides_is_corrected_with_one_of_its_values(pool: PgPool) {
    let office = Office::new(pool).await;
    let checked = office
        .check("Adm No,Forename,Surname,Status\n1,Ada,Lee,Current\n,Ben,Lee,Applicant,more\n3,Cleo,Lee,Applicant\n")
        .await;
    assert_eq!(checked.counts.unwrap(), counts(1, 0, 0, 1, 1));
    let found = office.problems(&checked).await;
    let row = &found.kinds[0].first[0];
    let status = row.cells.iter().find(|cell| cell.heading == "Status").unwrap();
    assert_eq!(status.value, "Applicant");
    let cells = |number: &str, status: &str| {
        let value = |cell: &str| match cell {
            "Adm No" => number.to_owned(),
            "Forename" => "Ben".to_owned(),
            "Surname" => "Lee".to_owned(),
            _ => status.to_owned(),
        };
        let of = row.cells.iter();
        let cells = of.map(|cell| CorrectedCell { column: cell.column, value: value(&cell.heading) });
        Mending::Row { row: row.row, cells: cells.collect() }
    };
    let Err(Error::Invalid(errors)) = office.mend(&checked, cells("2", "perhaps")).await else {
        panic!("nobody knows what it means")
    };
    assert!(errors.0[0].message.contains("Enter one of its values: Applicant, Current"), "{errors:?}");
    let fixed = office.mend(&checked, cells("2", "current")).await.unwrap();
    assert_eq!(fixed.counts.unwrap(), counts(2, 0, 0, 1, 0));
    let undone = office.mend(&fixed, Mending::Nothing).await.unwrap();
    assert_eq!(undone.counts.unwrap(), counts(1, 0, 0, 1, 1));
}

// Somebody who has left is skipped for want of a last day; where the file has a column for it, it is entered in the page.
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_last_day_that_a_leaver_lacks_is_entered_in_the_page(pool: PgPool) {
    let office = Office::new(pool).await;
    let checked = office
        .check("Adm No,Forename,Surname,Status,Leaving date\n1,Ada,Lee,Left,\n2,Ben,Lee,Current,\n")
        .await;
    assert_eq!(checked.counts.unwrap(), PlanCounts { without_end: 1, ..counts(1, 0, 0, 1, 0) });
    let found = office.problems(&checked).await;
    let leaver = of(&found, "Left, but without a last day");
    let cell = leaver.first[0].cells.iter().find(|cell| cell.complaint.is_some()).unwrap();
    assert_eq!((leaver.rows, cell.heading.as_str()), (1, "Leaving date"));
    let fixed = office.mend(&checked, with(&leaver.first[0], "End date", "2026-07-17")).await.unwrap();
    assert_eq!(fixed.counts.unwrap(), counts(2, 0, 0, 0, 0));
    // A file without such a column has nothing to correct.
    let checked = office.check("Adm No,Forename,Surname,Status\n1,Ada,Lee,Left\n").await;
    assert!(office.problems(&checked).await.kinds.is_empty());
}
