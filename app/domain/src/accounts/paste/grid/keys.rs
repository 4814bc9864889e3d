//! The keys of a spreadsheet.

use super::{CellPlace, PasteGrid, WIDTH};

/// A key, as browsers name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GridKey<'k> {
    /// Its name: a letter, or a word such as `ArrowDown`.
    pub name: &'k str,
    /// Whether Ctrl, or the command key, is held.
    pub ctrl: bool,
    /// Whether Shift is held.
    pub shift: bool,
    /// How many rows fit into the window, for the page keys.
    pub page: usize,
}

/// What the page does after a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pressed {
    /// It was for the grid.
    Done,
    /// A cell is edited, beginning with this text; `None` keeps what it has.
    Edit(Option<String>),
    /// The grid has no use for it.
    Other,
}

impl PasteGrid {
    /// Presses a key while no cell is edited.
    pub fn press(&mut self, key: GridKey<'_>) -> Pressed {
        let at = self.cursor;
        let last = self.shown() - 1;
        let to = |row: usize, column: usize| CellPlace { row, column };
        match (key.name, key.ctrl) {
            ("ArrowUp", false) => self.go(to(at.row.saturating_sub(1), at.column), key.shift),
            ("ArrowDown", false) => self.go(to(at.row + 1, at.column), key.shift),
            ("ArrowLeft", false) => self.go(to(at.row, at.column.saturating_sub(1)), key.shift),
            ("ArrowRight", false) => self.go(to(at.row, at.column + 1), key.shift),
            ("ArrowUp", true) => self.go(to(0, at.column), key.shift),
            ("ArrowDown", true) => self.go(to(self.rows.len().saturating_sub(1), at.column), key.shift),
            ("ArrowLeft", true) | ("Home", false) => self.go(to(at.row, 0), key.shift),
            ("ArrowRight", true) | ("End", false) => self.go(to(at.row, WIDTH - 1), key.shift),
            ("Home", true) => self.go(to(0, 0), key.shift),
            ("End", true) => self.go(to(self.rows.len().saturating_sub(1), WIDTH - 1), key.shift),
            ("PageUp", _) => self.go(to(at.row.saturating_sub(key.page), at.column), key.shift),
            ("PageDown", _) => self.go(to((at.row + key.page).min(last), at.column), key.shift),
            ("Tab", false) => return self.tab(key.shift),
            ("Enter", false) if key.shift => self.go(to(at.row.saturating_sub(1), at.column), false),
            ("Enter", false) | ("F2", _) => return Pressed::Edit(None),
            ("Escape", _) => {
                if self.anchor.is_none() {
                    return Pressed::Other;
                }
                self.anchor = None;
            }
            ("Delete" | "Backspace", false) => self.clear(),
            ("Delete" | "-" | "Backspace", true) => self.remove_rows(),
            ("+" | "=" | "Insert", true) => self.insert_rows(),
            ("y" | "Y", true) => {
                self.redo();
            }
            ("z" | "Z", true) if key.shift => {
                self.redo();
            }
            ("z" | "Z", true) => {
                self.undo();
            }
            ("a" | "A", true) => self.select_all(),
            (letter, false) if letter.chars().count() == 1 => return Pressed::Edit(Some(letter.to_owned())),
            _ => return Pressed::Other,
        }
        Pressed::Done
    }

    /// The next cell, or the one before. From the last one, and before the first, the key leaves the grid.
    fn tab(&mut self, back: bool) -> Pressed {
        let at = self.cursor;
        let (cells, place) = (self.shown() * WIDTH, at.row * WIDTH + at.column);
        let next = if back { place.checked_sub(1) } else { Some(place + 1).filter(|next| *next < cells) };
        let Some(next) = next else { return Pressed::Other };
        self.go(CellPlace { row: next / WIDTH, column: next % WIDTH }, false);
        Pressed::Done
    }

    /// Ends the editing of the cell with the cursor by a key: Enter goes down, Tab goes on, Escape keeps what was there.
    /// Returns whether the key ends it.
    pub fn end_edit(&mut self, key: GridKey<'_>, text: &str) -> bool {
        let at = self.cursor;
        match key.name {
            "Escape" => return true,
            "Enter" | "Tab" => {}
            _ => return false,
        }
        self.set(at, text);
        if key.name == "Tab" {
            self.tab(key.shift);
        } else {
            let row = if key.shift { at.row.saturating_sub(1) } else { at.row + 1 };
            self.go(CellPlace { row, column: at.column }, false);
        }
        true
    }
}
