//! Which people are picked. Picks are people, not rows: they survive filtering, sorting and scrolling.

use std::collections::HashSet;

use domain::ids::PersonId;
use leptos::prelude::*;

/// The picked people of one register.
#[derive(Clone, Copy)]
pub struct Picks {
    people: RwSignal<HashSet<PersonId>>,
}

impl Default for Picks {
    fn default() -> Self {
        Self { people: RwSignal::new(HashSet::new()) }
    }
}

impl Picks {
    /// How many are picked.
    pub fn count(self) -> usize {
        self.people.with(HashSet::len)
    }

    /// Whether this person is picked.
    pub fn holds(self, person: PersonId) -> bool {
        self.people.with(|people| people.contains(&person))
    }

    /// How many of these are picked.
    pub fn count_of(self, people: impl FnOnce() -> Vec<PersonId>) -> usize {
        self.people.with(|picked| {
            // With nobody picked, a key in the search need not go through everyone it finds.
            if picked.is_empty() {
                0
            } else {
                people().iter().filter(|person| picked.contains(person)).count()
            }
        })
    }

    /// Picks or leaves people.
    pub fn set(self, people: impl IntoIterator<Item = PersonId>, picked: bool) {
        self.people.update(|set| {
            if picked {
                set.extend(people);
            } else {
                for person in people {
                    set.remove(&person);
                }
            }
        });
    }

    /// Picks a person, or leaves them if they were picked.
    pub fn toggle(self, person: PersonId) {
        let picked = self.people.with_untracked(|people| people.contains(&person));
        self.set([person], !picked);
    }

    /// Leaves everyone.
    pub fn clear(self) {
        self.people.update(HashSet::clear);
    }

    /// The people, in the order of their ids: the same picks are the same list.
    pub fn to_vec(self) -> Vec<PersonId> {
        let mut people: Vec<_> = self.people.with_untracked(|people| people.iter().copied().collect());
        people.sort_unstable();
        people
    }
}
