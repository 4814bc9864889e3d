//! Lists as public reports of failed pastes and uploads describe them, put into the grid as their senders would.

use super::PastedRow;
use super::grid::{CellPlace, PasteGrid, PasteReport};
use super::names::NameOrder;
use super::read::{ReadError, clipboard};

/// Pastes into an empty grid.
fn pasted(text: &str, html: Option<&str>) -> (PasteGrid, PasteReport) {
    let mut grid = PasteGrid::default();
    let report = grid.paste(&clipboard(text, html).unwrap(), None).unwrap();
    (grid, report)
}

fn rows(text: &str) -> Vec<PastedRow> {
    pasted(text, None).0.rows().to_vec()
}

fn row(cells: [&str; 5]) -> PastedRow {
    PastedRow::of(cells)
}

// handsontable #49, react-datasheet #255, ReoGrid #554: a line break in a cell of Excel gives rows too many.
#[test]
fn a_line_break_in_a_cell_of_excel_is_no_new_row() {
    assert_eq!(
        rows("\"Berg\nOlsen\"\tAna\r\nLie\t\"Bo\r\nMax\"\r\n"),
        [row(["Berg Olsen", "Ana", "", "", ""]), row(["Lie", "Bo Max", "", "", ""]),]
    );
}

// react-datasheet-grid #39, DataGridXL2 #32, mui-x #9103: the line end behind the last row empties the row below.
#[test]
fn the_line_end_behind_the_last_row_empties_nothing() {
    let (mut grid, _) = pasted("Berg\tAna\r\nOlsen\tBo\r\n", None);
    grid.go(CellPlace { row: 0, column: 2 }, false);
    grid.paste(&clipboard("ana@x.example\r\n", None).unwrap(), None).unwrap();
    grid.go(CellPlace { row: 0, column: 0 }, false);
    grid.paste(&clipboard("Berger\tAnna\r\n", None).unwrap(), None).unwrap();
    assert_eq!(grid.rows()[1], row(["Olsen", "Bo", "", "", ""]));
}

// grist-core #2549: the HTML of Excel breaks long texts into lines that begin with spaces.
#[test]
fn lines_in_the_source_of_a_table_are_no_line_breaks() {
    let html = "<table><tr><td>Wolfeschlegelstein\r\n  hausenberger</td><td>Ana\r\n  Lie</td></tr></table>";
    let (grid, _) = pasted("Wolfeschlegelstein hausenberger Ana Lie", Some(html));
    assert_eq!(grid.rows(), [row(["Wolfeschlegelstein hausenberger", "Ana Lie", "", "", ""])]);
}

// substance/texture #823, handsontable #32: merged cells move the cells beside them.
#[test]
fn merged_cells_of_a_text_document_move_nothing() {
    let html = "<table><tr><td>Surname<td>Forename<td>Form<tr><td>Berg<td>Ana<td rowspan=2>10B<tr><td>Olsen<td>Bo</table>";
    let (grid, report) = pasted("Surname Forename Form", Some(html));
    assert_eq!(grid.rows(), [row(["Berg", "Ana", "", "", ""]), row(["Olsen", "Bo", "", "", ""])]);
    assert_eq!(report.left_out, ["Form"]);
}

// jfisteus/eyegrade #124: "Simpson, Bart" in one column gives no names.
#[test]
fn a_name_with_a_comma_in_one_column_is_two() {
    let list = "Student\tStudent ID\r\nSimpson, Bart\t0042\r\nSimpson, Lisa\t0043\r\n";
    assert_eq!(rows(list)[0], row(["Simpson", "Bart", "", "", "0042"]));
}

// mdjnelson/moodle-mod_customcert #492, CrossMgr #103: a full name is split at its last space, wherever that is.
#[test]
fn a_full_name_is_asked_about_and_not_split_by_itself() {
    let raw = clipboard("Name\tEmail\r\nMaria del Mar Garcia\tm@x.example", None).unwrap();
    let mut grid = PasteGrid::default();
    assert_eq!(grid.paste(&raw, None), Err(ReadError::NameOrder("Maria del Mar Garcia".to_owned())));
    assert!(grid.is_empty());
    grid.paste(&raw, Some(NameOrder::GivenFirst)).unwrap();
    assert_eq!(grid.rows(), [row(["Garcia", "Maria del Mar", "m@x.example", "", ""])]);
}

// ubc/iPeer #179: first and last name are read the wrong way round.
#[test]
fn headings_say_which_name_is_which() {
    let list = "Username\tPassword\tStudent#\tEmail\tFirst Name\tLast Name\nana.b\tsecret\t0042\ta@x.example\tAna\tBerg";
    let (grid, report) = pasted(list, None);
    assert_eq!(grid.rows(), [row(["Berg", "Ana", "a@x.example", "ana.b", "0042"])]);
    assert_eq!(report.left_out, ["Password"]);
}

// sul-dlss/argo #4316, NHSDigital/manage-vaccinations-in-schools #2186, linuxmuster-webui7 #252: rows of separators.
#[test]
fn rows_of_separators_are_nobody() {
    assert_eq!(rows("Berg;Ana\n;\nOlsen;Bo\n;\n;\n").len(), 2);
    assert_eq!(rows("Surname\tForename\nBerg\tAna\n\t\n \u{a0}\t\n").len(), 1);
}

// UM-USElab/gradecraft-development #2097, NHSDigital/manage-vaccinations-in-schools #3410: spaces that nobody sees.
#[test]
fn spaces_around_and_in_cells_are_plain_ones() {
    let list = "Surname\u{a0}\tForename\tEmail \nvan\u{a0}Berg \t\u{a0}Ana\tana@x.example\u{a0}";
    assert_eq!(rows(list), [row(["van Berg", "Ana", "ana@x.example", "", ""])]);
}

// The template of Google Workspace (support.google.com/a/answer/40057), with its notes and its password.
#[test]
fn the_template_of_a_directory_is_known() {
    let list = "First Name [Required]\tLast Name [Required]\tEmail Address [Required]\tPassword [Required]\tOrg Unit Path [Required]\tEmployee ID\nAna\tBerg\tana@x.example\tsecret\t/Students\t0042";
    let (grid, report) = pasted(list, None);
    assert_eq!(grid.rows(), [row(["Berg", "Ana", "ana@x.example", "", "0042"])]);
    assert_eq!(report.left_out, ["Password [Required]", "Org Unit Path [Required]"]);
}

// Moodle (docs.moodle.org, Upload users), PowerSchool (LastFirst, Student_Number) and SIMS (Adno, Legal Surname).
#[test]
fn the_headings_of_other_systems_are_known() {
    for list in [
        "username\tfirstname\tlastname\temail\tidnumber\tcohort1\nana.b\tAna\tBerg\tana@x.example\t0042\t10B",
        "LastFirst\tStudent_Number\tStudentEmail\tusername\nBerg, Ana\t0042\tana@x.example\tana.b",
        "Legal Surname\tForename\tAdno\tEmail\tUsername\nBerg\tAna\t0042\tana@x.example\tana.b",
    ] {
        assert_eq!(rows(list), [row(["Berg", "Ana", "ana@x.example", "ana.b", "0042"])], "{list}");
    }
}

// Recipients copied from an email program, and code-dot-org #53462: a line for each student, with a comma.
#[test]
fn people_of_a_message_and_lines_with_commas_are_people() {
    let recipients = "\"Berg, Ana\" <ana@x.example>; Bo OLSEN <bo@x.example>";
    assert_eq!(rows(recipients)[1], row(["OLSEN", "Bo", "bo@x.example", "", ""]));
    assert_eq!(rows("Berg, Ana\nOlsen, Bo")[0], row(["Berg", "Ana", "", "", ""]));
}
