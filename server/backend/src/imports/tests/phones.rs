//! Phone numbers as spreadsheets leave them.

use std::fmt::Write as _;

use sqlx::PgPool;

use super::*;

// C25, C26.
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn numbers_that_a_spreadsheet_has_spoilt_are_repaired_and_shown_or_left_out_and_said(pool: PgPool) {
    let office = Office::new(pool).await;
    let cells = [
        ("7900900123", Ok("07900900123"), "was read as 07900900123"),
        ("4.47901E+11", Err(()), "its last digits are missing"),
        ("447900900123", Ok("+447900900123"), "was read as +447900900123"),
        ("+44 (0)7900 900123", Ok("+447900900123"), "New student."),
        ("00447900900123", Ok("00447900900123"), "New student."),
        ("07900 900123 (Mum)", Ok("07900900123"), "was read as 07900900123"),
        ("07900 900123 / 07900 900456", Err(()), "Phone"),
        ("07900900123 ::: 01614960000", Err(()), "Phone"),
    ];
    let mut file = "Adm No,Forename,Surname,Phone\n".to_owned();
    for (at, (cell, ..)) in cells.iter().enumerate() {
        writeln!(file, "{},Ada{at},Lee,{cell}", at + 1).unwrap();
    }
    let imported = office.import(&file).await;
    let lines = office.lines(&imported).await;
    for (line, (cell, stored, said)) in lines.iter().zip(cells) {
        assert!(message(line).contains(said), "{cell}: {}", message(line));
        let number: Option<String> = sqlx::query_scalar(
            "SELECT a.value FROM addresses a JOIN enrolments e ON e.person_id = a.person_id WHERE e.admission_number = $1",
        )
        .bind(line.key.as_deref())
        .fetch_optional(office.backend.database.raw())
        .await
        .unwrap();
        assert_eq!(number.as_deref(), stored.ok(), "{cell}");
    }
}
