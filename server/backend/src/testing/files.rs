//! Files as schools send them, and malicious ones.

use std::fmt::Write as _;
use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A zip of named parts.
pub fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a new part");
        zip.write_all(bytes).expect("memory takes all");
    }
    zip.finish().expect("memory takes all").into_inner()
}

const PARTS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Students" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const BOOK_PARTS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
// Style 1 shows a number as a date, 2 with six digits, 3 as a day of a month.
const STYLES: &str = r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" formatCode="000000"/></numFmts><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="16" applyNumberFormat="1"/></cellXfs></styleSheet>"#;

/// A workbook with several sheets: the name of each, and its rows as XML.
pub fn workbook_of(sheets: &[(&str, &str)]) -> Vec<u8> {
    let (mut book, mut relations, mut parts) = (String::new(), String::new(), Vec::new());
    for (number, (name, rows)) in (1..).zip(sheets) {
        write!(book, r#"<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>"#)
            .expect("memory takes all");
        write!(relations, r#"<Relationship Id="rId{number}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{number}.xml"/>"#).expect("memory takes all");
        parts.push((format!("xl/worksheets/sheet{number}.xml"), sheet_xml(rows)));
    }
    let book = BOOK.replace(r#"<sheet name="Students" sheetId="1" r:id="rId1"/>"#, &book);
    let relations = format!(
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>"#
    );
    let mut all: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", PARTS.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
    ];
    all.extend(parts.iter().map(|(name, xml)| (name.as_str(), xml.as_bytes())));
    archive(&all)
}

/// A sheet. What follows `</sheetData>` in `rows` is left there: merged cells, for example.
fn sheet_xml(rows: &str) -> String {
    let (rows, after) = rows.split_once("</sheetData>").unwrap_or((rows, ""));
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData>{after}</worksheet>"#
    )
}

/// A workbook with one sheet, whose rows are given as XML.
pub fn workbook(rows: &str) -> Vec<u8> {
    workbook_with(rows, &[])
}

/// Like [`workbook`], with more parts.
pub fn workbook_with(rows: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let sheet = sheet_xml(rows);
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", PARTS.as_bytes()),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", BOOK_PARTS.as_bytes()),
        ("xl/styles.xml", STYLES.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ];
    parts.extend_from_slice(more);
    archive(&parts)
}

/// A workbook whose cells have formats of their own: style 1 is the first of them. Its first day is in 1904 if asked
/// for.
pub fn workbook_styled(formats: &[&str], is_1904: bool, rows: &str) -> Vec<u8> {
    let (mut codes, mut styles) = (String::new(), String::from(r#"<xf numFmtId="0"/>"#));
    for (number, code) in (164..).zip(formats) {
        let code = code.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
        write!(codes, r#"<numFmt numFmtId="{number}" formatCode="{code}"/>"#).expect("memory takes all");
        write!(styles, r#"<xf numFmtId="{number}" applyNumberFormat="1"/>"#).expect("memory takes all");
    }
    let styles = format!(
        r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="{0}">{codes}</numFmts><cellXfs count="{1}">{styles}</cellXfs></styleSheet>"#,
        formats.len(),
        formats.len() + 1
    );
    let book = if is_1904 {
        BOOK.replace("<sheets>", r#"<workbookPr date1904="1"/><sheets>"#)
    } else {
        BOOK.to_owned()
    };
    let sheet = sheet_xml(rows);
    archive(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", PARTS.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", BOOK_PARTS.as_bytes()),
        ("xl/styles.xml", styles.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

/// A row of text cells, as XML for [`workbook`].
pub fn text_row(number: u32, cells: &[&str]) -> String {
    let mut xml = String::new();
    for (column, text) in ('A'..='Z').zip(cells) {
        write!(xml, r#"<c r="{column}{number}" t="inlineStr"><is><t>{text}</t></is></c>"#)
            .expect("memory takes all");
    }
    format!(r#"<row r="{number}">{xml}</row>"#)
}
