//! Protects spreadsheets from cells that look like formulas.
//!
//! A spreadsheet runs a cell that starts with `=`, `+`, `-`, `@`, a tab or a carriage return as a formula,
//! even if it was a student's name (OWASP, "CSV Injection"). Every file that Greencap writes has an
//! apostrophe before such a cell, and every file it reads has that apostrophe removed, so that a list can be
//! exported and imported unchanged. Cells that already have apostrophes before such a character get one more
//! and lose it again; all other cells, such as `'t Hooft`, are unchanged.

use std::borrow::Cow;

/// Whether a text starts like a formula, after any apostrophes. Full-width characters count too.
fn begins_like_formula(text: &str) -> bool {
    text.trim_start_matches('\'')
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\u{FF1D}', '\u{FF0B}', '\u{FF0D}', '\u{FF20}'])
}

/// Returns the cell to write to a file.
pub fn neutral(text: &str) -> Cow<'_, str> {
    if begins_like_formula(text) { format!("'{text}").into() } else { text.into() }
}

/// Returns the text of a cell read from a file.
pub fn restored(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|_| begins_like_formula(cell)).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_become_text_and_names_stay_names() {
        assert_eq!(neutral("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(neutral("-1"), "'-1");
        for name in ["'t Hooft", "O'Neil", "Ann", ""] {
            assert_eq!(neutral(name), name);
            assert_eq!(restored(name), name);
        }
    }

    proptest! {
        #[test]
        fn what_went_out_comes_back(text in "['=+@\\-\tab\u{FF1D}]{0,6}") {
            let cell = neutral(&text);
            prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']));
            prop_assert_eq!(restored(&cell), text.as_str());
        }
    }
}
