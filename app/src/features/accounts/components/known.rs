//! The people of a plan and the taken usernames that it could clash with, kept complete while staff change how
//! usernames are made. The server sends no other usernames.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use domain::accounts::naming::{Candidates, Naming};
use domain::ids::{PersonId, SchoolId};
use domain::roll::selection::Selection;
use leptos::prelude::*;

use crate::error::AppError;
use crate::features::accounts::api::{find_candidates, find_taken};
use crate::ui::live::effect;

/// How long to wait after the last letter before the server is asked.
const PAUSE: Duration = Duration::from_millis(250);

/// What a plan is made from in the browser.
#[derive(Clone, Copy)]
pub struct KnownCandidates {
    /// The people and the taken usernames, once they are there.
    pub found: RwSignal<Option<Arc<Candidates>>>,
    /// Why they are not.
    pub trouble: RwSignal<Option<AppError>>,
    school: SchoolId,
    selection: StoredValue<Selection>,
    naming: Signal<Naming>,
    /// The naming that the server was last asked about.
    asked: StoredValue<Naming>,
    /// Whether something was typed that it was not asked about yet.
    stale: RwSignal<bool>,
    /// The number of answers to come.
    awaited: RwSignal<u32>,
}

impl KnownCandidates {
    /// Loads them in the browser, and follows `naming`.
    pub fn follow(school: SchoolId, selection: Selection, naming: Signal<Naming>) -> Self {
        let known = Self {
            found: RwSignal::new(None),
            trouble: RwSignal::new(None),
            school,
            selection: StoredValue::new(selection),
            naming,
            asked: StoredValue::new(Naming::default()),
            stale: RwSignal::new(false),
            awaited: RwSignal::new(0),
        };
        let mut ask_later = debounce(PAUSE, move |()| known.ask());
        let mut is_first = true;
        effect(move || {
            naming.track();
            if std::mem::take(&mut is_first) {
                known.load();
            } else if naming.with_untracked(|naming| known.unasked(naming)).is_some() {
                known.stale.set(true);
                ask_later(());
            }
        });
        known
    }

    /// Whether a plan made now may still change when the server answers.
    pub fn is_waiting(self) -> bool {
        self.stale.get() || self.awaited.get() > 0
    }

    /// Loads everything again.
    pub fn load(self) {
        let naming = self.naming.get_untracked();
        let selection = self.selection.get_value();
        self.asked.set_value(naming.clone());
        self.awaited.update(|awaited| *awaited += 1);
        leptos::task::spawn_local(async move {
            let answer = find_candidates(self.school, selection, naming).await;
            match answer {
                Ok(found) => drop(self.found.try_set(Some(Arc::new(found)))),
                Err(error) => drop(self.trouble.try_set(Some(error))),
            }
            self.awaited.try_update(|awaited| *awaited -= 1);
        });
    }

    /// The people for whom the usernames that could clash are not known yet, and how theirs are made.
    fn unasked(self, naming: &Naming) -> Option<(Selection, Naming)> {
        self.asked.with_value(|asked| {
            if asked.template != naming.template {
                return Some((self.selection.get_value(), naming.clone()));
            }
            let typed: BTreeMap<PersonId, String> = naming
                .typed
                .iter()
                .filter(|(person, typed)| asked.typed.get(person) != Some(typed))
                .map(|(person, typed)| (*person, typed.clone()))
                .collect();
            let ids = typed.keys().copied().collect::<Vec<_>>();
            let theirs = Naming { template: naming.template.clone(), typed, ..Naming::default() };
            (!ids.is_empty()).then_some((Selection::People { ids }, theirs))
        })
    }

    fn ask(self) {
        let naming = self.naming.get_untracked();
        self.stale.set(false);
        let Some((selection, theirs)) = self.unasked(&naming) else { return };
        self.asked.set_value(naming);
        self.awaited.update(|awaited| *awaited += 1);
        leptos::task::spawn_local(async move {
            match find_taken(self.school, selection, theirs).await {
                Ok(taken) => {
                    self.found.try_update(|found| {
                        if let Some(found) = found {
                            Arc::make_mut(found).taken.extend(Vec::from(taken));
                        }
                    });
                }
                Err(error) => drop(self.trouble.try_set(Some(error))),
            }
            self.awaited.try_update(|awaited| *awaited -= 1);
        });
    }
}
