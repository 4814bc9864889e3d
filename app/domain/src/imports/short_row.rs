//! Rows with fewer cells than the header. Many programs leave out empty cells at the end of a row; where a cell is
//! missing before, the others have moved.

use super::cells::RowReader;
use super::dates::{is_no_date, spelled};
use super::field::{CellType, ImportField};
use super::value;

impl RowReader {
    /// Whether most rows of the file have fewer cells than the header, so that one that has says little.
    #[must_use]
    pub fn mostly_short(mut self, short: u32, rows: u32) -> Self {
        self.is_mostly_short = u64::from(short) * 2 > u64::from(rows);
        self
    }

    /// Whether it is worth saying that a row has fewer cells than the header: most rows have all, or a cell does not look
    /// like those of its column.
    pub(super) fn is_oddly_short(&self, cells: &[String]) -> bool {
        !self.is_mostly_short
            || self.columns.iter().any(|(field, at)| {
                let is_key = self.key == Some(*at);
                let text = cells.get(*at).map_or_else(Default::default, |cell| value::meant(cell));
                !is_key && self.is_out_of_place(field, &text)
            })
    }

    fn is_out_of_place(&self, field: &ImportField, text: &str) -> bool {
        if value::is_unknown(text) {
            return false;
        }
        let (has_at, has_digits) = (text.contains('@'), text.contains(|c: char| c.is_ascii_digit()));
        let is_name = self.naming.iter().any(|group| group.contains(&field.slug));
        match field.holds {
            CellType::Decides(_) => false,
            CellType::Dates => !is_no_date(text) && spelled(text).is_none(),
            // The example shows what the field has: an address, a phone number.
            CellType::Text if field.example.contains('@') => !has_at,
            CellType::Text if field.example.starts_with('+') => has_at || !has_digits,
            CellType::Text => has_at || (is_name && has_digits),
        }
    }
}
