//! The sheet that goes back to the sender, and comes again.

use domain::imports::mapping::LeftOut;
use domain::imports::sent_back::{REASON, SheetFormat};
use sqlx::PgPool;

use super::*;
use crate::imports::send_back::send_back;

const FILE: &str = "Remark,Adm No,Forename,Surname,DOB\n\
    x,1,Ada,Lee,2012-01-10\n\
    y,00002,Ben,Lee,07/08\n\
    z,,Cleo,Lee,2012-05-01\n";

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_sender_gets_just_the_faulty_rows_and_what_is_mended_is_said_when_they_come_again(pool: PgPool) {
    let office = Office::new(pool).await;
    let imported = office.import(FILE).await;
    let sheet = send_back(&office.backend, &office.actor, imported.id, SheetFormat::Csv).await.unwrap();
    let text = String::from_utf8(sheet).unwrap();
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines[0], format!("Remark,Adm No,Forename,Surname,DOB,{REASON}"));
    assert_eq!(lines.len(), 3, "{text}");
    assert!(lines[1].starts_with(",00002,Ben,Lee,07/08,") && lines[1].contains("not a date"), "{text}");
    assert!(lines[2].starts_with(",,Cleo,Lee,2012-05-01,"), "{text}");

    // One of the two is fixed.
    let fixed = text.replace("07/08", "2012-08-07");
    let staged = office.stage("rows-to-correct.csv", fixed.as_bytes()).await.unwrap();
    assert_eq!(staged.columns[5].goes_to.why, Some(LeftOut::Reason));
    let checked = simulate::simulate(&office.backend, &office.actor, staged.id).await.unwrap();
    let counted = checked.counts.unwrap();
    assert_eq!(counted, PlanCounts { fixed: 1, ..counts(0, 1, 0, 0, 1) });
    let lines = office.lines(&checked).await;
    assert!(message(&lines[0]).ends_with("This row was sent back, and is fixed."), "{}", message(&lines[0]));
    assert!(message(&lines[1]).ends_with("This row was sent back, and still has a problem."));
    // What went back once goes back again without a second reason.
    let again = send_back(&office.backend, &office.actor, checked.id, SheetFormat::Csv).await.unwrap();
    assert_eq!(String::from_utf8(again).unwrap().matches(REASON).count(), 1);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_workbook_of_faulty_rows_keeps_leading_zeros_and_is_read_again(pool: PgPool) {
    let office = Office::new(pool).await;
    let imported = office.import(FILE).await;
    let book = send_back(&office.backend, &office.actor, imported.id, SheetFormat::Xlsx).await.unwrap();
    let staged = office.stage("rows-to-correct.xlsx", &book).await.unwrap();
    let checked = simulate::simulate(&office.backend, &office.actor, staged.id).await.unwrap();
    // Ben is there already; his date is still wrong.
    assert_eq!(checked.counts.unwrap(), PlanCounts { left_out: 1, ..counts(0, 0, 1, 0, 1) });
    assert_eq!(office.lines(&checked).await[0].key.as_deref(), Some("00002"));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn cells_that_were_pasted_are_a_file_with_the_day_as_its_name(pool: PgPool) {
    let office = Office::new(pool).await;
    let cells = "Adm No\tForename\tSurname\tYear\r\n0007\tAda, Mary\t\"Lee \"\"Li\"\"\"\t\"9\r\n\"\r\n8\tBen\tLee\t10\r\n";
    let staged = office.stage("", cells.as_bytes()).await.unwrap();
    assert!(staged.file_name.starts_with("Pasted on "), "{}", staged.file_name);
    let checked = simulate::simulate(&office.backend, &office.actor, staged.id).await.unwrap();
    assert_eq!(checked.counts.unwrap(), counts(2, 0, 0, 0, 0));
    office.written(&checked).await;
    let roll = office.roll().await;
    assert!(roll[0].starts_with("0007|Ada, Mary|Lee \"Li\"|"), "{roll:?}");
}
