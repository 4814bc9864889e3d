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
    (b"SQLite format 3", "a database"),
    (b"\0\x01\0\0Standard", "a database"),
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
    match disguised(bytes) {
        Some(fault) => Err(fault),
        None => Ok(FileFormat::Text),
    }
}

/// How much of a text is searched for what it is.
const SEARCHED: usize = 256 * 1024;

/// What a text is that is no table: what spreadsheet programs and systems save under the name of one.
fn disguised(bytes: &[u8]) -> Option<TableFault> {
    // UTF-16 has a zero beside each ASCII letter.
    let text: Vec<u8> = bytes[..bytes.len().min(SEARCHED)].iter().copied().filter(|b| *b != 0).collect();
    let text = text.strip_prefix(b"\xEF\xBB\xBF").or(text.strip_prefix(b"\xFF\xFE")).unwrap_or(&text);
    let text = text.trim_ascii_start().to_ascii_lowercase();
    let starts = |with: &[&str]| with.iter().any(|start| text.starts_with(start.as_bytes()));
    let contains = |part: &str| text.windows(part.len()).any(|window| window == part.as_bytes());
    let saved_as = |is: &str| Some(TableFault::SavedAs { is: is.to_owned() });
    let not_a_table = |is: &str| Some(TableFault::NotATable { is: is.to_owned() });
    let link = |is: &str| Some(TableFault::Link { is: is.to_owned() });
    if starts(&["<?xml"])
        && (contains("excel.sheet") || contains("urn:schemas-microsoft-com:office:spreadsheet"))
    {
        saved_as("an XML spreadsheet")
    } else if starts(&["<!doctype", "<html", "<table", "<meta", "<head", "<style", "<body", "<?xml"]) {
        match (contains("<table"), contains("<html") || starts(&["<!doctype html"])) {
            (true, _) => saved_as("a web page (HTML)"),
            (false, true) => Some(TableFault::WebPage),
            (false, false) => not_a_table("XML"),
        }
    } else if starts(&["mime-version:", "content-type: multipart/"]) {
        saved_as("a web archive (MHTML)")
    } else if starts(&["id;p"]) {
        saved_as("a SYLK file")
    } else if starts(&["[internetshortcut]"])
        || (starts(&["{\"url\":", "{\"doc_id\":", "{\"\":"]) && contains("doc_id"))
    {
        link("a link to a document on the internet")
    } else if starts(&["version https://git-lfs"]) {
        link("a reference to a file that is stored elsewhere")
    } else if starts(&["{\"", "[{", "[ {", "{\n", "{\r"]) {
        not_a_table("JSON")
    } else if starts(&["begin:vcard"]) {
        not_a_table("an address book")
    } else if starts(&["insert into ", "create table ", "-- mysql dump", "-- postgresql database dump"]) {
        not_a_table("a database script")
    } else {
        None
    }
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
            (b" <!DOCTYPE html><table>", "file_saved_as"),
            (
                b"<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><body><table><tr><td>1001",
                "file_saved_as",
            ),
            (
                b"<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n<Workbook>",
                "file_saved_as",
            ),
            (b"\xFF\xFE<\0t\0a\0b\0l\0e\0>\0", "file_saved_as"),
            (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "file_saved_as"),
            (b"ID;PWXL;N;E\r\nP;PGeneral", "file_saved_as"),
            (b"<!DOCTYPE html><html><title>Sign in</title></html>", "file_web_page"),
            (b"\xEF\xBB\xBF<?xml version='1.0'?>", "file_not_a_table"),
            (b"{\"url\": \"https://docs.example\", \"doc_id\": \"x\"}", "file_link"),
            (b"[{\"id\": 1}]", "file_not_a_table"),
            (b"BEGIN:VCARD\r\n", "file_not_a_table"),
            (b"SQLite format 3\0", "file_not_a_table"),
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
