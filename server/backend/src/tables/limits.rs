//! The limits on a file.

use std::time::Duration;

use domain::imports::fault::TableFault;

/// Bytes in the file.
pub const FILE: usize = 32 * 1024 * 1024;
/// Bytes in a zip, with all parts inflated.
pub const INFLATED: u64 = 300 * 1024 * 1024;
/// Parts in a zip.
pub const ENTRIES: usize = 10_000;
/// Bytes in one text inside XML: a cell of [`CELL`] characters, each an escape of up to ten bytes.
pub const XML_TEXT: usize = 512 * 1024;
/// Rows, without the header and empty rows.
pub const ROWS: usize = 200_000;
/// Columns.
pub const COLUMNS: usize = 200;
/// Bytes of text in all cells together: many cells of a workbook can refer to one long text.
pub const TEXT: usize = 96 * 1024 * 1024;
/// Characters in a cell; Excel's own limit is 32,767.
pub const CELL: usize = 32_000;
/// Line breaks in a cell, beyond which a quotation mark must have been left open.
pub const CELL_LINES: usize = 100;
/// Address space of the reading process, in bytes.
pub const MEMORY: u64 = 512 * 1024 * 1024;
/// Processor time of the reading process, in seconds.
pub const PROCESSOR: u64 = 30;
/// Time until the reading process is ended.
pub const WALL: Duration = Duration::from_mins(1);
/// Reading processes at the same time.
pub const READERS: usize = 2;

/// The fault for a file larger than [`FILE`].
pub fn too_large() -> TableFault {
    TableFault::TooLarge { limit: FILE / 1024 / 1024 }
}
