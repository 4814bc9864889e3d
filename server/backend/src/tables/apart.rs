//! Cells that were taken apart at the separator, because quotation marks of another kind keep them together only in the
//! eyes of a person.

/// The first cell of a text in other quotation marks that was taken apart at the separator, and the marks. Single marks
/// are apostrophes too.
pub(super) fn taken_apart(cells: &[String]) -> Option<(usize, char, char)> {
    const PAIRS: [(char, &[char]); 3] =
        [('\u{201c}', &['\u{201d}']), ('\u{201e}', &['\u{201c}', '\u{201d}']), ('\u{ab}', &['\u{bb}'])];
    PAIRS.iter().find_map(|(open, closes)| {
        let opens = |cell: &String| cell.trim().starts_with(*open) && !cell.contains(*closes);
        let at = cells.iter().position(opens)?;
        let closes_it = |cell: &String| cell.trim().chars().next_back().filter(|last| closes.contains(last));
        let mut rest = cells[at + 1..].iter().take_while(|cell| !cell.contains(*open));
        let close = rest.find_map(closes_it)?;
        Some((at, *open, close))
    })
}

/// Quotation marks of another kind that keep cells together in the eyes of a person.
pub(super) fn other_quotes(cells: &[String]) -> Option<(char, char)> {
    const PAIRS: [(char, &[char]); 5] = [
        ('\u{201c}', &['\u{201d}', '\u{201c}']),
        ('\u{201e}', &['\u{201c}', '\u{201d}']),
        ('\u{ab}', &['\u{bb}']),
        ('\u{2018}', &['\u{2019}']),
        ('\'', &['\'']),
    ];
    PAIRS.iter().find_map(|(open, close)| {
        let from = cells.iter().position(|cell| cell.trim().starts_with(*open))?;
        let last = cells[from..].iter().filter_map(|cell| cell.trim().chars().next_back());
        let close = last.into_iter().find(|last| close.contains(last))?;
        Some((*open, close))
    })
}
