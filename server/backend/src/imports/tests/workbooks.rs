//! What workbooks show: merged cells, formats of numbers and dates.

use domain::imports::outcome::RowOutcome;
use sqlx::PgPool;

use super::{ImportView, Office, message};
use crate::imports::simulate::simulate;
use crate::testing::files::{text_row, workbook, workbook_styled};

/// A row of cells, each with its style and number, or a text.
fn row(number: u32, cells: &[(u32, &str)]) -> String {
    let cell = |(column, (style, value)): (char, &(u32, &str))| match value.parse::<f64>() {
        Ok(_) => format!(r#"<c r="{column}{number}" s="{style}"><v>{value}</v></c>"#),
        Err(_) => format!(r#"<c r="{column}{number}" t="inlineStr"><is><t>{value}</t></is></c>"#),
    };
    let cells: String = ('A'..='Z').zip(cells).map(cell).collect();
    format!(r#"<row r="{number}">{cells}</row>"#)
}

impl Office {
    /// Checks a workbook, and returns its log as sentences.
    async fn check_book(&self, book: &[u8]) -> (ImportView, Vec<String>) {
        let staged = self.stage("roll.xlsx", book).await.unwrap();
        let checked = simulate(&self.backend, &self.actor, staged.id).await.unwrap();
        let told = self.lines(&checked).await.iter().map(message).collect();
        (checked, told)
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn dates_are_read_whatever_their_format_and_first_day(pool: PgPool) {
    let office = Office::new(pool).await;
    let formats =
        ["d.m.yy", "[$-809]dd mmm yyyy", "[$-F800]dddd, mmmm dd, yyyy", "yyyy\"-\"mm", "mm/dd/yy;@"];
    for (is_1904, day) in [(false, "41002"), (true, "39540")] {
        let mut rows = text_row(1, &["Adm No", "Forename", "DOB"]);
        for number in 1..=5 {
            let (key, name) = (format!("A{number}"), format!("Ada{number}"));
            rows.push_str(&row(number + 1, &[(0, &key), (0, &name), (number, day)]));
        }
        let book = workbook_styled(&formats, is_1904, &rows);
        let (checked, told) = office.check_book(&book).await;
        assert_eq!(checked.counts.unwrap().total(), 5, "{told:?}");
        for told in told {
            assert!(told.contains("Date of birth 3 Apr 2012"), "1904: {is_1904}: {told}");
        }
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn numbers_are_read_as_they_are_shown_and_rounding_is_said_of_imported_columns(pool: PgPool) {
    let office = Office::new(pool).await;
    let rows = [
        text_row(1, &["Adm No", "Forename", "Form", "Attendance"]),
        row(2, &[(1, "4101"), (0, "Ada"), (2, "7.1"), (3, "0.951")]),
        row(3, &[(1, "4102"), (0, "Ben"), (4, "9.5"), (3, "0.951")]),
    ];
    let book = workbook_styled(&["#,##0", "0.00", "0%", "0"], false, &rows.concat());
    let (checked, told) = office.check_book(&book).await;
    assert_eq!(told[0], "New student.");
    assert!(
        told[1].contains("\u{201c}Form\u{201d} is read as \u{201c}10\u{201d}, as the workbook shows it. The cell contains 9.5."),
        "{}",
        told[1]
    );
    office.commit(&checked).await.unwrap();
    let forms: Vec<String> = sqlx::query_scalar(
        "SELECT admission_number || ' ' || registration_group FROM enrolments ORDER BY admission_number",
    )
    .fetch_all(office.backend.database.raw())
    .await
    .unwrap();
    assert_eq!(forms, ["4101 7.10", "4102 10"]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_error_cell_of_any_kind_is_left_out_and_costs_no_other_cell(pool: PgPool) {
    let office = Office::new(pool).await;
    let errors =
        ["#REF!", "#ERROR!", "#SPILL!", "#CALC!", "#GETTING_DATA", "#FIELD!", "#BUSY!", "Err:502", "odd"];
    let head = text_row(1, &["Adm No", "Forename", "Year", "Form"]);
    let with_error = |(number, error): (u32, &str)| {
        format!(
            r#"<row r="{number}"><c r="A{number}"><v>{number}</v></c><c r="B{number}" t="inlineStr"><is><t>Ada</t></is></c><c r="C{number}" t="e"><f>A1</f><v>{error}</v></c><c r="D{number}" t="inlineStr"><is><t>7B</t></is></c></row>"#
        )
    };
    let rows = head + &(2..).zip(errors).map(with_error).collect::<String>();
    let (checked, told) = office.check_book(&workbook(&rows)).await;
    assert_eq!(checked.counts.unwrap().added, 9, "{told:?}");
    for (told, error) in told.iter().zip(errors) {
        let shown = if error == "odd" { "#VALUE!" } else { error };
        assert!(told.contains(shown) && told.contains("Left out: Year group."), "{told}");
    }
    office.commit(&checked).await.unwrap();
    let forms: Vec<String> =
        sqlx::query_scalar("SELECT DISTINCT year_group || registration_group FROM enrolments")
            .fetch_all(office.backend.database.raw())
            .await
            .unwrap();
    assert_eq!(forms, ["7B"]);
    // Where it cannot be told which cell it is, the file is refused as before.
    let lost = text_row(1, &["Adm No", "Forename", "Year"])
        + r#"<row r="2"><c><v>1</v></c><c t="e"><v>#SPILL!</v></c><c><v>7</v></c></row>"#;
    assert!(office.stage("roll.xlsx", &workbook(&lost)).await.is_err());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_title_over_several_columns_is_no_header_and_no_student(pool: PgPool) {
    let office = Office::new(pool).await;
    let rows = [
        row(1, &[(0, "Year 7 students")]),
        text_row(2, &["Adm No", "Forename", "Surname"]),
        text_row(3, &["1", "Ada", "Lee"]),
        row(4, &[(0, "Class 7B")]),
        text_row(5, &["2", "Ben", "Pym"]),
        r#"</sheetData><mergeCells><mergeCell ref="A1:C1"/><mergeCell ref="A4:C4"/></mergeCells>"#.to_owned(),
    ];
    let (checked, told) = office.check_book(&workbook(&rows.concat())).await;
    assert_eq!(checked.reading.header_row, Some(2));
    assert_eq!(told[1], "This row is a title over several columns, not a student.");
    let outcomes: Vec<RowOutcome> =
        office.lines(&checked).await.into_iter().map(|line| line.line.outcome).collect();
    assert_eq!(outcomes, [RowOutcome::Added, RowOutcome::Skipped, RowOutcome::Added]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_name_over_two_columns_is_both_and_one_must_be_chosen(pool: PgPool) {
    let office = Office::new(pool).await;
    let merged = |cells: &str| format!("</sheetData><mergeCells>{cells}</mergeCells>");
    // One row of names: the columns under "Name" are asked about.
    let rows = [
        row(1, &[(0, "Adm No"), (0, "Name"), (0, ""), (0, "Form")]),
        text_row(2, &["1", "Lee", "Ada", "7A"]),
        merged(r#"<mergeCell ref="B1:C1"/>"#),
    ];
    let staged = office.stage("roll.xlsx", &workbook(&rows.concat())).await.unwrap();
    let headers: Vec<&str> = staged.columns.iter().map(|column| column.header.as_str()).collect();
    assert_eq!(headers, ["Adm No", "Name", "Name", "Form"]);
    assert!(
        staged.columns[1].goes_to.undecided().is_some() && staged.columns[2].goes_to.undecided().is_some()
    );
    assert!(staged.reading.notes()[0].contains("\u{201c}Name\u{201d} stands over several columns"));

    // Two rows of names: the lower one counts, with what is merged from above.
    let rows = [
        row(1, &[(0, "Adm No"), (0, "Name"), (0, ""), (0, "Form")]),
        row(2, &[(0, ""), (0, "Surname"), (0, "Forename")]),
        text_row(3, &["1", "Lee", "Ada", "7A"]),
        merged(r#"<mergeCell ref="A1:A2"/><mergeCell ref="B1:C1"/><mergeCell ref="D1:D2"/>"#),
    ];
    let staged = office.stage("roll.xlsx", &workbook(&rows.concat())).await.unwrap();
    let headers: Vec<&str> = staged.columns.iter().map(|column| column.header.as_str()).collect();
    assert_eq!(
        (headers, staged.reading.header_row),
        (vec!["Adm No", "Surname", "Forename", "Form"], Some(2))
    );

    // A wide cell over a column without values is one column.
    let rows = [
        row(1, &[(0, "Adm No"), (0, "Surname"), (0, ""), (0, "Forename")]),
        row(2, &[(0, "1"), (0, "Lee"), (0, ""), (0, "Ada")]),
        merged(r#"<mergeCell ref="B1:C1"/><mergeCell ref="B2:C2"/>"#),
    ];
    let (checked, told) = office.check_book(&workbook(&rows.concat())).await;
    assert_eq!((checked.columns[2].header.as_str(), told[0].as_str()), ("", "New student."));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_cell_that_a_merged_cell_covers_is_not_read_as_empty(pool: PgPool) {
    let office = Office::new(pool).await;
    office.import("Adm No,Forename,Surname,Form\n1,Ada,Lee,7A\n").await;
    let rows = [
        text_row(1, &["Adm No", "Surname", "Forename", "Form"]),
        row(2, &[(0, "1"), (0, "Lee"), (0, "Ada"), (0, "")]),
        row(3, &[(0, "2"), (0, "Pym Ben"), (0, ""), (0, "7B")]),
        r#"</sheetData><mergeCells><mergeCell ref="C2:D2"/><mergeCell ref="B3:C3"/></mergeCells>"#.to_owned(),
    ];
    let (checked, told) = office.check_book(&workbook(&rows.concat())).await;
    assert!(told[0].contains("\u{201c}Form\u{201d} is covered by a merged cell"), "{}", told[0]);
    assert!(told[1].contains("\u{201c}Forename\u{201d} is covered by a merged cell"), "{}", told[1]);
    office.commit(&checked).await.unwrap();
    let form: String =
        sqlx::query_scalar("SELECT registration_group FROM enrolments WHERE admission_number = '1'")
            .fetch_one(office.backend.database.raw())
            .await
            .unwrap();
    assert_eq!(form, "7A", "it is left as it was");
}
