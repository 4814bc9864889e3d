//! Columns that decide whether a row is imported, in lists and in OneRoster exports.

use domain::imports::deciding::{ChosenMeaning, Meaning};
use domain::imports::mapping::{FieldSlug, LeftOut};
use domain::imports::plan::PlanCounts;
use domain::roll::import::STUDENTS;
use sqlx::PgPool;

use super::{Office, counts, message};
use crate::Error;
use crate::imports::{decide, simulate};
use crate::testing::files::archive;

fn chosen(text: &str, meaning: Meaning) -> ChosenMeaning {
    ChosenMeaning {
        field: FieldSlug::from(STUDENTS.field("status").unwrap()),
        text: text.to_owned(),
        meaning,
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn teachers_leavers_and_applicants_are_no_current_students(pool: PgPool) {
    let office = Office::new(pool).await;
    let import = office
        .import("Adm No,Forename,Role,Status,Leaving date\n\
                 1,Ada,Student,Current,\n2,Tom,Teacher,Current,\n3,Bo,Student,Leaver,\n4,Cy,Student,Leaver,2026-07-17\n5,Di,Pupil,Applicant,\n")
        .await;
    assert_eq!(import.counts.unwrap(), PlanCounts { without_end: 1, ..counts(2, 0, 0, 3, 0) });
    assert_eq!(office.roll().await, ["1|Ada||en||2026-11-21|t", "4|Cy||en||2026-07-17|2026-07-17|t"]);
    let lines = office.lines(&import).await;
    assert!(message(&lines[1]).contains("is \u{201c}Teacher\u{201d}, so this is not a current student."));
    assert!(message(&lines[2]).contains("no end date in the past"), "{}", message(&lines[2]));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn values_that_are_not_known_are_asked_once_and_remembered(pool: PgPool) {
    const FILE: &str = "Adm No,Forename,Status\n1,Ada,On site\n2,Bo,Elsewhere\n3,Cy,\n";
    let office = Office::new(pool).await;
    let staged = office.stage("roll.csv", FILE.as_bytes()).await.unwrap();
    let Err(Error::Invalid(errors)) = simulate::simulate(&office.backend, &office.actor, staged.id).await
    else {
        panic!("nobody has said what the values mean")
    };
    assert_eq!(errors.0.len(), 3, "{errors:?}");
    let meanings =
        [chosen("on site", Meaning::Current), chosen("Elsewhere", Meaning::Skip), chosen("", Meaning::Skip)];
    decide::decide(&office.backend, &office.actor, staged.id, &meanings).await.unwrap();
    let checked = simulate::simulate(&office.backend, &office.actor, staged.id).await.unwrap();
    assert_eq!(checked.counts.unwrap(), counts(1, 0, 0, 2, 0));
    office.commit(&checked).await.unwrap();
    assert_eq!(
        office.check(FILE).await.counts.unwrap(),
        counts(0, 0, 1, 2, 0),
        "the next file is not asked about"
    );
    let unknown = [chosen("nowhere", Meaning::Skip)];
    let refused = decide::decide(&office.backend, &office.actor, checked.id, &unknown).await;
    assert!(refused.is_err());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn yes_no_and_the_codes_of_a_system_are_known(pool: PgPool) {
    let office = Office::new(pool).await;
    for (file, outcome) in [
        ("Adm No,Forename,Left\n1,Ada,No\n2,Bo,Yes\n3,Cy,\n", counts(2, 0, 0, 1, 0)),
        ("Adm No,Forename,Enroll_Status\n1,Ada,0\n2,Bo,2\n3,Cy,-1\n", counts(1, 0, 0, 2, 0)),
        (
            "sourcedId,enabledUser,role,givenName,familyName,identifier\nu1,true,student,Ada,Lee,1\nu2,true,teacher,Bo,Lee,2\nu3,false,student,Cy,Lee,3\n",
            counts(1, 0, 0, 2, 0),
        ),
    ] {
        assert_eq!(office.check(file).await.counts.unwrap(), outcome, "{file}");
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_column_of_rights_decides_nothing_and_is_not_kept(pool: PgPool) {
    let office = Office::new(pool).await;
    let staged = office.stage("roll.csv", b"Adm No,Forename,Role\n1,Ada,power-user-7\n").await.unwrap();
    assert_eq!(staged.columns[2].goes_to.why, Some(LeftOut::Secret));
    assert_eq!(staged.columns[2].samples, Vec::<String>::new());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn users_of_an_export_without_roles_are_asked_about(pool: PgPool) {
    let office = Office::new(pool).await;
    let users = b"sourcedId,givenName,familyName\nu1,Ada,Lee\n";
    let staged = office.stage("o.zip", &archive(&[("users.csv", users)])).await.unwrap();
    let Err(Error::Invalid(errors)) = simulate::simulate(&office.backend, &office.actor, staged.id).await
    else {
        panic!("they may be teachers")
    };
    assert_eq!(
        errors.of("values"),
        Some("Choose what \u{201c}no role\u{201d} in \u{201c}Student or not\u{201d} means.")
    );
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn school_data_sync_has_grades_dates_and_births_in_files_of_their_own(pool: PgPool) {
    let office = Office::new(pool).await;
    let long = "k".repeat(255);
    let users: Vec<u8> =
        format!("sourcedId;givenName;familyName;preferredGivenName;password\n{long};Zo\u{eb};Lee;;hunter2\n")
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
    let users = [&b"\xff\xfe"[..], &users].concat();
    let roles = format!(
        "userSourcedId,orgSourcedId,role,grade,roleStartDate,roleEndDate\n{long},s1,student,07,2026-09-01,2027-07-16\n"
    );
    let births = format!("userSourcedId,birthDate\n{long},2014-02-03\n");
    let parts = [
        ("users.csv", users.as_slice()),
        ("roles.csv", roles.as_bytes()),
        ("demographics.csv", births.as_bytes()),
    ];
    let staged = office.stage("sds.zip", &archive(&parts)).await.unwrap();
    let checked = simulate::simulate(&office.backend, &office.actor, staged.id).await.unwrap();
    office.commit(&checked).await.unwrap();
    assert_eq!(office.roll().await, [format!("{long}|Zo\u{eb}|Lee|2014-02-03|en|7|2026-09-01|2027-07-16|t")]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_row_that_is_no_record_asks_nothing(pool: PgPool) {
    let office = Office::new(pool).await;
    let import = office
        .stage("roll.csv", b"Adm No,Forename,Status\n1,Ada,Current\nTotal: 1,,\nAdm No,Forename,Status\n")
        .await
        .unwrap();
    let texts: Vec<&str> = import.decisions[0].values.iter().map(|value| value.text.as_str()).collect();
    assert_eq!(texts, ["Current"]);
}
