//! OneRoster exports that do not say everything: encodings, quotation marks, roles and schools.

use domain::imports::encoding::TextEncoding;
use domain::imports::mapping::FieldSlug;
use domain::imports::plan::PlanCounts;
use domain::imports::reading::{Certainty, ReadOptions};
use sqlx::PgPool;

use super::{Office, counts, message, students};
use crate::Error;
use crate::imports::simulate::simulate;
use crate::imports::stage::{ImportFile, stage_as};
use crate::testing::files::archive;

const ORGS: &[u8] = b"sourcedId,name,type\ns1,Quillmere School,school\ns2,Other,school\n";

impl Office {
    async fn export(
        &self,
        parts: &[(&str, &[u8])],
        options: ReadOptions,
    ) -> Result<super::ImportView, &'static str> {
        let file = ImportFile {
            kind: students(),
            school: self.school.school,
            name: "export.zip".to_owned(),
            bytes: archive(parts),
            options,
            read_before: None,
        };
        stage_as(&self.backend, &self.actor, file).await.map_err(|error| match error {
            Error::Import(problem) => problem.code(),
            other => panic!("{other:?}"),
        })
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_status_that_is_not_active_is_read_like_a_column_of_any_other_file(pool: PgPool) {
    let office = Office::new(pool).await;
    let users = b"sourcedId,status,enabledUser,role,givenName,familyName\n\
        1,Active,true,student,Ann,Pym\n2,inactive,true,student,Ben,Quist\n3,tobedeleted,,student,Cat,Rose\n\
        4,,FALSE,student,Dan,Sole\n";
    let read = office.export(&[("users.csv", users)], ReadOptions::default()).await.unwrap();
    let checked = simulate(&office.backend, &office.actor, read.id).await.unwrap();
    assert_eq!(checked.counts.unwrap(), PlanCounts { without_end: 1, ..counts(1, 0, 0, 3, 0) });
    let told = message(&office.lines(&checked).await[1]);
    assert!(told.contains("\u{201c}inactive\u{201d}"), "{told}");
    for odd in ["xyz,true", "active,perhaps"] {
        let users = format!(
            "sourcedId,status,enabledUser,role,givenName\n1,active,true,student,Ann\n2,{odd},student,Ben\n"
        );
        let read = office.export(&[("users.csv", users.as_bytes())], ReadOptions::default()).await.unwrap();
        let asked = simulate(&office.backend, &office.actor, read.id).await;
        assert!(matches!(asked, Err(Error::Invalid(_))), "{odd}: {asked:?}");
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_encoding_of_an_export_is_shown_and_can_be_chosen(pool: PgPool) {
    let office = Office::new(pool).await;
    let users = b"sourcedId,role,givenName,familyName\n1,student,A,Dvo\xF8\xE1k\n2,student,B,\x8Aimek\n3,student,C,Ku\xE8era\n4,student,D,R\xF9\x9Ei\xE8ka\n";
    let classes = b"sourcedId,title,classType\nc1,T\xF8\xEDda 7A,homeroom\n";
    let enrollments = b"sourcedId,classSourcedId,userSourcedId,role\ne1,c1,1,student\n";
    let parts: [(&str, &[u8]); 3] =
        [("users.csv", users), ("classes.csv", classes), ("enrollments.csv", enrollments)];
    let read = office.export(&parts, ReadOptions::default()).await.unwrap();
    let text = read.reading.text.clone().unwrap();
    assert_eq!((text.encoding.slug(), text.certainty), ("windows-1250", Certainty::Guess));
    let question = &read.reading.questions()[0];
    assert!(question.contains("Dvo\u{159}\u{e1}k, \u{160}imek"), "{question}");
    assert_eq!(read.reading.header_row, None, "nobody chooses it");
    let home = |view: &super::ImportView| {
        let is_home = |slug: &FieldSlug| slug.as_str() == "registration_group";
        let column = view.columns.iter().find(|column| column.goes_to.field.as_ref().is_some_and(is_home));
        column.unwrap().samples.clone()
    };
    assert_eq!(home(&read), ["T\u{159}\u{ed}da 7A"], "all files are read alike");

    let chosen = ReadOptions { encoding: Some(TextEncoding::WINDOWS_1252), ..ReadOptions::default() };
    let read = office.export(&parts, chosen).await.unwrap();
    assert!(read.reading.questions().is_empty());
    assert_eq!(home(&read), ["T\u{f8}\u{ed}da 7A"]);

    let sheet = ReadOptions::default().with_sheet("7A");
    assert_eq!(office.export(&parts, sheet).await.err(), Some("file_without_sheets"));
    let row = ReadOptions { header_row: Some(3), ..ReadOptions::default() };
    assert_eq!(office.export(&parts, row).await.err(), Some("file_fixed_header"));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_open_quotation_mark_in_an_export_is_named_with_its_file_and_row(pool: PgPool) {
    let office = Office::new(pool).await;
    let users = b"sourcedId,role,givenName,familyName\n1,student,\"Ada,Lee\n2,student,Ben,Pym\n3,student,\"Cat\",Quist\n";
    let file = ImportFile {
        kind: students(),
        school: office.school.school,
        name: "export.zip".to_owned(),
        bytes: archive(&[("users.csv", users)]),
        options: ReadOptions::default(),
        read_before: None,
    };
    let Err(Error::Import(problem)) = stage_as(&office.backend, &office.actor, file).await else {
        panic!("the mark would take in rows")
    };
    assert!(problem.to_string().starts_with("users.csv: A quotation mark in row 2"), "{problem}");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn users_whose_role_or_school_is_not_said_are_asked_about(pool: PgPool) {
    let office = Office::new(pool).await;
    let users = b"sourcedId,orgSourcedIds,role,givenName,familyName\n\
        u1,s1,student,Ada,Lee\nu2,,,Ben,Pym\nu3,s1,,Tom,Ray\nu4,s1,,Eve,Moss\nu5,,student,Zoe,Fir\nu6,,,Far,Away\nu7,s1,teacher,Tea,Cher\n";
    let enrollments = b"sourcedId,classSourcedId,schoolSourcedId,userSourcedId,role\n\
        e1,c1,s1,u2,student\ne2,c1,s1,u3,teacher\ne3,c1,s2,u6,student\ne4,c1,s1,u7,student\n";
    let parts: [(&str, &[u8]); 3] =
        [("users.csv", users), ("orgs.csv", ORGS), ("enrollments.csv", enrollments)];
    let read = office.export(&parts, ReadOptions::default()).await.unwrap();
    let values: Vec<(&str, bool)> =
        read.decisions[0].values.iter().map(|value| (value.text.as_str(), value.meaning.is_none())).collect();
    assert_eq!(
        values,
        [
            ("no role", true),
            ("no role, but student in classes", true),
            ("no role, but teacher in classes", true),
            ("student", false),
            ("student, and no school", true),
        ],
        "Far is enrolled at the other school, and Tea is a teacher"
    );
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_user_who_stands_twice_in_an_export_is_one_student_or_a_question(pool: PgPool) {
    let office = Office::new(pool).await;
    let users = b"sourcedId,role,givenName,familyName,identifier,grades,email\n\
        u1,student,Cat,Roe,1004,10,\nu1,student,Cat,Roe,1004,10,\n\
        u2,student,Ann,Lee,1001,09,ann@post.example\nu2,student,Ann,Lee,1001,10,\n\
        u3,student,Ben,Fox,1002,09,\nu4,student,Ben,Fox,1002,10,\n";
    let read = office.export(&[("users.csv", users)], ReadOptions::default()).await.unwrap();
    let seen = simulate(&office.backend, &office.actor, read.id).await.unwrap();
    let said: Vec<String> =
        office.lines(&seen).await.into_iter().map(|line| line.line.code.into_owned()).collect();
    assert_eq!(said, ["new_student", "repeated_row", "same_key", "same_key", "same_key", "same_key"]);
}
