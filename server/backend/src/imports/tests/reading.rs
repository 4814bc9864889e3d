//! How a file is read: what a workbook shows, encodings, sheets, the header, and reading it again.

use domain::imports::dates::DateOrder;
use domain::imports::deciding::{ChosenMeaning, Meaning};
use domain::imports::encoding::TextEncoding;
use domain::imports::mapping::FieldSlug;
use domain::imports::outcome::RowOutcome;
use domain::imports::reading::{Certainty, ReadOptions};
use domain::imports::unsent::Unsent;
use domain::imports::views::ImportState;
use sqlx::PgPool;

use super::{Office, message, students};
use crate::imports::stage::{ImportFile, ReadBefore, stage_as};
use crate::imports::{map, simulate, view};
use crate::testing::files::{text_row, workbook, workbook_of};
use crate::{Error, Result};

impl Office {
    async fn read(
        &self,
        name: &str,
        bytes: &[u8],
        options: ReadOptions,
        read_before: Option<(&super::ImportView, &Unsent)>,
    ) -> Result<super::ImportView> {
        let file = ImportFile {
            kind: students(),
            school: self.school.school,
            name: name.to_owned(),
            bytes: bytes.to_vec(),
            options,
            read_before: read_before
                .map(|(import, unsent)| ReadBefore { import: import.id, unsent: unsent.clone() }),
        };
        stage_as(&self.backend, &self.actor, file).await
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_workbook_is_read_as_it_shows_itself_and_what_is_hidden_or_lost_is_said(pool: PgPool) {
    let office = Office::new(pool).await;
    let rows = [
        text_row(1, &["Adm No", "Forename", "Form", "Year"]),
        r#"<row r="2"><c r="A2" s="2"><v>37</v></c><c r="B2" t="inlineStr"><is><t>Ada</t></is></c><c r="C2" t="inlineStr"><is><t>7A</t></is></c><c r="D2"><v>7</v></c></row>"#.to_owned(),
        r#"<row r="3" hidden="1"><c r="A3" s="2"><v>38</v></c><c r="B3" t="inlineStr"><is><t>Ben</t></is></c><c r="C3"/><c r="D3"><v>7</v></c></row>"#.to_owned(),
        r#"<row r="4"><c r="A4" s="2"><v>39</v></c><c r="B4" t="inlineStr"><is><t>Cleo</t></is></c><c r="C4" s="3"><v>46085</v></c><c r="D4"><f>1+6</f></c></row>"#.to_owned(),
        r#"<row r="5"><c r="A5" s="2"><f>A4+1</f><v></v></c><c r="B5" t="inlineStr"><is><t>Dan</t></is></c></row>"#.to_owned(),
        r#"<row r="6"><c r="A6" t="str"><f>"41"</f><v>41</v></c><c r="B6" t="inlineStr"><is><t>Eve</t></is></c><c r="C6" t="str"><f>""</f><v></v></c></row>"#.to_owned(),
        r#"</sheetData><mergeCells count="1"><mergeCell ref="C2:C3"/></mergeCells>"#.to_owned(),
    ];
    let staged = office.stage("roll.xlsx", &workbook(&rows.concat())).await.unwrap();
    assert_eq!((staged.reading.hidden_rows, staged.reading.header_row), (1, Some(1)));
    let checked = simulate::simulate(&office.backend, &office.actor, staged.id).await.unwrap();
    let lines = office.lines(&checked).await;
    let keys: Vec<_> = lines.iter().map(|line| line.key.as_deref().unwrap_or("")).collect();
    assert_eq!(keys, ["000037", "000038", "000039", "", "41"]);
    let told: Vec<String> = lines.iter().map(message).collect();
    assert!(
        told[1].contains("hidden in the workbook")
            && told[1].contains("\u{201c}Form\u{201d} is merged with the cell above, and stays empty"),
        "{}",
        told[1]
    );
    assert!(told[2].contains("\u{201c}Year\u{201d} is a formula"), "{}", told[2]);
    assert_eq!(lines[3].line.outcome, RowOutcome::Rejected);
    assert!(!told[4].contains("formula"), "{}", told[4]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_list_is_found_behind_a_cover_sheet_and_a_second_list_is_asked_about(pool: PgPool) {
    let office = Office::new(pool).await;
    let list = |name: &str| {
        text_row(1, &["Quillmere School"])
            + &text_row(3, &["Adm No", "Forename"])
            + &text_row(4, &["1", name])
    };
    let (cover, first, second) = (text_row(1, &["About this file"]), list("Ada"), list("Ben"));
    let book = workbook_of(&[("About", &cover), ("7A", &first), ("7B", &second)]);
    let read = office.stage("roll.xlsx", &book).await.unwrap();
    let sheet = read.reading.sheet.clone().unwrap();
    assert_eq!((sheet.name.as_str(), read.reading.header_row, read.row_count), ("7A", Some(3), 1));
    let others: Vec<_> = sheet.others.iter().map(|other| (other.name.as_str(), other.is_list)).collect();
    assert_eq!(others, [("About", false), ("7B", true)]);
    assert!(read.reading.questions()[0].contains("not \u{201c}7B\u{201d}"));
    let asked = ReadOptions::default().with_sheet(" 7b ");
    let again = office.read("roll.xlsx", &book, asked, Some((&read, &Unsent::default()))).await.unwrap();
    assert!(again.reading.questions().is_empty());
    assert_eq!(again.columns[1].samples, ["Ben"]);
    let nowhere = office.read("roll.xlsx", &book, ReadOptions::default().with_sheet("7C"), None).await;
    let Err(Error::Import(problem)) = nowhere else { panic!("there is no such sheet") };
    assert_eq!(problem.code(), "file_without_this_sheet");
    assert!(problem.to_string().contains("\u{201c}About\u{201d}, \u{201c}7A\u{201d}"), "{problem}");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_file_is_read_again_in_another_encoding_and_what_was_matched_stays(pool: PgPool) {
    let office = Office::new(pool).await;
    let bytes =
        b"Ref,Surname,Notes\r\n1,Dvo\xF8\xE1k,x\r\n2,\x8Aimek,y\r\n3,Ku\xE8era,z\r\n4,R\xF9\x9Ei\xE8ka,\r\n";
    let read = office.stage("roll.csv", bytes).await.unwrap();
    let text = read.reading.text.clone().unwrap();
    assert_eq!((text.encoding.slug(), text.certainty), ("windows-1250", Certainty::Guess));
    assert!(
        read.reading.questions()[0].contains("Dvo\u{159}\u{e1}k, \u{160}imek"),
        "{:?}",
        read.reading.questions()
    );
    // Somebody matches a column, then reads the file in another way.
    let columns: Vec<_> = read.columns.iter().map(|column| column.goes_to.clone()).collect();
    let mut mapping = domain::imports::mapping::Mapping::try_from(columns).unwrap();
    mapping.assign(0, super::STUDENTS.field("admission_number").unwrap());
    map::map(&office.backend, &office.actor, read.id, mapping).await.unwrap();
    let western = ReadOptions { encoding: Some(TextEncoding::WINDOWS_1252), ..ReadOptions::default() };
    let again = office.read("roll.csv", bytes, western, Some((&read, &Unsent::default()))).await.unwrap();
    assert_eq!(again.columns[1].samples[0], "Dvo\u{f8}\u{e1}k");
    assert_eq!(again.columns[0].goes_to.field, super::STUDENTS.field("admission_number").map(Into::into));
    assert!(again.reading.questions().is_empty());
    let before = view::view(&office.backend, &office.actor, read.id).await.unwrap();
    assert_eq!(before.state, ImportState::Discarded);
    let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM import_parts WHERE import_id = $1")
        .bind(read.id.0)
        .fetch_one(office.backend.database.raw())
        .await
        .unwrap();
    assert_eq!(kept, 0);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_was_chosen_and_not_sent_stays_when_the_file_is_read_again(pool: PgPool) {
    let office = Office::new(pool).await;
    let file = "Class 7A,,,,,\nRef,Vorname,Email,Email,Stand,Geb\n1,Ada,a@b.example,c@d.example,Boarder,03/04/2012\n";
    let title = ReadOptions { header_row: Some(1), ..ReadOptions::default() };
    let second = ReadOptions { header_row: Some(2), ..ReadOptions::default() };
    let read = office.read("roll.csv", file.as_bytes(), second.clone(), None).await.unwrap();
    let slugs = ["admission_number", "given_name", "", "email", "status", "date_of_birth"];
    let field = |slug: &&str| super::STUDENTS.field(slug).map(FieldSlug::from);
    let unsent = Unsent {
        columns: slugs.iter().map(field).collect(),
        dates: Some(DateOrder::MonthFirst),
        meanings: vec![ChosenMeaning {
            field: field(&"status").unwrap(),
            text: "Boarder".to_owned(),
            meaning: Meaning::Current,
        }],
    };
    let again =
        office.read("roll.csv", file.as_bytes(), second.clone(), Some((&read, &unsent))).await.unwrap();
    let matched: Vec<_> = again
        .columns
        .iter()
        .map(|column| column.goes_to.field.as_ref().map_or("", FieldSlug::as_str))
        .collect();
    assert_eq!(matched, slugs);
    assert_eq!(again.date_order, Some(DateOrder::MonthFirst));
    assert_eq!(again.reading.lost_matches(&super::STUDENTS), None);
    // A meaning counts once the column decides: here it was chosen together with its column.
    assert_eq!(again.decisions[0].header, "Stand");

    let meanings = Unsent { meanings: unsent.meanings.clone(), ..Unsent::default() };
    let third = office.read("roll.csv", file.as_bytes(), second, Some((&again, &meanings))).await.unwrap();
    assert_eq!(third.decisions[0].values[0].meaning, Some(Meaning::Current));

    let lost =
        office.read("roll.csv", file.as_bytes(), title, Some((&third, &Unsent::default()))).await.unwrap();
    let said = lost.reading.lost_matches(&super::STUDENTS).unwrap();
    assert!(
        said.contains("\u{201c}Ref\u{201d} (Admission number)") && said.contains("match the fields again"),
        "{said}"
    );
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_person_says_which_row_has_the_column_names(pool: PgPool) {
    let office = Office::new(pool).await;
    let file = b"2026,1,2\n1001,2,3\nTunnus,Etunimi,Luokka\n1001,Ada,7A\n";
    let staged = office.stage("roll.csv", file).await.unwrap();
    assert_eq!((staged.reading.header_row, staged.row_count), (Some(0), 4));
    assert_eq!(
        staged.reading.notes(),
        ["No row with column names was found. Choose what each column contains by its first values."]
    );
    let third = ReadOptions { header_row: Some(3), ..ReadOptions::default() };
    let read = office.read("roll.csv", file, third, None).await.unwrap();
    let headers: Vec<_> = read.columns.iter().map(|column| column.header.as_str()).collect();
    assert_eq!((headers, read.row_count), (vec!["Tunnus", "Etunimi", "Luokka"], 1));
    assert_eq!(read.reading.notes(), ["The column names are in row 3. Rows 1 to 2 are not imported."]);
    let tenth = ReadOptions { header_row: Some(10), ..ReadOptions::default() };
    let Err(Error::Import(problem)) = office.read("roll.csv", file, tenth, None).await else {
        panic!("it has four rows")
    };
    assert_eq!(problem.code(), "file_without_this_header");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn rows_that_moved_are_rejected_and_rows_that_are_no_students_skipped(pool: PgPool) {
    use RowOutcome::{Added, Rejected, Skipped};
    let office = Office::new(pool).await;
    let checked = office
        .check("Adm No,Forename,Form\n1,Ada,7A\n2,Lee, Kim,7A\n------,------,------\nAdm No,Forename,Form\nTotal: 2,,\nPrinted on 12/09/2026,,\n")
        .await;
    let lines = office.lines(&checked).await;
    let outcomes: Vec<_> = lines.iter().map(|line| line.line.outcome).collect();
    assert_eq!(outcomes, [Added, Rejected, Skipped, Skipped, Skipped, Skipped]);
    assert!(
        message(&lines[1]).starts_with("This row has 4 cells, but the file has 3 columns."),
        "{}",
        message(&lines[1])
    );
    assert_eq!(message(&lines[4]), "\u{201c}Total: 2\u{201d} is not a student.");
}
