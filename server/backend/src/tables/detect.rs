//! Detects a file's format by its content. The name is only compared with that.

use domain::imports::fault::TableFault;

/// A readable format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileFormat {
    /// Text with separators.
    Text,
    /// A zip: a workbook or a OneRoster export.
    Zip,
}

/// The first bytes of files that are not tables, and what they are.
const SIGNATURES: &[(&[u8], &str)] = &[
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xFF\xD8\xFF", "a picture"),
    (b"GIF8", "a picture"),
    (b"BM", "a picture"),
    (b"II*\0", "a picture"),
    (b"MM\0*", "a picture"),
    (b"RIFF", "an image, audio or video file"),
    (b"{\\rtf", "a text document"),
    (b"\x1F\x8B", "a packed archive"),
    (b"7z\xBC\xAF", "a packed archive"),
    (b"Rar!", "a packed archive"),
    (b"\x7FELF", "a program"),
    (b"MZ", "a program"),
];

/// The length up to which text could begin with a signature by chance.
const SHORT: usize = 2;

/// Detects the format of the content.
pub(super) fn detect(bytes: &[u8]) -> Result<FileFormat, TableFault> {
    if bytes.is_empty() {
        return Err(TableFault::Empty);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Ok(FileFormat::Zip);
    }
    // Compound File Binary Format (MS-CFB): Excel before 2007, or an encrypted workbook (MS-OFFCRYPTO,
    // 2.3.4.4).
    if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        let encrypted: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let is_encrypted = bytes.windows(encrypted.len()).any(|window| window == encrypted);
        return Err(if is_encrypted { TableFault::Encrypted } else { TableFault::OldExcel });
    }
    let is_binary = bytes.iter().take(512).any(|b| *b == 0);
    for (signature, is) in SIGNATURES {
        if bytes.starts_with(signature) && (signature.len() > SHORT || is_binary) {
            return Err(TableFault::NotATable { is: (*is).to_owned() });
        }
    }
    let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let start = start[..start.len().min(16)].to_ascii_lowercase();
    if [&b"<!doctype"[..], b"<html", b"<?xml", b"<table"].iter().any(|tag| start.starts_with(tag)) {
        return Err(TableFault::NotATable { is: "a web page or XML".to_owned() });
    }
    Ok(FileFormat::Text)
}

/// Compares the file name's extension with the content.
pub(super) fn check_ending(ending: &str, format: FileFormat) -> Result<(), TableFault> {
    let wrong = |is: &str| Err(TableFault::WrongEnding { ending: ending.to_owned(), is: is.to_owned() });
    match (ending, format) {
        ("csv" | "txt" | "tsv", FileFormat::Zip) => wrong("a workbook or a zip"),
        ("xlsx" | "xlsm" | "xls" | "zip", FileFormat::Text) => wrong("text with separators (CSV)"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_table_is_named() {
        for (bytes, code) in [
            (&b""[..], "file_empty"),
            (b"%PDF-1.7", "file_not_a_table"),
            (b"\x89PNG\r\n", "file_not_a_table"),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1....", "file_old_excel"),
            (b" <!DOCTYPE html><table>", "file_not_a_table"),
            (b"\xEF\xBB\xBF<?xml version='1.0'?>", "file_not_a_table"),
        ] {
            assert_eq!(detect(bytes).unwrap_err().code(), code);
        }
    }

    #[test]
    fn a_text_that_begins_like_a_picture_is_a_text() {
        assert_eq!(detect(b"BMI,Forename\n21,Ada"), Ok(FileFormat::Text));
        assert_eq!(detect(b"MZ;Name"), Ok(FileFormat::Text));
    }

    #[test]
    fn a_name_that_lies_is_noticed() {
        assert!(
            check_ending("xlsx", FileFormat::Text).is_err() && check_ending("csv", FileFormat::Zip).is_err()
        );
        assert!(check_ending("csv", FileFormat::Text).is_ok() && check_ending("", FileFormat::Zip).is_ok());
    }
}
