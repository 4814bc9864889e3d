//! A field that a column of a file can hold.

use super::deciding::Deciding;
use super::names::{Fits, HeaderNames, Strength};

/// The type of a column's cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellType {
    /// Text.
    Text,
    /// Dates. The order of day and month is detected from the whole column.
    Dates,
    /// Values that decide whether a row is imported.
    Decides(&'static Deciding),
}

/// A field that a column can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportField {
    /// The name in the database, in forms and on the command line.
    pub slug: &'static str,
    /// The label on pages and in the template.
    pub label: &'static str,
    /// The type of its cells.
    pub holds: CellType,
    /// An example value, for people who make a file by hand.
    pub example: &'static str,
    /// Its names in other systems.
    pub names: HeaderNames,
    /// Further strong names in files of one kind.
    pub also: &'static [&'static str],
    /// What the values look like, where the name alone does not say it.
    pub fits: Fits,
    /// The two fields that hold parts of this one, in the order in which it has them. If both have columns, it is
    /// left out. The template has only the parts.
    pub parts: &'static [&'static str],
    /// The field that is meant if no column has it.
    pub stands_for: Option<&'static str>,
    /// The words that say no more than the field in a name that suggests it, if a column with another word may be
    /// about someone else, so that it is asked about: the "Abc" of "Abc email" may be anybody.
    pub plain_words: &'static [&'static str],
    /// Whether the template has a column for it.
    pub in_template: bool,
    /// The group of columns it belongs to, in files with several people in a row: see [`super::groups`]. 0 is the row.
    pub group: u8,
}

impl ImportField {
    /// A text field.
    pub const fn text(
        slug: &'static str,
        label: &'static str,
        example: &'static str,
        names: &'static [&'static str],
    ) -> Self {
        Self {
            slug,
            label,
            holds: CellType::Text,
            example,
            names: HeaderNames { strong: names, ..HeaderNames::NONE },
            also: &[],
            fits: Fits::Anything,
            parts: &[],
            stands_for: None,
            plain_words: &[],
            in_template: true,
            group: 0,
        }
    }

    /// A date field.
    pub const fn dates(
        slug: &'static str,
        label: &'static str,
        example: &'static str,
        names: &'static [&'static str],
    ) -> Self {
        Self { holds: CellType::Dates, ..Self::text(slug, label, example, names) }
    }

    /// A field that decides whether a row is imported.
    pub const fn decides(
        slug: &'static str,
        label: &'static str,
        example: &'static str,
        names: &'static [&'static str],
        deciding: &'static Deciding,
    ) -> Self {
        let field = Self::text(slug, label, example, names);
        Self { holds: CellType::Decides(deciding), in_template: false, ..field }
    }

    /// How it decides, if it does.
    pub fn deciding(&self) -> Option<&'static Deciding> {
        match self.holds {
            CellType::Decides(deciding) => Some(deciding),
            CellType::Text | CellType::Dates => None,
        }
    }

    /// Sets its names by strength. Browsers never match headers, so their program has no names.
    #[must_use]
    pub const fn known_as(self, names: HeaderNames) -> Self {
        Self { names: if cfg!(target_arch = "wasm32") { HeaderNames::NONE } else { names }, ..self }
    }

    /// The same field in another group of columns. Its headers are those of the first one with the group's name.
    #[must_use]
    pub const fn in_group(self, group: u8, slug: &'static str, label: &'static str) -> Self {
        let names = HeaderNames::NONE;
        Self { group, slug, label, names, also: &[], parts: &[], in_template: false, ..self }
    }

    /// Adds strong names used in files of one kind.
    #[must_use]
    pub const fn also(self, names: &'static [&'static str]) -> Self {
        Self { also: if cfg!(target_arch = "wasm32") { &[] } else { names }, ..self }
    }

    /// Sets the words that say no more than the field.
    #[must_use]
    pub const fn plainly(self, words: &'static [&'static str]) -> Self {
        Self { plain_words: if cfg!(target_arch = "wasm32") { &[] } else { words }, ..self }
    }

    /// How strongly this name means the field, folded by [`header_key`].
    pub(super) fn strength(&self, key: &str) -> Option<Strength> {
        if self.also.contains(&key) { Some(Strength::Strong) } else { self.names.strength(key) }
    }
}
