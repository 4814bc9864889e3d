//! How much a file may ask for.

use std::time::Duration;

use domain::imports::fault::TableFault;

/// Bytes of the file.
pub const FILE: usize = 32 * 1024 * 1024;
/// Bytes of a zip, all parts inflated.
pub const INFLATED: u64 = 300 * 1024 * 1024;
/// Parts of a zip.
pub const ENTRIES: usize = 10_000;
/// Bytes of one text inside XML: a cell of [`CELL`] characters, each an escape of up to ten bytes.
pub const XML_TEXT: usize = 512 * 1024;
/// Rows, without the header and without empty ones.
pub const ROWS: usize = 200_000;
/// Columns.
pub const COLUMNS: usize = 200;
/// Bytes of text in all cells together: many cells of a workbook can point to one long text.
pub const TEXT: usize = 96 * 1024 * 1024;
/// Characters of a cell; Excel's own limit is 32,767.
pub const CELL: usize = 32_000;
/// Line breaks in a cell, past which a quotation mark was left open.
pub const CELL_LINES: usize = 100;
/// Bytes of address space of the process that reads.
pub const MEMORY: u64 = 512 * 1024 * 1024;
/// Seconds of processor time of the process that reads.
pub const PROCESSOR: u64 = 30;
/// Time until the process that reads is ended.
pub const WALL: Duration = Duration::from_mins(1);
/// Processes that read at the same time.
pub const READERS: usize = 2;

/// What is said of a file beyond [`FILE`].
pub fn too_large() -> TableFault {
    TableFault::TooLarge { limit: FILE / 1024 / 1024 }
}
