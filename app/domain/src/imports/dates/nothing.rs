//! Texts in date columns that mean "no date".

use crate::digits::ascii_digits;

/// Whether a text in a column of dates means that there is none: 0000-00-00 of a database, 00/01/1900 of a spreadsheet
/// (its day 0), 0001-01-01 of a program, or 31/12/9999 for "no end".
pub fn is_no_date(text: &str) -> bool {
    let text = ascii_digits(text.trim());
    // Without a time.
    let end = text.find(['T', ' ']).filter(|at| *at >= 8).unwrap_or(text.len());
    let date = &text[..end];
    if date.is_empty() || date.chars().any(char::is_alphabetic) {
        return false;
    }
    let runs: Vec<&str> = date.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty()).collect();
    if runs.iter().all(|run| run.bytes().all(|b| b == b'0')) {
        // Also "__/__/____" and "//".
        return true;
    }
    let mut numbers: Vec<u32> = runs.iter().filter_map(|run| run.parse().ok()).collect();
    numbers.sort_unstable();
    match numbers.as_slice() {
        [12, 31, 9999] | [0, 1, 1900] | [12, 30 | 31, 1899] => true,
        [1, 1, 1] => runs.iter().any(|run| run.len() == 4),
        _ => matches!(date, "99991231"),
    }
}
