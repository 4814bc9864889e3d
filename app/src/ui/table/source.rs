//! The sources of a table's rows.

use std::sync::Arc;

use domain::lists::page::Order;
use leptos::prelude::*;
use uuid::Uuid;

use super::column::{AnyKind, AnyRow, ColumnHead};
use crate::error::AppError;

/// A source of rows: a snapshot in the browser, pages from the server, or rows that the page already has.
pub trait Source: Send + Sync {
    /// The kind of rows.
    fn kind(&self) -> &'static dyn AnyKind;

    /// The headings of the columns.
    fn heads(&self) -> Vec<ColumnHead> {
        self.kind().heads()
    }

    /// Whether the first rows may still be loading.
    fn waits(&self) -> bool {
        false
    }

    /// Whether the first rows are loaded. Inside a `Suspense`, reading this waits for them.
    fn is_there(&self) -> bool {
        true
    }

    /// The error, if the rows could not be loaded.
    fn trouble(&self) -> Option<AppError> {
        None
    }

    /// The number of matching rows; `None` if only the server could count them.
    fn total(&self) -> Option<usize> {
        Some(self.at_hand())
    }

    /// The number of rows that can be shown now.
    fn at_hand(&self) -> usize;

    /// The row at an index.
    fn row(&self, place: usize) -> Option<AnyRow>;

    /// The identity of the row at an index.
    fn id(&self, place: usize) -> Option<Uuid> {
        self.row(place).and_then(|row| self.kind().id(&row))
    }

    /// The identities of all loaded rows.
    fn ids(&self) -> Vec<Uuid> {
        (0..self.at_hand()).filter_map(|place| self.id(place)).collect()
    }

    /// Whether each drawn row always belongs to the same row, for example because people type into it.
    /// Otherwise rows are drawn once per place and show whichever row is there: that is much less work.
    fn is_fixed(&self) -> bool {
        false
    }

    /// Where more rows come from; `None` if all are loaded.
    fn pages(&self) -> Option<Pages> {
        None
    }

    /// The sort order, if the rows can be sorted.
    fn sort(&self) -> Option<RwSignal<Sort>> {
        None
    }
}

/// A sort order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// The column's slug.
    pub by: &'static str,
    /// Whether the order is reversed.
    pub descending: bool,
}

impl Sort {
    /// Ascending by this column.
    pub const fn by(column: &'static str) -> Self {
        Self { by: column, descending: false }
    }

    /// The same, as the server is asked for it.
    pub fn order(self) -> Order {
        Order { by: self.by.to_owned(), descending: self.descending }
    }
}

/// Rows that have not been loaded from the server yet.
#[derive(Clone, Copy)]
pub struct Pages {
    /// The cursor of the next page; `None` if all rows are loaded.
    pub next: Signal<Option<String>>,
    /// The error, if the page could not be loaded.
    pub trouble: Signal<Option<AppError>>,
    /// Loads the next page unless it is already loading, then calls back.
    pub fetch: Callback<Option<Callback<()>>>,
    /// Whether the page is loading.
    pub busy: Signal<bool>,
}

/// The rows of a table, from any source.
#[derive(Clone, Copy)]
pub struct TableRows(StoredValue<Arc<dyn Source>>);

impl TableRows {
    /// Wraps a source.
    pub fn new(source: impl Source + 'static) -> Self {
        Self(StoredValue::new(Arc::new(source)))
    }

    /// The source.
    pub fn source(self) -> Arc<dyn Source> {
        self.0.get_value()
    }

    /// Whether all matching rows are loaded.
    pub(super) fn has_all(self) -> bool {
        let source = self.source();
        source.total().is_some_and(|total| total == source.at_hand())
    }
}

/// Rows that the page already has.
pub struct LoadedRows {
    kind: &'static dyn AnyKind,
    rows: Vec<AnyRow>,
}

impl LoadedRows {
    /// Creates a source from rows in order.
    pub fn new<R: PartialEq + Send + Sync + 'static>(
        kind: &'static dyn AnyKind,
        rows: impl IntoIterator<Item = R>,
    ) -> Self {
        Self { kind, rows: rows.into_iter().map(AnyRow::new).collect() }
    }
}

impl Source for LoadedRows {
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
