//! Columns that decide whether a row is imported at all: `Role`, `Status`, `Left`. A file of students can have
//! teachers, leavers and applicants in it. What is not known to mean a current record is asked about.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::dates::is_written_date;
use super::kind::header_key;
use super::mapping::FieldSlug;
use super::matching::most;
use super::note::Note;
use crate::fold::fold;

/// What a value says about its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    /// A current record, or one whose dates say more.
    Current,
    /// Someone who has left: imported only if the row has a last day that is over.
    Left,
    /// Someone or something else: skipped.
    Skip,
}

impl Meaning {
    /// All, in the order of menus.
    pub const ALL: [Self; 3] = [Self::Current, Self::Left, Self::Skip];

    /// The name in forms and on the command line.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Left => "left",
            Self::Skip => "skip",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|meaning| meaning.slug() == slug)
    }
}

/// Yes and no of a column such as `Left`, by its folded header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YesNo {
    /// The headers.
    pub headers: &'static [&'static str],
    /// What yes means.
    pub yes: Meaning,
    /// What no means.
    pub no: Meaning,
    /// Whether an empty cell means no.
    pub empty_is_no: bool,
}

/// The names and values of a column that decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deciding {
    /// Its headers, folded. A column is recognised if it also has a value from `words` or `codes`.
    pub headers: &'static [&'static str],
    /// Headers that also mean other things, folded. Such a column is recognised if all its values are known.
    pub loose_headers: &'static [&'static str],
    /// Values, folded and without spaces, and what they mean.
    pub words: &'static [(Meaning, &'static [&'static str])],
    /// More values, which alone do not show that the column decides.
    pub other_words: &'static [(Meaning, &'static [&'static str])],
    /// Columns of yes and no.
    pub yes_no: &'static [YesNo],
    /// Codes of one system, by header, as they are written.
    pub codes: &'static [(&'static str, &'static [(&'static str, Meaning)])],
    /// Whether a column that is not recognised may say what people are allowed to do, so that it is not kept.
    pub is_private: bool,
}

const YES: &[&str] = &["yes", "y", "true", "t", "1", "x", "ja", "j", "oui", "o", "si", "s", "tak", "نعم"];
const NO: &[&str] = &["no", "n", "false", "f", "0", "nein", "non", "nee", "nie", "لا"];

/// The most values that are asked about. A column with more does not decide anything.
pub const MOST_VALUES: usize = 50;

impl Deciding {
    /// No names and values: browsers never read them.
    pub const NONE: Self = Self {
        headers: &[],
        loose_headers: &[],
        words: &[],
        other_words: &[],
        yes_no: &[],
        codes: &[],
        is_private: false,
    };

    /// What a value means in a column with this header, if that is known.
    pub fn meaning(&self, header: &str, value: &str) -> Option<Meaning> {
        self.recognised(header, value).or_else(|| find(self.other_words, &word(value)))
    }

    /// What a value means, if it also shows that the column decides.
    fn recognised(&self, header: &str, value: &str) -> Option<Meaning> {
        let (key, word) = (header_key(header), word(value));
        let codes = self.codes.iter().find(|(header, _)| *header == key).map_or(&[][..], |(_, codes)| *codes);
        if let Some((_, meaning)) = codes.iter().find(|(code, _)| *code == value.trim()) {
            return Some(*meaning);
        }
        if let Some(yes_no) = self.yes_no.iter().find(|yes_no| yes_no.headers.contains(&key.as_str())) {
            if YES.contains(&word.as_str()) {
                return Some(yes_no.yes);
            }
            if NO.contains(&word.as_str()) || (word.is_empty() && yes_no.empty_is_no) {
                return Some(yes_no.no);
            }
        }
        find(self.words, &word)
    }

    /// Whether a column is called so.
    pub fn is_called(&self, header: &str) -> bool {
        self.headers.contains(&header_key(header).as_str())
    }

    /// Whether these values show that a column with this header decides. What people are called, and a column of yes
    /// and no, must have a value that is known; a status is asked about even if none is, but days are no status.
    pub fn is_shown_by<'v>(&self, header: &str, values: impl Iterator<Item = &'v str>) -> bool {
        let mut seen: Vec<String> =
            values.filter(|value| !value.trim().is_empty()).map(word_or_code).collect();
        seen.sort_unstable();
        seen.dedup();
        let key = header_key(header);
        let must_know =
            self.is_private || self.yes_no.iter().any(|yes_no| yes_no.headers.contains(&key.as_str()));
        let is_known = |value: &String| !must_know || self.recognised(header, value).is_some();
        // "0" and "1" are codes, although spreadsheets write days as numbers.
        let is_day = |value: &String| value.len() >= 6 && is_written_date(value);
        seen.len() <= MOST_VALUES && seen.iter().any(is_known) && !most(seen.iter(), is_day)
    }

    /// Whether a column is called so, among other things.
    pub fn is_loosely_called(&self, header: &str) -> bool {
        self.loose_headers.contains(&header_key(header).as_str())
    }

    /// Whether these values alone show that a column decides: all are known, and one of them shows it. Under a name
    /// that does not say so, there must also be rows that count and rows that don't, or only people who have left:
    /// "Mother" and "Father" say who is called, not what the row is about.
    pub fn is_shown_by_all<'v>(&self, values: impl Iterator<Item = &'v str>, is_called: bool) -> bool {
        let (mut shows, mut counts, mut left, mut skips, mut seen) = (false, false, false, false, Vec::new());
        for value in values {
            if seen.contains(&value) {
                continue;
            }
            let Some(meaning) = self.meaning("", value).filter(|_| seen.len() < MOST_VALUES) else {
                return false;
            };
            seen.push(value);
            shows |= self.recognised("", value).is_some();
            match meaning {
                Meaning::Current => counts = true,
                Meaning::Left => left = true,
                Meaning::Skip => skips = true,
            }
        }
        shows && (is_called || counts && skips || left && !skips)
    }
}

fn find(words: &[(Meaning, &[&str])], word: &str) -> Option<Meaning> {
    words.iter().find(|(_, words)| words.contains(&word)).map(|(meaning, _)| *meaning)
}

/// A value as words are compared: without case, accents, spaces and symbols.
fn word(value: &str) -> String {
    let mut word = fold(value);
    word.retain(|c| c != ' ');
    word
}

fn word_or_code(value: &str) -> String {
    value.trim().to_lowercase()
}

/// A value of a deciding column, and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecidingValue {
    /// The value as it stands first in the file; empty for an empty cell.
    pub text: String,
    /// How many rows have it.
    pub rows: u32,
    /// What it means; `None` if that must be asked.
    pub meaning: Option<Meaning>,
    /// Whether someone chose the meaning, for this file or the last one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_hand: bool,
}

/// A column that decides, with all its values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The field.
    pub field: FieldSlug,
    /// The column.
    pub column: usize,
    /// Its header.
    pub header: String,
    /// Its values, the most frequent first.
    pub values: Vec<DecidingValue>,
}

/// What someone chose for a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChosenMeaning {
    /// The field of the column.
    pub field: FieldSlug,
    /// The value.
    pub text: String,
    /// What it means.
    pub meaning: Meaning,
}

impl Decision {
    /// Creates a decision from the values of all rows.
    pub fn new(
        deciding: &Deciding,
        field: FieldSlug,
        column: usize,
        header: &str,
        counted: ValueCount,
    ) -> Self {
        let mut values: Vec<DecidingValue> = counted.0.into_values().collect();
        for value in &mut values {
            value.meaning = deciding.meaning(header, &value.text);
        }
        values.sort_by(|a, b| b.rows.cmp(&a.rows).then_with(|| a.text.cmp(&b.text)));
        Self { field, column, header: header.to_owned(), values }
    }

    /// Takes what someone chose for a value; returns whether the column has it.
    pub fn choose(&mut self, text: &str, meaning: Meaning) -> bool {
        let key = word_or_code(text);
        let found = self.values.iter_mut().find(|value| word_or_code(&value.text) == key);
        found.map(|value| (value.meaning, value.by_hand) = (Some(meaning), true)).is_some()
    }

    /// Takes what was chosen by hand for the same field of the last file.
    pub fn as_last_time(&mut self, last: &[Self]) {
        let field = self.field.clone();
        let chosen = last.iter().filter(|decision| decision.field == field).flat_map(|of| &of.values);
        for value in chosen.filter(|value| value.by_hand) {
            if let Some(meaning) = value.meaning {
                self.choose(&value.text, meaning);
            }
        }
    }

    /// Whether a value has a meaning.
    pub fn knows(&self, text: &str) -> bool {
        let key = word_or_code(text);
        self.values.iter().any(|value| value.meaning.is_some() && word_or_code(&value.text) == key)
    }

    /// The values whose meaning must be asked.
    pub fn open(&self) -> impl Iterator<Item = &DecidingValue> {
        self.values.iter().filter(|value| value.meaning.is_none())
    }
}

/// How many rows have each value of a column.
#[derive(Debug, Clone, Default)]
pub struct ValueCount(HashMap<String, DecidingValue>);

impl ValueCount {
    /// Counts a cell; returns whether there are few enough values to decide anything.
    pub fn count(&mut self, cell: &str) -> bool {
        let text = cell.trim();
        let value = self.0.entry(word_or_code(text)).or_insert_with(|| DecidingValue {
            text: text.to_owned(),
            rows: 0,
            meaning: None,
            by_hand: false,
        });
        value.rows += 1;
        self.0.len() <= MOST_VALUES
    }
}

/// What the rows of a file are decided by.
#[derive(Debug, Clone, Default)]
pub struct Decisions(Vec<(usize, String, HashMap<String, Meaning>)>);

impl Decisions {
    /// Prepares decisions for reading rows.
    pub fn new(decisions: &[Decision]) -> Self {
        let known = |decision: &Decision| {
            let values = decision.values.iter();
            values.filter_map(|value| Some((word_or_code(&value.text), value.meaning?))).collect()
        };
        Self(decisions.iter().map(|of| (of.column, of.header.clone(), known(of))).collect())
    }

    /// Why a row is skipped. `has_left` tells whether the row has a last day that is over.
    pub fn skips(&self, cells: &[String], has_left: impl Fn() -> bool) -> Option<Note> {
        self.0.iter().find_map(|(column, header, known)| {
            let text = cells.get(*column).map_or("", |cell| cell.trim());
            let code = match known.get(&word_or_code(text)) {
                Some(Meaning::Current) => return None,
                Some(Meaning::Left) if has_left() => return None,
                Some(Meaning::Left) => LEFT_WITHOUT_END,
                Some(Meaning::Skip) | None => NOT_CURRENT,
            };
            Some(Note::new(code).with("column", header).quoting(text))
        })
    }
}

/// A row that a column says is about someone else.
pub const NOT_CURRENT: &str = "not_current";
/// A row that a column says is about someone who has left, without a last day.
pub const LEFT_WITHOUT_END: &str = "left_without_end_date";
/// A held row about which importing the file asks staff who work for both schools.
pub const ASKS_ELSEWHERE: &str = "asks_elsewhere";

/// Puts a note of a decision into words; `None` for a note of another origin.
pub fn words(one: &str, note: &Note) -> Option<String> {
    let quote = super::words::quote;
    let says = match note.get("value") {
        "" => format!("{} is empty", quote(note.get("column"))),
        value => format!("{} is {}", quote(note.get("column")), quote(value)),
    };
    Some(match note.code.as_ref() {
        NOT_CURRENT => format!("{says}, so this is not a current {one}."),
        LEFT_WITHOUT_END => {
            format!("{says}, but the row has no end date in the past. Add the end date to import it.")
        }
        _ => return None,
    })
}
