//! Finding the field of each column. No step depends on the order of the columns.
//!
//! 1. Columns that may hold secrets are left out, and the one that Greencap adds to rows that it sends back.
//! 2. What someone chose for the last file is chosen again.
//! 3. Columns that decide whether a row is imported, by their names and values.
//! 4. Names that stand twice, for somebody else and for the adult: a guess. Then names: the strongest first. If two columns have names of the same strength for a field, someone must choose.
//! 5. Full names: a `Name` beside a family name is the given name, and the other way round. A full name whose
//!    parts both have columns is left out.
//!    Then second addresses of one person.
//! 6. Columns that decide by their values, whatever they are called.
//! 7. Hints: what a part of a header suggests is a guess, unless the column is about someone else. It is
//!    asked about if it may be.

mod by_values;
mod whose;

use super::dates::is_written_date;
use super::deciding::Deciding;
use super::kind::{ImportDeclaration, ImportField, header_key};
use super::mapping::{ColumnMatch, FieldSlug, LastTime, LeftOut, MatchedBy};
use super::names::{Fits, Strength};
use super::parted::without;
use super::secrets::is_secret;
use super::sent_back::is_reason;

/// Matches every column.
pub(super) fn automatic(
    kind: &ImportDeclaration,
    headers: &[String],
    rows: &[Vec<String>],
    earlier: &[LastTime<'_>],
) -> Vec<ColumnMatch> {
    let keys = headers.iter().map(|header| header_key(header)).collect();
    let mut matching = Matching { kind, headers, rows, keys, columns: vec![None; headers.len()] };
    for (at, header) in headers.iter().enumerate() {
        if is_secret(header) {
            matching.columns[at] = Some(ColumnMatch::left_out(LeftOut::Secret));
        } else if is_reason(header) {
            matching.columns[at] = Some(ColumnMatch::left_out(LeftOut::Reason));
        } else if kind.groups.is_beyond(header) {
            matching.columns[at] = Some(ColumnMatch::left_out(LeftOut::Beyond));
        }
    }
    for last in earlier {
        matching.as_last_time(last);
    }
    matching.deciding();
    matching.repeated();
    matching.beside_groups();
    matching.by_name();
    matching.full_names();
    matching.further();
    matching.deciding_by_values();
    matching.by_hint();
    matching.stand_ins();
    matching.columns.into_iter().map(|column| column.unwrap_or(ColumnMatch::UNKNOWN)).collect()
}

/// A mapping being built.
struct Matching<'a> {
    kind: &'a ImportDeclaration,
    headers: &'a [String],
    rows: &'a [Vec<String>],
    /// The headers, folded.
    keys: Vec<String>,
    columns: Vec<Option<ColumnMatch>>,
}

impl Matching<'_> {
    /// The column that has a field.
    fn column_of(&self, slug: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.as_ref().is_some_and(|column| column.is(slug)))
    }

    /// Whether a field has a column, or several between which someone must choose.
    fn has(&self, slug: &str) -> bool {
        self.columns.iter().flatten().any(|column| column.is(slug) || column.could_be(slug))
    }

    fn free(&self) -> impl Iterator<Item = usize> {
        self.columns.iter().enumerate().filter(|(_, column)| column.is_none()).map(|(at, _)| at)
    }

    /// Gives a field to its only claimant. Between several, someone must choose; if the field has a column
    /// already, the others say so.
    fn claim(&mut self, field: &ImportField, claimants: &[usize], by: MatchedBy) {
        let is_taken = self.has(field.slug);
        for at in claimants {
            self.columns[*at] = Some(match claimants {
                _ if is_taken => ColumnMatch::rival(field, MatchedBy::Name),
                [_] => ColumnMatch::of(Some(field), by),
                _ if by == MatchedBy::Guess => ColumnMatch::rival(field, MatchedBy::Guess),
                _ => ColumnMatch::rival(field, MatchedBy::Contested),
            });
        }
    }

    fn as_last_time(&mut self, last: &LastTime<'_>) {
        for at in 0..self.headers.len() {
            let chosen = last.chosen(&self.keys, at).filter(|_| self.columns[at].is_none());
            let Some(chosen) = chosen else { continue };
            let field = chosen.field.as_ref().and_then(|slug| self.kind.field(slug.as_str()));
            if field.is_none_or(|field| !self.has(field.slug)) {
                self.columns[at] = Some(ColumnMatch::of(field, MatchedBy::LastTime));
            }
        }
    }

    /// Columns that decide, told by their names and values. A column of roles that decides nothing says what
    /// people may do, and is not kept.
    fn deciding(&mut self) {
        for field in self.kind.fields {
            let Some(deciding) = field.deciding() else { continue };
            let called: Vec<usize> = self.free().filter(|at| self.is_called(*at, field, deciding)).collect();
            let (claimants, others): (Vec<usize>, Vec<usize>) = called.into_iter().partition(|at| {
                let header = &self.headers[*at];
                !deciding.is_called(header) || deciding.is_shown_by(header, self.values(*at))
            });
            // Two columns that decide the same both count.
            let same = |of: &&ImportField| of.deciding().is_some_and(|of| std::ptr::eq(of, deciding));
            let second = self.kind.fields.iter().rfind(same).filter(|second| second.slug != field.slug);
            match (claimants.as_slice(), second) {
                ([one, other], Some(second)) => {
                    let is_first = self.keys[*one] <= self.keys[*other];
                    let (first, last) = if is_first { (*one, *other) } else { (*other, *one) };
                    self.claim(field, &[first], MatchedBy::Name);
                    self.claim(second, &[last], MatchedBy::Name);
                }
                _ => self.claim(field, &claimants, MatchedBy::Name),
            }
            for at in others.into_iter().filter(|_| deciding.is_private && !self.rows.is_empty()) {
                self.columns[at] = Some(ColumnMatch::left_out(LeftOut::Secret));
            }
        }
    }

    fn is_called(&self, at: usize, field: &ImportField, deciding: &Deciding) -> bool {
        let header = &self.headers[at];
        deciding.is_called(header) || self.kind.usual(header).is_some_and(|named| named.slug == field.slug)
    }

    fn by_name(&mut self) {
        let named: Vec<_> = self.free().filter_map(|at| Some((at, self.named(at)?))).collect();
        for strength in Strength::ALL {
            for field in self.kind.fields {
                let claimants: Vec<usize> = named
                    .iter()
                    .filter(|(_, (named, of))| named.slug == field.slug && *of == strength)
                    .map(|(at, _)| *at)
                    .collect();
                // Full names that are not called so can be parts of a name: see `full_names`.
                if field.parts.is_empty() || strength == Strength::Strong {
                    self.claim(field, &claimants, MatchedBy::Name);
                }
            }
        }
    }

    /// The field that a column's name means, and how strongly.
    fn named(&self, at: usize) -> Option<(&'static ImportField, Strength)> {
        let pair = || {
            let once = |key: &str| self.keys.iter().filter(|of| *of == key).count() == 1;
            let mut pairs = self.kind.pairs.iter().filter(|pair| pair.iter().all(|(key, _)| once(key)));
            let (_, slug) = pairs.find_map(|pair| pair.iter().find(|(key, _)| *key == self.keys[at]))?;
            Some((self.kind.field(slug)?, Strength::Usual))
        };
        let (field, strength) = self.kind.named(&self.headers[at]).or_else(pair)?;
        if field.deciding().is_some() {
            return None;
        }
        if strength == Strength::Strong || self.fits(at, field.fits) {
            return Some((field, strength));
        }
        None
    }

    /// Whether the values of a column look as a field expects.
    fn fits(&self, at: usize, fits: Fits) -> bool {
        let mut values = self.values(at).peekable();
        if values.peek().is_none() {
            return true;
        }
        match fits {
            Fits::Anything => true,
            Fits::Dates => most(values, is_written_date),
            Fits::NotSchoolYears => !most(values, is_school_year),
            Fits::Codes => !most(values, is_like_a_name),
            Fits::Different => {
                let first = values.next();
                let rest: Vec<&str> = values.collect();
                rest.len() < 2 || rest.iter().any(|value| Some(*value) != first)
            }
        }
    }

    fn values(&self, at: usize) -> impl Iterator<Item = &str> {
        self.rows
            .iter()
            .filter_map(move |row| row.get(at))
            .map(|cell| cell.trim())
            .filter(|cell| !cell.is_empty())
    }

    /// Fields with parts: a plain `Name` is the part that is missing, if the other has a column.
    fn full_names(&mut self) {
        let wholes: Vec<&'static ImportField> =
            self.kind.fields.iter().filter(|field| !field.parts.is_empty()).collect();
        for whole in &wholes {
            self.plain_names(whole);
        }
        for whole in wholes {
            let has_all = whole.parts.iter().all(|part| self.has(part));
            for column in self.columns.iter_mut().filter(|_| has_all) {
                let is_whole = |column: &ColumnMatch| {
                    column.is(whole.slug) || column.rival.as_ref().is_some_and(|of| of.as_str() == whole.slug)
                };
                if column.as_ref().is_some_and(|c| is_whole(c) && c.by != MatchedBy::LastTime) {
                    *column = Some(ColumnMatch::left_out(LeftOut::InParts));
                }
            }
        }
    }

    fn plain_names(&mut self, whole: &'static ImportField) {
        for strength in [Strength::Usual, Strength::Weak] {
            let claimants: Vec<usize> = self
                .free()
                .filter(|at| {
                    self.named(*at).is_some_and(|(field, of)| field.slug == whole.slug && of == strength)
                })
                .collect();
            let missing: Vec<&str> = whole.parts.iter().copied().filter(|part| !self.has(part)).collect();
            match (missing.as_slice(), claimants.as_slice()) {
                ([missing], [one]) if !self.holds_whole(*one, whole, missing) => {
                    if let Some(part) = self.kind.field(missing) {
                        self.claim(part, &claimants, MatchedBy::Name);
                    }
                }
                _ => self.claim(whole, &claimants, MatchedBy::Name),
            }
        }
    }

    /// Whether a column holds full names, told by the part of the name that has a column of its own.
    fn holds_whole(&self, at: usize, whole: &ImportField, missing: &str) -> bool {
        let known = whole.parts.iter().find(|part| **part != missing).and_then(|part| self.column_of(part));
        let Some(known) = known else { return false };
        let cell = |row: &'_ Vec<String>, at: usize| row.get(at).map_or("", |cell| cell.trim()).to_owned();
        let both: Vec<(String, String)> = self
            .rows
            .iter()
            .map(|row| (cell(row, at), cell(row, known)))
            .filter(|(full, part)| !full.is_empty() && !part.is_empty())
            .collect();
        !both.is_empty() && most(both.iter(), |(full, part)| without(full, part).is_some())
    }

    fn by_hint(&mut self) {
        let hinted: Vec<(usize, &'static ImportField, bool)> = self
            .free()
            .filter_map(|at| {
                self.kind.suggested(&self.headers[at]).map(|(field, others)| (at, field, others))
            })
            .collect();
        for field in self.kind.fields {
            let of = |others: bool| {
                hinted
                    .iter()
                    .filter(move |(_, of, about)| of.slug == field.slug && *about == others)
                    .map(|(at, ..)| *at)
            };
            for at in of(true) {
                self.columns[at] = Some(ColumnMatch::left_out(LeftOut::Others));
            }
            let (plain, odd): (Vec<usize>, Vec<usize>) =
                of(false).partition(|at| self.kind.is_plain(field, &self.headers[*at]));
            let in_parts = !field.parts.is_empty() && field.parts.iter().any(|part| self.has(part));
            if !in_parts {
                self.claim(field, &plain, MatchedBy::Guess);
                self.ask(field, &odd);
            }
        }
    }

    /// Asks whether columns are a field that no other column has.
    fn ask(&mut self, field: &ImportField, columns: &[usize]) {
        let by = if self.has(field.slug) { MatchedBy::Name } else { MatchedBy::Guess };
        for at in columns {
            self.columns[*at] = Some(ColumnMatch::rival(field, by));
        }
    }

    /// A name that someone goes by is their given name if the file has no other.
    fn stand_ins(&mut self) {
        for field in self.kind.fields {
            let Some(meant) = field.stands_for.and_then(|slug| self.kind.field(slug)) else { continue };
            let has_whole = self
                .kind
                .fields
                .iter()
                .any(|whole| whole.parts.contains(&meant.slug) && self.has(whole.slug));
            let Some(at) = self.column_of(field.slug).filter(|_| !has_whole && !self.has(meant.slug)) else {
                continue;
            };
            if self.columns[at].as_ref().is_some_and(|column| column.by != MatchedBy::LastTime) {
                self.columns[at] = Some(ColumnMatch {
                    rival: Some(FieldSlug::from(field)),
                    ..ColumnMatch::of(Some(meant), MatchedBy::Guess)
                });
            }
        }
    }
}

/// Whether more than half of the values are so.
pub(super) fn most<T>(values: impl Iterator<Item = T>, is_so: impl Fn(T) -> bool) -> bool {
    let (mut yes, mut all) = (0usize, 0usize);
    for value in values {
        all += 1;
        yes += usize::from(is_so(value));
    }
    yes * 2 > all
}

/// Several words, or one such as "Ilse", without a digit.
fn is_like_a_name(value: &str) -> bool {
    let is_capitalised = value.starts_with(char::is_uppercase) && value.contains(char::is_lowercase);
    (is_capitalised || value.contains(char::is_whitespace)) && !value.contains(|c: char| c.is_ascii_digit())
}

/// 2026, 2026/27, 2026-2027.
fn is_school_year(value: &str) -> bool {
    let parts: Vec<&str> = value.split(['/', '-', '\u{2013}']).map(str::trim).collect();
    let is_number = |part: &&str| matches!(part.len(), 2 | 4) && part.bytes().all(|b| b.is_ascii_digit());
    parts.len() <= 2
        && parts.iter().all(is_number)
        && parts
            .first()
            .is_some_and(|year| year.len() == 4 && (year.starts_with("19") || year.starts_with("20")))
}

#[cfg(test)]
mod tests;
