//! A row that has been read.

use super::cells::{Cells, RowReader};
use super::note::Note;
use super::outcome::RowOutcome;
use super::remark::{FOOTER, Remark};

/// A row that has been read, and is waiting to be compared with the database.
#[derive(Debug, Clone)]
pub struct ReadRow<R> {
    pub(super) number: u32,
    pub(super) key: Option<String>,
    pub(super) row: Result<(R, Vec<Note>), (RowOutcome, Vec<Note>)>,
}

impl<R> ReadRow<R> {
    /// Reads a row, with what reading the file found out about it.
    pub fn read(
        reader: &RowReader,
        number: u32,
        (cells, remarks): (&[String], &[Remark]),
        read: impl FnOnce(&mut Cells<'_>) -> Option<R>,
    ) -> Self {
        let key = reader.key(cells);
        if let Some((outcome, note)) = remarks.iter().find_map(Remark::decides) {
            let note = note.clone();
            let note = if note.code == FOOTER { note.quoting(&reader.quoted(cells)) } else { note };
            return Self { number, key, row: Err((outcome, vec![note])) };
        }
        if let Some(note) = reader.skips(cells) {
            return Self { number, key, row: Err((RowOutcome::Skipped, vec![note])) };
        }
        let mut reading = reader.cells(cells).remarked(remarks);
        let row = read(&mut reading);
        Self { number, key, row: reading.finish(row).map_err(|problems| (RowOutcome::Rejected, problems)) }
    }

    /// The row's number in the file.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The row's values; `None` if it has a problem.
    pub fn row(&self) -> Option<&R> {
        self.row.as_ref().ok().map(|(row, _)| row)
    }
}
