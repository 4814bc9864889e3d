//! Which cells of a file are stored, and for how long.

use std::fmt::Write as _;

use domain::imports::mapping::{LeftOut, Mapping};
use domain::roll::import::STUDENTS;
use sqlx::PgPool;

use super::{Office, counts};
use crate::Error;
use crate::imports::export::export;
use crate::imports::{map, simulate, view};
use crate::jobs::worker::run_once;

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
