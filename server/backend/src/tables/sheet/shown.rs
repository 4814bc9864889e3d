//! The text of a cell, as the workbook shows it.

use calamine::{DataRef, ExcelDateTime, Style};

/// The number format of a cell, as far as it matters to a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NumberFormat {
    /// The number as it is.
    Plain,
    /// Whole numbers in a pattern, such as `000000`, `00000 000000` or `"S"0000`.
    Pattern(Vec<PatternPart>),
    /// A day without its year, or a month: what a spreadsheet makes of "3-4" or "Mar-12".
    DayOfMonth,
    /// The same, of a month.
    MonthOfYear,
}

/// A part of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PatternPart {
    /// A digit that is always shown (`0`).
    Zero,
    /// A digit that is shown if the number has it (`#`, `?`).
    Digit,
    /// A character of the format.
    Literal(char),
}

impl NumberFormat {
    /// Reads the format of a style (ECMA-376 part 1, 18.8.31). Formats with a thousands separator, decimals, a percent
    /// sign or an exponent show a quantity, so they are plain: nobody's number is "4,101".
    pub(super) fn of(style: &Style) -> Self {
        let code = style.number_format.as_ref().map_or("General", |format| format.format_code.as_str());
        Self::parse(code)
    }

    fn parse(code: &str) -> Self {
        match code.trim_end_matches(";@").to_ascii_lowercase().as_str() {
            "d-mmm" | "dd-mmm" | "d\\-mmm" | "dd/\\ mmm" | "d. mmm" => return Self::DayOfMonth,
            "mmm-yy" | "mmm\\-yy" | "mmm yy" | "mmm/\\ yy" => return Self::MonthOfYear,
            _ => {}
        }
        let mut parts = Vec::new();
        let mut chars = code.chars();
        while let Some(c) = chars.next() {
            match c {
                // Only what is shown for positive numbers.
                ';' => break,
                '0' => parts.push(PatternPart::Zero),
                '#' | '?' => parts.push(PatternPart::Digit),
                '"' => parts.extend(chars.by_ref().take_while(|c| *c != '"').map(PatternPart::Literal)),
                '\\' => parts.extend(chars.next().map(PatternPart::Literal)),
                '-' | ' ' | '(' | ')' | '+' | '/' | ':' => parts.push(PatternPart::Literal(c)),
                _ => return Self::Plain,
            }
        }
        let zeros = parts.iter().filter(|part| **part == PatternPart::Zero).count();
        let literals = parts.iter().any(|part| matches!(part, PatternPart::Literal(_)));
        if zeros >= 2 || (literals && zeros >= 1) { Self::Pattern(parts) } else { Self::Plain }
    }
}

/// Fills the digits of a whole number into a pattern, from the right.
fn fill(parts: &[PatternPart], digits: &str) -> String {
    let mut digits = digits.chars().rev().peekable();
    let first = parts.iter().position(|part| !matches!(part, PatternPart::Literal(_))).unwrap_or(0);
    let mut shown: Vec<char> = Vec::new();
    for (at, part) in parts.iter().enumerate().rev() {
        match part {
            PatternPart::Zero => shown.push(digits.next().unwrap_or('0')),
            PatternPart::Digit => shown.extend(digits.next()),
            PatternPart::Literal(c) => shown.push(*c),
        }
        if at == first {
            shown.extend(digits.by_ref());
        }
    }
    shown.into_iter().rev().collect()
}

/// A cell as text: numbers as the cell shows them, dates as ISO 8601.
pub(super) fn text(value: &DataRef<'_>, format: &NumberFormat) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => {
            let plain = number.to_string();
            match format {
                NumberFormat::Pattern(parts) if plain.bytes().all(|b| b.is_ascii_digit()) => {
                    fill(parts, &plain)
                }
                _ => plain,
            }
        }
        DataRef::Bool(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(moment) if moment.is_duration() => moment.as_f64().to_string(),
        DataRef::DateTime(moment) => date(moment, format),
        // Kept as it is, so that the row's log can say what is wrong.
        DataRef::Error(error) => error.to_string(),
    }
}

/// A date. One that is shown without a year or without a day was hardly typed as a date, and is given as it is shown:
/// then the row's log can say what the spreadsheet made of it.
fn date(moment: &ExcelDateTime, format: &NumberFormat) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (year, month, day, hour, minute, ..) = moment.to_ymd_hms_milli();
    let name = MONTHS.get(usize::from(month).wrapping_sub(1)).copied().unwrap_or_default();
    match format {
        NumberFormat::DayOfMonth => format!("{day}-{name}"),
        NumberFormat::MonthOfYear => format!("{name}-{:02}", year % 100),
        // A time of day without a date.
        _ if moment.as_f64() < 1.0 => format!("{hour:02}:{minute:02}"),
        _ => format!("{year:04}-{month:02}-{day:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(code: &str, number: f64) -> String {
        text(&DataRef::Float(number), &NumberFormat::parse(code))
    }

    #[test]
    fn numbers_are_read_as_the_cell_shows_them() {
        for (code, number, expected) in [
            ("General", 37.0, "37"),
            ("General", 447_123_456_789.0, "447123456789"),
            ("000000", 37.0, "000037"),
            ("000000", 1_234_567.0, "1234567"),
            ("00000 000000", 7_700_900_118.0, "07700 900118"),
            ("000\\-00\\-0000", 12_345_678.0, "012-34-5678"),
            ("\"S\"0000", 37.0, "S0037"),
            ("0000;-0000;;@", 37.0, "0037"),
            ("#,##0", 4101.0, "4101"),
            ("0.00", 4101.0, "4101"),
            ("0", 9.5, "9.5"),
            ("000", 9.5, "9.5"),
            ("0%", 1.0, "1"),
            ("0.00E+00", 4101.0, "4101"),
        ] {
            assert_eq!(shown(code, number), expected, "{code}");
        }
    }

    #[test]
    fn what_a_spreadsheet_makes_of_a_form_is_known_by_its_format() {
        for code in ["d-mmm", "D-MMM", "dd-mmm;@"] {
            assert_eq!(NumberFormat::parse(code), NumberFormat::DayOfMonth, "{code}");
        }
        assert_eq!(NumberFormat::parse("mmm-yy"), NumberFormat::MonthOfYear);
        // A birthday can be shown without its year.
        assert_eq!(NumberFormat::parse("dd/mm"), NumberFormat::Plain);
        assert_eq!(NumberFormat::parse("dd/mm/yyyy"), NumberFormat::Plain);
    }
}
