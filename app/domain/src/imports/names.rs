//! The names that columns have in other systems, and how strongly each name means its field.

use std::borrow::Cow;

use crate::fold::fold;

/// How strongly a name means its field. The strongest column of a file gets the field, wherever it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// The name means nothing else.
    Strong,
    /// The usual name.
    Usual,
    /// It means the field if no other column has a better name.
    Weak,
}

impl Strength {
    /// The strengths, the strongest first.
    pub const ALL: [Self; 3] = [Self::Strong, Self::Usual, Self::Weak];

    /// The next stronger one: "Student email" says more than "Email".
    pub(super) fn raised(self) -> Self {
        match self {
            Self::Strong | Self::Usual => Self::Strong,
            Self::Weak => Self::Usual,
        }
    }
}

/// The names of a field by strength, folded by [`header_key`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeaderNames {
    /// See [`Strength::Strong`].
    pub strong: &'static [&'static str],
    /// See [`Strength::Usual`].
    pub usual: &'static [&'static str],
    /// See [`Strength::Weak`].
    pub weak: &'static [&'static str],
    /// Names that also mean other things, so that a person must confirm them.
    pub maybe: &'static [&'static str],
}

impl HeaderNames {
    /// No names.
    pub const NONE: Self = Self { strong: &[], usual: &[], weak: &[], maybe: &[] };

    /// How strongly this key means the field; `None` if it is not one of its names.
    pub fn strength(&self, key: &str) -> Option<Strength> {
        let names = [self.strong, self.usual, self.weak];
        Strength::ALL.into_iter().zip(names).find(|(_, names)| names.contains(&key)).map(|(of, _)| of)
    }

    /// All names.
    pub fn all(&self) -> impl Iterator<Item = &'static str> {
        [self.strong, self.usual, self.weak, self.maybe].into_iter().flatten().copied()
    }
}

/// What the values of a column must look like for a name that is not [`Strength::Strong`] to mean its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fits {
    /// Anything.
    Anything,
    /// Dates: a column "Left" can also say yes or no.
    Dates,
    /// Not school years: a column "Year" can also say 2026/27.
    NotSchoolYears,
    /// Not the same value in all rows: "School code" can also be the school's.
    Different,
    /// Not names: a column "Student" can also have their names.
    Codes,
}

/// Notes in brackets that say how to fill in a column, not what it is. What is left without these words is
/// empty.
const FORMATS: &[&str] = &[
    "yyyy",
    "dd",
    "mm",
    "yy",
    "jjjj",
    "tt",
    "aaaa",
    "jj",
    "required",
    "optional",
    "mandatory",
    "pflichtfeld",
    "obligatoire",
    "obligatorio",
    "obbligatorio",
    "verplicht",
    "wymagane",
    "readonly",
    "uploadonly",
];

/// Folds a header: removes case, accents, spaces, symbols, the "'s" of "Student's" and notes such as "(dd/mm/yyyy)" or
/// "\[Required\]", so that `Legal_Surname` equals "legal surname".
pub fn header_key(header: &str) -> String {
    let header = &*without_possessive(without_format(header));
    // "Perm #" is a number; a column that is only called "#" counts the rows.
    let is_numbered = header.contains('#') && header.trim() != "#";
    let mut key = if is_numbered { fold(&header.replace('#', " no ")) } else { fold(header) };
    key.retain(|c| c != ' ');
    key
}

/// The header without a note about the format at its end.
fn without_format(header: &str) -> &str {
    let Some(at) = header.rfind(['(', '[']).filter(|at| *at > 0) else { return header };
    let (name, note) = header.split_at(at);
    let mut rest = header_letters(note);
    // "Username (R)" is required, where "Forename (F)" can be the father's.
    if rest == "r" {
        return name;
    }
    for word in FORMATS {
        rest = rest.replace(word, "");
    }
    if rest.is_empty() { name } else { header }
}

/// Signs that stand for an apostrophe, also where an encoding was lost.
const APOSTROPHES: [char; 9] =
    ['\'', '`', '?', '\u{2019}', '\u{2018}', '\u{2bc}', '\u{b4}', '\u{2032}', '\u{fffd}'];

/// The header without the "'s" of a word: the name of a "Student's Name" is no "S Name".
fn without_possessive(header: &str) -> Cow<'_, str> {
    if !header.contains(APOSTROPHES) {
        return Cow::Borrowed(header);
    }
    let mut kept = String::with_capacity(header.len());
    let mut rest = header;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        let behind = after.strip_prefix(['s', 'S']);
        let ends_word = |behind: &str| !behind.starts_with(char::is_alphanumeric);
        let is_of_word = APOSTROPHES.contains(&c) && kept.ends_with(char::is_alphanumeric);
        if let Some(behind) = behind.filter(|behind| is_of_word && ends_word(behind)) {
            rest = behind;
        } else {
            kept.push(c);
            rest = after;
        }
    }
    Cow::Owned(kept)
}

fn header_letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The words of a header, also of one written like `parentEmail`.
pub fn header_words(header: &str) -> Vec<String> {
    let mut spaced = String::with_capacity(header.len() + 8);
    let mut was_lower = false;
    for c in header.chars() {
        if was_lower && c.is_uppercase() {
            spaced.push(' ');
        }
        was_lower = c.is_lowercase();
        spaced.push(c);
    }
    fold(&spaced).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A key without the kind's subject: "email" of "Student email". The longest subject comes first, because a "Students
/// name" is not the "sname" of a student; before it, what stands behind a `subject` that is a word of its own.
pub(super) fn without_subject<'k>(
    subjects: &[&str],
    key: &'k str,
    word: Option<&str>,
) -> impl Iterator<Item = &'k str> {
    let mut subjects = subjects.to_vec();
    subjects.sort_by_key(|subject| std::cmp::Reverse((Some(*subject) == word, subject.len())));
    let rests = subjects.into_iter().flat_map(move |subject| {
        let after = key.strip_suffix(subject);
        let after = after.into_iter().flat_map(|rest| {
            std::iter::once(rest).chain(OF.iter().filter_map(move |of| rest.strip_suffix(of)))
        });
        key.strip_prefix(subject).into_iter().chain(after)
    });
    rests.filter(|rest| !rest.is_empty())
}

/// A key with its subject in the singular, such as "studentid" for "Students ID".
pub(super) fn in_singular(subjects: &[&str], key: &str) -> impl Iterator<Item = String> {
    subjects.iter().filter_map(|subject| {
        let rest = key.strip_prefix(subject)?.strip_prefix('s')?;
        Some(format!("{subject}{rest}"))
    })
}

/// Words between a name and the subject behind it, such as "Name of the student".
const OF: &[&str] =
    &["of", "ofthe", "des", "der", "van", "de", "del", "dell", "dela", "du", "d", "di", "degli", "do", "da"];

/// Words between the two parts of a name in a header, such as "Nachname und Vorname".
const JOINERS: &[&str] = &["", "and", "und", "et", "y", "en", "i", "comma"];

/// Whether a key consists of two names, each of which is one of a part: "surnameforename".
pub(super) fn is_compound(key: &str, first: impl Fn(&str) -> bool, second: impl Fn(&str) -> bool) -> bool {
    /// Longer than any header that names two parts.
    const LONGEST: usize = 60;
    key.len() <= LONGEST
        && key.char_indices().skip(1).any(|(at, _)| {
            let (left, right) = key.split_at(at);
            first(left) && JOINERS.iter().filter_map(|join| right.strip_prefix(join)).any(&second)
        })
}

/// Whether a key consists of numbers and of nothing but these words.
pub(super) fn consists_of(key: &str, words: &[&str]) -> bool {
    /// Longer than any name of a column.
    const LONGEST: usize = 80;
    if key.len() > LONGEST {
        return false;
    }
    // For each place in the key, whether the words before it end there.
    let mut reached = vec![false; key.len() + 1];
    reached[0] = true;
    for (at, c) in key.char_indices() {
        if !reached[at] {
            continue;
        }
        if c.is_numeric() {
            reached[at + c.len_utf8()] = true;
        }
        for word in words.iter().filter(|word| key[at..].starts_with(**word)) {
            reached[at + word.len()] = true;
        }
    }
    reached[key.len()]
}

/// Whether any of these words is about the header: as a whole word, or as a part of one if it is long enough
/// not to occur by chance.
pub fn mentions<'w>(header: &str, words: impl IntoIterator<Item = &'w str>) -> bool {
    let parted = header_words(header);
    let key = parted.concat();
    // "HoY" is one word, "parentEmail" is two.
    let whole = fold(header);
    let found: Vec<&str> = parted.iter().map(String::as_str).chain(whole.split(' ')).collect();
    words.into_iter().any(|word| {
        found.iter().any(|it| *it == word || (word.len() >= 4 && it.starts_with(word)))
            || (word.len() >= 5 && key.contains(word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_about_the_format_are_no_part_of_a_name() {
        for (header, key) in [
            ("Date of Birth (dd/mm/yyyy)", "dateofbirth"),
            ("First Name [Required]", "firstname"),
            ("Status [READ ONLY]", "status"),
            ("Username (R)", "username"),
            ("Forename (F)", "forenamef"),
            ("Perm #", "permno"),
            ("Student#", "studentno"),
            ("#", ""),
            ("Geburtsdatum (TT.MM.JJJJ)", "geburtsdatum"),
            ("Email (parent)", "emailparent"),
            ("(dd)", "dd"),
            ("N\u{b0} \u{e9}l\u{e8}ve", "neleve"),
            ("Student's Name", "studentname"),
            ("STUDENT\u{2019}S NAME", "studentname"),
            ("Student\u{b4}s Name", "studentname"),
            ("Student?s Name", "studentname"),
            ("Students' Name", "studentsname"),
            ("Code 'Sport'", "codesport"),
        ] {
            assert_eq!(header_key(header), key, "{header}");
        }
    }

    #[test]
    fn short_words_are_found_as_words_and_long_ones_anywhere() {
        assert!(mentions("Mum email", ["mum"]) && mentions("MumEmail", ["mum"]));
        assert!(!mentions("Minimum age", ["mum"]));
        assert!(mentions("mothersemail", ["mother"]) && mentions("emailofmother", ["mother"]));
    }
}
