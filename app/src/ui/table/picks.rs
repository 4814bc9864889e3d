//! Selected rows. Stored as ids rather than indexes, so that they survive filtering, sorting and scrolling.

use std::collections::HashSet;

use leptos::prelude::*;
use uuid::Uuid;

use crate::ui::draft;

/// The selection in a table.
#[derive(Clone, Copy)]
pub struct Picks {
    picked: RwSignal<Picked>,
}

/// The selected rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picked {
    /// Rows with these ids.
    Ids(HashSet<Uuid>),
    /// All rows that match the current filters, and their number: the browser has not loaded them all.
    /// Cleared when a filter changes.
    Matching(usize),
}

impl Default for Picks {
    fn default() -> Self {
        Self { picked: RwSignal::new(Picked::default()) }
    }
}

impl Default for Picked {
    fn default() -> Self {
        Self::Ids(HashSet::new())
    }
}

impl Picked {
    /// The number of rows.
    pub fn count(&self) -> usize {
        match self {
            Self::Ids(ids) => ids.len(),
            Self::Matching(many) => *many,
        }
    }

    /// As text, for a draft; `None` if nothing is selected.
    fn to_text(&self) -> Option<String> {
        match self {
            Self::Ids(ids) if ids.is_empty() => None,
            Self::Ids(ids) => Some(ids.iter().map(Uuid::to_string).collect::<Vec<_>>().join(" ")),
            Self::Matching(many) => Some(format!("{MATCHING}{many}")),
        }
    }

    fn from_text(text: &str) -> Self {
        match text.strip_prefix(MATCHING) {
            Some(many) => many.parse().map(Self::Matching).unwrap_or_default(),
            None => Self::Ids(text.split(' ').filter_map(|id| id.parse().ok()).collect()),
        }
    }

    fn holds(&self, id: Uuid) -> bool {
        match self {
            Self::Ids(ids) => ids.contains(&id),
            Self::Matching(_) => true,
        }
    }

    fn set(&mut self, ids: impl IntoIterator<Item = Uuid>, picked: bool) {
        // Deselecting one of "all that match" starts over, because the others are not known here.
        if !matches!(self, Self::Ids(_)) {
            *self = Self::default();
        }
        let Self::Ids(set) = self else { return };
        if picked {
            set.extend(ids);
        } else {
            for id in ids {
                set.remove(&id);
            }
        }
    }
}

/// What a draft of "all that match" begins with.
const MATCHING: char = '*';

impl Picks {
    /// Keeps the selection of this list over a reload.
    pub fn keep(self, list: &str) {
        let picked = self.picked;
        draft::keep(
            format!("selection {list}"),
            Box::new(move || picked.with(Picked::to_text)),
            Box::new(move |text| picked.set(Picked::from_text(text))),
        );
    }

    /// The selection.
    pub fn get(self) -> Picked {
        self.picked.get()
    }

    /// The number of selected rows.
    pub fn count(self) -> usize {
        self.picked.with(Picked::count)
    }

    /// Whether this row is selected.
    pub fn holds(self, id: impl Into<Uuid>) -> bool {
        self.picked.with(|picked| picked.holds(id.into()))
    }

    /// Whether all matching rows are selected without being known individually.
    pub fn is_matching(self) -> bool {
        self.picked.with(|picked| matches!(picked, Picked::Matching(_)))
    }

    /// How many of these are selected.
    pub fn count_of(self, ids: impl FnOnce() -> Vec<Uuid>) -> usize {
        self.picked.with(|picked| match picked {
            // If nothing is selected, typing in the search need not go through all results.
            Picked::Ids(set) if set.is_empty() => 0,
            picked => ids().iter().filter(|id| picked.holds(**id)).count(),
        })
    }

    /// Selects or deselects rows.
    pub fn set(self, ids: impl IntoIterator<Item = Uuid>, picked: bool) {
        self.picked.update(|set| set.set(ids, picked));
    }

    /// Selects all matching rows by filter, and their number.
    pub fn set_matching(self, many: usize) {
        self.picked.set(Picked::Matching(many));
    }

    /// Selects a row, or deselects it if it was selected.
    pub fn toggle(self, id: Uuid) {
        let picked = self.picked.with_untracked(|picked| picked.holds(id));
        self.set([id], !picked);
    }

    /// Clears the selection.
    pub fn clear(self) {
        self.picked.set(Picked::default());
    }

    /// The ids in order, so that equal selections give equal lists. Empty if all matching rows are selected
    /// by filter.
    pub fn ids<I: From<Uuid>>(self) -> Vec<I> {
        let mut ids: Vec<Uuid> = self.picked.with_untracked(|picked| match picked {
            Picked::Ids(ids) => ids.iter().copied().collect(),
            Picked::Matching(_) => Vec::new(),
        });
        ids.sort_unstable();
        ids.into_iter().map(I::from).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_of_a_selection_is_read_as_it_was() {
        let [one, other] = [Uuid::from_u128(1), Uuid::from_u128(2)];
        for picked in [Picked::Matching(1208), Picked::Ids(HashSet::from([one, other]))] {
            assert_eq!(Picked::from_text(&picked.to_text().unwrap()), picked);
        }
        assert_eq!(Picked::default().to_text(), None);
        assert_eq!(Picked::from_text("* x"), Picked::default());
    }

    #[test]
    fn all_that_match_hold_every_row_until_one_is_left() {
        let [one, other] = [Uuid::from_u128(1), Uuid::from_u128(2)];
        let mut picked = Picked::Matching(1208);
        assert!(picked.holds(one) && picked.count() == 1208);
        picked.set([one], false);
        assert_eq!((picked.count(), picked.holds(other)), (0, false));
        picked.set([one, other], true);
        picked.set([other], false);
        assert_eq!(picked, Picked::Ids(HashSet::from([one])));
    }
}
