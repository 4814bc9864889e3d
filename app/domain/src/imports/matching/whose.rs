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
    /// beside "Father email": a guess that somebody checks.
    pub(super) fn beside_groups(&mut self) {
        let groups = &self.kind.groups;
        let Some(whole) = self.kind.field(groups.whole) else { return };
        let is_name = |slug: &str| slug == whole.slug || whole.parts.contains(&slug);
        let said: Vec<Option<&str>> = self.headers.iter().map(|header| self.said_of(header)).collect();
        let any_name = said.iter().flatten().any(|slug| is_name(slug));
        // Where the first adult's name is said to be theirs, a plain one cannot be it.
        let is_first = |header: &String| groups.of(header).is_none_or(|(group, _)| group == 1);
        let mut names = self.headers.iter().zip(&said).filter(|(_, said)| said.is_some_and(is_name));
        let has_first = names.any(|(header, _)| is_first(header));
        for (slug, of_other) in groups.repeated {
            let is_said =
                if is_name(slug) { any_name } else { said.iter().flatten().any(|other| other == slug) };
            let plain: Vec<usize> = self
                .free()
                .filter(|at| said[*at].is_none() && self.plainly(*at).is_some_and(|field| field == *slug))
                .collect();
            let has_own = self.free().any(|at| self.plainly(at) == Some(of_other));
            let is_open = is_said && !has_own && !self.has(of_other);
            if let (true, [at]) = (is_open, plain.as_slice()) {
                // A name says nobody alone: who is found by it is asked about. An address would.
                let is_sure = is_name(slug) && has_first;
                let by = if is_sure { MatchedBy::Name } else { MatchedBy::Guess };
                self.columns[*at] = Some(ColumnMatch::of(self.kind.field(of_other), by));
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

    /// A second address of the same person: "Email 2" where no column names a second person, and an email beside the one
    /// that another column is.
    pub(super) fn further(&mut self) {
        let (kind, groups) = (self.kind, &self.kind.groups);
        for at in 0..self.columns.len() {
            let Some(column) = &self.columns[at] else { continue };
            let is_rival = column.field.is_none() && column.by == MatchedBy::Name;
            let said = column.field.as_ref().or(column.rival.as_ref().filter(|_| is_rival));
            let Some(field) = said.and_then(|slug| kind.field(slug.as_str())) else { continue };
            let of = |group: u8, slug: &str| groups.field(kind.fields, group, slug);
            let named = [groups.whole, groups.behind].into_iter().chain(["given_name", "family_name"]);
            let has_person =
                |group: u8| named.clone().any(|slug| of(group, slug).is_some_and(|of| self.has(of.slug)));
            let is_second = match field.group {
                1 => is_rival,
                group if (2..=groups.numbered).contains(&group) => {
                    !has_person(group) && has_person(1) && !groups.says_whom(&self.headers[at])
                }
                _ => false,
            };
            let first = groups
                .further
                .iter()
                .find(|(slug, _)| of(field.group, slug).is_some_and(|of| of.slug == field.slug));
            let free = first
                .filter(|_| is_second)
                .and_then(|(_, others)| others.iter().find(|other| !self.has(other)));
            if let Some(other) = free {
                self.columns[at] = Some(ColumnMatch::of(kind.field(other), MatchedBy::Name));
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
            // "Emergency contact" is a mark, not whom somebody else is called.
            if self.kind.usual(header).is_some_and(|field| field.group != group) {
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
