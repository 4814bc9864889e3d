//! What a file must have, and what it usually has.

use super::kind::{ImportDeclaration, ImportField};

/// What a file must have before its rows can be read, or usually has.
#[derive(Debug, Clone, Copy)]
pub struct FieldRequirement {
    /// One of these fields must have a column.
    pub any_of: &'static [&'static str],
    /// The sentence that says what to do.
    pub message: &'static str,
}

impl FieldRequirement {
    fn is_met(&self, has: &impl Fn(&str) -> bool) -> bool {
        self.any_of.iter().any(|slug| has(slug))
    }
}

impl ImportDeclaration {
    /// Returns the messages of unmet requirements. `has` tells whether a field has a column.
    pub fn missing(&self, has: impl Fn(&str) -> bool) -> Vec<&'static str> {
        let lacking = self.needs.iter().filter(|need| !need.is_met(&has));
        lacking.map(|need| need.message).collect()
    }

    /// Returns what a file usually has, and this one does not. What an unmet requirement says already is not said
    /// again.
    pub fn lacking(&self, has: impl Fn(&str) -> bool) -> Vec<&'static FieldRequirement> {
        let is_said = |expected: &FieldRequirement| {
            let mut unmet = self.needs.iter().filter(|need| !need.is_met(&has));
            unmet.any(|need| expected.any_of.iter().all(|slug| need.any_of.contains(slug)))
        };
        self.expects.iter().filter(|expected| !expected.is_met(&has) && !is_said(expected)).collect()
    }

    /// Whether every file must have this field.
    pub fn is_required(&self, field: &ImportField) -> bool {
        self.needs.iter().any(|need| need.any_of == [field.slug])
    }
}
