//! Columns that decide although their names do not say so: `Type` with Student and Teacher, `State` with Active and
//! Left. They are told by their values, which must all be known.

use super::super::deciding::Deciding;
use super::super::kind::ImportField;
use super::super::mapping::{ColumnMatch, MatchedBy};
use super::super::names::mentions;
use super::Matching;

/// Words that show what someone else is, but not in the name of a column whose values say what a row is about.
const PLAIN: &[&str] =
    &["type", "kind", "status", "state", "flag", "enabled", "former", "role", "count", "head"];

impl Matching<'_> {
    /// Gives columns that no name has matched to the fields that decide. One that is usually called so is taken; about
    /// another, someone must choose, because its values could be about something else.
    pub(super) fn deciding_by_values(&mut self) {
        let kind = self.kind;
        let deciding = || kind.fields.iter().filter_map(|field| Some((field, field.deciding()?)));
        let found: Vec<(usize, &'static Deciding, bool)> =
            self.free().filter_map(|at| self.decides(at, deciding().map(|(_, of)| of))).collect();
        for (at, (_, of)) in deciding().enumerate() {
            if deciding().take(at).any(|(_, earlier)| std::ptr::eq(earlier, of)) {
                continue;
            }
            let claimants = |is_called: bool| {
                let mut columns: Vec<usize> = found
                    .iter()
                    .filter(|(_, by, called)| std::ptr::eq(*by, of) && *called == is_called)
                    .map(|(at, ..)| *at)
                    .collect();
                columns.sort_by_key(|at| &self.keys[*at]);
                columns
            };
            let (called, others) = (claimants(true), claimants(false));
            let fields: Vec<&'static ImportField> =
                deciding().filter(|(_, by)| std::ptr::eq(*by, of)).map(|(field, _)| field).collect();
            self.share(&fields, &called, MatchedBy::Name);
            self.share(&fields, &others, MatchedBy::Contested);
        }
    }

    /// Gives columns to the fields that no column has. If there are too few, someone must choose.
    fn share(&mut self, fields: &[&'static ImportField], columns: &[usize], by: MatchedBy) {
        let open: Vec<&ImportField> = fields.iter().copied().filter(|field| !self.has(field.slug)).collect();
        let is_shared = columns.len() <= open.len();
        for (nth, at) in columns.iter().enumerate() {
            self.columns[*at] = Some(match (open.get(if is_shared { nth } else { 0 }), fields.first()) {
                (Some(field), _) if is_shared && by == MatchedBy::Name => ColumnMatch::of(Some(field), by),
                (Some(field), _) => ColumnMatch::rival(field, MatchedBy::Contested),
                (None, Some(field)) => ColumnMatch::rival(field, MatchedBy::Name),
                (None, None) => return,
            });
        }
    }

    /// How a column decides, told by its values, and whether it is usually called so.
    fn decides(
        &self,
        at: usize,
        mut all: impl Iterator<Item = &'static Deciding>,
    ) -> Option<(usize, &'static Deciding, bool)> {
        let header = &self.headers[at];
        all.find_map(|of| {
            let is_called = of.is_loosely_called(header);
            let others = self.kind.not_about.iter().copied().flatten().copied();
            let others = others.filter(|word| !PLAIN.contains(word) && of.meaning("", word).is_none());
            let is_shown = of.is_shown_by_all(self.values(at), is_called);
            (is_shown && (is_called || !mentions(header, others))).then_some((at, of, is_called))
        })
    }
}
