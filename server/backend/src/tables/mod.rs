//! Reading files from outside.
//!
//! Each file is read by a separate process: the same binary as `greencap read-table`, without environment,
//! limited in memory and time. Whatever a file does to the library that parses it, it does not happen inside
//! the server.

mod apart;
mod archive;
mod child;
mod decode;
mod detect;
pub mod limits;
mod line;
mod oneroster;
mod records;
mod secrets;
mod sheet;
mod text;

use std::path::PathBuf;
use std::process::Stdio;

use tokio::io::{
    AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, Lines,
};
use tokio::process::{Child, Command};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout_at};

pub use child::{ImportSchool, confine, read_table};
pub use line::RawRow;

use domain::imports::fault::TableFault;
use domain::imports::kind::ImportDeclaration;
use domain::imports::reading::{FileReading, ReadOptions};

use self::line::TableLine;
use crate::{Error, Result};

/// Starts reading processes, a few at a time.
#[derive(Debug)]
pub struct TableReader {
    program: ReaderProgram,
    permits: Semaphore,
}

#[derive(Debug)]
enum ReaderProgram {
    /// This path, with `read-table`.
    At(PathBuf),
    /// In this process, without limits: for tests of what happens to rows.
    #[cfg(feature = "testing")]
    Inside,
}

impl TableReader {
    /// Reads with the `greencap` binary at this path.
    pub fn at(program: impl Into<PathBuf>) -> Self {
        Self { program: ReaderProgram::At(program.into()), permits: Semaphore::new(limits::READERS) }
    }

    /// Reads with the current binary.
    pub fn this_binary() -> std::io::Result<Self> {
        std::env::current_exe().map(Self::at)
    }

    /// Reads inside the process of the test.
    #[cfg(feature = "testing")]
    pub fn inside() -> Self {
        Self { program: ReaderProgram::Inside, permits: Semaphore::new(limits::READERS) }
    }

    /// Waits for a free reading slot.
    pub async fn slot(&self) -> Result<ReadingSlot<'_>> {
        let permit = self.permits.acquire().await.map_err(Error::unexpected)?;
        Ok(ReadingSlot { program: &self.program, permit })
    }
}

/// A slot for reading a file; there are only a few.
pub struct ReadingSlot<'a> {
    program: &'a ReaderProgram,
    permit: SemaphorePermit<'a>,
}

impl<'a> ReadingSlot<'a> {
    /// Starts reading a file. The header has been found when this returns.
    pub async fn open(
        self,
        file: Vec<u8>,
        file_name: &str,
        kind: &'static ImportDeclaration,
        school: &ImportSchool,
        options: &ReadOptions,
    ) -> Result<Table<'a>> {
        if file.len() > limits::FILE {
            return Err(limits::too_large().into());
        }
        let ending = file_name.rsplit_once('.').map_or("", |(_, ending)| ending);
        let (child, output): (Option<Child>, Box<dyn AsyncBufRead + Send + Unpin>) = match self.program {
            ReaderProgram::At(path) => {
                let mut child = Command::new(path)
                    .args(["read-table", "--kind", kind.slug, "--ending", ending])
                    .args(["--school-code", &school.code, "--school-name", &school.name])
                    .args(options.encoding.iter().flat_map(|encoding| ["--encoding", encoding.slug()]))
                    .args(options.sheet.iter().map(|sheet| format!("--sheet={sheet}")))
                    .args(
                        options
                            .header_row
                            .iter()
                            .flat_map(|row| ["--header-row".to_owned(), row.to_string()]),
                    )
                    .args(options.fill_merged.map(|fills| format!("--fill-merged={fills}")))
                    .env_clear()
                    .stdin(Stdio::piped())
                    .stdout(Stdio::piped())
                    .stderr(Stdio::null())
                    .kill_on_drop(true)
                    .spawn()
                    .map_err(Error::unexpected)?;
                let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
                    return Err(Error::unexpected("the reading process has no pipes"));
                };
                // A process that stops early closes its input; its last line says why.
                tokio::spawn(async move {
                    let _ = input.write_all(&file).await;
                });
                (Some(child), Box::new(BufReader::new(output.take(MAX_OUTPUT))))
            }
            #[cfg(feature = "testing")]
            ReaderProgram::Inside => {
                let mut output = Vec::new();
                read_table(file.as_slice(), &mut output, ending, kind, school, options)
                    .map_err(Error::unexpected)?;
                (None, Box::new(std::io::Cursor::new(output)))
            }
        };
        let deadline = Instant::now() + limits::WALL;
        let mut table = Table {
            header: Vec::new(),
            reading: FileReading::default(),
            lines: output.lines(),
            deadline,
            is_read: false,
            _child: child,
            _permit: self.permit,
        };
        match table.line().await? {
            TableLine::Header(header) => table.header = header,
            TableLine::Fault(fault) => return Err(fault.into()),
            TableLine::Row(_) | TableLine::Reading(_) | TableLine::End => {
                return Err(TableFault::Damaged.into());
            }
        }
        Ok(table)
    }
}

/// The most bytes accepted from the reading process: the largest table within the limits, as JSON.
const MAX_OUTPUT: u64 = 2 * limits::INFLATED;

/// A file that is being read. Dropping it ends the process.
pub struct Table<'a> {
    /// The names of the columns.
    pub header: Vec<String>,
    /// How it was read, once all rows are.
    pub reading: FileReading,
    lines: Lines<Box<dyn AsyncBufRead + Send + Unpin>>,
    deadline: Instant,
    is_read: bool,
    _child: Option<Child>,
    _permit: SemaphorePermit<'a>,
}

impl Table<'_> {
    /// Returns at most `limit` of the next rows; empty when all were read.
    pub async fn rows(&mut self, limit: usize) -> Result<Vec<RawRow>> {
        let mut rows = Vec::new();
        while rows.len() < limit && !self.is_read {
            match self.line().await? {
                TableLine::Row(row) => rows.push(row),
                TableLine::Reading(reading) => self.reading = *reading,
                TableLine::End => self.is_read = true,
                TableLine::Fault(fault) => return Err(fault.into()),
                TableLine::Header(_) => return Err(TableFault::Damaged.into()),
            }
        }
        Ok(rows)
    }

    /// Reads the next line. A process that ends without its last line was stopped by one of its limits.
    async fn line(&mut self) -> Result<TableLine> {
        let line = timeout_at(self.deadline, self.lines.next_line()).await;
        let text = line.ok().and_then(std::io::Result::ok).flatten().ok_or(TableFault::TooDemanding)?;
        serde_json::from_str(&text).map_err(|_| TableFault::TooDemanding.into())
    }
}
