//! The rows of a list of students: first the page that the server rendered, then the whole roll in the
//! browser's memory, so that filters apply within a frame.

use std::sync::Arc;

use domain::ids::{PersonId, SchoolId};
use domain::roll::filter::RollFilter;
use domain::roll::page::{RollFacets, RollPage};
use domain::roll::selection::Selection;
use domain::roll::snapshot::{RollMatches, RollSnapshot, RollSort};
use domain::roll::views::RollRow;
use leptos::prelude::*;
use leptos::reactive::computed::suspense::SuspenseContext;
use uuid::Uuid;

use super::filters;
use crate::error::{AppError, AppResult};
use crate::features::office::layout::OfficeUser;
use crate::features::roll::api::list_roll;
use crate::ui::fetch::get_text;
use crate::ui::live::effect;
use crate::ui::memo::{Derived, memo};
use crate::ui::table::{
    AnyKind, AnyRow, Choices, FilterField, Filters, Kind, Picked, Picks, Sort, Source, TableRows,
};
use crate::ui::time::TimeWords;
use crate::ui::toast::ToastRack;

/// The rows of one list.
#[derive(Clone, Copy)]
pub struct RollStore {
    /// The filters as they are set.
    pub filters: Filters,
    /// Puts times into words.
    pub words: TimeWords,
    kind: &'static Kind<RollRow>,
    filter: Derived<RollFilter>,
    sort: RwSignal<Sort>,
    /// The server's page, shown on a first visit.
    first: Resource<AppResult<RollPage>>,
    snapshot: RwSignal<Option<Arc<RollSnapshot>>>,
    found: Derived<Option<Arc<RollMatches>>>,
    version: RwSignal<u32>,
    school: SchoolId,
}

impl RollStore {
    /// Creates this page's store. `only` narrows every filter, for example to people without an account.
    pub fn new(
        kind: &'static Kind<RollRow>,
        fields: &'static [FilterField],
        only: fn(&mut RollFilter),
    ) -> Self {
        let school = OfficeUser::get().school();
        let words = TimeWords::here();
        let filters = Filters::new(fields);
        let filter = memo(move || {
            let mut filter = filters::read(filters);
            only(&mut filter);
            filter
        });
        let sort = RwSignal::new(Sort::by(BY_NAME));
        let snapshot = RwSignal::new(None::<Arc<RollSnapshot>>);
        let version = RwSignal::new(0);
        // The server is asked only until the browser has loaded the roll.
        let asked = Memo::new(move |before: Option<&(u32, RollFilter)>| match before {
            Some(before) if snapshot.with(Option::is_some) => before.clone(),
            _ => (version.get(), filter.get()),
        });
        let first = Resource::new(move || asked.get(), move |(_, filter)| list_roll(school, filter, None));
        // Only the search words change as someone types.
        let rest = memo(move || RollFilter { q: String::new(), ..filter.get() });
        let narrowed = memo(move || {
            let snapshot = snapshot.get()?;
            Some(Arc::new(rest.with(|rest| snapshot.narrow(rest, words.now))))
        });
        let found = memo(move || {
            let (snapshot, narrowed) = (snapshot.get()?, narrowed.get()?);
            let mut found = snapshot.search(&narrowed, &filter.with(RollFilter::words));
            let sort = sort.get();
            if sort != Sort::by(BY_NAME) {
                snapshot.sort(&mut found.rows, order(sort.by), sort.descending, words.now);
            }
            Some(Arc::new(found))
        });
        // Values derived from the page are read only after `Ready` or the table has waited for it. Leptos
        // cannot see that, and would warn of each read if there were no suspense context.
        provide_context(SuspenseContext { tasks: ArcRwSignal::default() });
        let store = Self { filters, words, kind, filter, sort, first, snapshot, found, version, school };
        let of = memo(move || filters.get("of"));
        effect(move || {
            store.version.track();
            store.load(of.get());
        });
        store
    }

    /// Loads the roll, or this part of it, into the browser.
    fn load(self, of: String) {
        let rack = ToastRack::get();
        leptos::task::spawn_local(async move {
            let part = if of.is_empty() { of } else { format!("?of={of}") };
            let text = get_text(&format!("/roll/{}/snapshot{part}", self.school)).await;
            match text.map(|text| RollSnapshot::from_text(&text)) {
                Ok(Ok(snapshot)) => {
                    self.snapshot.try_set(Some(Arc::new(snapshot)));
                }
                Ok(Err(error)) => rack.say(error.to_string()),
                Err(error) => rack.say(error.message),
            }
        });
    }

    /// The rows for a table.
    pub fn rows(self) -> TableRows {
        TableRows::new(self)
    }

    /// The choices of the filter fields.
    pub fn choices(self) -> Choices {
        let own = |label: String| (label.clone(), label);
        Callback::new(move |field| match field {
            "year" => self.facets().years.into_iter().map(own).collect(),
            "group" => self.facets().groups.into_iter().map(own).collect(),
            _ => filters::choices(field),
        })
    }

    /// What the list shows.
    pub fn filter(self) -> RollFilter {
        self.filter.get()
    }

    /// The selection, in the form the server expects.
    pub fn selection(self, picks: Picks) -> Selection {
        match picks.get() {
            Picked::Ids(_) => Selection::People { ids: picks.ids() },
            Picked::Matching(_) => Selection::Matching { filter: self.filter.get() },
        }
    }

    /// Reloads everything after a change.
    pub fn reload(self) {
        self.version.update(|version| *version += 1);
    }

    /// Increases with every [`Self::reload`].
    pub fn version(self) -> u32 {
        self.version.get()
    }

    /// Visits the rows of some people, shown or not, as far as they are loaded.
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

    /// The number of matching students.
    pub fn matching(self) -> usize {
        match self.found.get() {
            Some(found) => found.rows.len(),
            None => self.page(|page| page.total as usize).unwrap_or_default(),
        }
    }

    /// The counts beside the filters.
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

impl Source for RollStore {
    fn kind(&self) -> &'static dyn AnyKind {
        self.kind
    }

    fn waits(&self) -> bool {
        true
    }

    fn is_there(&self) -> bool {
        self.first.with(Option::is_some)
    }

    fn trouble(&self) -> Option<AppError> {
        if self.snapshot.with(Option::is_some) {
            return None;
        }
        self.first.with(|page| page.as_ref().and_then(|page| page.as_ref().err().cloned()))
    }

    fn total(&self) -> Option<usize> {
        Some(self.matching())
    }

    /// All matching rows, or the server's page.
    fn at_hand(&self) -> usize {
        match self.found.get() {
            Some(found) => found.rows.len(),
            None => self.page(|page| page.rows.len()).unwrap_or_default(),
        }
    }

    fn row(&self, place: usize) -> Option<AnyRow> {
        let row = match (self.snapshot.get(), self.found.get()) {
            (Some(snapshot), Some(found)) => found.rows.get(place).map(|row| snapshot.row(*row as usize)),
            _ => self.page(|page| page.rows.get(place).cloned()).flatten(),
        };
        row.map(AnyRow::new)
    }

    /// Without building the row.
    fn id(&self, place: usize) -> Option<Uuid> {
        let person = match (self.snapshot.get(), self.found.get()) {
            (Some(snapshot), Some(found)) => found.rows.get(place).map(|row| snapshot.person(*row as usize)),
            _ => self.page(|page| page.rows.get(place).map(|row| row.person)).flatten(),
        };
        person.map(|person| person.0)
    }

    fn ids(&self) -> Vec<Uuid> {
        match (self.snapshot.get(), self.found.get()) {
            (Some(snapshot), Some(found)) => {
                found.rows.iter().map(|row| snapshot.person(*row as usize).0).collect()
            }
            _ => self.page(|page| page.rows.iter().map(|row| row.person.0).collect()).unwrap_or_default(),
        }
    }

    fn sort(&self) -> Option<RwSignal<Sort>> {
        Some(self.sort)
    }
}

/// The slug of the column that lists are sorted by initially.
const BY_NAME: &str = "student";

/// The sort order of a column.
fn order(column: &str) -> RollSort {
    match column {
        "group" | "year" => RollSort::Group,
        "number" => RollSort::Number,
        "username" => RollSort::Username,
        "status" => RollSort::Status,
        "last-sign-in" => RollSort::LastSignIn,
        _ => RollSort::Name,
    }
}
