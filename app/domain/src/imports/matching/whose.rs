//! Columns about somebody else than the person of a row: the student's beside those of adults.

use super::super::mapping::{ColumnMatch, LeftOut, MatchedBy};
use super::super::names::header_words;
use super::Matching;

impl Matching<'_> {
    /// Headers that stand twice, once for somebody else: a guess that somebody checks.
    pub(super) fn repeated(&mut self) {
        let groups = &self.kind.groups;
        for (slug, of_other) in groups.repeated {
            let is_named = |at: usize, slug: &str| {
                self.kind.usual(&self.headers[at]).is_some_and(|field| field.slug == slug)
            };
            let named: Vec<usize> = self.free().filter(|at| is_named(*at, slug)).collect();
            let &[first, second] = named.as_slice() else { continue };
            let is_between = (first..second).any(|at| is_named(at, groups.behind));
            if self.keys[first] != self.keys[second] || !is_between {
                continue;
            }
            let field = |slug: &str| ColumnMatch::of(self.kind.field(slug), MatchedBy::Guess);
            let (other, own) = (field(of_other), field(slug));
            self.columns[first] = Some(other);
            self.columns[second] = Some(own);
        }
    }

    /// Plain names beside names that say whose they are: "Surname" beside "Guardian surname" is somebody else's, and "Email"
    /// beside "Father email". A guess that somebody checks.
    pub(super) fn beside_groups(&mut self) {
        let groups = &self.kind.groups;
        let Some(whole) = self.kind.field(groups.whole) else { return };
        let is_name = |slug: &str| slug == whole.slug || whole.parts.contains(&slug);
        let said: Vec<Option<&str>> = self.headers.iter().map(|header| self.said_of(header)).collect();
        let any_name = said.iter().flatten().any(|slug| is_name(slug));
        for (slug, of_other) in groups.repeated {
            let is_said =
                if is_name(slug) { any_name } else { said.iter().flatten().any(|other| other == slug) };
            let plain: Vec<usize> = self
                .free()
                .filter(|at| said[*at].is_none() && self.plainly(*at).is_some_and(|field| field == *slug))
                .collect();
            if let (true, [at]) = (is_said && !self.has(of_other), plain.as_slice()) {
                self.columns[*at] = Some(ColumnMatch::of(self.kind.field(of_other), MatchedBy::Guess));
            }
        }
        // A middle name beside them is that of somebody else too.
        let has_other = groups.repeated.iter().any(|(_, of_other)| self.has(of_other));
        for (slug, at) in self.free().filter_map(|at| Some((self.plainly(at)?, at))).collect::<Vec<_>>() {
            if any_name && has_other && said[at].is_none() && slug == "middle_name" {
                self.columns[at] = Some(ColumnMatch::left_out(LeftOut::Others));
            }
        }
    }

    /// The field that a column's name has if nothing in it says whose it is.
    fn plainly(&self, at: usize) -> Option<&'static str> {
        self.kind.usual(&self.headers[at]).map(|field| field.slug)
    }

    /// The field of a header that says whose it is, by a group or by the word for somebody of this kind.
    fn said_of(&self, header: &str) -> Option<&'static str> {
        let groups = &self.kind.groups;
        if let Some((group, rest)) = groups.of(header) {
            // "Email" beside "Email 2" is that of the first.
            if (2..=groups.numbered).contains(&group) {
                return None;
            }
            let field = if rest.is_empty() { self.kind.field(groups.whole) } else { self.kind.usual(&rest) };
            return field.map(|field| field.slug);
        }
        let words = header_words(header);
        let says = words.iter().any(|word| groups.fillers.contains(&word.as_str()));
        self.kind.usual(header).map(|field| field.slug).filter(|_| says)
    }
}
