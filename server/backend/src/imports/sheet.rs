//! Sheets that people fill in or correct, as files.

use csv::WriterBuilder;
use domain::spreadsheet::neutral;
use rust_xlsxwriter::{Format, Workbook};

use crate::{Error, Result};

/// Writes lines as comma-separated values, the first with the names of the columns.
pub(super) fn csv(lines: &[Vec<String>]) -> Result<Vec<u8>> {
    // The byte order mark tells Excel that the file is UTF-8.
    let mut writer = WriterBuilder::new().from_writer(Vec::from("\u{FEFF}"));
    for line in lines {
        writer.write_record(line.iter().map(|cell| neutral(cell).into_owned())).map_err(Error::unexpected)?;
    }
    writer.into_inner().map_err(|error| Error::unexpected(error.to_string()))
}

/// Writes lines as a workbook, the first with the names of the columns. Every cell is text, also those that are filled in
/// later, so that a spreadsheet takes no zeros away and makes no dates.
pub(super) fn xlsx(lines: &[Vec<String>]) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let text = Format::new().set_num_format("@");
    let bold = Format::new().set_bold().set_num_format("@");
    for (column, _) in (0..).zip(lines.first().into_iter().flatten()) {
        sheet.set_column_format(column, &text).map_err(Error::unexpected)?;
    }
    for (row, line) in (0..).zip(lines) {
        for (column, cell) in (0..).zip(line) {
            let format = if row == 0 { &bold } else { &text };
            sheet.write_string_with_format(row, column, cell, format).map_err(Error::unexpected)?;
        }
    }
    sheet.set_freeze_panes(1, 0).map_err(Error::unexpected)?;
    sheet.autofit();
    workbook.save_to_buffer().map_err(Error::unexpected)
}
