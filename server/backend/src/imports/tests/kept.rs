//! Which cells of a file are stored, and for how long.

use std::fmt::Write as _;

use futures_util::TryStreamExt as _;

use domain::imports::mapping::{LeftOut, Mapping};
use domain::roll::import::STUDENTS;
use sqlx::PgPool;

use super::{Office, counts};
use crate::Error;
use crate::imports::export::export;
use crate::imports::{discard, map, simulate, view};
use crate::jobs::worker::run_once;
use crate::testing::files::{text_row, workbook_styled};

const FILE: &str = "Adm No,Forename,Password,PIN,is_admin,Shoe size,Mum email\n\
    1,Ada,hunter2,4711,yes-master,size-38,mum@home.example\n";

impl Office {
    /// Everything that the database holds of files.
    async fn stored(&self) -> String {
        sqlx::query_scalar(
            "SELECT concat_ws(' ', (SELECT string_agg(p::text, ' ') FROM import_parts p), (SELECT string_agg(i::text, ' ') FROM imports i),
                    (SELECT string_agg(a::text, ' ') FROM audit_events a))",
        )
        .fetch_one(self.backend.database.raw())
        .await
        .unwrap()
    }

    /// Every row of every table.
    async fn everything(&self) -> String {
        let tables: Vec<String> = sqlx::query_scalar(
            "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
        )
        .fetch_all(self.backend.database.raw())
        .await
        .unwrap();
        let mut everything = String::new();
        for table in tables {
            let mut rows: Vec<u8> = Vec::new();
            let mut connection = self.backend.database.raw().acquire().await.unwrap();
            let statement = format!("COPY \"{table}\" TO STDOUT");
            let mut copied = connection.copy_out_raw(&statement).await.unwrap();
            while let Some(part) = copied.try_next().await.unwrap() {
                rows.extend_from_slice(&part);
            }
            drop(copied);
            everything.push_str(&String::from_utf8_lossy(&rows));
        }
        everything
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn secrets_are_never_stored_and_other_columns_only_until_the_rows_are_checked(pool: PgPool) {
    let office = Office::new(pool).await;
    let staged = office.stage("roll.csv", FILE.as_bytes()).await.unwrap();
    let stored = office.stored().await;
    for secret in ["hunter2", "4711", "yes-master"] {
        assert!(!stored.contains(secret), "{secret} in {stored}");
    }
    assert_eq!(staged.columns[2].goes_to.why, Some(LeftOut::Secret));
    assert_eq!(staged.columns[5].samples, ["size-38"], "it can still be chosen");
    let checked = simulate::simulate(&office.backend, &office.actor, staged.id).await.unwrap();
    let stored = office.stored().await;
    for cell in ["size-38", "mum@home.example"] {
        assert!(!stored.contains(cell), "{cell} in {stored}");
    }
    assert_eq!(checked.columns[5].goes_to.why, Some(LeftOut::NotKept));
    let file = export(&office.backend, &office.actor, checked.id, None).await.unwrap();
    let text = String::from_utf8(file.part(0).await.unwrap().0).unwrap();
    assert!(text.starts_with("\u{feff}Adm No,Forename,Row in the file"), "{text}");

    // Neither can be imported now.
    for column in [2, 5] {
        let columns: Vec<_> = checked.columns.iter().map(|column| column.goes_to.clone()).collect();
        let mut mapping = Mapping::try_from(columns).unwrap();
        mapping.assign(column, STUDENTS.field("phone").unwrap());
        let refused = map::map(&office.backend, &office.actor, checked.id, mapping).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    }
    office.commit(&checked).await.unwrap();
    assert_eq!(office.roll().await.len(), 1);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn no_text_of_the_database_has_a_cell_of_a_column_that_is_not_imported(pool: PgPool) {
    let office = Office::new(pool).await;
    let cell = |at: &str, text: &str| format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#);
    let header = ["Adm No", "Forename", "Surname", "House", "Locker PIN", "Shoe", "Photo taken", "Name"];
    let rows = [
        text_row(1, &header),
        format!(
            r#"<row r="2" hidden="1">{}{}{}{}{}<c r="F2" s="1"><v>38.77125</v></c>{}{}</row>"#,
            cell("A2", "1"),
            cell("B2", "Ada"),
            cell("C2", "Lee"),
            cell("D2", "merged-house"),
            cell("E2", "merged-pin"),
            cell("G2", "03/04/1987"),
            cell("H2", "Zo\u{eb} unseen-name"),
        ),
        format!(r#"<row r="3">{}{}{}</row>"#, cell("A3", "2"), cell("B3", "Ben"), cell("C3", "Pym")),
        format!(r#"<row r="4">{}{}</row>"#, cell("A4", "Printed by"), cell("D4", "unseen-clerk")),
        r#"</sheetData><mergeCells><mergeCell ref="D2:D3"/><mergeCell ref="E2:E3"/></mergeCells>"#.to_owned(),
    ];
    let staged = office.stage("roll.xlsx", &workbook_styled(&["0"], false, &rows.concat())).await.unwrap();
    let secret = office.everything().await;
    assert!(secret.contains("merged-house") && !secret.contains("merged-pin"), "{secret}");
    let checked = simulate::simulate(&office.backend, &office.actor, staged.id).await.unwrap();
    let unseen =
        ["merged-house", "merged-pin", "38.77", "\"39\"", "03/04/1987", "unseen-name", "unseen-clerk"];
    let everything = office.everything().await;
    for cell in unseen {
        assert!(!everything.contains(cell), "{cell} in {everything}");
    }
    office.commit(&checked).await.unwrap();

    // A text whose rows have moved, and whose encoding is shown by names, one of which is not imported.
    let csv = b"Adm No,Forename,Surname,Name,Remark\n1,Zo\xEB,M\xFCller,Zo\xEB unseen-name M\xFCller,\n2,Bo,Li,\x93unseen,remark\x94,x\n";
    let staged = office.stage("roll.csv", csv).await.unwrap();
    let checked = simulate::simulate(&office.backend, &office.actor, staged.id).await.unwrap();
    let everything = office.everything().await;
    for cell in ["unseen-name", "unseen,remark", "unseen"] {
        assert!(!everything.contains(cell), "{cell} in {everything}");
    }
    assert!(everything.contains("M\u{fc}ller"), "what is imported is kept");
    // Nothing of a discarded file is left.
    discard::discard(&office.backend, &office.actor, checked.id).await.unwrap();
    assert!(!office.everything().await.contains("M\u{fc}ller"));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_column_chosen_before_the_rows_are_checked_is_imported_whole(pool: PgPool) {
    let office = Office::new(pool).await;
    let mut file = "Adm No,Forename,Contact\n".to_owned();
    for number in 1..=2500 {
        writeln!(file, "{number},Ada,a{number}@home.example").unwrap();
    }
    let staged = office.stage("roll.csv", file.as_bytes()).await.unwrap();
    let columns: Vec<_> = staged.columns.iter().map(|column| column.goes_to.clone()).collect();
    let mut mapping = Mapping::try_from(columns).unwrap();
    mapping.assign(2, STUDENTS.field("email").unwrap());
    map::map(&office.backend, &office.actor, staged.id, mapping).await.unwrap();
    let checked = simulate::simulate(&office.backend, &office.actor, staged.id).await.unwrap();
    assert_eq!(checked.counts.unwrap(), counts(2500, 0, 0, 0, 0));
    assert!(office.stored().await.contains("a2500@home.example"));

    // What is left out later is deleted as well.
    let columns: Vec<_> = checked.columns.iter().map(|column| column.goes_to.clone()).collect();
    let mut mapping = Mapping::try_from(columns).unwrap();
    mapping.release(STUDENTS.field("email").unwrap());
    map::map(&office.backend, &office.actor, staged.id, mapping).await.unwrap();
    simulate::simulate(&office.backend, &office.actor, staged.id).await.unwrap();
    assert!(!office.stored().await.contains("@home.example"));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_file_whose_columns_nobody_checks_is_deleted_after_a_day(pool: PgPool) {
    let office = Office::new(pool).await;
    let staged = office.stage("roll.csv", FILE.as_bytes()).await.unwrap();
    let checked = office.check("Adm No,Forename\n1,Ada\n").await;
    sqlx::query("UPDATE imports SET created_at = created_at - interval '25 hours'")
        .execute(office.backend.database.raw())
        .await
        .unwrap();
    run_once(&office.backend).await.unwrap();
    assert!(!office.stored().await.contains("size-38"));
    let state = |import| view::view(&office.backend, &office.actor, import);
    assert_eq!(state(staged.id).await.unwrap().state.slug(), "discarded");
    assert_eq!(state(checked.id).await.unwrap().state.slug(), "planned");
}
