//! What a committed import writes to the roll.

use std::fmt::Write as _;

use domain::authorization::actor::Actor;
use domain::fields::FieldErrors;
use domain::imports::mapping::{Mapping, MatchedBy};
use domain::imports::plan::PlanCounts;
use domain::imports::problem::ImportProblem;
use domain::imports::views::{CommitOutcome, ImportState};
use domain::roll::import::STUDENTS;
use sqlx::PgPool;

use super::{Office, counts, message};
use crate::Error;
use crate::imports::{commit, discard, map, simulate};
use crate::testing::student;

const FILE: &str = "Adm No,Forename,Surname,DOB,Year,Email,Start date,Leaving date\n\
    004512,Søren,Vestergård-Ali,03/04/2012,9,soren@school.example,01/09/2023,\n\
    004513,明,李,25/12/2011,9,family@school.example,01/09/2023,\n\
    004514,华,李,25/12/2011,9,family@school.example,01/09/2023,\n\
    ,No,Number,,,,,\n\
    004515,Saoirse,O’Tarpey,soon,9,saoirse@mailbox,01/09/2023,\n\
    004516,Suharto,,,13,,01/09/2019,18/07/2025\n";

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn rows_reach_the_roll_and_say_what_was_left_out_or_why_not(pool: PgPool) {
    let office = Office::new(pool).await;
    let import = office.import(FILE).await;
    let expected = PlanCounts { left_out: 1, ..counts(5, 0, 0, 0, 1) };
    assert_eq!((import.state, import.counts.unwrap()), (ImportState::Committed, expected));
    assert_eq!(
        office.roll().await,
        [
            "004512|Søren|Vestergård-Ali|2012-04-03|en|9|2023-09-01|t|soren@school.example*",
            "004513|明|李|2011-12-25|en|9|2023-09-01|t|family@school.example*",
            "004514|华|李|2011-12-25|en|9|2023-09-01|t|family@school.example*",
            "004515|Saoirse|O’Tarpey|en|9|2023-09-01|t",
            "004516|Suharto||en|13|2019-09-01|2025-07-18|t",
        ]
    );
    let lines = office.lines(&import).await;
    let rejected: Vec<_> = lines.iter().filter(|line| line.line.outcome.slug() == "rejected").collect();
    assert_eq!((rejected[0].row, rejected[0].line.code.as_ref()), (5, "admission_number_missing"));
    // Optional fields that cannot be read are left out, and the student is added.
    let saoirse = lines.iter().find(|line| line.key.as_deref() == Some("004515")).unwrap();
    let told = message(saoirse);
    for part in ["soon", "saoirse@mailbox", "Left out: Date of birth, Email."] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_same_file_twice_changes_nothing(pool: PgPool) {
    let office = Office::new(pool).await;
    office.import(FILE).await;
    let before = office.roll().await;
    let again = office.import(FILE).await;
    assert_eq!(again.counts.unwrap(), PlanCounts { left_out: 1, ..counts(0, 0, 5, 0, 1) });
    assert_eq!(office.roll().await, before);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_new_address_becomes_the_primary_one_and_the_old_one_stays(pool: PgPool) {
    let office = Office::new(pool).await;
    student(&office.backend, &office.school, "Ada", "Lovelace", "1", Some("old@school.example")).await;
    let import = office.import("Adm No,Forename,Surname,Email\n1,Ada,Lovelace,new@school.example\n").await;
    assert_eq!(import.counts.unwrap(), counts(0, 1, 0, 0, 0));
    assert!(office.roll().await[0].ends_with("new@school.example*,old@school.example"));
    let back = office.import("Adm No,Forename,Email\n1,Ada,OLD@school.example\n").await;
    assert_eq!(back.counts.unwrap(), counts(0, 1, 0, 0, 0));
    assert!(office.roll().await[0].ends_with("new@school.example,OLD@school.example*"));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn who_comes_back_gets_a_new_enrolment_beside_the_old_one(pool: PgPool) {
    let office = Office::new(pool).await;
    office.import("Adm No,Forename,Start,End\n1,Ada,2019-09-01,2023-07-21\n").await;
    let import = office.import("Adm No,Forename,Start,End\n1,Ada,2026-09-01,\n").await;
    assert_eq!(office.lines(&import).await[0].line.code, "back_on_roll");
    assert_eq!(office.roll().await, ["1|Ada||en||2019-09-01|2023-07-21|f", "1|Ada||en||2026-09-01|t"]);
    let again = office.import("Adm No,Forename,Start,End\n1,Ada,2026-09-01,\n").await;
    assert_eq!(again.counts.unwrap(), counts(0, 0, 1, 0, 0));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_roll_that_moved_since_the_check_is_not_written_over(pool: PgPool) {
    let office = Office::new(pool).await;
    let checked = office.check("Adm No,Forename,Surname\n1,Ada,Lovelace\n2,Eve,Moss\n").await;
    student(&office.backend, &office.school, "Adah", "Lovelace", "1", None).await;
    let before = office.roll().await;
    let CommitOutcome::Drifted { import, differing } = office.commit(&checked).await.unwrap() else {
        panic!("the plan was made before the student came")
    };
    assert_eq!(office.roll().await, before);
    assert_eq!((import.state, import.counts.unwrap()), (ImportState::Planned, counts(1, 1, 0, 0, 0)));
    assert_eq!(differing.len(), 1);
    let told = message(&differing[0]);
    assert!(told.contains("\u{201c}Adah\u{201d} to \u{201c}Ada\u{201d}"), "{told}");
    assert!(matches!(office.commit(&import).await, Ok(CommitOutcome::Done { .. })));
    assert_eq!(office.roll().await.len(), 2);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_plan_is_written_once(pool: PgPool) {
    let office = Office::new(pool).await;
    let checked = office.check("Adm No,Forename\n1,Ada\n").await;
    let (first, second) = tokio::join!(office.commit(&checked), office.commit(&checked));
    let done = [&first, &second].iter().filter(|end| matches!(end, Ok(CommitOutcome::Done { .. }))).count();
    let refused = [&first, &second]
        .iter()
        .filter(|end| matches!(end, Err(Error::Import(ImportProblem::Committed))))
        .count();
    assert_eq!((done, refused, office.roll().await.len()), (1, 1, 1));
    let lines: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM audit_events WHERE action = 'roll_imported' AND subject_id = $1",
    )
    .bind(checked.id.0)
    .fetch_one(office.backend.database.raw())
    .await
    .unwrap();
    assert_eq!(lines, 1);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn two_files_with_one_new_student_add_them_once(pool: PgPool) {
    let office = Office::new(pool).await;
    let one = office.check("Adm No,Forename\n1,Ada\n").await;
    let two = office.check("Adm No,Forename\n1,Ada\n2,Eve\n").await;
    let (first, second) = tokio::join!(office.commit(&one), office.commit(&two));
    let drifted = [first.unwrap(), second.unwrap()]
        .iter()
        .filter(|end| matches!(end, CommitOutcome::Drifted { .. }))
        .count();
    assert_eq!(drifted, 1);
    let ada = office.roll().await.iter().filter(|line| line.starts_with("1|")).count();
    assert_eq!(ada, 1);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn thousands_of_rows_are_written_as_they_were_planned(pool: PgPool) {
    let mut office = Office::new(pool).await;
    // On the command line, a file of any size is written at once.
    office.actor = Actor::system(office.school.organisation);
    let mut file = "Adm No,Forename,Surname,Email
"
    .to_owned();
    for n in 1..=12_000 {
        writeln!(file, "{n:06},Given{n},Family,g{n}@school.example").unwrap();
    }
    assert_eq!(office.import(&file).await.counts.unwrap(), counts(12_000, 0, 0, 0, 0));
    assert_eq!(office.check(&file).await.counts.unwrap(), counts(0, 0, 12_000, 0, 0));
    let found: (i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM people WHERE search_key LIKE ' given%' AND sort_key LIKE 'family given%'),
                (SELECT count(*) FROM addresses WHERE is_primary)",
    )
    .fetch_one(office.backend.database.raw())
    .await
    .unwrap();
    assert_eq!(found, (12_000, 12_000));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn columns_must_be_matched_before_rows_are_checked(pool: PgPool) {
    let office = Office::new(pool).await;
    let staged = office.stage("list.csv", b"Kennung,Zeichen\nA-1,Ada\n").await.unwrap();
    assert!(staged.columns.iter().all(|column| column.goes_to.field.is_none()));
    let refused = simulate::simulate(&office.backend, &office.actor, staged.id).await.unwrap_err();
    assert!(matches!(refused, Error::Invalid(FieldErrors(errors)) if errors.len() == 2));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_discarded_import_leaves_neither_rows_nor_a_way_back(pool: PgPool) {
    let office = Office::new(pool).await;
    let checked = office.check("Adm No,Forename\n1,Ada\n").await;
    discard::discard(&office.backend, &office.actor, checked.id).await.unwrap();
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM import_parts")
        .fetch_one(office.backend.database.raw())
        .await
        .unwrap();
    assert_eq!(rows, 0);
    let refused = commit::commit(&office.backend, &office.actor, checked.id, checked.plan.unwrap()).await;
    assert!(matches!(refused, Err(Error::Import(ImportProblem::Discarded))));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_column_chosen_by_hand_is_chosen_for_the_next_file_too(pool: PgPool) {
    let office = Office::new(pool).await;
    let file = "Ref,Forename\n1,Ada\n";
    let staged = office.stage("first.csv", file.as_bytes()).await.unwrap();
    let columns: Vec<_> = staged.columns.into_iter().map(|column| column.goes_to).collect();
    let mut mapping = Mapping::try_from(columns).unwrap();
    mapping.assign(0, STUDENTS.field("admission_number").unwrap());
    map::map(&office.backend, &office.actor, staged.id, mapping).await.unwrap();
    let unfinished = office.stage("second.csv", file.as_bytes()).await.unwrap();
    assert_eq!(unfinished.columns[0].goes_to.field, None, "the first was not imported yet");
    let checked = simulate::simulate(&office.backend, &office.actor, staged.id).await.unwrap();
    office.commit(&checked).await.unwrap();
    let next = office.stage("third.csv", file.as_bytes()).await.unwrap();
    assert_eq!(next.columns[0].goes_to.by, MatchedBy::LastTime);
    let checked = simulate::simulate(&office.backend, &office.actor, next.id).await.unwrap();
    assert_eq!(checked.counts.unwrap(), counts(0, 0, 1, 0, 0));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_same_file_again_is_committed_as_it_was_checked_unless_the_roll_has_changed(pool: PgPool) {
    const FILE: &str = "Adm No,Forename,Surname\n1,Ada,Lee\n2,Ben,Lee\n";
    let office = Office::new(pool).await;
    let first = office.check(FILE).await;
    office.commit(&first).await.unwrap();
    let again = office.check(FILE).await;
    assert_eq!(again.counts.unwrap().unchanged, 2);
    assert!(matches!(office.commit(&again).await.unwrap(), CommitOutcome::Done { .. }));

    let third = office.check(FILE).await;
    sqlx::query("UPDATE people SET given_name = 'Adam' WHERE given_name = 'Ada'")
        .execute(office.backend.database.raw())
        .await
        .unwrap();
    let CommitOutcome::Drifted { import, .. } = office.commit(&third).await.unwrap() else {
        panic!("a name was changed in between")
    };
    assert_eq!(import.counts.unwrap().updated, 1);
}
