//! The text form of a template, as used on the command line, in web addresses and in the database.
//!
//! `{given:1}.{family}` is the first initial, a dot and the family name. Options follow after semicolons, and
//! defaults are left out: `{given:1}.{family};max=24;clash=letters;from=1;digits=2`.

use std::fmt;
use std::num::NonZeroU8;
use std::str::FromStr;

use super::template::{
    ClashRule, FixedText, NamePart, Separator, Settle, TemplateError, TemplatePiece, UsernameTemplate,
    YearDigits,
};
use super::username::MAX_USERNAME;

impl FromStr for UsernameTemplate {
    type Err = TemplateError;

    fn from_str(text: &str) -> Result<Self, TemplateError> {
        let mut sections = text.trim().split(';');
        let mut pieces = read_pieces(sections.next().unwrap_or_default())?.into_iter();
        let (_, first) = pieces.next().ok_or(TemplateError::NothingPersonal)?;
        let mut max_length = Self::DEFAULT_MAX_LENGTH;
        let mut clash = ClashRule::default();
        for option in sections {
            let (name, value) = option.trim().split_once('=').unwrap_or((option, ""));
            match (name, value) {
                ("max", value) => max_length = value.parse().map_err(|_| TemplateError::MaxLength)?,
                ("clash", "number") => clash.settle = Settle::Number,
                ("clash", "letters") => clash.settle = Settle::NextLetters,
                ("clash", "ask") => clash.settle = Settle::Ask,
                ("from", value) => clash.start = value.parse().map_err(|_| TemplateError::Start)?,
                ("digits", value) => clash.digits = value.parse().map_err(|_| TemplateError::Digits)?,
                _ => return Err(TemplateError::UnknownOption(option.to_owned())),
            }
        }
        Self::new(first, pieces.collect(), max_length, clash)
    }
}

fn read_pieces(mut text: &str) -> Result<Vec<(Separator, TemplatePiece)>, TemplateError> {
    let mut pieces: Vec<(Separator, TemplatePiece)> = Vec::new();
    let mut separator = None;
    while let Some(c) = text.chars().next() {
        let found = match c {
            '.' => Some(Separator::Dot),
            '-' => Some(Separator::Hyphen),
            '_' => Some(Separator::Underscore),
            _ => None,
        };
        if let Some(found) = found {
            if pieces.is_empty() || separator.replace(found).is_some() {
                return Err(TemplateError::Separator);
            }
            text = &text[1..];
            continue;
        }
        let piece = if let Some(inner) = text.strip_prefix('{') {
            let (inner, rest) =
                inner.split_once('}').ok_or_else(|| TemplateError::Unclosed(text.to_owned()))?;
            text = rest;
            read_piece(inner)?
        } else {
            let end = text.find(['{', '.', '-', '_']).unwrap_or(text.len());
            let fixed = FixedText::new(&text[..end])?;
            text = &text[end..];
            TemplatePiece::Text(fixed)
        };
        pieces.push((separator.take().unwrap_or_default(), piece));
    }
    if separator.is_some() {
        return Err(TemplateError::Separator);
    }
    Ok(pieces)
}

fn read_piece(inner: &str) -> Result<TemplatePiece, TemplateError> {
    let (name, length) = match inner.split_once(':') {
        Some((name, length)) => (name.trim(), Some(length.trim())),
        None => (inner.trim(), None),
    };
    let wrong = |hint| TemplateError::PieceLength(inner.to_owned(), hint);
    let named = |part| {
        let letters = match length.map(str::parse::<NonZeroU8>) {
            None => None,
            Some(Ok(n)) if usize::from(n.get()) <= MAX_USERNAME => Some(n),
            Some(_) => {
                return Err(wrong(
                    "Use 1 to 40 letters of a name, or leave out the length for the whole name.",
                ));
            }
        };
        Ok(TemplatePiece::Name { part, letters })
    };
    match name.to_ascii_lowercase().as_str() {
        "given" => named(NamePart::Given),
        "family" => named(NamePart::Family),
        "preferred" => named(NamePart::Preferred),
        "middle" => match length {
            None | Some("1") => Ok(TemplatePiece::MiddleInitial),
            Some(_) => Err(wrong("Only the initial of middle names can be used.")),
        },
        "year" => match length {
            Some("2") => Ok(TemplatePiece::EntryYear(YearDigits::Two)),
            None | Some("4") => Ok(TemplatePiece::EntryYear(YearDigits::Four)),
            Some(_) => Err(wrong("Years can have 2 or 4 digits.")),
        },
        "admission" => match length {
            None => Ok(TemplatePiece::AdmissionNumber),
            Some(_) => Err(wrong("The admission number cannot be shortened.")),
        },
        "counter" => {
            let digits = length.map_or(Ok(NonZeroU8::MIN), str::parse).map_err(|_| TemplateError::Digits)?;
            Ok(TemplatePiece::Counter { digits })
        }
        _ => Err(TemplateError::UnknownPiece(inner.to_owned())),
    }
}

impl fmt::Display for TemplatePiece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name { part, letters } => {
                let name = match part {
                    NamePart::Given => "given",
                    NamePart::Family => "family",
                    NamePart::Preferred => "preferred",
                };
                match letters {
                    Some(letters) => write!(f, "{{{name}:{letters}}}"),
                    None => write!(f, "{{{name}}}"),
                }
            }
            Self::MiddleInitial => f.write_str("{middle}"),
            Self::EntryYear(YearDigits::Two) => f.write_str("{year:2}"),
            Self::EntryYear(YearDigits::Four) => f.write_str("{year:4}"),
            Self::AdmissionNumber => f.write_str("{admission}"),
            Self::Counter { digits } => write!(f, "{{counter:{digits}}}"),
            Self::Text(text) => f.write_str(text.as_str()),
        }
    }
}

impl fmt::Display for UsernameTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (separator, piece) in self.pieces() {
            write!(f, "{}{piece}", separator.as_str())?;
        }
        let (clash, usual) = (self.clash(), ClashRule::default());
        if self.max_length() != Self::DEFAULT_MAX_LENGTH {
            write!(f, ";max={}", self.max_length())?;
        }
        match clash.settle {
            Settle::Number => {}
            Settle::NextLetters => f.write_str(";clash=letters")?,
            Settle::Ask => f.write_str(";clash=ask")?,
        }
        if clash.start != usual.start {
            write!(f, ";from={}", clash.start)?;
        }
        if clash.digits != usual.digits {
            write!(f, ";digits={}", clash.digits)?;
        }
        Ok(())
    }
}

impl TryFrom<String> for UsernameTemplate {
    type Error = TemplateError;
    fn try_from(text: String) -> Result<Self, TemplateError> {
        text.parse()
    }
}

impl From<UsernameTemplate> for String {
    fn from(template: UsernameTemplate) -> Self {
        template.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_usual_template_is_short_to_write() {
        assert_eq!(UsernameTemplate::default().to_string(), "{given:1}.{family}");
        assert_eq!("{given:1}.{family}".parse(), Ok(UsernameTemplate::default()));
    }

    #[test]
    fn each_mistake_is_told_apart() {
        use TemplateError as E;
        for (text, error) in [
            ("", E::NothingPersonal),
            ("s{year:2}", E::NothingPersonal),
            (".{family}", E::Separator),
            ("{family}.", E::Separator),
            ("{given}..{family}", E::Separator),
            ("{given", E::Unclosed("{given".to_owned())),
            ("{nickname}", E::UnknownPiece("nickname".to_owned())),
            (
                "{given:0}",
                E::PieceLength(
                    "given:0".to_owned(),
                    "Use 1 to 40 letters of a name, or leave out the length for the whole name.",
                ),
            ),
            ("{family}@school", E::Character('@')),
            ("{family};max=41", E::MaxLength),
            ("{family};digits=5", E::Digits),
            ("{counter}{counter}", E::Counters),
            ("{family};case=upper", E::UnknownOption("case=upper".to_owned())),
        ] {
            assert_eq!(text.parse::<UsernameTemplate>(), Err(error), "{text}");
        }
    }

    fn pattern() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "{given}",
            "{given:1}",
            "{given:3}",
            "{family}",
            "{family:6}",
            "{preferred:2}",
            "{middle}",
            "{year:2}",
            "{year:4}",
            "{admission}",
            "s",
            "24",
        ]);
        let separator = prop::sample::select(vec!["", ".", "-", "_"]);
        let options = (
            10_u8..=40,
            prop::sample::select(vec!["", ";clash=letters", ";clash=ask"]),
            0_u16..200,
            1_u8..=4,
        );
        (prop::collection::vec((separator, piece), 0..6), options).prop_map(
            |(rest, (max, clash, from, digits))| {
                let rest: String =
                    rest.into_iter().flat_map(|(separator, piece)| [separator, piece]).collect();
                format!("{{family}}{rest};max={max}{clash};from={from};digits={digits}")
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_written_reads_as_the_same_template(text in pattern()) {
            let template: UsernameTemplate = text.parse().unwrap();
            prop_assert_eq!(template.to_string().parse::<UsernameTemplate>().unwrap(), template);
        }
    }
}
