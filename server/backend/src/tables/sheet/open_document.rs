//! Spreadsheets of `LibreOffice` and Google (ODS, OASIS `OpenDocument` 1.3 part 3, 9.1), row by row, as they are shown.

use std::io::{BufReader, Read, Write};

use domain::imports::fault::TableFault;
use domain::imports::header::HEADER_SEARCH;
use domain::imports::kind::ImportDeclaration;
use domain::imports::note::Note;
use domain::imports::reading::{ReadOptions, SheetReading};
use domain::imports::remark::{HIDDEN_ROW, Remark};
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::marks::{attribute, damaged, xml};
use super::{CandidateSheet, chosen};
use crate::tables::archive::Archive;
use crate::tables::limits;
use crate::tables::line::LineWriter;

/// The part with the sheets.
pub(in crate::tables) const CONTENT: &str = "content.xml";

/// Reads the sheet that was asked for, or the first one that looks like a list.
pub(in crate::tables) fn read<W: Write>(
    archive: &mut Archive<'_>,
    kind: &ImportDeclaration,
    options: &ReadOptions,
    emitter: &mut LineWriter<W>,
) -> Result<(), TableFault> {
    let mut sheets: Vec<CandidateSheet> = Vec::new();
    each_row(archive, |row| {
        if sheets.last().is_none_or(|sheet| sheet.name != row.sheet) {
            sheets.push(CandidateSheet {
                name: row.sheet.to_owned(),
                shown: row.is_sheet_shown,
                rows: Vec::new(),
            });
        }
        if let Some(sheet) = sheets.last_mut().filter(|sheet| sheet.rows.len() <= HEADER_SEARCH)
            && row.cells.iter().any(|cell| !cell.trim().is_empty())
        {
            sheet.rows.push(row.cells);
        }
        Ok(())
    })?;
    let (name, others) = chosen(kind, options.sheet.as_deref(), sheets)?;
    emitter.reading.sheet = Some(SheetReading { name: name.clone(), others });
    each_row(archive, |row| {
        if row.sheet != name {
            return Ok(());
        }
        let hidden = (!row.is_shown).then(|| Remark::Say(Note::new(HIDDEN_ROW)));
        for again in 0..row.repeats {
            let number = row.number.saturating_add(again);
            emitter.remarked_row(number, row.cells.clone(), hidden.iter().cloned().collect())?;
        }
        Ok(())
    })
}

/// A row of a sheet. One without text is visited too, once.
struct SheetRow<'s> {
    sheet: &'s str,
    is_sheet_shown: bool,
    number: u32,
    /// How many rows are like this one.
    repeats: u32,
    is_shown: bool,
    cells: Vec<String>,
}

/// Where the reader is.
#[derive(Default)]
struct SheetPlace {
    sheet: String,
    is_sheet_shown: bool,
    /// The styles of sheets that are not shown.
    hidden_styles: Vec<String>,
    style: String,
    number: u32,
    repeats: u32,
    is_shown: bool,
    cells: Vec<String>,
    column: usize,
    cell: Option<CellBegun>,
    /// How deep in a comment or a drawing, whose text is none of the cell.
    aside: usize,
}

/// A cell that is open.
struct CellBegun {
    text: String,
    repeats: usize,
    paragraphs: usize,
}

fn each_row(
    archive: &mut Archive<'_>,
    mut visit: impl FnMut(SheetRow<'_>) -> Result<(), TableFault>,
) -> Result<(), TableFault> {
    let Some(part) = archive.reader(CONTENT)? else { return Err(TableFault::Damaged) };
    let mut reader: Reader<BufReader<_>> = xml(part);
    let mut buffer = Vec::new();
    let mut at = SheetPlace::default();
    let mut is_spreadsheet = false;
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(damaged)? {
            Event::Start(element) if element.local_name().as_ref() == "spreadsheet" => is_spreadsheet = true,
            Event::Start(element) => at.start(&element)?,
            Event::Text(text) => at.text(&text)?,
            Event::GeneralRef(entity) => at.text(&resolved(&entity)?)?,
            Event::End(element) => at.end(element.local_name().as_ref(), &mut visit)?,
            Event::Eof => break,
            _ => {}
        }
    }
    // A text document has the same part.
    if is_spreadsheet { Ok(()) } else { Err(TableFault::OtherSpreadsheet) }
}

fn resolved(entity: &BytesRef<'_>) -> Result<String, TableFault> {
    if let Some(c) = entity.resolve_char_ref().map_err(damaged)? {
        return Ok(c.to_string());
    }
    resolve_predefined_entity(entity).map(str::to_owned).ok_or(TableFault::Damaged)
}

fn count(element: &BytesStart<'_>, name: &str) -> u32 {
    attribute(element, name).and_then(|count| count.parse().ok()).unwrap_or(1).max(1)
}

impl SheetPlace {
    fn start(&mut self, element: &BytesStart<'_>) -> Result<(), TableFault> {
        let name = element.local_name();
        match name.as_ref() {
            "annotation" | "shapes" | "frame" | "custom-shape" => self.aside += 1,
            _ if self.aside > 0 => {}
            "style" => self.style = attribute(element, "name").unwrap_or_default(),
            "table-properties" if attribute(element, "display").as_deref() == Some("false") => {
                self.hidden_styles.push(self.style.clone());
            }
            "table" => {
                self.sheet = attribute(element, "name").unwrap_or_default();
                let style = attribute(element, "style-name");
                self.is_sheet_shown = style.is_none_or(|style| !self.hidden_styles.contains(&style));
                self.number = 1;
            }
            "table-row" => {
                self.repeats = count(element, "number-rows-repeated");
                self.is_shown = attribute(element, "visibility").is_none_or(|shown| shown == "visible");
                (self.cells, self.column) = (Vec::new(), 0);
            }
            "table-cell" | "covered-table-cell" => {
                let repeats =
                    usize::try_from(count(element, "number-columns-repeated")).unwrap_or(usize::MAX);
                self.cell = Some(CellBegun { text: String::new(), repeats, paragraphs: 0 });
            }
            "p" => {
                if let Some(cell) = &mut self.cell {
                    cell.paragraphs += 1;
                    if cell.paragraphs > 1 {
                        cell.text.push('\n');
                    }
                }
            }
            "s" => {
                self.text(&" ".repeat(usize::try_from(count(element, "c")).map_or(1, |many| many.min(100))))?;
            }
            "tab" => self.text(" ")?,
            "line-break" => self.text("\n")?,
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), TableFault> {
        let Some(cell) = self.cell.as_mut().filter(|cell| self.aside == 0 && cell.paragraphs > 0) else {
            return Ok(());
        };
        cell.text.push_str(text);
        if cell.text.len() > limits::XML_TEXT { Err(TableFault::Inflates) } else { Ok(()) }
    }

    fn end(
        &mut self,
        name: &str,
        visit: &mut impl FnMut(SheetRow<'_>) -> Result<(), TableFault>,
    ) -> Result<(), TableFault> {
        match name {
            "annotation" | "shapes" | "frame" | "custom-shape" => self.aside = self.aside.saturating_sub(1),
            _ if self.aside > 0 => {}
            "table-cell" | "covered-table-cell" => {
                let Some(CellBegun { text, repeats, .. }) = self.cell.take() else { return Ok(()) };
                let end = self.column.saturating_add(repeats);
                if !text.trim().is_empty() {
                    if end > limits::COLUMNS {
                        let (row, limit) = (self.number, limits::COLUMNS);
                        return Err(TableFault::TooManyColumns { row, limit });
                    }
                    self.cells.resize(self.column, String::new());
                    self.cells.resize(end, text);
                }
                self.column = end;
            }
            "table-row" => {
                let cells = std::mem::take(&mut self.cells);
                // Below the list, a sheet has a million rows without text.
                let repeats = if cells.is_empty() { 1 } else { self.repeats };
                let (number, is_sheet_shown) = (self.number, self.is_sheet_shown);
                visit(SheetRow {
                    sheet: &self.sheet,
                    is_sheet_shown,
                    number,
                    repeats,
                    is_shown: self.is_shown,
                    cells,
                })?;
                self.number = self.number.saturating_add(self.repeats);
            }
            _ => {}
        }
        Ok(())
    }
}

/// Whether an archive has a spreadsheet of this kind.
pub(in crate::tables) fn is_one(archive: &mut Archive<'_>) -> bool {
    let mut kind = String::new();
    if let Ok(Some(part)) = archive.reader("mimetype") {
        // What is no text is no kind.
        let _ = part.take(100).read_to_string(&mut kind);
    }
    archive.has(CONTENT) && kind.trim_start().starts_with("application/vnd.oasis.opendocument.spreadsheet")
}
