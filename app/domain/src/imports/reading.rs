//! How a file was read, and how a person wants it read.

use serde::{Deserialize, Serialize};

use super::encoding::TextEncoding;
use super::export;
use super::note::Note;
use super::unsent::LostMatch;

/// What a person says about a file. What they do not say is detected.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadOptions {
    /// The encoding of its text.
    pub encoding: Option<TextEncoding>,
    /// The sheet to read, by name.
    pub sheet: Option<String>,
    /// The row with the column names, numbered as a spreadsheet shows it. 0 if no row has any.
    #[serde(default)]
    pub header_row: Option<u32>,
    /// Whether the cells that a merged one covers downwards get its value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fill_merged: Option<bool>,
}

/// The number of the row with the column names in a file without any.
pub const NO_NAMES: u32 = 0;

/// How long the name of a sheet can be; 31 in Excel.
const SHEET_NAME: usize = 100;

impl ReadOptions {
    /// The name of a sheet from a form or the command line; none if empty.
    #[must_use]
    pub fn with_sheet(self, name: &str) -> Self {
        let name: String = name.trim().chars().filter(|c| !c.is_control()).take(SHEET_NAME).collect();
        Self { sheet: (!name.is_empty()).then_some(name), ..self }
    }
}

/// What is said where it is open which part of a name comes first.
pub const NAME_ORDER: &str = "Nothing says which part of the names comes first, as in Li Wei. Choose \u{201c}Full name\u{201d} or \u{201c}Full name, family name first\u{201d} for their column.";

/// How a file was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileReading {
    /// Its text; `None` for a workbook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<TextReading>,
    /// Its sheets; `None` for a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<SheetReading>,
    /// The row with the column names, [`NO_NAMES`] if there is none; `None` for a OneRoster export, where nobody chooses
    /// it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header_row: Option<u32>,
    /// The row above it, if that has the first halves of its names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub names_above: Option<u32>,
    /// Whether nothing says which part of its whole names comes first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asks_name_order: bool,
    /// The number of cells that a merged cell covers downwards.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub merged_down: u32,
    /// What an export of a whole school has that is not imported, and what is odd about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub export: Vec<Note>,
    /// Column names that stand over several columns of a workbook.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged_names: Vec<String>,
    /// The number of rows that the workbook does not show.
    #[serde(default)]
    pub hidden_rows: u32,
    /// The number of rows with fewer cells than the header.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub short_rows: u32,
    /// What the person who chose the file said.
    #[serde(default)]
    pub asked: ReadOptions,
    /// Columns that were matched before the file was read in this way, and that it does not have now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<LostMatch>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// How certain an encoding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// Nothing else is possible, or likely.
    Sure,
    /// A guess, to be checked by a person.
    Guess,
    /// A person chose it.
    Chosen,
}

/// How a text was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextReading {
    /// The encoding.
    pub encoding: TextEncoding,
    /// How certain it is.
    pub certainty: Certainty,
    /// Cells with letters that depend on the encoding, read in this one and in others. The first is this one.
    pub samples: Vec<EncodingSample>,
    /// The column of each of these cells.
    #[serde(default)]
    pub columns: Vec<usize>,
}

impl TextReading {
    /// Forgets the cells of columns that are not imported.
    pub fn keep_only(&mut self, is_imported: impl Fn(usize) -> bool) {
        for sample in &mut self.samples {
            let mut columns = self.columns.iter();
            sample.cells.retain(|_| columns.next().is_some_and(|column| is_imported(*column)));
        }
        self.columns.retain(|column| is_imported(*column));
    }
}

/// The same cells in one encoding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EncodingSample {
    /// The encoding.
    pub encoding: TextEncoding,
    /// The cells.
    pub cells: Vec<String>,
}

/// Which sheet was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetReading {
    /// Its name.
    pub name: String,
    /// The other sheets that the workbook shows, with whether they look like lists too.
    pub others: Vec<OtherSheet>,
}

/// A sheet that was not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherSheet {
    /// Its name.
    pub name: String,
    /// Whether it has column names like a list.
    pub is_list: bool,
}

impl FileReading {
    /// Questions that a person should answer before the file is imported, as sentences.
    pub fn questions(&self) -> Vec<String> {
        let mut questions = Vec::new();
        if let Some(text) = self.text.as_ref().filter(|text| text.certainty == Certainty::Guess) {
            let cells = text.samples.first().map_or_else(String::new, |sample| sample.cells.join(", "));
            let look = match cells.as_str() {
                "" => "Check its names.".to_owned(),
                cells => format!("Check these names: {cells}."),
            };
            questions.push(format!(
                "The file doesn\u{2019}t say how its letters are encoded. It was read as {}. {look}",
                text.encoding.label()
            ));
        }
        let lists = self.other_lists();
        if !lists.is_empty() && self.asked.sheet.is_none() {
            let name = self.sheet.as_ref().map_or("", |sheet| sheet.name.as_str());
            questions.push(format!(
                "The workbook has {} that look like lists. Only \u{201c}{name}\u{201d} was read, not {}.",
                if lists.len() == 1 {
                    "two sheets".to_owned()
                } else {
                    format!("{} sheets", lists.len() + 1)
                },
                lists.iter().map(|name| format!("\u{201c}{name}\u{201d}")).collect::<Vec<_>>().join(", ")
            ));
        }
        if self.asks_about_merged() {
            questions.push(match self.merged_down {
                1 => "1 cell of the workbook is merged with the cell above it. Say whether it gets the value of that cell. Until then it is empty.".to_owned(),
                cells => format!(
                    "{cells} cells of the workbook are merged with the cell above them. Say whether they get the value of that cell. Until then they are empty."
                ),
            });
        }
        questions
    }

    /// Whether it is open what the cells mean that a merged one covers downwards.
    pub fn asks_about_merged(&self) -> bool {
        self.merged_down > 0 && self.asked.fill_merged.is_none()
    }

    /// What is worth knowing about how it was read, as sentences.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let said =
            |text: &&TextReading| text.encoding != TextEncoding::UTF_8 && text.certainty != Certainty::Guess;
        if let Some(text) = self.text.as_ref().filter(said) {
            notes.push(format!("Read as {}.", text.encoding.label()));
        }
        if let Some(sheet) = self.sheet.as_ref().filter(|sheet| !sheet.others.is_empty()) {
            notes.push(format!("Read from the sheet \u{201c}{}\u{201d}.", sheet.name));
        }
        match (self.header_row, self.names_above) {
            (Some(NO_NAMES), _) => notes.push(
                "No row with column names was found. Choose what each column contains by its first values."
                    .to_owned(),
            ),
            (Some(row), Some(above)) => notes.push(format!(
                "The column names are in rows {above} and {row}: what stands above several columns goes before the names below it."
            )),
            (Some(row @ 3..), None) => notes
                .push(format!("The column names are in row {row}. Rows 1 to {} are not imported.", row - 1)),
            (Some(2), None) => {
                notes.push("The column names are in row 2. Row 1 is not imported.".to_owned());
            }
            _ => {}
        }
        for name in &self.merged_names {
            notes.push(format!(
                "The column name \u{201c}{name}\u{201d} stands over several columns. Choose what each of them contains."
            ));
        }
        if self.asks_name_order {
            notes.push(NAME_ORDER.to_owned());
        }
        notes.extend(self.export.iter().map(export::words));
        match self.hidden_rows {
            0 => {}
            1 => notes.push("1 row is hidden in the workbook. It is read like the others.".to_owned()),
            rows => {
                notes.push(format!("{rows} rows are hidden in the workbook. They are read like the others."));
            }
        }
        notes
    }

    /// The sheets that look like lists too.
    fn other_lists(&self) -> Vec<&str> {
        let others = self.sheet.iter().flat_map(|sheet| &sheet.others);
        others.filter(|other| other.is_list).map(|other| other.name.as_str()).collect()
    }
}
