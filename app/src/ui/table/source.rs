//! Where the rows of a table come from, whatever they are.

use std::sync::Arc;

use domain::lists::page::Order;
use leptos::prelude::*;
use uuid::Uuid;

use super::column::{AnyKind, AnyRow, Head};
use crate::error::AppError;

/// Where rows come from: a snapshot that the browser holds, pages from the server, or what a page has anyway.
pub trait Source: Send + Sync {
    /// What the rows are.
    fn kind(&self) -> &'static dyn AnyKind;

    /// The heads of the columns.
    fn heads(&self) -> Vec<Head> {
        self.kind().heads()
    }

    /// Whether the first rows may still be on their way.
    fn waits(&self) -> bool {
        false
    }

    /// Whether the first rows are there. Read within a `Suspense`, it waits for them.
    fn is_there(&self) -> bool {
        true
    }

    /// Why there is nothing to show, if that is so.
    fn trouble(&self) -> Option<AppError> {
        None
    }

    /// How many rows match; none where only the server could count them.
    fn total(&self) -> Option<usize> {
        Some(self.at_hand())
    }

    /// How many rows can be shown now.
    fn at_hand(&self) -> usize;

    /// The row at a place.
    fn row(&self, place: usize) -> Option<AnyRow>;

    /// What tells the row at a place from the others.
    fn id(&self, place: usize) -> Option<Uuid> {
        self.row(place).and_then(|row| self.kind().id(&row))
    }

    /// Those of all rows at hand.
    fn ids(&self) -> Vec<Uuid> {
        (0..self.at_hand()).filter_map(|place| self.id(place)).collect()
    }

    /// Whether a row that is drawn belongs to its row for good, such as one that is typed into. Others are drawn once for
    /// a place, and show whatever comes to stand there: that is far less work.
    fn is_fixed(&self) -> bool {
        false
    }

    /// Where more rows come from; none for those that have them all.
    fn pages(&self) -> Option<Pages> {
        None
    }

    /// In which order the rows are, for those that can be sorted.
    fn sort(&self) -> Option<RwSignal<Sort>> {
        None
    }
}

/// In which order rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// The column's slug.
    pub by: &'static str,
    /// Whether the order is turned round.
    pub descending: bool,
}

impl Sort {
    /// By this column, from its beginning.
    pub const fn by(column: &'static str) -> Self {
        Self { by: column, descending: false }
    }

    /// The same, as the server is asked for it.
    pub fn order(self) -> Order {
        Order { by: self.by.to_owned(), descending: self.descending }
    }
}

/// Rows that are still at the server.
#[derive(Clone, Copy)]
pub struct Pages {
    /// The cursor of the next page; none when all are here.
    pub next: Signal<Option<String>>,
    /// Why it could not be had.
    pub trouble: Signal<Option<AppError>>,
    /// Fetches it, unless it is on its way; then calls back.
    pub fetch: Callback<Option<Callback<()>>>,
    /// Whether it is on its way.
    pub busy: Signal<bool>,
}

/// The rows of a table, from wherever they come.
#[derive(Clone, Copy)]
pub struct Rows(StoredValue<Arc<dyn Source>>);

impl Rows {
    /// Takes a source.
    pub fn new(source: impl Source + 'static) -> Self {
        Self(StoredValue::new(Arc::new(source)))
    }

    /// The source.
    pub fn source(self) -> Arc<dyn Source> {
        self.0.get_value()
    }

    /// Whether all that match are here.
    pub(super) fn has_all(self) -> bool {
        let source = self.source();
        source.total().is_some_and(|total| total == source.at_hand())
    }
}

/// Rows that a page has anyway, all of them.
pub struct Whole {
    kind: &'static dyn AnyKind,
    rows: Vec<AnyRow>,
}

impl Whole {
    /// Takes them in their order.
    pub fn new<R: PartialEq + Send + Sync + 'static>(
        kind: &'static dyn AnyKind,
        rows: impl IntoIterator<Item = R>,
    ) -> Self {
        Self { kind, rows: rows.into_iter().map(AnyRow::new).collect() }
    }
}

impl Source for Whole {
    fn kind(&self) -> &'static dyn AnyKind {
        self.kind
    }

    fn at_hand(&self) -> usize {
        self.rows.len()
    }

    fn row(&self, place: usize) -> Option<AnyRow> {
        self.rows.get(place).cloned()
    }
}
