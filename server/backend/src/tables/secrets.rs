//! Cells that never leave the reading process: those of columns that may hold secrets.

use domain::imports::remark::Remark;
use domain::imports::secrets::is_secret;

use super::line::RawRow;

/// The columns of a file that may hold secrets.
#[derive(Debug, Default)]
pub(super) struct SecretColumns(Vec<usize>);

impl SecretColumns {
    pub(super) fn of(header: &[String]) -> Self {
        Self((0..header.len()).filter(|at| is_secret(&header[*at])).collect())
    }

    /// Empties the cells of these columns, and forgets remarks that quote one of them. In a row with more cells
    /// than the header a secret may have moved to the right, so everything from the first secret on is emptied.
    pub(super) fn drop_from(&self, row: &mut RawRow, columns: usize) {
        let Some(first) = self.0.first() else { return };
        let has_moved = row.cells.len() > columns;
        let mut dropped = Vec::new();
        for (at, cell) in row.cells.iter_mut().enumerate() {
            if self.0.contains(&at) || (has_moved && at >= *first) {
                dropped.push(std::mem::take(cell));
            }
        }
        dropped.retain(|cell| !cell.trim().is_empty());
        let quotes = |text: &String| {
            dropped.iter().any(|cell| text.contains(cell.trim()) || cell.contains(text.as_str()))
        };
        row.remarks.retain(|remark| match remark {
            Remark::Skip(note) | Remark::Reject(note) | Remark::Say(note) | Remark::Lost { note, .. } => {
                !note.with.get("value").is_some_and(quotes)
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::imports::note::Note;

    fn row(cells: &[&str]) -> RawRow {
        let remarks = vec![Remark::Say(Note::new("merged_cell").quoting("hunter2"))];
        RawRow { number: 2, cells: cells.iter().map(|cell| (*cell).to_owned()).collect(), remarks }
    }

    #[test]
    fn a_secret_leaves_neither_a_cell_nor_a_remark_nor_moves_to_another_column() {
        let header = ["Adm No", "Password", "Forename"].map(str::to_owned);
        let secrets = SecretColumns::of(&header);
        let mut whole = row(&["1", "hunter2", "Ada"]);
        secrets.drop_from(&mut whole, header.len());
        assert_eq!((whole.cells.join("|"), whole.remarks.len()), ("1||Ada".to_owned(), 0));
        let mut moved = row(&["1", "Ada", "hunter2", "Lee"]);
        secrets.drop_from(&mut moved, header.len());
        assert_eq!(moved.cells.join("|"), "1|||");
        let mut other = row(&["1", "", "Ada"]);
        secrets.drop_from(&mut other, header.len());
        assert_eq!(other.remarks.len(), 1);
    }
}
