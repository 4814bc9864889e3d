//! Cells that never leave the reading process: those of columns that may hold secrets.

use domain::imports::dates::looks_like_a_date;
use domain::imports::field::CellType;
use domain::imports::kind::{ImportDeclaration, header_key};
use domain::imports::note::Note;
use domain::imports::remark::{Remark, SECRET_MAY_HAVE_MOVED};
use domain::imports::secrets::is_secret;

use super::line::RawRow;

/// What the cells of a column look like, where nothing else does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Address,
    Date,
    Any,
}

impl Look {
    fn of(kind: &ImportDeclaration, header: &str) -> Self {
        let key = header_key(header);
        let field = kind.usual(header);
        let has = |parts: &[&str]| parts.iter().any(|part| key.contains(part));
        if has(&["mail", "courriel", "correo"]) || field.is_some_and(|field| field.example.contains('@')) {
            Self::Address
        } else if field.is_some_and(|field| field.holds == CellType::Dates)
            || has(&["date", "datum", "data", "fecha", "birth", "dob", "naissance"])
        {
            Self::Date
        } else {
            Self::Any
        }
    }

    fn is_of(self, cell: &str) -> bool {
        match self {
            Self::Address => cell.contains('@'),
            // Digits alone can be a secret too.
            Self::Date => looks_like_a_date(cell) && !cell.trim().bytes().all(|b| b.is_ascii_digit()),
            Self::Any => false,
        }
    }
}

/// The columns of a file that may hold secrets.
#[derive(Debug, Default)]
pub(super) struct SecretColumns {
    columns: Vec<usize>,
    looks: Vec<Look>,
}

impl SecretColumns {
    pub(super) fn of(kind: &ImportDeclaration, header: &[String]) -> Self {
        let columns: Vec<usize> = (0..header.len()).filter(|at| is_secret(&header[*at])).collect();
        let looks = if columns.is_empty() { &[] } else { header };
        Self { columns, looks: looks.iter().map(|name| Look::of(kind, name)).collect() }
    }

    /// Empties the cells of these columns, and forgets remarks about them. In a row with more cells than the header a
    /// secret may have moved to the right, so everything from the first secret on is emptied.
    pub(super) fn drop_from(&self, row: &mut RawRow, columns: usize) {
        let Some(first) = self.columns.first() else { return };
        let has_moved = row.cells.len() > columns;
        Self::drop(row, |at| self.columns.contains(&at) || (has_moved && at >= *first));
    }

    /// Refuses a row whose `width` is less than that of the header if the cells that it lacks may have moved a secret
    /// to the left, into a column whose cells are kept: those cells and all after them are emptied.
    pub(super) fn refuse_moved(&self, row: &mut RawRow, header: &[String], width: usize) {
        let missing = header.len().saturating_sub(width);
        if missing == 0 || self.columns.is_empty() {
            return;
        }
        // Cells up to one that is surely in its place are in theirs.
        let sure = (0..row.cells.len()).rev().find(|at| self.is_in_place(*at, &row.cells[*at], missing));
        let from = sure.map_or(0, |at| at + 1);
        let risks = self.columns.iter().filter(|column| **column >= from).filter_map(|column| {
            let mut near = column.saturating_sub(missing).max(from)..*column;
            let at = near.find(|at| {
                let cell = row.cells.get(*at).map_or("", |cell| cell.trim());
                !cell.is_empty() && !self.columns.contains(at)
            });
            Some((at?, *column))
        });
        let Some((first, column)) = risks.min() else { return };
        let note = Note::new(SECRET_MAY_HAVE_MOVED)
            .with("cells", width)
            .with("columns", header.len())
            .with("column", &header[column]);
        Self::drop(row, |at| at >= first);
        row.remarks.push(Remark::Reject(note));
    }

    /// Empties the cells from this one on, if the file has secrets.
    pub(super) fn drop_after(&self, row: &mut RawRow, from: usize) {
        if !self.columns.is_empty() {
            Self::drop(row, |at| at >= from);
        }
    }

    fn drop(row: &mut RawRow, is_dropped: impl Fn(usize) -> bool) {
        for (_, cell) in row.cells.iter_mut().enumerate().filter(|(at, _)| is_dropped(*at)) {
            cell.clear();
        }
        row.remarks.retain(|remark| !remark.column().is_some_and(&is_dropped));
    }

    /// Whether a cell can only be that of its column: it looks like one, and no column from which it may have moved
    /// has cells that look so.
    fn is_in_place(&self, at: usize, cell: &str, missing: usize) -> bool {
        let Some(look) = self.looks.get(at) else { return false };
        look.is_of(cell) && !self.looks.iter().skip(at + 1).take(missing).any(|other| other == look)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::roll::import::STUDENTS;

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
        let secrets = SecretColumns::of(&STUDENTS, &header);
        let mut whole = row(&["1", "hunter2", "Ada"]);
        secrets.drop_from(&mut whole, header.len());
        assert_eq!((whole.cells.join("|"), whole.remarks.len()), ("1||Ada".to_owned(), 1));
        let mut moved = row(&["1", "Ada", "hunter2", "Lee"]);
        secrets.drop_from(&mut moved, header.len());
        assert_eq!((moved.cells.join("|"), moved.remarks.len()), ("1|||".to_owned(), 0));
    }

    /// What is left of a row, and whether it is refused.
    fn left(header: &str, cells: &str) -> (String, bool) {
        let header: Vec<String> = header.split(',').map(str::to_owned).collect();
        let cells: Vec<String> = cells.split(',').map(str::to_owned).collect();
        let (width, secrets) = (cells.len(), SecretColumns::of(&STUDENTS, &header));
        let mut row = RawRow { number: 2, cells, remarks: Vec::new() };
        secrets.refuse_moved(&mut row, &header, width);
        secrets.drop_from(&mut row, header.len());
        (row.cells.join(","), !row.remarks.is_empty())
    }

    #[test]
    fn a_row_that_lacks_a_cell_before_a_secret_is_refused_without_it() {
        for (header, cells, kept) in [
            ("Adm No,Forename,Surname,Password,Form", "2,Ben,SEKRET2,7A", "2,Ben,,"),
            ("Adm No,Forename,Surname,Form,Password", "2,Ben,7A,SEKRET2", "2,Ben,7A,"),
            ("Adm No,Forename,Surname,PIN,Password,Form", "2,Pym,SEKRET2,7A", "2,,,"),
            ("Adm No,Password,Surname", "SEKRET2,Pym", ","),
            // An address that may be another one's proves nothing.
            ("Adm No,Forename,Password,Email,Mum email", "2,SEKRET2,a@x.example,m@x.example", "2,,,"),
        ] {
            assert_eq!(left(header, cells), (kept.to_owned(), true), "{header}: {cells}");
        }
    }

    #[test]
    fn a_short_row_in_which_no_secret_can_have_moved_is_read() {
        for (header, cells, kept) in [
            // The address and the date show that nothing before them is missing.
            ("Adm No,Forename,Password,Email,Form", "2,Ben,SEKRET2,b@x.example", "2,Ben,,b@x.example"),
            (
                "Adm No,Forename,Password,DOB,Form,House",
                "2,Ben,SEKRET2,03/04/2012,7A",
                "2,Ben,,03/04/2012,7A",
            ),
            ("Adm No,Forename,Email,Password,Form", "2,Ben,b@x.example", "2,Ben,b@x.example"),
            ("Adm No,Forename,Surname,Form", "2,Ben,7A", "2,Ben,7A"),
            ("Adm No,Forename,Surname,Password", "2,Ben,Pym,SEKRET2", "2,Ben,Pym,"),
        ] {
            assert_eq!(left(header, cells), (kept.to_owned(), false), "{header}: {cells}");
        }
    }
}
