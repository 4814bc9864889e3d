//! Names that a file has in other columns than Greencap: a full name in one column, a family name in two.

use super::bracketed;
use super::fields::{FAMILY_NAME_FIRST, FULL_NAME, NAME_PREFIX, SECOND_FAMILY_NAME};
use crate::imports::cells::{CellValue, Cells};
use crate::imports::parted::{positions, without};
use crate::imports::value;

/// Adds the words that other columns have before and after the family name: "van den" and "Berg".
pub(super) fn complete_family(cells: &mut Cells<'_>, family: &mut CellValue<String>) {
    let mut other = |field| cells.name(field).value().map_or_else(String::new, ToString::to_string);
    let (prefix, second) = (other(&NAME_PREFIX), other(&SECOND_FAMILY_NAME));
    if prefix.is_empty() && second.is_empty() {
        return;
    }
    let words = [prefix.as_str(), family.value().map_or("", String::as_str), second.as_str()];
    let words: Vec<&str> = words.into_iter().filter(|part| !part.is_empty()).collect();
    *family = CellValue::Value(words.join(" "));
}

/// Takes the parts that have no column of their own from the full name, and the preferred name from its brackets.
pub(super) fn fill_in(
    cells: &mut Cells<'_>,
    given: &mut CellValue<String>,
    family: &mut CellValue<String>,
    preferred: &mut CellValue<String>,
) {
    let (full, family_first) = match (cells.name(&FULL_NAME), cells.name(&FAMILY_NAME_FIRST)) {
        (CellValue::Value(full), _) => (full, false),
        (_, CellValue::Value(full)) => (full, true),
        _ => return,
    };
    if given.value().is_some() && family.value().is_some() {
        return;
    }
    let full = bracketed::take_off(cells, &full, preferred);
    let said =
        |part: &str| if part.is_empty() { CellValue::Empty } else { CellValue::Value(part.to_owned()) };
    match (&*given, &*family) {
        (_, CellValue::Value(known)) => *given = said(without(&full, known).unwrap_or(&full)),
        (CellValue::Value(known), _) => *family = said(without(&full, known).unwrap_or(&full)),
        _ => {
            let (first, last) = split(&full, family_first);
            (*given, *family) = (said(&without_commas(first)), said(last));
        }
    }
}

/// A given name and what stands behind a second comma, as in "Dela Cruz, Juan, Santos".
fn without_commas(given: &str) -> String {
    let parts = given.split(',').map(str::trim).filter(|part| !part.is_empty() && !value::is_no_name(part));
    parts.collect::<Vec<_>>().join(" ")
}

/// Words that belong to the family name that follows them, when written in lower case.
const PARTICLES: &[&str] = &[
    "van",
    "von",
    "de",
    "den",
    "der",
    "del",
    "della",
    "di",
    "da",
    "do",
    "dos",
    "das",
    "du",
    "des",
    "la",
    "le",
    "las",
    "los",
    "zu",
    "zum",
    "zur",
    "ter",
    "ten",
    "te",
    "'t",
    "\u{2019}t",
    "op",
    "al",
    "el",
    "bin",
    "bint",
    "ibn",
    "af",
    "av",
];

/// The given and family name in a full name. A comma divides "Okoronta, Adaeze". Without one, the family name is
/// the first word or the last, with the particles before it; a single word is a given name.
pub(crate) fn split(full: &str, family_first: bool) -> (&str, &str) {
    if let Some((family, given)) = full.split_once(',') {
        return (given.trim(), family.trim());
    }
    let is_particle = |word: &str| PARTICLES.contains(&word);
    let words: Vec<(usize, &str)> = positions(full);
    let cut = if family_first {
        words.iter().position(|(_, word)| !is_particle(word)).map(|at| at + 1)
    } else {
        let mut at = words.len().saturating_sub(1);
        while at > 1 && is_particle(words[at - 1].1) {
            at -= 1;
        }
        Some(at)
    };
    match cut.and_then(|at| words.get(at)).filter(|(at, _)| *at > 0) {
        None => (full, ""),
        Some((at, _)) if family_first => (full[*at..].trim(), full[..*at].trim()),
        Some((at, _)) => (full[..*at].trim(), full[*at..].trim()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_a_second_comma_is_part_of_the_given_name() {
        for (given, read) in
            [("Juan,Santos", "Juan Santos"), ("Maria Clara,-", "Maria Clara"), ("Ada", "Ada")]
        {
            assert_eq!(without_commas(given), read);
        }
    }

    #[test]
    fn particles_stay_with_the_family_name_in_either_order() {
        for (full, family_first, given, family) in [
            ("Okoronta, Adaeze Ngozi", false, "Adaeze Ngozi", "Okoronta"),
            ("Okoronta, Adaeze Ngozi", true, "Adaeze Ngozi", "Okoronta"),
            ("Adaeze Ngozi Okoronta", false, "Adaeze Ngozi", "Okoronta"),
            ("Okoronta Adaeze Ngozi", true, "Adaeze Ngozi", "Okoronta"),
            ("Jan van den Berg", false, "Jan", "van den Berg"),
            ("van den Berg Jan", true, "Jan", "van den Berg"),
            ("Van Morrison", false, "Van", "Morrison"),
            ("Suharto", false, "Suharto", ""),
            ("Suharto", true, "Suharto", ""),
        ] {
            assert_eq!(split(full, family_first), (given, family), "{full}");
        }
    }
}
