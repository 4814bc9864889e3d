//! Text with separators: CSV in the encodings and with the separators that schools use.

use std::io::Write;

use csv::{Reader, ReaderBuilder, StringRecord};
use domain::imports::fault::TableFault;
use domain::imports::header::HEADER_SEARCH;
use domain::imports::kind::ImportDeclaration;
use domain::imports::reading::ReadOptions;

use super::decode::decode;
use super::line::{CellOrigin, LineWriter};
use super::records::{Record, Records, TextFormat, has_escapes, unwrapped};

/// How much of a file is examined to detect its separator.
const SAMPLE: usize = 64 * 1024;

/// Reads text into rows.
pub(super) fn read<W: Write>(
    bytes: &[u8],
    kind: &ImportDeclaration,
    options: &ReadOptions,
    emitter: &mut LineWriter<W>,
) -> Result<(), TableFault> {
    if options.sheet.is_some() {
        return Err(TableFault::NoSheets);
    }
    let decoded = decode(bytes, options.encoding)?;
    emitter.from(CellOrigin::Text);
    let (format, told, body) = format(kind, &decoded.text);
    let rows = unwrapped(body).filter(|_| format.width == 1);
    match rows.map(|rows| (self::format(kind, &rows).0, rows)) {
        Some((inner, rows)) if inner.width > 1 => emit(&rows, inner, told, emitter)?,
        _ => emit(body, format, told, emitter)?,
    }
    emitter.last_row_taken()?;
    emitter.reading.text = Some(decoded.reading(emitter.odd_names()));
    Ok(())
}

fn emit<W: Write>(
    text: &str,
    format: TextFormat,
    told: bool,
    emitter: &mut LineWriter<W>,
) -> Result<(), TableFault> {
    let format = TextFormat { escapes: has_escapes(text, format), ..format };
    let mut records = Records::new(text, format, u32::from(told));
    while let Some(Record { row, cells }) = records.next()? {
        emitter.row(row, cells)?;
    }
    Ok(())
}

fn reader(bytes: &[u8], delimiter: u8) -> Reader<&[u8]> {
    ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(bytes)
}

/// How the text is written, whether a first line told the separator ("sep=;", as Excel writes), and the text after
/// that line.
fn format<'t>(kind: &ImportDeclaration, text: &'t str) -> (TextFormat, bool, &'t str) {
    let end =
        |text: &str| (0..=text.len().min(SAMPLE)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    if let Some(told) = text.strip_prefix("sep=") {
        let (told, body) = told.split_once('\n').unwrap_or((told, ""));
        if let [delimiter] = *told.trim_end_matches('\r').as_bytes() {
            let (_, width) = score(kind, &body.as_bytes()[..end(body)], delimiter);
            return (TextFormat { delimiter, width, escapes: false }, true, body);
        }
    }
    let sample = &text.as_bytes()[..end(text)];
    let scored = [b'|', b'\t', b';', b','].map(|delimiter| (score(kind, sample, delimiter), delimiter));
    let ((_, width), delimiter) =
        scored.into_iter().max_by_key(|(score, _)| *score).unwrap_or(((0, 1), b','));
    (TextFormat { delimiter, width, escapes: false }, false, text)
}

/// How well a separator fits: the known names in one of the first rows, then how many columns most rows
/// share.
fn score(kind: &ImportDeclaration, sample: &[u8], delimiter: u8) -> (usize, usize) {
    let rows: Vec<StringRecord> =
        reader(sample, delimiter).into_records().map_while(Result::ok).take(50).collect();
    let known = |row: &StringRecord| row.iter().filter(|cell| kind.usual(cell).is_some()).count();
    let names = rows.iter().take(HEADER_SEARCH).map(known).max().unwrap_or(0);
    let mut widths: Vec<usize> = rows.iter().map(StringRecord::len).collect();
    widths.sort_unstable();
    (names, widths.get(widths.len() / 2).copied().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::roll::import::STUDENTS;

    fn rows(bytes: &[u8]) -> Vec<String> {
        let mut output = Vec::new();
        let options = ReadOptions::default();
        let mut emitter = LineWriter::new(&STUDENTS, &options, &mut output);
        let read = read(bytes, &STUDENTS, &options, &mut emitter);
        emitter.finish(read).unwrap();
        let lines = String::from_utf8(output).unwrap();
        lines.lines().filter(|line| !line.starts_with("{\"reading\"")).map(str::to_owned).collect()
    }

    const EXPECTED: [&str; 3] = [
        r#"{"header":["Adm No","Surname"]}"#,
        r#"{"row":{"number":2,"cells":["004512","Vestergård-Ali"]}}"#,
        r#""end""#,
    ];

    #[test]
    fn every_encoding_gives_the_same_rows() {
        let text = "Adm No,Surname\r\n004512,Vestergård-Ali\r\n";
        let utf16 = |to: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(to).collect::<Vec<u8>>();
        let windows = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
        for bytes in [
            text.as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            [&b"\xFF\xFE"[..], &utf16(u16::to_le_bytes)].concat(),
            [&b"\xFE\xFF"[..], &utf16(u16::to_be_bytes)].concat(),
            utf16(u16::to_le_bytes),
            utf16(u16::to_be_bytes),
            windows,
        ] {
            assert_eq!(rows(&bytes), EXPECTED);
        }
    }

    #[test]
    fn every_separator_is_found() {
        for separator in [";", "\t", "|", ","] {
            let text = "Adm No,Surname\n004512,Vestergård-Ali\n".replace(',', separator);
            assert_eq!(rows(text.as_bytes()), EXPECTED);
        }
        let told = rows("sep=|\r\nAdm No|Surname\r\n1|A\r\n".as_bytes());
        assert_eq!(told[1], r#"{"row":{"number":3,"cells":["1","A"]}}"#);
    }

    #[test]
    fn row_numbers_are_those_of_a_spreadsheet() {
        let lines = rows(b"Adm No,Address\n1,\"12 Mill Lane\nQuillmere\"\n\n,,\n2,\"a \"\"b\"\"\"\n");
        assert_eq!(lines[1], r#"{"row":{"number":2,"cells":["1","12 Mill Lane\nQuillmere"]}}"#);
        assert_eq!(lines[2], r#"{"row":{"number":5,"cells":["2","a \"b\""]}}"#);
    }

    #[test]
    fn rows_that_are_no_records_and_rows_that_have_moved_say_so() {
        let text = "Adm No,Name,Form\n1,\"Lee, Kim\", 7A\n2,Lee, Kim,7A\n3,\u{201c}Lee, Kim\u{201d},7A\n4,'Lee, Kim',7A\nAdm No,Name,Form\nTotal: 4,,\n=\"00123\",\"=\"\"0042\"\"\",7A\n\u{1a}";
        let lines = rows(text.as_bytes());
        assert_eq!(lines[1], r#"{"row":{"number":2,"cells":["1","Lee, Kim"," 7A"]}}"#);
        assert!(
            lines[2].contains(r#""reject":{"code":"too_many_cells""#) && lines[2].contains("separator"),
            "{}",
            lines[2]
        );
        assert!(
            lines[3].contains("\"cause\":\"quotes\"") && lines[3].contains("\u{201c} and \u{201d}"),
            "{}",
            lines[3]
        );
        assert!(lines[4].contains("\"cause\":\"quotes\""), "{}", lines[4]);
        assert!(lines[5].contains(r#""skip":{"code":"header_again""#), "{}", lines[5]);
        assert!(lines[6].contains(r#""skip":{"code":"footer""#), "{}", lines[6]);
        assert_eq!(lines[7..], [r#"{"row":{"number":8,"cells":["00123","0042","7A"]}}"#, r#""end""#]);
    }

    #[test]
    fn a_row_with_too_few_cells_says_so_and_one_that_was_taken_apart_is_refused() {
        let text = "Adm No,Name,Form,House\n1,Lee,7A\n2,Ray,7A,\n3,\u{201c}Pym, Ann\u{201d},7A\n4,\u{201c}Pym\u{201d},\u{201c}7A\u{201d}\n";
        let lines = rows(text.as_bytes());
        assert!(
            lines[1].contains(r#""say":{"code":"too_few_cells","with":{"cells":"3","columns":"4"}}"#),
            "{}",
            lines[1]
        );
        assert!(!lines[2].contains("remarks"), "{}", lines[2]);
        assert!(lines[3].contains(r#""reject":{"code":"taken_apart""#), "{}", lines[3]);
        assert!(lines[4].contains("too_few_cells") && !lines[4].contains("reject"), "{}", lines[4]);
    }

    #[test]
    fn a_secret_in_a_row_that_lacks_a_cell_goes_nowhere() {
        let lines = rows(
            b"Adm No,Forename,Surname,Password,Form\n1,Ann,Pym,SEKRET1,7A\n2,Ben,SEKRET2,7A\nTotal: 2\n",
        );
        assert!(lines.iter().all(|line| !line.contains("SEKRET")), "{lines:?}");
        assert!(lines[2].contains(r#""reject":{"code":"secret_may_have_moved""#), "{}", lines[2]);
        assert!(
            lines[3].contains(r#""skip":{"code":"footer""#) && !lines[3].contains("reject"),
            "{}",
            lines[3]
        );
    }

    #[test]
    fn cells_after_the_last_name_are_left_out_and_said() {
        let lines = rows(b"Adm No,Surname,\n1,Lee,note\n2,Pym,\n3,Ray,a,b\n");
        assert!(
            lines[1].contains(r#""cells":["1","Lee"]"#)
                && lines[1].contains(r#""say":{"code":"cell_without_name""#)
        );
        assert!(!lines[2].contains("remarks"));
        assert!(lines[3].contains("too_many_cells"));
    }

    #[test]
    fn a_list_that_a_spreadsheet_took_for_one_column_is_read() {
        let lines = rows(b"\"Adm No,Surname\"\n\"004512,\"\"Lee, Kim\"\"\"\n");
        assert_eq!(lines[1], r#"{"row":{"number":2,"cells":["004512","Lee, Kim"]}}"#);
    }

    #[test]
    fn old_line_ends_and_stray_zeros_do_no_harm() {
        let lines = rows(b"Adm No,Surname\r1,A\0da\r2,B");
        assert_eq!(
            lines[1..3].join(" "),
            r#"{"row":{"number":2,"cells":["1","Ada"]}} {"row":{"number":3,"cells":["2","B"]}}"#
        );
    }

    #[test]
    fn what_cannot_be_read_as_rows_is_refused() {
        let many = format!("Adm No{}\n1{}\n", ",x".repeat(250), ",y".repeat(250));
        let long = format!("Adm No,Surname\n1,{}\n", "x".repeat(32_001));
        for (bytes, fault) in [
            (&b"\n\n ,\n"[..], "empty"),
            (b"Adm No,Surname\n", "no_rows"),
            (b"1234\nada@school.example\n", "no_header"),
            (b"Adm No,Surname\n1,\"Ada\n2,Eve\n", "open_quote"),
            (b"Adm No,Name,Form\n1001,\"Ann,7A\n1002,Ben Pym,7A\n1003,Cat Quist\",7A\n", "open_quote"),
            (b"Adm No,Surname\n1,S\xC3\xB8ren \xC3\xB8\xC3\xA5\xC3\xA9\xC3\xA9\n2,J\xE9r\n", "mixed_letters"),
            (&[0; 400], "not_a_table"),
            (&[1; 400], "not_a_table"),
            (many.as_bytes(), "too_many_columns"),
            (long.as_bytes(), "cell_too_long"),
        ] {
            let last = rows(bytes).pop().unwrap();
            assert!(last.contains(&format!(r#""fault":"{fault}""#)), "{fault}: {last}");
        }
    }

    /// Lists as public reports of failed imports describe them.
    #[test]
    fn lists_of_public_reports_are_read_or_refused_by_their_row() {
        let commas =
            format!("Last Name,First Name,Student ID\nBucci,Dan,1\n{}Zimmerman,Jake,2\n", ",,\n".repeat(40));
        let greek = encoding_rs::WINDOWS_1253
            .encode("Student ID,Surname\n1,Παπαδόπουλος\n2,Γεωργίου\n")
            .0
            .into_owned();
        for (report, bytes, rows_of, holds) in [
            (
                "a line break in a name",
                &b"Student ID,Name,Email\n1,\"Ali\nValiev\",a@b.example\n2,Bo Li,\n"[..],
                2,
                "Ali\\nValiev",
            ),
            (
                "marks with a backslash",
                b"Student ID,Name,Notes\n1,Bo Li,\"yelling \\\"NO\\\" to the teacher, twice\"\n",
                1,
                "twice",
            ),
            ("every row in marks", b"\"Student ID,Name\"\r\n\"1,\"\"Li, Bo\"\"\"\r\n", 1, "Li, Bo"),
            ("lines of commas", commas.as_bytes(), 2, "Zimmerman"),
            ("a byte order mark", b"\xEF\xBB\xBFStudent ID,Name\n1,Bo\n", 1, "Student ID"),
            ("one mark in a cell", b"Student ID,Name\n1,en paix ensemble\". \n2,Bo\n", 2, "ensemble"),
            ("accents of Windows", b"Student ID,Name\n1,St\xE9phane\n2,Agn\xE8s\n", 2, "St\u{e9}phane"),
            ("Greek letters of Windows", &greek, 2, "Παπαδόπουλος"),
            ("semicolons and tabs", b"Student ID\tName\n1\tLi; Bo\n", 1, "Li; Bo"),
        ] {
            let lines = rows(bytes);
            assert_eq!(
                lines.iter().filter(|line| line.starts_with("{\"row\"")).count(),
                rows_of,
                "{report}: {lines:?}"
            );
            assert!(lines.iter().any(|line| line.contains(holds)), "{report}: {lines:?}");
        }
        let unescaped = rows(b"Student ID,Notes\n1,fine\n2,\"I told them, \"no\"\"\n3,x\n");
        assert_eq!(unescaped.last().map(String::as_str), Some(r#"{"fault":{"fault":"open_quote","row":3}}"#));
    }
}
