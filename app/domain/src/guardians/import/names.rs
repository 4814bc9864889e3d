//! Names of adults as files have them: whole or in parts, with titles, in capitals, and those of two people.

use std::borrow::Cow;

use crate::fold::romanise;
use crate::imports::parted::without;
use crate::roll::import::people::split_full_name;

/// A name that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ReadName {
    /// Mr, Dr, if it stood in the name.
    pub title: Option<String>,
    /// Given names.
    pub given: String,
    /// Family name.
    pub family: String,
    /// Whether it is the name of two people.
    pub is_couple: bool,
}

#[rustfmt::skip]
const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "rev", "revd", "sir", "lady", "herr", "frau", "fr", "sr", "sra", "srta", "don", "dona",
    "pan", "pani", "mme", "monsieur", "madame",
];

/// Reads a name from its parts, or from the whole where a part has no column.
pub fn read(given: &str, family: &str, full: &str, family_first: bool) -> ReadName {
    let is_couple = [given, family, full].into_iter().any(is_couple);
    if is_couple {
        let whole = if full.is_empty() { format!("{given} {family}") } else { full.to_owned() };
        return ReadName { is_couple, family: whole.trim().to_owned(), ..ReadName::default() };
    }
    let (title, full) = untitled(full);
    let (title_of_given, given) = untitled(given);
    let (given, family) = match (given, family) {
        (given, family) if full.is_empty() || (!given.is_empty() && !family.is_empty()) => {
            (given.to_owned(), family.to_owned())
        }
        ("", "") => whole(full, family_first),
        ("", family) => (without(full, family).unwrap_or(full).to_owned(), family.to_owned()),
        (given, _) => (given.to_owned(), without(full, given).unwrap_or(full).to_owned()),
    };
    ReadName { title: title.or(title_of_given), given, family, is_couple }
}

/// Whether a name or a title is that of two people: "Mr & Mrs", "Anna und Jan".
pub fn is_couple(text: &str) -> bool {
    const BETWEEN: &[&str] = &["&", "+", "and", "und", "et", "e", "y", "i", "en"];
    // Most cells are one word.
    if !text.contains(|c: char| c.is_whitespace() || matches!(c, '&' | '/')) {
        return false;
    }
    let words: Vec<Cow<'_, str>> = text.split_whitespace().map(|word| word.to_lowercase().into()).collect();
    let inner = words.iter().enumerate().filter(|(at, _)| *at > 0 && at + 1 < words.len());
    let joins = |word: &str| matches!(word, "&" | "+") || (BETWEEN.contains(&word) && word.len() > 1);
    let is_joined = inner.clone().any(|(_, word)| joins(word));
    // "y" and "i" also stand within one name: only between titles or beside one are they two people.
    let letter = inner.into_iter().any(|(at, word)| {
        word.len() == 1
            && BETWEEN.contains(&word.as_ref())
            && (is_title(&words[at - 1]) || is_title(&words[at + 1]))
    });
    is_joined
        || letter
        || text.contains('&') && text.trim_matches('&').contains('&')
        || text.split(['&', '/']).filter(|part| is_title(part.trim())).count() > 1
}

fn is_title(word: &str) -> bool {
    /// No title is longer, with its full stop.
    const LONGEST: usize = 10;
    word.len() <= LONGEST && TITLES.contains(&romanise(word).trim())
}

/// A name without the title in front of it.
fn untitled(name: &str) -> (Option<String>, &str) {
    // "M. Piotr VARGA" has a title, "M. Varga" an initial.
    let is_monsieur = |first: &str, rest: &str| {
        let mut words = rest.split_whitespace();
        first == "M." && words.next_back().is_some_and(in_capitals) && words.next().is_some()
    };
    match name.trim().split_once(' ') {
        Some((first, rest)) if (is_title(first) || is_monsieur(first, rest)) && !rest.trim().is_empty() => {
            (Some(first.to_owned()), rest.trim())
        }
        _ => (None, name.trim()),
    }
}

/// Whether a whole name does not say which of its parts is the family name.
pub fn is_ambiguous(full: &str) -> bool {
    let (_, name) = untitled(full);
    let words: Vec<&str> = name.split_whitespace().collect();
    let capitals = words.iter().filter(|word| in_capitals(word)).count();
    let says = name.contains(',') || (capitals > 0 && capitals < words.len());
    words.len() > 1 && !says && !is_couple(full)
}

fn in_capitals(word: &str) -> bool {
    word.chars().filter(|c| c.is_alphabetic()).count() > 1 && !word.chars().any(char::is_lowercase)
}

/// Parts a whole name: at a comma, by what stands in capitals, or at its last word.
fn whole(full: &str, family_first: bool) -> (String, String) {
    let words: Vec<&str> = full.split_whitespace().collect();
    let (capitals, others): (Vec<&str>, Vec<&str>) =
        words.iter().copied().partition(|word| in_capitals(word));
    if !full.contains(',') && !capitals.is_empty() && !others.is_empty() {
        return (others.join(" "), capitals.join(" "));
    }
    let (given, family) = split_full_name(full, family_first);
    (given.to_owned(), family.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    // C46
    #[test]
    fn a_comma_divides_a_name_and_capitals_tell_the_family_name() {
        for (full, given, family) in [
            ("Varga, Mara", "Mara", "Varga"),
            ("VARGA Mara", "Mara", "VARGA"),
            ("Mara VARGA", "Mara", "VARGA"),
            ("Mr Tunde Idowu", "Tunde", "Idowu"),
            // What tbelliard/gepi writes (responsables/infos_parents.php).
            ("M. Piotr VARGA", "Piotr", "VARGA"),
            ("M. Varga", "M.", "Varga"),
            ("Li Wei", "Li", "Wei"),
            ("MARA VARGA", "MARA", "VARGA"),
        ] {
            let read = read("", "", full, false);
            assert_eq!((read.given.as_str(), read.family.as_str()), (given, family), "{full}");
        }
        assert_eq!(read("", "", "Li Wei", true).family, "Li");
    }

    // C42
    #[test]
    fn two_people_in_one_cell_are_no_person() {
        for text in ["Mr & Mrs T Idowu", "Mr and Mrs Idowu", "Anna und Jan Berg", "Mr/Mrs", "Sr y Sra Ruiz"] {
            assert!(is_couple(text), "{text}");
        }
        for text in ["Anne-Marie Berg", "Jos\u{e9} Ortega y Gasset", "Andy Sanders", "Al-Hadi I Saleh"] {
            assert!(!is_couple(text), "{text}");
        }
    }
}
