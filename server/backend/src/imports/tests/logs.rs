//! The log, and the list of imports.

use std::collections::HashSet;

use domain::imports::outcome::{LogFilter, RowOutcome};
use domain::imports::plan::PlanCounts;
use domain::lists::page::Cursor;
use sqlx::PgPool;

use super::{Office, counts, students};
use crate::Error;
use crate::imports::export::export;
use crate::imports::{list, log};

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_log_is_read_in_parts_and_by_outcome(pool: PgPool) {
    let office = Office::new(pool).await;
    let import =
        office.check("Adm No,Forename,Surname\n1,Ada,Lovelace\n,Eve,\n1,Ada,Lovelace\n2,Bo,\n").await;
    assert_eq!(import.counts.unwrap(), counts(2, 0, 0, 1, 1));
    let read = async |outcome, after, limit| {
        log::page(&office.backend, &office.actor, import.id, outcome, after, limit).await.unwrap()
    };
    let first = read(None, 0, 3).await;
    assert_eq!((first.lines.len(), first.next, first.lines[0].name.as_str()), (3, Some(4), "Ada Lovelace"));
    let rest = read(None, 4, 3).await;
    assert_eq!((rest.lines.len(), rest.next), (1, None));
    let rejected = read(Some(RowOutcome::Rejected.into()), 0, 10).await;
    assert_eq!((rejected.lines.len(), rejected.lines[0].line.row), (1, 3));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn rows_with_a_field_left_out_are_counted_and_found(pool: PgPool) {
    let office = Office::new(pool).await;
    let import = office
        .check("Adm No,Forename,Surname,Email\n1,Ada,Lovelace,ada@home\n2,Eve,Moss,eve@home.example\n,Bo,Li,bo@home\n")
        .await;
    assert_eq!(import.counts.unwrap(), PlanCounts { left_out: 1, ..counts(2, 0, 0, 0, 1) });
    let filter = Some(LogFilter::LeftOut);
    let found = log::page(&office.backend, &office.actor, import.id, filter, 0, 10).await.unwrap();
    assert_eq!((found.lines.len(), found.lines[0].line.row), (1, 2));
    let file = export(&office.backend, &office.actor, import.id, filter).await.unwrap();
    let text = String::from_utf8(file.part(0).await.unwrap().0).unwrap();
    assert!(text.lines().count() == 2 && text.contains("ada@home"), "{text}");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_downloaded_log_is_safe_in_a_spreadsheet_and_can_be_imported_again(pool: PgPool) {
    let office = Office::new(pool).await;
    let import =
        office.check("Adm No,Forename,Phone\n1,\"=HYPERLINK(\"\"x\"\")\",+44 7700 900118\n,Eve,\n").await;
    let file = export(&office.backend, &office.actor, import.id, None).await.unwrap();
    let (bytes, next) = file.part(0).await.unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert_eq!(next, None);
    assert!(
        text.starts_with(
            "\u{feff}Adm No,Forename,Phone,Row in the file,Result,What happened,Reason,Value in the file,File,Sheet\n"
        ),
        "{text}"
    );
    assert!(text.contains("1,\"'=HYPERLINK(\"\"x\"\")\",'+44 7700 900118,2,Added,New student."), "{text}");
    office.import("Adm No,Forename,Phone\n1,\"=HYPERLINK(\"\"x\"\")\",+44 7700 900118\n").await;
    let again = office.check(&text).await;
    assert_eq!(again.counts.unwrap(), counts(0, 0, 1, 0, 1));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_list_shows_the_latest_first(pool: PgPool) {
    let office = Office::new(pool).await;
    office.import("Adm No,Forename\n1,Ada\n").await;
    office.stage("C:\\Users\\office\\second.csv", b"Adm No,Forename\n1,Ada\n").await.unwrap();
    let listed =
        list::list(&office.backend, &office.actor, &students(), office.school.school, None).await.unwrap();
    let names: Vec<_> = listed.rows.iter().map(|import| import.file_name.as_str()).collect();
    assert_eq!(names, ["second.csv", "students.csv"]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn pages_follow_each_other_though_many_rows_are_of_one_moment_and_others_are_added(pool: PgPool) {
    let office = Office::new(pool).await;
    office.import("Adm No,Forename\n1,Ada\n").await;
    let copies =
        "INSERT INTO imports SELECT (jsonb_populate_record(i, jsonb_build_object('id', gen_random_uuid(), 'created_at', i.created_at - interval '1 day'))).*
                  FROM imports i, generate_series(1, $1)";
    let many = i32::try_from(2 * list::PAGE).unwrap();
    sqlx::query(copies).bind(many).execute(office.backend.database.raw()).await.unwrap();
    let (mut seen, mut after, mut pages) = (HashSet::new(), None, 0);
    loop {
        let page =
            list::list(&office.backend, &office.actor, &students(), office.school.school, after.as_ref())
                .await
                .unwrap();
        pages += 1;
        seen.extend(page.rows.iter().map(|import| import.id));
        office.stage("later.csv", b"Adm No,Forename\n1,Ada\n").await.unwrap();
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!((pages, seen.len()), (3, 2 * list::PAGE + 1));
    let made_up = Cursor::from("yesterday".to_owned());
    let refused =
        list::list(&office.backend, &office.actor, &students(), office.school.school, Some(&made_up)).await;
    assert!(matches!(refused, Err(Error::NotFound("page"))));
}
