//! Malicious files, read by the real process.

use std::fmt::Write as _;

use backend::tables::{ImportSchool, TableReader};
use backend::testing::files::{archive, text_row, workbook, workbook_with};
use domain::imports::reading::ReadOptions;
use domain::roll::import::STUDENTS;

async fn refusal(name: &str, file: Vec<u8>) -> &'static str {
    let reader = TableReader::at(env!("CARGO_BIN_EXE_greencap"));
    let slot = reader.slot().await.unwrap();
    let opened =
        match slot.open(file, name, &STUDENTS, &ImportSchool::default(), &ReadOptions::default()).await {
            Ok(mut table) => loop {
                match table.rows(1000).await {
                    Ok(rows) if rows.is_empty() => panic!("{name} was read to its end"),
                    Ok(_) => {}
                    Err(error) => break error,
                }
            },
            Err(error) => error,
        };
    match opened {
        backend::Error::Import(problem) => problem.code(),
        other => panic!("{name}: {other:?}"),
    }
}

#[tokio::test]
async fn a_small_workbook_that_asks_for_half_a_terabyte_is_refused() {
    let corner =
        r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#;
    let file = workbook(corner);
    assert!(file.len() < 3000, "{}", file.len());
    assert_eq!(refusal("corner.xlsx", file).await, "file_too_many_columns");
}

#[tokio::test]
async fn texts_and_parts_that_unpack_without_end_are_refused() {
    let zeros = vec![b'0'; 60 * 1024 * 1024];
    let cell = [br#"<row r="1"><c r="A1" t="inlineStr"><is><t>"#.as_slice(), &zeros, b"</t></is></c></row>"]
        .concat();
    let bigcell = workbook(&String::from_utf8(cell).expect("zeros are text"));
    assert!(bigcell.len() < 200 * 1024, "{}", bigcell.len());
    assert_eq!(refusal("bigcell.xlsx", bigcell).await, "file_inflates");
    let parts: Vec<(String, &[u8])> =
        (0..6).map(|n| (format!("xl/media/{n}.bin"), zeros.as_slice())).collect();
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    assert_eq!(refusal("bomb.zip", archive(&parts)).await, "file_inflates");
    let names: Vec<String> = (0..10_001).map(|n| format!("../../{n}")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert_eq!(refusal("many.zip", archive(&parts)).await, "file_inflates");
}

#[tokio::test]
async fn many_cells_that_share_one_long_text_are_refused() {
    let long = "y".repeat(31_000);
    let header = text_row(1, &["Adm No", "Forename"]);
    let mut rows = header;
    for number in 2..4000 {
        rows.push_str(&text_row(number, &["1", &long]));
    }
    assert_eq!(refusal("inline.xlsx", workbook(&rows)).await, "file_inflates");
    let mut rows = text_row(1, &["Adm No", "Forename"]);
    for number in 2..4000 {
        write!(
            rows,
            r#"<row r="{number}"><c r="A{number}"><v>{number}</v></c><c r="B{number}" t="s"><v>0</v></c></row>"#
        )
        .expect("memory takes all");
    }
    let texts = format!(
        r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{long}</t></si></sst>"#
    );
    let file = workbook_with(&rows, &[("xl/sharedStrings.xml", texts.as_bytes())]);
    assert!(file.len() < 100_000, "{}", file.len());
    assert_eq!(refusal("shared.xlsx", file).await, "file_inflates");
}

#[tokio::test]
async fn one_endless_line_and_a_million_columns_are_refused() {
    let line = vec![b'x'; 20 * 1024 * 1024];
    assert_eq!(refusal("line.csv", line).await, "file_cell_too_long");
    let commas = vec![b','; 1_000_000];
    let columns = [b"Adm No,Forename\n1", commas.as_slice(), b"x\n"].concat();
    assert_eq!(refusal("columns.csv", columns).await, "file_too_many_columns");
}

#[tokio::test]
async fn a_good_file_is_read_within_the_limits() {
    let reader = TableReader::at(env!("CARGO_BIN_EXE_greencap"));
    let mut text = "Adm No,Forename,__proto__,Email,Email\n".to_owned();
    for number in 0..20_000 {
        writeln!(text, "{number:06},Ada,x,a@b.example,").expect("memory takes all");
    }
    let slot = reader.slot().await.unwrap();
    let mut table = slot
        .open(text.into_bytes(), "good.csv", &STUDENTS, &ImportSchool::default(), &ReadOptions::default())
        .await
        .expect("it is a table");
    assert_eq!(table.header.len(), 5);
    let mut count = 0;
    loop {
        let rows = table.rows(999).await.expect("it is a table");
        if rows.is_empty() {
            break;
        }
        count += rows.len();
    }
    assert_eq!(count, 20_000);
    assert!(table.rows(1).await.expect("the end stays the end").is_empty());
}
