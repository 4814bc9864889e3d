//! Which rows are picked. Picks are ids, not places: they survive filtering, sorting and scrolling.

use std::collections::HashSet;

use leptos::prelude::*;
use uuid::Uuid;

/// What is picked in one table.
#[derive(Clone, Copy)]
pub struct Picks {
    picked: RwSignal<Picked>,
}

/// Rows that are picked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picked {
    /// These.
    Ids(HashSet<Uuid>),
    /// All that match the filters as they stand, so many: the browser does not hold them all. Gone when a filter changes.
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
    /// How many.
    pub fn count(&self) -> usize {
        match self {
            Self::Ids(ids) => ids.len(),
            Self::Matching(many) => *many,
        }
    }

    fn holds(&self, id: Uuid) -> bool {
        match self {
            Self::Ids(ids) => ids.contains(&id),
            Self::Matching(_) => true,
        }
    }

    fn set(&mut self, ids: impl IntoIterator<Item = Uuid>, picked: bool) {
        // Unpicking one of "all that match" starts over: which the others are is not known here.
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

impl Picks {
    /// What is picked.
    pub fn get(self) -> Picked {
        self.picked.get()
    }

    /// How many are picked.
    pub fn count(self) -> usize {
        self.picked.with(Picked::count)
    }

    /// Whether this one is picked.
    pub fn holds(self, id: impl Into<Uuid>) -> bool {
        self.picked.with(|picked| picked.holds(id.into()))
    }

    /// Whether all that match are picked, and which they are is not known here.
    pub fn is_matching(self) -> bool {
        self.picked.with(|picked| matches!(picked, Picked::Matching(_)))
    }

    /// How many of these are picked.
    pub fn count_of(self, ids: impl FnOnce() -> Vec<Uuid>) -> usize {
        self.picked.with(|picked| match picked {
            // With nothing picked, a key in the search need not go through everything that it finds.
            Picked::Ids(set) if set.is_empty() => 0,
            picked => ids().iter().filter(|id| picked.holds(**id)).count(),
        })
    }

    /// Picks or leaves some.
    pub fn set(self, ids: impl IntoIterator<Item = Uuid>, picked: bool) {
        self.picked.update(|set| set.set(ids, picked));
    }

    /// Picks all that match, so many, by filter.
    pub fn set_matching(self, many: usize) {
        self.picked.set(Picked::Matching(many));
    }

    /// Picks one, or leaves it if it was picked.
    pub fn toggle(self, id: Uuid) {
        let picked = self.picked.with_untracked(|picked| picked.holds(id));
        self.set([id], !picked);
    }

    /// Leaves all.
    pub fn clear(self) {
        self.picked.set(Picked::default());
    }

    /// The ids, in their order: the same picks are the same list. Empty while all that match are picked by filter.
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
