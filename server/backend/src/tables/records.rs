//! The records of a text with separators (RFC 4180), as schools' systems write them.
//!
//! More is read than the standard allows: a blank before an opening quotation mark, quotation marks with a
//! backslash, and quotation marks inside a cell that is not quoted. A quotation mark that is not closed is never
//! closed by one of a later row: then a cell would take in whole rows, and nobody would notice.

use domain::imports::fault::TableFault;

use super::limits;

/// How a text is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct TextFormat {
    /// The separator, an ASCII character.
    pub(super) delimiter: u8,
    /// How many cells most rows have.
    pub(super) width: usize,
    /// Whether a backslash makes the quotation mark after it part of the cell.
    pub(super) escapes: bool,
}

/// A record.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// Its row, as a spreadsheet shows it: empty lines are rows, line breaks in a cell are not.
    pub(super) row: u32,
    /// Its cells.
    pub(super) cells: Vec<String>,
}

/// Reads a text record by record.
pub(super) struct Records<'t> {
    text: &'t str,
    format: TextFormat,
    /// The next byte.
    at: usize,
    /// The rows so far.
    row: u32,
    /// The first byte of the current record.
    start: usize,
}

impl<'t> Records<'t> {
    /// Reads a text whose first row has this number minus one.
    pub(super) fn new(text: &'t str, format: TextFormat, rows_above: u32) -> Self {
        Self { text, format, at: 0, row: rows_above, start: 0 }
    }

    /// Reads the next record; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Record>, TableFault> {
        loop {
            if self.at >= self.text.len() {
                return Ok(None);
            }
            self.row = self.row.saturating_add(1);
            self.start = self.at;
            if !self.take_line_end() {
                break;
            }
        }
        let mut cells = Vec::new();
        loop {
            cells.push(self.cell()?);
            if self.at >= self.text.len() || self.take_line_end() {
                return Ok(Some(Record { row: self.row, cells }));
            }
            // A separator.
            self.at += 1;
        }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn take_line_end(&mut self) -> bool {
        match (self.byte(self.at), self.byte(self.at + 1)) {
            (Some(b'\r'), Some(b'\n')) => self.at += 2,
            (Some(b'\r' | b'\n'), _) => self.at += 1,
            _ => return false,
        }
        true
    }

    /// Whether a cell ends here.
    fn ends(&self, at: usize) -> bool {
        self.byte(at).is_none_or(|b| b == self.format.delimiter || b == b'\n' || b == b'\r')
    }

    fn after_blanks(&self, mut at: usize) -> usize {
        while self.byte(at).is_some_and(|b| matches!(b, b' ' | b'\t') && b != self.format.delimiter) {
            at += 1;
        }
        at
    }

    /// Reads a cell, up to its separator or line end.
    fn cell(&mut self) -> Result<String, TableFault> {
        let from = self.at;
        let open = self.after_blanks(from);
        if self.byte(open) == Some(b'"')
            && let Some((cell, end)) = self.quoted(open)?
        {
            self.at = end;
            return Ok(cell);
        }
        let rest = &self.text.as_bytes()[from..];
        let delimiter = self.format.delimiter;
        let length = rest.iter().position(|b| *b == delimiter || matches!(b, b'\n' | b'\r'));
        self.at = from + length.unwrap_or(rest.len());
        let cell = &self.text[from..self.at];
        let cell = cell.strip_prefix('"').and_then(|cell| cell.strip_suffix('"')).unwrap_or(cell);
        Ok(cell.to_owned())
    }

    /// Reads a cell that begins with a quotation mark, and where it ends. `None` if only a word of the cell is
    /// quoted.
    fn quoted(&self, open: usize) -> Result<Option<(String, usize)>, TableFault> {
        let bytes = self.text.as_bytes();
        let fault = TableFault::OpenQuote { row: self.row };
        let mut cell = String::new();
        let mut from = open + 1;
        loop {
            let marks = |b: &u8| *b == b'"' || (*b == b'\\' && self.format.escapes);
            let Some(mark) = bytes[from..].iter().position(marks).map(|at| from + at) else {
                return Err(fault);
            };
            cell.push_str(&self.text[from..mark]);
            let next = self.byte(mark + 1);
            if bytes[mark] == b'\\' {
                match next {
                    Some(b'"') => cell.push('"'),
                    Some(b'\\') => cell.push('\\'),
                    _ => {
                        cell.push('\\');
                        from = mark + 1;
                        continue;
                    }
                }
                from = mark + 2;
            } else if next == Some(b'"') {
                cell.push('"');
                from = mark + 2;
            } else {
                let end = self.after_blanks(mark + 1);
                let lines = cell
                    .bytes()
                    .filter(|b| *b == b'\n')
                    .count()
                    .max(cell.bytes().filter(|b| *b == b'\r').count());
                if !self.ends(end) {
                    // A nickname at the front of a name, or a mark that belongs to another cell.
                    let is_word = lines == 0 && !cell.bytes().any(|b| b == self.format.delimiter);
                    return if is_word { Ok(None) } else { Err(fault) };
                }
                if lines > limits::CELL_LINES || (lines > 0 && self.takes_in_rows(open, end)) {
                    return Err(fault);
                }
                return Ok(Some((cell, end)));
            }
        }
    }

    /// Whether a cell of several lines contains what looks like rows: lines with as many cells as others, whose
    /// first cell looks like that of this record.
    fn takes_in_rows(&self, open: usize, end: usize) -> bool {
        let delimiter = char::from(self.format.delimiter);
        let first = |line: &'t str| line.split(delimiter).next().unwrap_or_default();
        let looks = Shape::of(first(&self.text[self.start..]));
        let is_line_end = |c: char| c == '\n' || c == '\r';
        let until = self.text[end..].find(is_line_end).map_or(self.text.len(), |length| end + length);
        self.text[open..until].split(is_line_end).skip(1).any(|line| {
            self.format.width > 1
                && line.split(delimiter).count() == self.format.width
                && Shape::of(first(line)).is_like(looks)
        })
    }
}

/// What a cell looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Empty,
    /// So many digits.
    Digits(usize),
    Letters,
    Mixed,
}

impl Shape {
    fn of(cell: &str) -> Self {
        let cell = cell.trim_matches(|c: char| c.is_whitespace() || c == '"');
        if cell.is_empty() {
            Self::Empty
        } else if cell.bytes().all(|b| b.is_ascii_digit()) {
            Self::Digits(cell.len())
        } else if cell.chars().any(|c| c.is_ascii_digit()) {
            Self::Mixed
        } else {
            Self::Letters
        }
    }

    fn is_like(self, other: Self) -> bool {
        match (self, other) {
            (Self::Digits(a), Self::Digits(b)) => a.abs_diff(b) <= 1,
            (Self::Empty, _) | (_, Self::Empty) => false,
            _ => self == other,
        }
    }
}

/// Whether the text writes quotation marks inside a cell with a backslash. If it can be read without that, it
/// is: then a backslash is a backslash.
pub(super) fn has_escapes(text: &str, format: TextFormat) -> bool {
    let is_clean = |escapes: bool| {
        let mut records = Records::new(text, TextFormat { escapes, ..format }, 0);
        loop {
            match records.next() {
                // A mark that the standard would not allow there is none that was read rightly.
                Ok(Some(record)) if record.cells.iter().any(|cell| cell.contains("\\\"")) && !escapes => {
                    return false;
                }
                Ok(Some(_)) => {}
                Ok(None) => return true,
                Err(_) => return false,
            }
        }
    };
    text.contains("\\\"") && !is_clean(false) && is_clean(true)
}

/// A text in which every row is one quoted cell, as a spreadsheet writes a CSV file that it read as one column: its
/// rows without those quotation marks.
pub(super) fn unwrapped(text: &str) -> Option<String> {
    let mut rows = String::with_capacity(text.len());
    let mut any = false;
    for line in text.lines() {
        match line.trim_end().strip_prefix('"').and_then(|line| line.strip_suffix('"')) {
            Some(inner) => {
                any = true;
                rows.push_str(&inner.replace("\"\"", "\""));
            }
            // The spreadsheet quotes only rows with a separator.
            None if line.contains('"') => return None,
            None => rows.push_str(line),
        }
        rows.push('\n');
    }
    any.then_some(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMAS: TextFormat = TextFormat { delimiter: b',', width: 3, escapes: false };

    fn read(text: &str) -> Result<Vec<(u32, Vec<String>)>, TableFault> {
        let format = TextFormat { escapes: has_escapes(text, COMMAS), ..COMMAS };
        let mut records = Records::new(text, format, 0);
        let mut rows = Vec::new();
        while let Some(record) = records.next()? {
            rows.push((record.row, record.cells));
        }
        Ok(rows)
    }

    fn one(text: &str) -> Vec<String> {
        let rows = read(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert_eq!(rows.len(), 1, "{rows:?}");
        rows.into_iter().flat_map(|(_, cells)| cells).collect()
    }

    #[test]
    fn cells_are_read_as_they_are_meant() {
        for (text, cells) in [
            ("1,Ann,7A", ["1", "Ann", "7A"]),
            ("1,\"Lee, Kim\",7A\r\n", ["1", "Lee, Kim", "7A"]),
            ("1, \"Lee\", 7A", ["1", "Lee", " 7A"]),
            ("\"1\" ,\"Lee\"\t,\"7A\" ", ["1", "Lee", "7A"]),
            ("1,\"Robert \"\"Bob\"\"\",7A", ["1", "Robert \"Bob\"", "7A"]),
            (r#"1,"Robert \"Bob\"",7A"#, ["1", "Robert \"Bob\"", "7A"]),
            (r#"1,"says \"no\", often",7A"#, ["1", "says \"no\", often", "7A"]),
            (r#"1,"C:\files\",7A"#, ["1", r"C:\files\", "7A"]),
            ("1,Robert \"Bob\" Lee,7A", ["1", "Robert \"Bob\" Lee", "7A"]),
            ("1,\"Bob\" Lee,7A", ["1", "\"Bob\" Lee", "7A"]),
            ("1,\"Robert \"Bob\" Lee\",7A", ["1", "Robert \"Bob\" Lee", "7A"]),
            ("1,\"\",", ["1", "", ""]),
            ("1,\"12 Mill Lane\nOldtown, Quillmere\",7A", ["1", "12 Mill Lane\nOldtown, Quillmere", "7A"]),
            ("1,5'10\",7A", ["1", "5'10\"", "7A"]),
        ] {
            assert_eq!(one(text), cells, "{text}");
        }
    }

    #[test]
    fn an_open_quotation_mark_is_named_by_the_row_in_which_it_opens() {
        for (text, row) in [
            // It would be closed by a mark of a later row.
            ("1001,\"Ann,7A\n1002,Ben Pym,7A\n1003,Cat Quist\",7A\n", 1),
            ("A,B,C\n1001,\"Ann,7A\n1002,\"Ben\",7A\n", 2),
            ("A,B,C\n\n1001,\"Ann,7A\n1002,Ben,7A\n", 3),
            ("A,B,C\n1001,Ann,\"7A\n1002,Ben,7B\n1003,Cat,\"7C\"\n", 2),
            ("Lee,Ann,\"7A\nPym,Ben,7B\nQuist,Cat,7C\"\n", 1),
            ("1001,\"I told them, \"no\"\",7A\n1002,Ben,7B\n", 1),
            ("1001,\"Ann\r1002,Ben,7B\r1003,Cat\",7A\r", 1),
        ] {
            assert_eq!(read(text), Err(TableFault::OpenQuote { row }), "{text}");
        }
    }

    #[test]
    fn a_list_that_a_spreadsheet_took_for_one_column_is_unwrapped() {
        let text = "\"1,\"\"Lee, Kim\"\",7A\"\nx\n";
        assert_eq!(unwrapped(text).as_deref(), Some("1,\"Lee, Kim\",7A\nx\n"));
        assert_eq!(unwrapped("1,\"a\",b\n"), None);
        assert_eq!(unwrapped("1,a,b\n"), None);
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_written_by_the_standard_is_read_back(rows in proptest::collection::vec(proptest::collection::vec("[a-zA-Z,\"' ;\\\\.]{0,12}", 2..5), 1..20)) {
            let mut writer = csv::WriterBuilder::new().flexible(true).quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let mut records = Records::new(&text, COMMAS, 0);
            let mut read = Vec::new();
            while let Some(record) = records.next().unwrap() {
                read.push(record.cells);
            }
            proptest::prop_assert_eq!(read, rows);
        }
    }
}
