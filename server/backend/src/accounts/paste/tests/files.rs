use domain::accounts::paste::arrange::arrange;
use domain::accounts::paste::outcome::PasteFile;
use sqlx::PgPool;

use super::super::read_file;
use super::*;
use crate::Error;
use crate::testing::files::{archive, text_row, workbook};

impl Scene {
    async fn file(&self, name: &str, bytes: &[u8]) -> Result<PasteFile> {
        read_file(&self.backend, &self.tutor, self.school.school, (name, bytes.to_vec())).await
    }

    /// The rows of a file, as the grid has them, and what is said about it.
    async fn rows(&self, name: &str, bytes: &[u8]) -> (Vec<PastedRow>, String) {
        let file = self.file(name, bytes).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        (arrange(&file.rows, None).unwrap().rows, file.said.join(" "))
    }
}

fn berg() -> PastedRow {
    PastedRow::of(["Berg", "Åna", "ana@school.example", "", "0042"])
}

/// A spreadsheet of `LibreOffice`: tables in XML.
fn open_document(tables: &str) -> Vec<u8> {
    let content = format!(
        r#"<?xml version="1.0"?><office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:style="s"><office:automatic-styles><style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"#
    );
    archive(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", content.as_bytes()),
    ])
}

fn cells(texts: &[&str]) -> String {
    let cell = |text: &&str| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>");
    format!("<table:table-row>{}</table:table-row>", texts.iter().map(cell).collect::<String>())
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn files_of_every_kind_give_the_same_cells(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let heads = ["Surname", "Forename", "Email", "Adm No"];
    let values = ["Berg", "Åna", "ana@school.example", "0042"];
    let book = workbook(&[text_row(1, &heads), text_row(2, &values)].concat());
    let text = format!("{}\n{}\n", heads.join(","), values.join(","));
    let windows = encoding_rs::WINDOWS_1252.encode(&text).0.into_owned();
    let page = format!("<html><table><tr><td>{}<tr><td>{}</table>", heads.join("<td>"), values.join("<td>"));
    let plain = [&values[..3], &["", values[3]]].concat().join("\t");
    let ods = open_document(&format!(
        "<table:table table:name=\"A\">{}{}</table:table>",
        cells(&heads),
        cells(&values)
    ));
    for (name, bytes) in [
        ("class.xlsx", book),
        ("class.ods", ods),
        ("class.csv", text.clone().into_bytes()),
        ("class.csv", [b"\xEF\xBB\xBF", text.as_bytes()].concat()),
        ("class.csv", windows),
        ("class.xls", page.into_bytes()),
        ("class.txt", plain.into_bytes()),
    ] {
        assert_eq!(scene.rows(name, &bytes).await.0, [berg()], "{name}");
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_spreadsheet_of_libre_office_is_read_as_it_is_shown(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let book = open_document(
        r#"<table:table table:name="Notes" table:style-name="ta2"><table:table-row><table:table-cell><text:p>Surname</text:p></table:table-cell><table:table-cell><text:p>Forename</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>Hidden</text:p></table:table-cell></table:table-row></table:table>
        <table:table table:name="Class"><table:table-row><table:table-cell table:number-columns-spanned="2"><text:p>Class 10B</text:p></table:table-cell><table:covered-table-cell/></table:table-row>
        <table:table-row><table:table-cell><text:p>Surname</text:p></table:table-cell><table:table-cell><text:p>Forename</text:p></table:table-cell><table:table-cell table:number-columns-repeated="2"/><table:table-cell><text:p>Adm No</text:p></table:table-cell></table:table-row>
        <table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
        <table:table-row><table:table-cell office:value-type="string"><office:annotation><text:p>See me</text:p></office:annotation><text:p>O&apos;Neil &amp;<text:s text:c="2"/>Lie</text:p></table:table-cell><table:table-cell><text:p>Zo&#xEB;</text:p><text:p>Ann</text:p></table:table-cell><table:table-cell table:number-columns-repeated="2"/><table:table-cell office:value-type="float" office:value="42"><text:p>0042</text:p></table:table-cell><table:table-cell table:number-columns-repeated="16379"/></table:table-row>
        <table:table-row table:visibility="collapse"><table:table-cell><text:p>Olsen</text:p></table:table-cell><table:table-cell><text:p>Bo</text:p></table:table-cell></table:table-row>
        <table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>"#,
    );
    let (rows, said) = scene.rows("class.ods", &book).await;
    assert_eq!(
        rows,
        [
            PastedRow::of(["O'Neil & Lie", "Zoë Ann", "", "", "0042"]),
            PastedRow::of(["Olsen", "Bo", "", "", ""])
        ]
    );
    assert!(said.contains("1 row is hidden"), "{said}");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn lists_without_headings_and_with_totals_are_read_and_passwords_are_not(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (rows, _) = scene.rows("class.csv", b"Berg,Ana\nOlsen,Bo,bo@school.example\n").await;
    assert_eq!(rows[0], PastedRow::of(["Berg", "Ana", "", "", ""]));
    assert_eq!(rows[1], PastedRow::of(["Olsen", "Bo", "bo@school.example", "", ""]));
    let (rows, _) = scene.rows("one.csv", b"Berg,Ana").await;
    assert_eq!(rows.len(), 1);
    let list = b"Surname,Forename,Password\nBerg,Ana,SEKRET\nTotal: 1,,\n";
    let file = scene.file("class.csv", list).await.unwrap();
    assert!(!format!("{file:?}").contains("SEKRET"), "{file:?}");
    assert!(file.said.join(" ").contains("1 row is about nobody"), "{file:?}");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn wrong_files_are_answered_with_a_sentence(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let many = (0..6_000).map(|row| format!("Berg{row},Ana\n")).collect::<Vec<_>>().concat();
    let wide = open_document(&format!("<table:table table:name=\"A\">{}</table:table>", cells(&["x"; 300])));
    let bomb = open_document(
        r#"<table:table table:name="A"><table:table-row table:number-rows-repeated="1000000000"><table:table-cell><text:p>Berg</text:p></table:table-cell><table:table-cell><text:p>Ana</text:p></table:table-cell></table:table-row></table:table>"#,
    );
    for (name, bytes, said) in [
        ("many.csv", many.into_bytes(), "That is 6000 rows."),
        ("class.pdf", b"%PDF-1.7".to_vec(), "This is a PDF document"),
        ("class.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 ...".to_vec(), "This is an old Excel file"),
        (
            "class.numbers",
            archive(&[("Index/Document.iwa", b"x")]),
            "can\u{2019}t be read. Open it and save it",
        ),
        (
            "class.odt",
            archive(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<a/>")]),
            "can\u{2019}t be read",
        ),
        ("empty.csv", Vec::new(), "empty"),
        ("wide.ods", wide, "columns"),
        ("bomb.ods", bomb, "rows"),
    ] {
        let error = scene.file(name, &bytes).await.unwrap_err();
        assert!(!matches!(error, Error::Unexpected(_)), "{name}: {error}");
        assert!(error.to_string().contains(said), "{name}: {error}");
    }
    let stranger = Actor::signed_in(
        scene.school.organisation,
        scene.backend.new_id(),
        scene.backend.new_id(),
        Vec::new(),
    );
    let refused =
        read_file(&scene.backend, &stranger, scene.school.school, ("a.csv", b"Berg,Ana".to_vec())).await;
    assert!(matches!(refused, Err(Error::Refused(_) | Error::NotFound(_))));
}
