//! `greencap read-table`: the process that reads a file from outside. Started by Greencap itself, never by
//! hand.

use std::io::{stdin, stdout};

use backend::tables::{ImportSchool, confine, read_table};
use clap::Args;
use domain::imports::encoding::TextEncoding;
use domain::imports::reading::ReadOptions;

use super::{ExitStatus, Failure};

/// The arguments of the reading process.
#[derive(Debug, Args)]
pub(super) struct ReadTable {
    /// The kind of import that the file is for.
    #[arg(long)]
    kind: String,
    /// The file name's extension, without the dot.
    #[arg(long, default_value = "")]
    ending: String,
    /// The code of the school that the file is for.
    #[arg(long, default_value = "")]
    school_code: String,
    /// The school's name.
    #[arg(long, default_value = "")]
    school_name: String,
    /// The encoding of the file's text.
    #[arg(long)]
    encoding: Option<TextEncoding>,
    /// The sheet to read.
    #[arg(long)]
    sheet: Option<String>,
    /// The row with the column names.
    #[arg(long)]
    header_row: Option<u32>,
    /// Whether cells that a merged one covers downwards get its value.
    #[arg(long)]
    fill_merged: Option<bool>,
}

/// Drops the privileges that reading does not need, then reads standard input and writes rows to standard
/// output.
pub(super) fn run(asked: ReadTable) -> Result<ExitStatus, Failure> {
    let failed = |error: std::io::Error| Failure::Failed(format!("the file could not be read: {error}"));
    let kind = domain::rooms::import(&asked.kind)
        .ok_or_else(|| Failure::WrongUse(format!("there is no kind of import {}", asked.kind)))?;
    confine().map_err(failed)?;
    let school = ImportSchool { code: asked.school_code, name: asked.school_name };
    let ReadTable { encoding, sheet, header_row, fill_merged, .. } = asked;
    let options = ReadOptions { encoding, sheet, header_row, fill_merged };
    read_table(stdin().lock(), stdout().lock(), &asked.ending, kind, &school, &options).map_err(failed)?;
    Ok(ExitStatus::Done)
}
