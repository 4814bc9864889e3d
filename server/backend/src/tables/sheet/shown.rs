//! The text of a cell, as the workbook shows it.

use calamine::{DataRef, ExcelDateTime, Style};

/// The number format of a cell, as far as it matters to a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NumberFormat {
    /// The number as it is.
    Plain,
    /// Whole numbers in a pattern, such as `000000`, `00000 000000`, `"S"0000` or `"S-"#`.
    Pattern(Vec<PatternPart>),
    /// A number with so many decimals, such as `0`, `0.00`, `#,##0.0` or `0%`.
    Decimals {
        /// The most that are shown.
        most: usize,
        /// Those that are shown even if they are zeros.
        least: usize,
        /// Whether it is shown in hundredths.
        is_percent: bool,
    },
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
    /// The number as it is (`General`).
    General,
    /// A character of the format.
    Literal(char),
}

impl NumberFormat {
    /// Reads the format of a style (ECMA-376 part 1, 18.8.31). Separators of thousands are left out: nobody's number is
    /// "4,101". An exponent is not read, because it shows only the first digits of a number that the cell has whole.
    pub(super) fn of(style: &Style) -> Self {
        let code = style.number_format.as_ref().map_or("General", |format| format.format_code.as_str());
        Self::parse(code)
    }

    fn parse(code: &str) -> Self {
        let plain: String = without_brackets(code).chars().filter(|c| !matches!(c, '\\' | '"')).collect();
        match plain.trim_end_matches(";@").to_ascii_lowercase().as_str() {
            "d-mmm" | "dd-mmm" | "dd/ mmm" | "d. mmm" => return Self::DayOfMonth,
            "mmm-yy" | "mmm yy" | "mmm/ yy" => return Self::MonthOfYear,
            _ => {}
        }
        let mut parts = Vec::new();
        let (mut decimals, mut is_percent, mut is_grouped) = (None::<(usize, usize)>, false, false);
        let code = without_brackets(code);
        let mut chars = code.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                // Only what is shown for positive numbers.
                ';' => break,
                '0' | '#' | '?' => match &mut decimals {
                    Some((most, least)) => {
                        *most += 1;
                        *least = if c == '0' { *most } else { *least };
                    }
                    None => parts.push(if c == '0' { PatternPart::Zero } else { PatternPart::Digit }),
                },
                '.' if decimals.is_none() => decimals = Some((0, 0)),
                '%' => is_percent = true,
                // At the end, it divides by a thousand: nobody writes a list like that.
                ',' if chars.peek().is_some_and(|next| matches!(next, '0' | '#' | '?')) => is_grouped = true,
                // The width of a character, and what fills the cell.
                '_' | '*' => {
                    chars.next();
                }
                '"' => parts.extend(chars.by_ref().take_while(|c| *c != '"').map(PatternPart::Literal)),
                '\\' => parts.extend(chars.next().map(PatternPart::Literal)),
                'G' | 'g' if chars.clone().take(6).collect::<String>().eq_ignore_ascii_case("eneral") => {
                    chars.nth(5);
                    parts.push(PatternPart::General);
                }
                '-' | ' ' | '(' | ')' | '+' | '/' | ':' => parts.push(PatternPart::Literal(c)),
                _ => return Self::Plain,
            }
        }
        let zeros = parts.iter().filter(|part| **part == PatternPart::Zero).count();
        let literals = parts.iter().any(|part| matches!(part, PatternPart::Literal(_)));
        // Blanks can be between thousands, and a fraction is written with a stroke.
        let marks =
            parts.iter().any(|part| matches!(part, PatternPart::Literal(c) if !matches!(c, ' ' | '/')));
        let digits = parts.iter().any(|part| !matches!(part, PatternPart::Literal(_)));
        let is_number = decimals.is_some() || is_percent || is_grouped || (zeros == 1 && !literals);
        if is_number && digits {
            let (most, least) = decimals.unwrap_or_default();
            Self::Decimals { most, least, is_percent }
        } else if zeros >= 2 || (literals && zeros >= 1) || (marks && digits) {
            Self::Pattern(parts)
        } else {
            Self::Plain
        }
    }

    /// A number as it is shown, without signs between its digits.
    fn number(&self, number: f64) -> Shown {
        let plain = number.to_string();
        let shown = match self {
            _ if !number.is_finite() || number < 0.0 => return Shown::exactly(plain),
            Self::Decimals { most, least, is_percent } => {
                let of = if *is_percent { number * 100.0 } else { number };
                let mut text = decimal(of, (*most).min(DIGITS));
                if text.contains('.') {
                    while text.len() - text.find('.').unwrap_or(0) - 1 > *least && text.ends_with('0') {
                        text.pop();
                    }
                }
                // A whole number is itself; a class 7.1 that is shown as 7.10 is not.
                if of.fract() == 0.0 {
                    text.truncate(text.find('.').unwrap_or(text.len()));
                }
                let text = text.trim_end_matches('.').to_owned();
                if *is_percent { text + "%" } else { text }
            }
            Self::Pattern(parts) if parts.contains(&PatternPart::General) => fill(parts, &plain),
            Self::Pattern(parts) => fill(parts, &decimal(number, 0)),
            Self::Plain | Self::DayOfMonth | Self::MonthOfYear => return Shown::exactly(plain),
        };
        let digits: String = shown.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
        let is_rounded = match self {
            Self::Decimals { is_percent, .. } => {
                let read = digits.parse().unwrap_or(number);
                let read = if *is_percent { read / 100.0 } else { read };
                (read - number).abs() > number.abs() * 1e-12
            }
            Self::Pattern(parts) if parts.contains(&PatternPart::General) => false,
            _ => number.fract() != 0.0,
        };
        Shown { text: shown, rounded_from: is_rounded.then_some(plain) }
    }
}

/// The most decimals of a number; a cell has 15 digits.
const DIGITS: usize = 15;

/// A number with so many decimals, rounded as spreadsheets do: half away from zero, after the fifteenth digit.
fn decimal(number: f64, decimals: usize) -> String {
    let scale = 10f64.powi(i32::try_from(decimals).unwrap_or(0));
    let scaled = number * scale * (1.0 + 1e-15);
    if scaled < 1e15 { format!("{:.decimals$}", scaled.round() / scale) } else { number.to_string() }
}

/// A format without its colours, conditions and languages, as in `[$-809]dd mmm yyyy`.
fn without_brackets(code: &str) -> String {
    let mut text = String::new();
    let mut rest = code;
    while let Some(open) = rest.find('[') {
        let Some(length) = rest[open..].find(']') else { break };
        text.push_str(&rest[..open]);
        rest = &rest[open + length + 1..];
    }
    text + rest
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
            PatternPart::General => shown.extend(digits.by_ref()),
            PatternPart::Literal(c) => shown.push(*c),
        }
        if at == first {
            shown.extend(digits.by_ref());
        }
    }
    shown.into_iter().rev().collect()
}

/// A cell's text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shown {
    /// The text.
    pub(super) text: String,
    /// The number in the cell, if the text shows it rounded.
    pub(super) rounded_from: Option<String>,
}

impl Shown {
    fn exactly(text: String) -> Self {
        Self { text, rounded_from: None }
    }
}

/// A cell as text: numbers as the cell shows them, dates as ISO 8601.
pub(super) fn text(value: &DataRef<'_>, format: &NumberFormat) -> Shown {
    Shown::exactly(match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => return format.number(*number),
        DataRef::Bool(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(moment) if moment.is_duration() => moment.as_f64().to_string(),
        DataRef::DateTime(moment) => date(moment, format),
        // Kept as it is, so that the row's log can say what is wrong.
        DataRef::Error(error) => error.to_string(),
    })
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
        text(&DataRef::Float(number), &NumberFormat::parse(code)).text
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
            ("\"S-\"#", 4137.0, "S-4137"),
            ("\\S\\-####", 4137.0, "S-4137"),
            ("#\"/A\"", 4137.0, "4137/A"),
            ("\"S-\"General", 4137.0, "S-4137"),
            ("\"S-\"General", 9.5, "S-9.5"),
            ("# ###", 4101.0, "4101"),
            ("0000;-0000;;@", 37.0, "0037"),
            ("#,##0", 4101.0, "4101"),
            ("0.00", 4101.0, "4101"),
            ("0", 9.5, "10"),
            ("0", 8.5, "9"),
            ("000", 9.5, "010"),
            ("0.00", 7.1, "7.10"),
            ("0.0", 9.25, "9.3"),
            ("0.00", 2.675, "2.68"),
            ("0.##", 7.1, "7.1"),
            ("#,##0.00", 4101.5, "4101.50"),
            ("_(* #,##0.00_);_(* (#,##0.00)", 4101.0, "4101"),
            ("0%", 1.0, "100%"),
            ("0%", 0.95, "95%"),
            ("0.0%", 0.9512, "95.1%"),
            ("[Red]0.0", 1.25, "1.3"),
            ("0.00E+00", 4101.0, "4101"),
            ("0.00E+00", 447_123_456_789.0, "447123456789"),
            ("# ?/?", 0.5, "0.5"),
            ("General", 9.5, "9.5"),
            ("0.0", -1.25, "-1.25"),
        ] {
            assert_eq!(shown(code, number), expected, "{code}");
        }
    }

    #[test]
    fn a_number_that_is_shown_rounded_is_given_with_what_the_cell_contains() {
        for (code, number, from) in [
            ("0", 9.5, Some("9.5")),
            ("000", 9.5, Some("9.5")),
            ("0.0%", 0.9512, Some("0.9512")),
            ("0.00", 7.1, None),
            ("#,##0", 4101.0, None),
            ("0%", 0.95, None),
            ("0.0", 0.3, None),
            ("General", 9.5, None),
        ] {
            let shown = text(&DataRef::Float(number), &NumberFormat::parse(code));
            assert_eq!(shown.rounded_from.as_deref(), from, "{code}");
        }
    }

    #[test]
    fn what_a_spreadsheet_makes_of_a_form_is_known_by_its_format() {
        for code in ["d-mmm", "D-MMM", "dd-mmm;@", "[$-409]d\\-mmm;@", "dd/\\ mmm"] {
            assert_eq!(NumberFormat::parse(code), NumberFormat::DayOfMonth, "{code}");
        }
        assert_eq!(NumberFormat::parse("mmm-yy"), NumberFormat::MonthOfYear);
        // A birthday can be shown without its year.
        assert_eq!(NumberFormat::parse("dd/mm"), NumberFormat::Plain);
        assert_eq!(NumberFormat::parse("dd/mm/yyyy"), NumberFormat::Plain);
    }
}
