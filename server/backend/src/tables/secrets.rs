//! Cells that never leave the reading process: those of columns that may hold secrets.

use domain::imports::secrets::is_secret;

use super::line::RawRow;

/// The columns of a file that may hold secrets.
#[derive(Debug, Default)]
pub(super) struct SecretColumns(Vec<usize>);

impl SecretColumns {
    pub(super) fn of(header: &[String]) -> Self {
        Self((0..header.len()).filter(|at| is_secret(&header[*at])).collect())
    }

    /// Empties the cells of these columns, and forgets remarks about them. In a row with more cells than the header a
    /// secret may have moved to the right, so everything from the first secret on is emptied.
    pub(super) fn drop_from(&self, row: &mut RawRow, columns: usize) {
        let Some(first) = self.0.first() else { return };
        let has_moved = row.cells.len() > columns;
        let is_dropped = |at: usize| self.0.contains(&at) || (has_moved && at >= *first);
        for (_, cell) in row.cells.iter_mut().enumerate().filter(|(at, _)| is_dropped(*at)) {
            cell.clear();
        }
        row.remarks.retain(|remark| !remark.column().is_some_and(is_dropped));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::imports::note::Note;
    use domain::imports::remark::Remark;

    fn row(cells: &[&str]) -> RawRow {
        let remarks = vec![
            Remark::Of { column: 1, note: Note::new("shown_rounded").quoting("hunter2") },
            Remark::Of { column: 2, note: Note::new("merged_cell") },
        ];
        RawRow { number: 2, cells: cells.iter().map(|cell| (*cell).to_owned()).collect(), remarks }
    }

    #[test]
    fn a_secret_leaves_neither_a_cell_nor_a_remark_nor_moves_to_another_column() {
        let header = ["Adm No", "Password", "Forename"].map(str::to_owned);
        let secrets = SecretColumns::of(&header);
        let mut whole = row(&["1", "hunter2", "Ada"]);
        secrets.drop_from(&mut whole, header.len());
        assert_eq!((whole.cells.join("|"), whole.remarks.len()), ("1||Ada".to_owned(), 1));
        let mut moved = row(&["1", "Ada", "hunter2", "Lee"]);
        secrets.drop_from(&mut moved, header.len());
        assert_eq!((moved.cells.join("|"), moved.remarks.len()), ("1|||".to_owned(), 0));
    }
}
