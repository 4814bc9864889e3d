use proptest::prelude::*;

use super::super::names::NameOrder;
use super::super::read::{ReadError, TextSource, text};
use super::*;

fn key(name: &str) -> GridKey<'_> {
    GridKey { name, ctrl: false, shift: false, page: 10 }
}

fn shift(name: &str) -> GridKey<'_> {
    GridKey { shift: true, ..key(name) }
}

fn ctrl(name: &str) -> GridKey<'_> {
    GridKey { ctrl: true, ..key(name) }
}

fn at(row: usize, column: usize) -> CellPlace {
    CellPlace { row, column }
}

fn paste(grid: &mut PasteGrid, copied: &str) -> Result<PasteReport, ReadError> {
    grid.paste(&text(copied, TextSource::Clipboard).unwrap(), None)
}

fn grid(copied: &str) -> PasteGrid {
    let mut grid = PasteGrid::default();
    grid.paste(&text(copied, TextSource::Clipboard).unwrap(), None).unwrap();
    grid.go(at(0, 0), false);
    grid
}

#[test]
fn the_keys_of_a_spreadsheet_move_and_edit() {
    let mut grid = grid("Berg\tAna\nOlsen\tBo");
    for (pressed, to) in [
        ("ArrowDown", at(1, 0)),
        ("ArrowRight", at(1, 1)),
        ("Tab", at(1, 2)),
        ("End", at(1, 4)),
        ("Tab", at(2, 0)),
        ("ArrowUp", at(1, 0)),
        ("ArrowLeft", at(1, 0)),
        ("PageDown", at(11, 0)),
        ("PageUp", at(1, 0)),
    ] {
        assert_eq!(grid.press(key(pressed)), Pressed::Done, "{pressed}");
        assert_eq!(grid.cursor(), to, "{pressed}");
    }
    assert_eq!(grid.press(shift("Tab")), Pressed::Done);
    assert_eq!(grid.cursor(), at(0, 4));
    assert_eq!(grid.press(key("F2")), Pressed::Edit(None));
    assert_eq!(grid.press(key("Enter")), Pressed::Edit(None));
    assert_eq!(grid.press(key("x")), Pressed::Edit(Some("x".to_owned())));
    assert!(grid.end_edit(key("Enter"), "0042"));
    assert_eq!((grid.text(at(0, 4)), grid.cursor()), ("0042", at(1, 4)));
    assert!(grid.end_edit(key("Escape"), "lost"));
    assert!(!grid.end_edit(key("a"), "lost"));
    assert_eq!(grid.text(at(1, 4)), "");
}

#[test]
fn tab_leaves_the_grid_at_its_ends() {
    let mut grid = PasteGrid::default();
    assert_eq!(grid.press(shift("Tab")), Pressed::Other);
    grid.press(ctrl("End"));
    grid.go(at(grid.shown() - 1, 4), false);
    assert_eq!(grid.press(key("Tab")), Pressed::Other);
}

#[test]
fn a_range_is_selected_copied_cleared_filled_and_removed() {
    let mut grid = grid("Berg\tAna\nOlsen\tBo\nDahl\tDi");
    grid.press(shift("ArrowDown"));
    grid.press(shift("ArrowRight"));
    assert_eq!(grid.copy(), "Berg\tAna\nOlsen\tBo");
    assert!(grid.is_selected(at(1, 1)) && !grid.is_selected(at(2, 0)));
    grid.paste(&vec![vec!["x".to_owned()]], None).unwrap();
    assert_eq!([grid.text(at(0, 0)), grid.text(at(1, 1)), grid.text(at(2, 0))], ["x", "x", "Dahl"]);
    grid.press(key("Delete"));
    assert_eq!(grid.text(at(0, 0)), "");
    grid.press(ctrl("-"));
    assert_eq!((grid.rows().len(), grid.text(at(0, 0))), (1, "Dahl"));
    for _ in 0..3 {
        grid.press(ctrl("z"));
    }
    assert_eq!((grid.rows().len(), grid.text(at(1, 1))), (3, "Bo"));
    grid.press(ctrl("y"));
    assert_eq!(grid.text(at(1, 1)), "x");
}

#[test]
fn a_list_is_recognised_at_the_first_column_and_pasted_as_it_is_elsewhere() {
    let mut grid = grid("Forename\tSurname\tHouse\nAna\tBerg\tRed");
    assert_eq!(grid.rows(), [PastedRow::of(["Berg", "Ana", "", "", ""])]);
    grid.go(at(0, 3), false);
    let report = paste(&mut grid, "a.berg\t0042\tx\nb\t0043").unwrap();
    assert_eq!((report.rows, report.left_out), (2, vec!["column 3".to_owned()]));
    assert_eq!(grid.rows()[0].cells[3..], ["a.berg", "0042"]);
    grid.press(ctrl("z"));
    assert_eq!(grid.rows().len(), 1);
}

#[test]
fn a_column_with_gaps_stays_beside_its_rows() {
    let mut grid = grid("Berg\tAna\nOlsen\tBo\nDahl\tDi");
    grid.go(at(0, 2), false);
    paste(&mut grid, "a@x.example\n\nd@x.example\n\n").unwrap();
    let emails: Vec<&str> = grid.rows().iter().map(|row| row.cell(PasteColumn::Email)).collect();
    assert_eq!(emails, ["a@x.example", "", "d@x.example"]);
}

#[test]
fn a_column_of_whole_names_is_asked_about() {
    let mut grid = PasteGrid::default();
    let names = text("Ana Berg\nBo Olsen\nCher", TextSource::Clipboard).unwrap();
    assert_eq!(grid.paste(&names, None), Err(ReadError::NameOrder("Ana Berg".to_owned())));
    grid.paste(&names, Some(NameOrder::GivenFirst)).unwrap();
    assert_eq!((grid.text(at(1, 0)), grid.text(at(1, 1)), grid.text(at(2, 1))), ("Olsen", "Bo", "Cher"));
    // Family names of two words beside given names are not.
    let mut grid = self::grid("\tAna\n\tBo");
    paste(&mut grid, "Garcia Lopez\nLie Olsen").unwrap();
    assert_eq!(grid.rows()[0], PastedRow::of(["Garcia Lopez", "Ana", "", "", ""]));
}

#[test]
fn rows_are_inserted_and_removed_by_keys() {
    let mut grid = grid("Berg\tAna\nOlsen\tBo");
    grid.go(at(1, 0), false);
    grid.press(ctrl("+"));
    assert_eq!([grid.text(at(0, 0)), grid.text(at(1, 0)), grid.text(at(2, 0))], ["Berg", "", "Olsen"]);
    grid.press(ctrl("-"));
    assert_eq!(grid.text(at(1, 0)), "Olsen");
    grid.press(ctrl("z"));
    grid.press(ctrl("z"));
    assert_eq!(grid.rows().len(), 2);
}

#[test]
fn too_many_rows_change_nothing() {
    let mut grid = grid("Berg\tAna\nOlsen\tBo");
    grid.go(at(1, 0), false);
    let before = grid.clone();
    let many = vec![vec!["Dahl".to_owned(), "Di".to_owned()]; MOST_ROWS];
    assert_eq!(grid.paste(&many, None), Err(ReadError::TooManyRows(MOST_ROWS + 1)));
    assert_eq!(grid, before);
}

#[test]
fn what_was_decided_about_a_row_ends_when_it_is_about_another_name() {
    let mut grid = grid("Berg\tAna");
    grid.decide(0, WhoDecision::Other);
    assert_eq!(grid.rows()[0].who, Some(WhoDecision::Other));
    grid.set(at(0, 1), "Anna");
    assert_eq!(grid.rows()[0].who, None);
    grid.undo();
    assert_eq!(grid.rows()[0].who, Some(WhoDecision::Other));
}

proptest! {
    #[test]
    fn whatever_was_done_can_be_taken_back(
        steps in prop::collection::vec((0usize..20, 0usize..5, 0u8..6, "[a-c]{0,2}"), 1..40)
    ) {
        let mut grid = PasteGrid::default();
        let mut changes = 0;
        for (row, column, what, text) in steps {
            grid.go(at(row, column), what == 4);
            let before = grid.rows().to_vec();
            match what {
                0 => {
                    grid.set(grid.cursor(), &text);
                }
                1 => grid.clear(),
                2 => grid.remove_rows(),
                5 => grid.insert_rows(),
                3 => {
                    let _ = grid.paste(&vec![vec![text.clone(), text]; 3], None);
                }
                _ => {}
            }
            changes += usize::from(grid.rows() != before);
        }
        let last = grid.rows().to_vec();
        while grid.undo() {}
        prop_assert_eq!(grid.rows(), &[][..]);
        while grid.redo() {}
        prop_assert_eq!(grid.rows(), &last[..]);
        prop_assert!(changes <= 40);
    }
}
