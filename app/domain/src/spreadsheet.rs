//! Cells that a spreadsheet may not run.
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return for a formula, even one
//! that arrived in a student's name (OWASP, "CSV Injection"). Every file that Greencap writes puts an apostrophe before
//! such a cell; every file that it reads takes that one apostrophe away again, so that a list that went out comes back
//! unchanged. Cells that already began with apostrophes before such a sign get one more and lose it again; all other
//! cells, `'t Hooft` among them, are never touched.

use std::borrow::Cow;

/// Whether a text, behind its leading apostrophes, begins like a formula. The wide forms of the signs count too.
fn begins_like_formula(text: &str) -> bool {
    text.trim_start_matches('\'')
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\u{FF1D}', '\u{FF0B}', '\u{FF0D}', '\u{FF20}'])
}

/// The cell as it is written to a file.
pub fn neutral(text: &str) -> Cow<'_, str> {
    if begins_like_formula(text) { format!("'{text}").into() } else { text.into() }
}

/// The text of a cell that was read from a file.
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
