//! The reading process: limits itself, reads the file from standard input and writes lines to standard
//! output.

use std::io::{self, BufWriter, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use domain::imports::fault::TableFault;
use domain::imports::kind::ImportDeclaration;
use domain::imports::reading::ReadOptions;
use rlimit::Resource;

use super::archive::Archive;
use super::detect::{FileFormat, check_ending, detect};
use super::line::LineWriter;
use super::sheet::open_document;
use super::{limits, oneroster, sheet, text};

/// The school that a file is for. Exports of several schools are narrowed to it.
#[derive(Debug, Clone, Default)]
pub struct ImportSchool {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// Permanently takes from this process what reading a file does not need: memory beyond [`limits::MEMORY`],
/// processor time beyond [`limits::PROCESSOR`], writing to any file, and core dumps, which would contain
/// names.
pub fn confine() -> io::Result<()> {
    Resource::AS.set(limits::MEMORY, limits::MEMORY)?;
    Resource::CPU.set(limits::PROCESSOR, limits::PROCESSOR)?;
    Resource::FSIZE.set(0, 0)?;
    Resource::CORE.set(0, 0)
}

/// Reads a file and writes its rows, or why it cannot be read. `ending` is the file name's extension, without
/// the dot.
pub fn read_table(
    mut input: impl Read,
    output: impl Write,
    ending: &str,
    kind: &'static ImportDeclaration,
    school: &ImportSchool,
    options: &ReadOptions,
) -> io::Result<()> {
    let mut bytes = Vec::new();
    input.by_ref().take(limits::FILE as u64 + 1).read_to_end(&mut bytes)?;
    let mut emitter = LineWriter::new(kind, options, BufWriter::with_capacity(64 * 1024, output));
    // Libraries that parse hostile files panic now and then; report that as a fault too.
    let read = catch_unwind(AssertUnwindSafe(|| {
        rows(&bytes, &ending.to_ascii_lowercase(), kind, school, options, &mut emitter)
    }))
    .unwrap_or(Err(TableFault::Damaged));
    emitter.finish(read)
}

fn rows<W: Write>(
    bytes: &[u8],
    ending: &str,
    kind: &'static ImportDeclaration,
    school: &ImportSchool,
    options: &ReadOptions,
    emitter: &mut LineWriter<W>,
) -> Result<(), TableFault> {
    if bytes.len() > limits::FILE {
        return Err(limits::too_large());
    }
    let format = detect(bytes)?;
    check_ending(ending, format)?;
    match format {
        FileFormat::Text => text::read(bytes, kind, options, emitter),
        FileFormat::Zip => zip(bytes, kind, school, options, emitter),
    }
}

fn zip<W: Write>(
    bytes: &[u8],
    kind: &'static ImportDeclaration,
    school: &ImportSchool,
    options: &ReadOptions,
    emitter: &mut LineWriter<W>,
) -> Result<(), TableFault> {
    let mut archive = Archive::open(bytes)?;
    if open_document::is_one(&mut archive) {
        return open_document::read(&mut archive, kind, options, emitter);
    }
    let is_under = |folder: &str| archive.names().iter().any(|name| name.starts_with(folder));
    if archive.has("xl/vbaProject.bin") {
        Err(TableFault::Macros)
    } else if archive.has("xl/workbook.xml") {
        sheet::read(archive, bytes, kind, options, emitter)
    } else if archive.has("xl/workbook.bin") || archive.has("content.xml") {
        Err(TableFault::OtherSpreadsheet)
    } else if is_under("word/") || is_under("ppt/") {
        Err(TableFault::NotATable { is: "a text document or slides".to_owned() })
    } else if is_under("Index/")
        && archive
            .names()
            .iter()
            .any(|name| Path::new(name).extension().is_some_and(|ending| ending == "iwa"))
    {
        Err(TableFault::OtherSpreadsheet)
    } else if archive.part("users.csv")?.is_some() {
        oneroster::read(&mut archive, kind, school, options, emitter)
    } else {
        Err(TableFault::NotOneRoster)
    }
}
