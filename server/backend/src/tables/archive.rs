//! Zip files, inspected before anything inside is parsed.

use std::io::{Cursor, Read};

use domain::imports::fault::TableFault;
use zip::ZipArchive;
use zip::result::ZipError;

use super::limits;

/// An archive whose every part was inflated once and is within the limits.
pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    names: Vec<String>,
    /// Bytes of the longest text that the cells of a workbook share.
    pub(super) longest_shared: usize,
}

impl<'a> Archive<'a> {
    /// Opens and inspects an archive. Counts sizes while inflating, because the sizes that an archive
    /// declares may be false.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, TableFault> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| TableFault::Damaged)?;
        if zip.len() > limits::ENTRIES {
            return Err(TableFault::Inflates);
        }
        let mut names = Vec::with_capacity(zip.len());
        let mut left = limits::INFLATED;
        let mut buffer = vec![0; 64 * 1024];
        let mut longest_shared = 0;
        for index in 0..zip.len() {
            let mut part = zip.by_index(index).map_err(|error| match error {
                ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => TableFault::Encrypted,
                _ => TableFault::Damaged,
            })?;
            let name = part.name().map_err(|_| TableFault::Damaged)?.into_owned();
            let mut scan = name.to_ascii_lowercase().ends_with(".xml").then(XmlScan::default);
            let is_sheet = name.to_ascii_lowercase().starts_with("xl/worksheets/");
            loop {
                let read = part.read(&mut buffer).map_err(|_| TableFault::Damaged)?;
                if read == 0 {
                    break;
                }
                left = left.checked_sub(read as u64).ok_or(TableFault::Inflates)?;
                if let Some(scan) = &mut scan {
                    scan.take(&buffer[..read])?;
                    // Refused before anything is parsed: a sheet is inflated once more for each reading.
                    if is_sheet && scan.whole > limits::TEXT {
                        return Err(TableFault::Inflates);
                    }
                }
            }
            if name.eq_ignore_ascii_case("xl/sharedStrings.xml") {
                longest_shared = scan.map_or(0, |scan| scan.longest);
            }
            names.push(name);
        }
        Ok(Self { zip, names, longest_shared })
    }

    /// The names of its parts.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether it has a part with this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.iter().any(|part| part.eq_ignore_ascii_case(name))
    }

    /// A part as a stream, by its whole name.
    pub(super) fn reader(&mut self, name: &str) -> Result<Option<impl Read + '_>, TableFault> {
        let Some(index) = self.names.iter().position(|part| part.eq_ignore_ascii_case(name)) else {
            return Ok(None);
        };
        let part = self.zip.by_index(index).map_err(|_| TableFault::Damaged)?;
        Ok(Some(part.take(limits::INFLATED)))
    }

    /// A part's bytes, by the end of its name: archives are made with and without a folder around their
    /// files.
    pub(super) fn part(&mut self, file: &str) -> Result<Option<Vec<u8>>, TableFault> {
        let index = self.names.iter().position(|name| {
            let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
            name.eq_ignore_ascii_case(file)
        });
        let Some(index) = index else { return Ok(None) };
        let mut bytes = Vec::new();
        let part = self.zip.by_index(index).map_err(|_| TableFault::Damaged)?;
        part.take(limits::INFLATED).read_to_end(&mut bytes).map_err(|_| TableFault::Damaged)?;
        Ok(Some(bytes))
    }
}

/// Detects what no spreadsheet contains: a document type declaration, or text too long for any cell.
#[derive(Default)]
struct XmlScan {
    /// Bytes since the last tag.
    text: usize,
    /// The most that this was.
    longest: usize,
    /// Bytes of text in the whole part.
    whole: usize,
    /// Whether the previous chunk ended inside a tag.
    is_in_tag: bool,
    /// The last bytes of the previous chunk, in case a declaration is cut in two.
    tail: Vec<u8>,
}

impl XmlScan {
    const DECLARATION: &'static [u8] = b"<!DOCTYPE";

    fn take(&mut self, bytes: &[u8]) -> Result<(), TableFault> {
        self.tail.extend_from_slice(&bytes[..bytes.len().min(Self::DECLARATION.len())]);
        if declares(&self.tail) || declares(bytes) {
            return Err(TableFault::DocumentType);
        }
        self.tail = bytes[bytes.len().saturating_sub(Self::DECLARATION.len())..].to_vec();
        for run in bytes.split_inclusive(|b| *b == b'<') {
            let before = run.strip_suffix(b"<").unwrap_or(run);
            let end = before.iter().position(|b| *b == b'>').map(|end| end + 1);
            let from = if self.is_in_tag { end } else { Some(0) };
            self.whole += from.map_or(0, |from| before.len() - from);
            self.is_in_tag = run.ends_with(b"<") || from.is_none();
            self.text += run.len();
            self.longest = self.longest.max(self.text);
            if self.text > limits::XML_TEXT {
                return Err(TableFault::Inflates);
            }
            if run.ends_with(b"<") {
                self.text = 0;
            }
        }
        Ok(())
    }
}

fn declares(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|b| *b == b'<') {
        rest = &rest[at..];
        let start = &rest[..rest.len().min(XmlScan::DECLARATION.len())];
        if start.eq_ignore_ascii_case(XmlScan::DECLARATION) {
            return true;
        }
        rest = &rest[1..];
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declaration_cut_in_two_is_found() {
        let text = b"<?xml?><a/><!doctype x>";
        for cut in 0..text.len() {
            let mut scan = XmlScan::default();
            let found = [&text[..cut], &text[cut..]].into_iter().any(|part| scan.take(part).is_err());
            assert!(found, "{cut}");
        }
    }

    #[test]
    fn the_text_of_a_whole_part_is_counted_without_its_tags() {
        let text = b"<row r=\"1\"><c><v>12345</v></c></row>\n<c><v>6</v></c>";
        for cut in 0..text.len() {
            let mut scan = XmlScan::default();
            for part in [&text[..cut], &text[cut..]] {
                scan.take(part).unwrap();
            }
            assert_eq!(scan.whole, "12345\n6".len(), "{cut}");
        }
    }

    #[test]
    fn a_long_text_is_found_across_parts() {
        let mut scan = XmlScan::default();
        let part = vec![b'x'; 64 * 1024];
        assert_eq!((0..20).find(|_| scan.take(&part).is_err()), Some(8));
    }
}
