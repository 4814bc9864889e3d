//! Reading what was copied: cells of a spreadsheet, a table of a web page, a CSV file, or typed lines.

use thiserror::Error;

use super::{MOST_ROWS, addresses, cell, html};

/// The longest text that is read, in bytes: far more than [`MOST_ROWS`] rows have.
pub const LONGEST_TEXT: usize = 4 << 20;

/// Why a text is not read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReadError {
    /// It has too many rows.
    #[error(
        "That is {0} rows. Paste at most {MOST_ROWS} at a time, or import them as a file. Nothing was added."
    )]
    TooManyRows(usize),
    /// It is too long to be a list of people.
    #[error(
        "That is too much text for a list of people. Copy only the cells with names, and paste again. Nothing was added."
    )]
    TooLong,
    /// It has no cells.
    #[error("There is nothing to paste. Copy the cells of your spreadsheet first.")]
    Nothing,
    /// A browser's table has no cells, or it is not text.
    #[error(
        "This is not a list. Copy the cells of a spreadsheet or a table, and paste again. Nothing was added."
    )]
    NoList,
    /// Nothing says which part of whole names comes first. The name is an example.
    #[error(
        "Nothing says which part of the names comes first, as in \u{201c}{0}\u{201d}. Say which it is, or put the names into two columns. Nothing was added."
    )]
    NameOrder(String),
    /// A file that is not read, and why, as a sentence.
    #[error("{0}")]
    File(String),
}

/// Where a text is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextSource {
    /// The clipboard. One cell can have a comma.
    Clipboard,
    /// A file, or standard input.
    File,
}

/// Rows of cells; the last is not empty. They can have different lengths.
pub type RawRows = Vec<Vec<String>>;

/// Reads the clipboard: its text, if that has cells, otherwise the table of its HTML.
///
/// # Errors
/// A sentence if it is too much or no list.
pub fn clipboard(text: &str, html: Option<&str>) -> Result<RawRows, ReadError> {
    if text.len().max(html.map_or(0, str::len)) > LONGEST_TEXT * 4 {
        return Err(ReadError::TooLong);
    }
    let found = html.filter(|html| html::has_table(html));
    let Some(html) = found else { return self::text(text, TextSource::Clipboard) };
    if !text.contains('\t') {
        return table(html);
    }
    let rows = self::text(text, TextSource::Clipboard)?;
    // A table of a text document has the line breaks in its cells as text like those between its rows.
    let (count, width, is_torn) = shape(&rows);
    let whole = is_torn.then(|| table(html).ok()).flatten();
    let fits = |whole: &RawRows| {
        let (fewer, same, is_torn) = shape(whole);
        fewer < count && same == width && !is_torn
    };
    Ok(whole.filter(fits).unwrap_or(rows))
}

/// How many rows have text, how wide they are, and whether some are narrower.
fn shape(rows: &RawRows) -> (usize, usize, bool) {
    let filled = || rows.iter().filter(|row| !is_blank(row)).map(Vec::len);
    let width = filled().max().unwrap_or(0);
    (filled().count(), width, filled().any(|cells| cells < width))
}

/// Reads a text. HTML that was copied as text is read as such.
///
/// # Errors
/// A sentence if it is too much or no list.
pub fn text(text: &str, source: TextSource) -> Result<RawRows, ReadError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with('<') && html::has_table(text) {
        return table(text);
    }
    if text.contains('\0') {
        return Err(ReadError::NoList);
    }
    let mut rows = Rows::default();
    if let Some(people) = addresses::people(text) {
        for person in people {
            rows.add(person);
        }
        return rows.taken(text.len());
    }
    let separator = separator(text, source);
    let mut rest = Records { rest: text, separator };
    while let Some(record) = rest.next_record() {
        rows.add(record);
    }
    rows.taken(text.len())
}

fn table(html: &str) -> Result<RawRows, ReadError> {
    let mut rows = Rows::default();
    html::rows(html, |row| rows.add(row));
    if rows.count == 0 { Err(ReadError::NoList) } else { rows.taken(0) }
}

/// The rows read so far. What is beyond the most is only counted.
#[derive(Default)]
struct Rows {
    kept: RawRows,
    count: usize,
    /// Empty rows since the last that is not. They keep the others in their places, and are nothing at the end.
    empty: usize,
}

impl Rows {
    fn add(&mut self, row: Vec<String>) {
        let row: Vec<String> = row.iter().map(|text| cell(text)).collect();
        if is_blank(&row) {
            self.empty += 1;
            return;
        }
        self.count += 1;
        // One more, for the headings.
        if self.count <= MOST_ROWS + 1 {
            let empty = std::mem::take(&mut self.empty).min(MOST_ROWS.saturating_sub(self.kept.len()));
            self.kept.extend(std::iter::repeat_n(vec![String::new()], empty));
            self.kept.push(row);
        }
    }

    fn taken(self, bytes: usize) -> Result<RawRows, ReadError> {
        match self.count {
            0 => Err(ReadError::Nothing),
            many if many > MOST_ROWS + 1 => Err(ReadError::TooManyRows(many)),
            _ if bytes > LONGEST_TEXT => Err(ReadError::TooLong),
            _ => Ok(self.kept),
        }
    }
}

/// Whether a row has no text.
pub(super) fn is_blank(row: &[String]) -> bool {
    row.iter().all(String::is_empty)
}

/// What separates the cells of a text: a tab if there is one; otherwise the sign that each line has equally often. A
/// single line from the clipboard is one cell.
fn separator(text: &str, source: TextSource) -> Option<char> {
    if text.contains('\t') {
        return Some('\t');
    }
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(50).collect();
    if lines.len() < 2 && source == TextSource::Clipboard {
        return None;
    }
    [';', ','].into_iter().find(|sign| {
        let counts = lines.iter().map(|line| line.matches(*sign).count());
        let (least, most) = counts.fold((usize::MAX, 0), |(least, most), n| (least.min(n), most.max(n)));
        most > 0 && (least > 0 || source == TextSource::File)
    })
}

/// The records of a text.
struct Records<'t> {
    rest: &'t str,
    separator: Option<char>,
}

impl Records<'_> {
    fn next_record(&mut self) -> Option<Vec<String>> {
        if self.rest.is_empty() {
            return None;
        }
        let mut cells = Vec::new();
        loop {
            let (cell, ends_row) = self.next_cell();
            cells.push(cell);
            if ends_row {
                return Some(cells);
            }
        }
    }

    /// Takes the next cell, and returns whether it is the last of its row. One in quotes can contain separators, line
    /// breaks and doubled quotes; a quote that nothing closes is a letter like others.
    fn next_cell(&mut self) -> (String, bool) {
        if let Some(quoted) = self.rest.strip_prefix('"')
            && let Some((cell, after)) = unquoted(quoted)
            && self.ends(after)
        {
            self.rest = after;
            return (cell, self.skip_end());
        }
        let end = self.rest.find(|c| c == '\n' || c == '\r' || Some(c) == self.separator);
        let (cell, after) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = after;
        (cell.to_owned(), self.skip_end())
    }

    fn ends(&self, after: &str) -> bool {
        after.chars().next().is_none_or(|c| c == '\n' || c == '\r' || Some(c) == self.separator)
    }

    /// Skips what ends a cell, and returns whether that ends the row.
    fn skip_end(&mut self) -> bool {
        let mut rest = self.rest.chars();
        match rest.next() {
            Some('\r') => {
                self.rest = rest.as_str().strip_prefix('\n').unwrap_or(rest.as_str());
                true
            }
            Some('\n') | None => {
                self.rest = rest.as_str();
                true
            }
            Some(_) => {
                self.rest = rest.as_str();
                false
            }
        }
    }
}

/// The text up to the closing quote, and what follows it.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut cell = String::new();
    let mut rest = text;
    loop {
        let at = rest.find('"')?;
        cell.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        match after.strip_prefix('"') {
            Some(more) => {
                cell.push('"');
                rest = more;
            }
            None => return Some((cell, after)),
        }
    }
}

/// The text of cells for the clipboard, as spreadsheets read it.
pub fn copied<'c>(rows: impl IntoIterator<Item = Vec<&'c str>>) -> String {
    let quoted = |cell: &str| {
        if cell.contains(['\t', '\n', '"']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.to_owned()
        }
    };
    let line = |row: Vec<&str>| row.into_iter().map(quoted).collect::<Vec<_>>().join("\t");
    rows.into_iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(copied: &str) -> RawRows {
        text(copied, TextSource::Clipboard).unwrap()
    }

    #[test]
    fn cells_of_a_spreadsheet_are_read_with_line_breaks_and_quotes_in_them() {
        let rows = read("Berg\tAna\tana@school.example\r\n\"Olsen\nLie\"\t\"Bo \"\"Bobby\"\"\"\t\r\n\r\n");
        assert_eq!(rows, [vec!["Berg", "Ana", "ana@school.example"], vec!["Olsen Lie", "Bo \"Bobby\"", ""]]);
    }

    #[test]
    fn a_quote_that_nothing_closes_is_a_letter() {
        assert_eq!(read("\"Berg\tAna\nOlsen\tBo"), [["\"Berg", "Ana"], ["Olsen", "Bo"]]);
    }

    #[test]
    fn a_cell_with_a_comma_is_one_cell_and_a_list_with_commas_has_columns() {
        assert_eq!(read("Berg, Ana"), [["Berg, Ana"]]);
        assert_eq!(read("Berg, Ana\nOlsen, Bo"), [["Berg", "Ana"], ["Olsen", "Bo"]]);
        assert_eq!(text("Berg;Ana", TextSource::File).unwrap(), [["Berg", "Ana"]]);
    }

    #[test]
    fn a_table_of_a_web_page_is_read() {
        let html = "<p>Class 10B</p><table><tr><th>Family name<th>Given name<tr><td>O&#39;Neil</td><td><b>Zo&euml;</b><br>Ann</td></tr></table>";
        let rows = clipboard("Class 10B Family name", Some(html)).unwrap();
        assert_eq!(rows, [["Family name", "Given name"], ["O'Neil", "Zoë Ann"]]);
        // What has the table as text keeps it, unless a line break in a cell has torn it.
        let word = "<table><tr><td>Berg<td><p>Ana</p><p>Lie</p><td>0042<tr><td>Olsen<td>Bo<td>0043</table>";
        let torn = clipboard("Berg\tAna\r\nLie\t0042\r\nOlsen\tBo\t0043", Some(word)).unwrap();
        assert_eq!(torn, [["Berg", "Ana Lie", "0042"], ["Olsen", "Bo", "0043"]]);
        assert_eq!(clipboard("a\tb", Some(html)).unwrap(), [["a", "b"]]);
        // Its source, copied as text, is read like it.
        assert_eq!(text(html, TextSource::Clipboard).unwrap(), rows);
        assert_eq!(text("<p>none</p><table></table>", TextSource::Clipboard).unwrap_err(), ReadError::NoList);
    }

    #[test]
    fn fifty_thousand_rows_are_answered_with_a_sentence() {
        let error = text(&"Berg\tAna\n".repeat(50_000), TextSource::Clipboard).unwrap_err();
        assert_eq!(error, ReadError::TooManyRows(50_000));
        assert!(error.to_string().starts_with("That is 50000 rows. Paste at most 5000 at a time"), "{error}");
        assert_eq!(text(" \n\t\n", TextSource::Clipboard).unwrap_err(), ReadError::Nothing);
        assert_eq!(text("PK\0\u{3}\u{4}", TextSource::File).unwrap_err(), ReadError::NoList);
    }

    proptest! {
        #[test]
        fn what_was_copied_comes_back(rows in prop::collection::vec(prop::collection::vec("[a-c\" ,]{1,4}", 3), 1..5)) {
            let rows: RawRows = rows.into_iter().map(|row| row.iter().map(|text| cell(text)).collect()).collect();
            prop_assume!(rows.iter().all(|row| row.iter().any(|cell| !cell.is_empty())));
            let text = copied(rows.iter().map(|row| row.iter().map(String::as_str).collect()));
            prop_assert_eq!(read(&text), rows);
        }

        #[test]
        fn no_text_stops_the_reader(junk in "\\PC{0,60}") {
            let _ = text(&junk, TextSource::File);
            let _ = clipboard(&junk, Some(&junk));
        }
    }
}
