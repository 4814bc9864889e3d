//! Workbooks and OneRoster exports, and files that are refused.

use sqlx::PgPool;

use super::{Office, counts};
use crate::Error;
use crate::testing::files::{archive, text_row, workbook, workbook_with};

async fn refusal(office: &Office, name: &str, file: &[u8]) -> &'static str {
    match office.stage(name, file).await {
        Err(Error::Import(problem)) => {
            assert!(problem.to_string().ends_with('.'), "{problem}");
            problem.code()
        }
        other => panic!("{name} was not refused but {other:?}"),
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_workbook_gives_text_numbers_and_dates_as_they_are_meant(pool: PgPool) {
    let office = Office::new(pool).await;
    let rows = format!(
        r#"{}<row r="2"><c r="A2" t="inlineStr"><is><t>004512</t></is></c><c r="B2" t="inlineStr"><is><t>Søren &amp; Co</t></is></c><c r="C2" s="1"><v>41002</v></c><c r="D2"><v>9</v></c></row><row r="5"><c r="A5"><v>4513</v></c><c r="B5" t="inlineStr"><is><t>Ada</t></is></c><c r="D5"><v>9.5</v></c></row>"#,
        text_row(1, &["Adm No", "Forename", "DOB", "Year"])
    );
    let staged = office.stage("Students.XLSX", &workbook(&rows)).await.unwrap();
    let checked =
        crate::imports::simulate::simulate(&office.backend, &office.actor, staged.id).await.unwrap();
    assert_eq!(office.lines(&checked).await[1].row, 5);
    office.commit(&checked).await.unwrap();
    assert_eq!(
        office.roll().await,
        ["004512|Søren & Co||2012-04-03|en|9|2026-11-21|t", "4513|Ada||en|9.5|2026-11-21|t"]
    );
}

const USERS: &[u8] = b"sourcedId,status,orgSourcedIds,role,identifier,givenName,familyName,email,grades\n\
    u1,active,s1,student,004512,Ada,Lovelace,ada@school.example,09\n\
    u2,active,s2,student,777,Eve,Elsewhere,,07\n\
    u3,active,s1,teacher,,Tom,Teacher,,\n\
    u4,active,s1,student,,Bo,Li,,\"10,11\"\n\
    u5,tobedeleted,s1,student,9,Gone,Away,,\n";
const ORGS: &[u8] =
    b"sourcedId,name,type,identifier\nd,Trust,district,\ns1,Quillmere School,school,X\ns2,Other,school,Y\n";
const ENROLLMENTS: &[u8] = b"sourcedId,classSourcedId,schoolSourcedId,userSourcedId,role,beginDate,endDate\n\
    e1,c1,s1,u1,student,2025-09-01,2026-07-20\ne2,c2,s1,u1,student,2026-09-01,\ne3,c1,s1,u4,student,2025-09-01,2026-07-20\n";
const CLASSES: &[u8] = b"sourcedId,title,classType\nc1,9B,homeroom\nc2,Maths,scheduled\n";

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_oneroster_export_gives_the_students_of_this_school(pool: PgPool) {
    let office = Office::new(pool).await;
    let parts: [(&str, &[u8]); 5] = [
        ("manifest.csv", b"propertyName,value\noneroster.version,1.1\n"),
        ("users.csv", USERS),
        ("orgs.csv", ORGS),
        ("enrollments.csv", ENROLLMENTS),
        ("classes.csv", CLASSES),
    ];
    let staged = office.stage("oneroster.zip", &archive(&parts)).await.unwrap();
    assert!(staged.columns.iter().all(|column| column.goes_to.field.is_some()));
    let checked =
        crate::imports::simulate::simulate(&office.backend, &office.actor, staged.id).await.unwrap();
    assert_eq!(checked.counts.unwrap(), counts(2, 0, 0, 1, 0));
    let deleted = &office.lines(&checked).await[2];
    assert_eq!(
        super::message(deleted),
        "\u{201c}Current or left\u{201d} is \u{201c}tobedeleted\u{201d}, so this is not a current student."
    );
    office.commit(&checked).await.unwrap();
    assert_eq!(
        office.roll().await,
        ["004512|Ada|Lovelace|en|9|2025-09-01|t|ada@school.example*", "u4|Bo|Li|en|10|2025-09-01|t"],
        "that every class has ended does not mean that Bo has left"
    );
    let others =
        archive(&[("users.csv", USERS), ("orgs.csv", b"sourcedId,name,type\na,A,school\nb,B,school\n")]);
    assert_eq!(refusal(&office, "o.zip", &others).await, "file_other_schools");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn version_1_2_names_roles_in_a_file_of_their_own(pool: PgPool) {
    let office = Office::new(pool).await;
    let parts: [(&str, &[u8]); 2] = [
        ("export/users.csv", b"sourcedId,enabledUser,givenName,familyName,preferredFirstName\nu1,true,Ada,Lovelace,Addie\nu2,true,Tom,Teacher,\n"),
        ("export/roles.csv", b"sourcedId,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId\nr1,u1,primary,student,2024-09-01,,s1\nr2,u2,primary,teacher,,,s1\n"),
    ];
    let staged = office.stage("oneroster.zip", &archive(&parts)).await.unwrap();
    let checked =
        crate::imports::simulate::simulate(&office.backend, &office.actor, staged.id).await.unwrap();
    office.commit(&checked).await.unwrap();
    assert_eq!(office.roll().await, ["u1|Ada|Lovelace|en||2024-09-01|t"]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn files_that_are_no_list_of_students_are_refused_by_name_and_leave_nothing(pool: PgPool) {
    let office = Office::new(pool).await;
    let rows = text_row(1, &["Adm No", "Forename"]) + &text_row(2, &["1", "Ada"]);
    let encrypted: Vec<u8> = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"
        .iter()
        .copied()
        .chain("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let doctype = format!("<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>{rows}");
    let corner =
        r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#;
    let deep =
        format!("{}<row r=\"1048577\"><c r=\"A9999999999\"><v>1</v></c></row>", text_row(1, &["Adm No"]));
    let long = text_row(1, &["Adm No"]) + &text_row(2, &[&"x".repeat(40_000)]);
    for (name, file, code) in [
        ("empty.csv", Vec::new(), "file_empty"),
        ("roll.pdf", b"%PDF-1.7 ...".to_vec(), "file_not_a_table"),
        ("roll.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 ...".to_vec(), "file_old_excel"),
        ("roll.xlsx", encrypted, "file_encrypted"),
        ("roll.xlsm", workbook_with(&rows, &[("xl/vbaProject.bin", b"x")]), "file_with_macros"),
        ("roll.xlsx", b"Adm No,Forename\n1,Ada\n".to_vec(), "file_wrong_ending"),
        ("roll.csv", workbook(&rows), "file_wrong_ending"),
        ("roll.xlsx", workbook(&doctype), "file_document_type"),
        ("corner.xlsx", workbook(corner), "file_too_many_columns"),
        ("deep.xlsx", workbook(&deep), "file_damaged"),
        ("long.xlsx", workbook(&long), "file_cell_too_long"),
        ("roll.xlsx", workbook(&rows)[..400].to_vec(), "file_damaged"),
        ("roll.docx", archive(&[("word/document.xml", b"<a/>")]), "file_not_a_table"),
        ("roll.ods", archive(&[("content.xml", b"<a/>")]), "file_other_spreadsheet"),
        ("roll.zip", archive(&[("notes.txt", b"hello")]), "file_not_oneroster"),
        ("values.csv", b"004512\nada@school.example\n".to_vec(), "file_without_header"),
        ("header.csv", b"Adm No,Forename\n".to_vec(), "file_without_rows"),
    ] {
        assert_eq!(refusal(&office, name, &file).await, code, "{name}");
    }
    let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM imports")
        .fetch_one(office.backend.database.raw())
        .await
        .unwrap();
    assert_eq!(kept, 0);
}
