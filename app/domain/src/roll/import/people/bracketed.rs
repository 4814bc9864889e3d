//! What stands in brackets in a full name: "Ann Pym (Annie)", "Pym Ann [left]". It is no part of the name.

use super::fields::{FULL_NAME, PREFERRED_NAME};
use super::status::{ON_ROLL, WHO_STAFF, WHO_STUDENTS};
use crate::fold::fold;
use crate::imports::cells::{CellValue, Cells, READ_AS};
use crate::imports::note::Note;

/// The code of a note about a bracket that was not imported.
pub(super) const BRACKET: &str = "name_bracket";

const BRACKETS: [(char, char); 6] =
    [('(', ')'), ('[', ']'), ('{', '}'), ('\u{ff08}', '\u{ff09}'), ('\u{3010}', '\u{3011}'), ('<', '>')];

/// Words that say something else about a person than what they are called, besides those of a status.
#[rustfmt::skip]
const NO_NAMES: &[&str] = &[
    "new", "twin", "girl", "girls", "boy", "boys", "male", "female", "junior", "senior", "jnr", "snr", "jr", "sr", "miss", "mr", "mrs",
    "ms", "mx", "dr", "nee", "geb", "born", "deceased", "temp", "temporary", "trial", "unknown", "none", "test", "duplicate", "neu",
    "nouveau", "nouvelle", "nuevo", "nueva", "nieuw", "nowy", "nowa", "prefect", "boarder", "day", "repeat", "repeater",
];

/// A name without its brackets, and what stands in them.
#[derive(Debug, PartialEq, Eq)]
struct Parted {
    name: String,
    brackets: Vec<String>,
}

/// Takes the brackets off a full name. A name that has nothing else stays as it is.
pub(super) fn take_off(cells: &mut Cells<'_>, full: &str, preferred: &mut CellValue<String>) -> String {
    let parted = part(full);
    if parted.brackets.is_empty() || parted.name.is_empty() {
        return full.to_owned();
    }
    let called = match parted.brackets.as_slice() {
        [one] if *preferred == CellValue::Nothing => called(&parted.name, one),
        _ => None,
    };
    if let Some(called) = called {
        let note = Note::new(READ_AS).with("field", PREFERRED_NAME.slug).with("as", called);
        cells.note(note.quoting(full));
        *preferred = CellValue::Value(called.to_owned());
    } else {
        for bracket in &parted.brackets {
            cells.note(Note::new(BRACKET).with("field", FULL_NAME.slug).quoting(bracket));
        }
    }
    parted.name
}

/// The name that someone is called by, if the bracket looks like one: a single word, written as the name is.
fn called<'b>(name: &str, bracket: &'b str) -> Option<&'b str> {
    let called = bracket.strip_prefix(['(', '\u{ff08}'])?.strip_suffix([')', '\u{ff09}'])?.trim();
    let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
    let is_word = |c: char| c.is_alphabetic() || matches!(c, '-' | '\'' | '\u{2019}');
    let is_lower = |text: &str| text.chars().any(char::is_lowercase);
    let (word, rest) = (fold(called), called.chars().skip(1).collect::<String>());
    let is_written_so = !called.starts_with(char::is_lowercase)
        && is_lower(called) == is_lower(name)
        && (!is_lower(name)
            || !rest.chars().any(char::is_uppercase)
            || rest.contains(['-', '\'', '\u{2019}']));
    let says_more = [ON_ROLL, WHO_STUDENTS, WHO_STAFF].iter().any(|of| of.meaning("", called).is_some());
    (called.chars().all(is_word)
        && letters(called) >= 2
        && name.split_whitespace().count() >= 2
        && is_written_so
        && !says_more
        && !NO_NAMES.contains(&word.as_str()))
    .then_some(called)
}

/// Parts a name from its brackets. One that is not closed lasts to the end.
fn part(full: &str) -> Parted {
    let (mut name, mut brackets) = (String::new(), Vec::new());
    let mut rest = full;
    while let Some((at, close)) = opening(rest) {
        name.push_str(&rest[..at]);
        name.push(' ');
        let bracket = &rest[at..];
        let end = bracket.find(close).map_or(bracket.len(), |end| end + close.len_utf8());
        brackets.push(bracket[..end].trim().to_owned());
        rest = &bracket[end..];
    }
    name.push_str(rest);
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ").replace(" ,", ",");
    Parted { name: name.trim_matches([',', ' ']).to_owned(), brackets }
}

/// Where the first bracket opens, and what closes it.
fn opening(text: &str) -> Option<(usize, char)> {
    text.char_indices()
        .find_map(|(at, c)| BRACKETS.iter().find(|(open, _)| *open == c).map(|(_, close)| (at, *close)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_are_parted_from_the_name_wherever_they_stand() {
        for (full, name, brackets) in [
            ("Ann Pym (Annie)", "Ann Pym", &["(Annie)"][..]),
            ("Pym (Lee), Ann", "Pym, Ann", &["(Lee)"]),
            ("Pym, Ann (Annie)", "Pym, Ann", &["(Annie)"]),
            ("Ann (Annie) Pym [left] {x}", "Ann Pym", &["(Annie)", "[left]", "{x}"]),
            ("Ann Pym (Annie", "Ann Pym", &["(Annie"]),
            ("(Annie) Ann Pym", "Ann Pym", &["(Annie)"]),
            ("Ann Pym", "Ann Pym", &[]),
            ("(Ann Pym)", "", &["(Ann Pym)"]),
        ] {
            let brackets = brackets.iter().map(|bracket| (*bracket).to_owned()).collect();
            assert_eq!(part(full), Parted { name: name.to_owned(), brackets }, "{full}");
        }
    }

    #[test]
    fn only_what_looks_like_a_name_is_one() {
        for (name, bracket) in [("Ann Pym", "(Annie)"), ("PYM ANN", "(ANNIE)"), ("Pym, Ann", "(Mary-Ann)")] {
            assert_eq!(called(name, bracket), bracket.strip_prefix('(').and_then(|of| of.strip_suffix(')')));
        }
        for bracket in [
            "[Annie]",
            "(left)",
            "(Left)",
            "(LEFT)",
            "(Jr)",
            "(7B)",
            "(twin)",
            "(n\u{e9}e Lee)",
            "(EAL)",
            "(Staff)",
            "(Annie",
            "(A)",
            "(see note)",
            "()",
        ] {
            assert_eq!(called("Ann Pym", bracket), None, "{bracket}");
        }
        // A single name may not be all of the name.
        assert_eq!(called("Ann", "(Pym)"), None);
    }
}
