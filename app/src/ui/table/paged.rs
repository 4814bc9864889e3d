//! Rows loaded from the server page by page, each page starting after the last row of the previous one.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use domain::lists::page::{Cursor, Page};
use leptos::prelude::*;
use leptos::reactive::computed::suspense::SuspenseContext;
use leptos_router::hooks::use_query_map;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::column::{AnyKind, AnyRow, ColumnHead, Kind};
use super::source::{Pages, Sort, Source};
use crate::error::{AppError, AppResult};
use crate::ui::live::effect;

/// The requirements for a row: it can be sent, drawn and identified.
pub trait PageRow: Clone + PartialEq + Send + Sync + Serialize + DeserializeOwned + 'static {}
impl<R: Clone + PartialEq + Send + Sync + Serialize + DeserializeOwned + 'static> PageRow for R {}

type Fetching<R> = Pin<Box<dyn Future<Output = AppResult<Page<R>>> + Send>>;

/// The pages of a list.
pub struct Paged<R: PageRow> {
    kind: &'static Kind<R>,
    /// The first page, which the server renders into the document.
    first: Resource<AppResult<Page<R>>>,
    further: RwSignal<LaterPages>,
    pages: Pages,
    sort: Option<RwSignal<Sort>>,
    /// A column, and what stands above it here.
    heading: Option<(&'static str, &'static str)>,
}

/// The pages after the first.
#[derive(Default)]
struct LaterPages {
    rows: Vec<AnyRow>,
    /// Whether any page has been loaded; until then the list continues from the first page.
    has_come: bool,
    /// Where the list continues after the last loaded page.
    next: Option<Cursor>,
    is_busy: bool,
    trouble: Option<AppError>,
    /// Increased when the list is reloaded, so that earlier requests are ignored.
    list: u32,
}

impl<R: PageRow> Paged<R> {
    /// Creates a list from the pages that `fetch` returns. `asked` is what the list depends on, such as its
    /// filters; when it changes, the list is reloaded. `fetch` receives that and the page's cursor, `None`
    /// for the first.
    pub fn new<Q, F>(
        kind: &'static Kind<R>,
        asked: impl Fn() -> Q + Copy + Send + Sync + 'static,
        fetch: impl Fn(Q, Option<Cursor>) -> F + Copy + Send + Sync + 'static,
    ) -> Self
    where
        Q: Clone + PartialEq + Send + Sync + 'static,
        F: Future<Output = AppResult<Page<R>>> + Send + 'static,
    {
        // Without scripts, the rest of a list is reached through links.
        let query = use_query_map();
        let after = move || query.with_untracked(|query| query.get("after")).map(Cursor::from);
        let first = Resource::new(asked, move |asked| fetch(asked, after()));
        let further = RwSignal::new(LaterPages::default());
        let mut is_first = true;
        effect(move || {
            first.track();
            if !std::mem::take(&mut is_first) {
                further.update(|further| {
                    *further = LaterPages { list: further.list + 1, ..LaterPages::default() };
                });
            }
        });
        // Values derived from the first page are read only after the table has waited for it. Leptos cannot
        // see that, and would warn of each read if there were no suspense context.
        provide_context(SuspenseContext { tasks: ArcRwSignal::default() });
        let fetch = Arc::new(move |cursor| -> Fetching<R> { Box::pin(fetch(untrack(asked), Some(cursor))) });
        Self { kind, first, further, pages: pages(first, further, fetch), sort: None, heading: None }
    }

    /// The same, in an order that people choose. What `asked` answers has to depend on it.
    #[must_use]
    pub fn sorted(self, sort: RwSignal<Sort>) -> Self {
        Self { sort: Some(sort), ..self }
    }

    /// The same, with another heading above a column.
    #[must_use]
    pub fn headed(self, column: &'static str, heading: &'static str) -> Self {
        Self { heading: Some((column, heading)), ..self }
    }
}

fn pages<R: PageRow>(
    first: Resource<AppResult<Page<R>>>,
    further: RwSignal<LaterPages>,
    fetch: Arc<dyn Fn(Cursor) -> Fetching<R> + Send + Sync>,
) -> Pages {
    let next = move || {
        let further = further.with(|further| further.has_come.then(|| further.next.clone()));
        let first = || first.with(|page| page.as_ref().and_then(|page| page.as_ref().ok()?.next.clone()));
        further.unwrap_or_else(first)
    };
    let more = move |then: Option<Callback<()>>| {
        let Some(cursor) = untrack(next) else { return };
        let (list, is_busy) = further.with_untracked(|further| (further.list, further.is_busy));
        if is_busy {
            return;
        }
        further.update(|further| (further.is_busy, further.trouble) = (true, None));
        let page = fetch(cursor);
        leptos::task::spawn_local(async move {
            let page = page.await;
            // The page may have been left, or the list reloaded.
            let went_on = further.try_update(|further| {
                if further.list != list {
                    return false;
                }
                further.is_busy = false;
                match page {
                    Ok(page) => {
                        further.rows.extend(page.rows.into_iter().map(AnyRow::new));
                        (further.has_come, further.next) = (true, page.next);
                        true
                    }
                    Err(error) => {
                        further.trouble = Some(error);
                        false
                    }
                }
            });
            if let (Some(true), Some(then)) = (went_on, then) {
                then.try_run(());
            }
        });
    };
    Pages {
        next: Signal::derive(move || next().map(|cursor| cursor.to_string())),
        trouble: Signal::derive(move || further.with(|further| further.trouble.clone())),
        busy: Signal::derive(move || further.with(|further| further.is_busy)),
        fetch: Callback::new(more),
    }
}

impl<R: PageRow> Paged<R> {
    fn page<T>(&self, read: impl FnOnce(&Page<R>) -> T) -> Option<T> {
        self.first.with(|page| page.as_ref().and_then(|page| page.as_ref().ok()).map(read))
    }
}

impl<R: PageRow> Source for Paged<R> {
    fn kind(&self) -> &'static dyn AnyKind {
        self.kind
    }

    fn heads(&self) -> Vec<ColumnHead> {
        let mut heads = self.kind.heads();
        if let Some((column, heading)) = self.heading {
            heads.iter_mut().filter(|head| head.slug == column).for_each(|head| head.heading = heading);
        }
        heads
    }

    fn waits(&self) -> bool {
        true
    }

    fn is_there(&self) -> bool {
        self.first.with(Option::is_some)
    }

    fn trouble(&self) -> Option<AppError> {
        self.first.with(|page| page.as_ref().and_then(|page| page.as_ref().err().cloned()))
    }

    fn total(&self) -> Option<usize> {
        self.pages.next.with(Option::is_none).then(|| self.at_hand())
    }

    fn at_hand(&self) -> usize {
        self.page(|page| page.rows.len()).unwrap_or_default()
            + self.further.with(|further| further.rows.len())
    }

    fn row(&self, place: usize) -> Option<AnyRow> {
        let first = self.page(|page| page.rows.get(place).cloned().ok_or(page.rows.len()))?;
        match first {
            Ok(row) => Some(AnyRow::new(row)),
            Err(rows) => self.further.with(|further| further.rows.get(place - rows).cloned()),
        }
    }

    fn pages(&self) -> Option<Pages> {
        Some(self.pages)
    }

    fn sort(&self) -> Option<RwSignal<Sort>> {
        self.sort
    }
}
