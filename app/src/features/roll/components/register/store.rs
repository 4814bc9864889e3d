//! Where a register's rows come from: first the page that the server rendered, then the whole roll held in the browser,
//! so that a filter answers within a frame.

use std::sync::Arc;
use std::time::Duration;

use domain::ids::{PersonId, SchoolId};
use domain::roll::filter::RollFilter;
use domain::roll::page::{RollFacets, RollPage};
use domain::roll::snapshot::{Found, RollSnapshot, RollSort};
use domain::roll::views::RollRow;
use leptos::prelude::*;
use leptos::reactive::computed::suspense::SuspenseContext;
use leptos_router::hooks::use_query_map;

use super::address;
use crate::error::AppResult;
use crate::features::office::layout::Desk;
use crate::features::roll::api::list_roll;
use crate::ui::fetch::get_text;
use crate::ui::memo::{Derived, memo};
use crate::ui::time::Words;
use crate::ui::toast::ToastRack;

/// How long typing pauses before the address bar shows the filter.
const PAUSE: Duration = Duration::from_millis(250);

/// The rows of one register.
#[derive(Clone, Copy)]
pub struct RollStore {
    /// What is shown.
    pub filter: RwSignal<RollFilter>,
    /// In which order, and whether turned round.
    pub sort: RwSignal<(RollSort, bool)>,
    /// The server's page: what a first visit sees.
    pub first: Resource<AppResult<RollPage>>,
    /// Turns moments into words.
    pub words: Words,
    snapshot: RwSignal<Option<Arc<RollSnapshot>>>,
    found: Derived<Option<Arc<Found>>>,
    version: RwSignal<u32>,
    school: SchoolId,
}

impl RollStore {
    /// The store of this page; the filter is the address's. `only` narrows every filter, such as to people without an
    /// account.
    pub fn new(only: fn(&mut RollFilter)) -> Self {
        let desk = Desk::get();
        let school = desk.school();
        let words = desk.0.with_value(crate::features::office::me::Me::words);
        let query = use_query_map();
        let from_address = move || {
            let mut filter = query.with(|map| address::read(|name| map.get(name)));
            only(&mut filter);
            filter
        };
        let filter = RwSignal::new(untrack(from_address));
        let sort = RwSignal::new((RollSort::default(), false));
        let snapshot = RwSignal::new(None::<Arc<RollSnapshot>>);
        let version = RwSignal::new(0);
        // A link on the page, such as a figure of the summary, changes the address: the filter follows.
        Effect::new(move |before: Option<RollFilter>| {
            let now = from_address();
            if before.is_some_and(|before| before != now) {
                filter.set(now.clone());
            }
            now
        });
        // The server is asked again only while the browser does not hold the roll yet.
        let asked = Memo::new(move |before: Option<&(u32, RollFilter)>| match before {
            Some(before) if snapshot.with(Option::is_some) => before.clone(),
            _ => (version.get(), filter.get()),
        });
        let first = Resource::new(move || asked.get(), move |(_, filter)| list_roll(school, filter, None));
        // Everything but the words stays as it is while someone types.
        let rest = memo(move || RollFilter { q: String::new(), ..filter.get() });
        let narrowed = memo(move || {
            let snapshot = snapshot.get()?;
            Some(Arc::new(rest.with(|rest| snapshot.narrow(rest, words.now))))
        });
        let found = memo(move || {
            let (snapshot, narrowed) = (snapshot.get()?, narrowed.get()?);
            let mut found = snapshot.search(&narrowed, &filter.with(RollFilter::words));
            let (by, descending) = sort.get();
            if (by, descending) != (RollSort::default(), false) {
                snapshot.sort(&mut found.rows, by, descending, words.now);
            }
            Some(Arc::new(found))
        });
        // What is derived from the page is read only where `Ready` or the table has waited for it. Leptos, which cannot
        // see that, warns of each such reading unless something waits around it as well.
        provide_context(SuspenseContext { tasks: ArcRwSignal::default() });
        let store = Self { filter, sort, first, words, snapshot, found, version, school };
        Effect::new(move || {
            store.version.track();
            store.load();
        });
        // Not with every key: it takes the browser half a frame.
        let mut show = debounce(PAUSE, show_address);
        Effect::new(move |before: Option<()>| {
            let query = filter.with(address::write);
            if before.is_some() {
                show(query);
            }
        });
        store
    }

    /// Brings the roll into the browser.
    fn load(self) {
        let rack = ToastRack::get();
        leptos::task::spawn_local(async move {
            let text = get_text(&format!("/roll/{}/snapshot", self.school)).await;
            match text.map(|text| RollSnapshot::from_text(&text)) {
                Ok(Ok(snapshot)) => {
                    self.snapshot.try_set(Some(Arc::new(snapshot)));
                }
                Ok(Err(error)) => rack.say(error.to_string()),
                Err(error) => rack.say(error.message),
            }
        });
    }

    /// Asks for everything again, after something was changed.
    pub fn reload(self) {
        self.version.update(|version| *version += 1);
    }

    /// Counts up with every [`Self::reload`].
    pub fn version(self) -> u32 {
        self.version.get()
    }

    /// Goes through the rows of some people, shown or not, as far as they are at hand.
    pub fn rows_of(self, whom: impl Fn(PersonId) -> bool, mut read: impl FnMut(&RollRow)) {
        match self.snapshot.get() {
            Some(snapshot) => {
                for (at, person) in snapshot.persons().iter().enumerate() {
                    if whom(*person) {
                        read(&snapshot.row(at));
                    }
                }
            }
            None => {
                self.page(|page| page.rows.iter().filter(|row| whom(row.person)).for_each(read));
            }
        }
    }

    /// Why there is nothing to show, if that is so.
    pub fn trouble(self) -> Option<crate::error::AppError> {
        if self.is_loaded() {
            return None;
        }
        self.first.with(|page| page.as_ref().and_then(|page| page.as_ref().err().cloned()))
    }

    /// Whether the whole roll is here.
    pub fn is_loaded(self) -> bool {
        self.snapshot.with(Option::is_some)
    }

    /// Whether the server's page is there; the page waits until it is.
    pub fn is_there(self) -> bool {
        self.first.with(Option::is_some)
    }

    /// How many students match.
    pub fn total(self) -> usize {
        match self.found.get() {
            Some(found) => found.rows.len(),
            None => self.page(|page| page.total as usize).unwrap_or_default(),
        }
    }

    /// How many rows can be shown now: all that match, or the server's page.
    pub fn at_hand(self) -> usize {
        match self.found.get() {
            Some(found) => found.rows.len(),
            None => self.page(|page| page.rows.len()).unwrap_or_default(),
        }
    }

    /// A row by its place in the list.
    pub fn row(self, place: usize) -> Option<RollRow> {
        match (self.snapshot.get(), self.found.get()) {
            (Some(snapshot), Some(found)) => found.rows.get(place).map(|row| snapshot.row(*row as usize)),
            _ => self.page(|page| page.rows.get(place).cloned()).flatten(),
        }
    }

    /// Who stands at a place, without making the row.
    pub fn person(self, place: usize) -> Option<PersonId> {
        match (self.snapshot.get(), self.found.get()) {
            (Some(snapshot), Some(found)) => found.rows.get(place).map(|row| snapshot.person(*row as usize)),
            _ => self.page(|page| page.rows.get(place).map(|row| row.person)).flatten(),
        }
    }

    /// Everyone who matches, as far as they are at hand.
    pub fn people(self) -> Vec<PersonId> {
        match (self.snapshot.get(), self.found.get()) {
            (Some(snapshot), Some(found)) => {
                found.rows.iter().map(|row| snapshot.person(*row as usize)).collect()
            }
            _ => self.page(|page| page.rows.iter().map(|row| row.person).collect()).unwrap_or_default(),
        }
    }

    /// The figures beside the filters.
    pub fn facets(self) -> RollFacets {
        match self.found.get() {
            Some(found) => found.facets.clone(),
            None => self.page(|page| page.facets.clone()).unwrap_or_default(),
        }
    }

    fn page<T>(self, read: impl FnOnce(&RollPage) -> T) -> Option<T> {
        self.first.with(|page| page.as_ref().and_then(|page| page.as_ref().ok()).map(read))
    }
}

/// Puts a query into the address bar without loading anything.
fn show_address(query: String) {
    let Ok(path) = window().location().pathname() else { return };
    let address = if query.is_empty() { path } else { format!("{path}?{query}") };
    if let Ok(history) = window().history() {
        let state = history.state().unwrap_or_default();
        // A browser that forbids it only keeps the old address.
        let _ = history.replace_state_with_url(&state, "", Some(&address));
    }
}
