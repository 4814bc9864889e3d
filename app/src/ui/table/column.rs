//! What a feature declares about a list, in one file: its rows and columns.
//!
//! The table itself is compiled once for all row types: rows are passed as [`AnyRow`], and only the functions
//! in the declaration use their contents. The office's first visit pays for one table rather than one per
//! list.

use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

use leptos::prelude::*;
use uuid::Uuid;

use crate::ui::live::live;
use crate::ui::memo::{Derived, memo};

/// A list: its rows, and how they are drawn.
pub struct Kind<R: 'static> {
    /// What does not depend on the row type.
    pub about: About,
    /// The row's identity, used in selections.
    pub id: fn(&R) -> Uuid,
    /// The row's name, for screen readers: "Select Ada Okoro".
    pub name: fn(&R) -> String,
    /// The contents of the margin.
    pub mark: Option<fn(TableRow<R>) -> AnyView>,
    /// The tone that marks a row at the page's edge: "amber" needs attention, "red" is wrong.
    pub flag: Option<Flag<R>>,
    /// The columns, in order.
    pub columns: &'static [Column<R>],
}

/// Computes the tone that marks a row.
pub type Flag<R> = fn(TableRow<R>) -> Derived<Option<&'static str>>;

/// The facts about a list that do not depend on the row type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// The list's name in saved choices of columns: lower-case letters, digits and hyphens.
    pub slug: &'static str,
    /// What one row is: "student".
    pub one: &'static str,
    /// What several rows are: "students".
    pub many: &'static str,
    /// What the margin shows, for screen readers; empty if it shows nothing.
    pub margin: &'static str,
    /// The layout of the rows.
    pub layout: RowLayout,
    /// Whether rows can be opened, so that the help line lists the keys for it.
    pub opens: bool,
}

/// The layout of a list's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowLayout {
    /// Columns of fixed width and rows of equal height, any number of them: only visible rows are in the
    /// document.
    Even,
    /// Rows as high as their text. All loaded rows are in the document.
    Flat,
}

/// A column in a list of `R`.
pub struct Column<R: 'static> {
    /// What does not depend on the row type.
    pub head: ColumnHead,
    /// Draws a cell. Called once per row; if the row is replaced by another, only the differences change.
    pub cell: fn(TableRow<R>) -> AnyView,
}

/// The head of a column, and how it shares the width with the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct ColumnHead {
    /// The column's name in choices of columns and in sorting: lower-case letters, digits and hyphens.
    pub slug: &'static str,
    /// The heading.
    pub heading: &'static str,
    /// The width.
    pub width: ColumnWidth,
    /// The order in which columns are left out if there is no room: the highest number first. 0 is never left
    /// out.
    pub yields: u8,
    /// The column's role in the row.
    pub role: ColumnRole,
    /// Whether the list can be sorted by this column.
    pub sorts: bool,
    /// Whether it is shown only to people who choose it.
    pub on_request: bool,
    /// Whether the heading is shown before each value on phones, where the table has no head. For values that are unclear
    /// without it, such as numbers.
    pub labelled: bool,
    /// Whether it is shown on phones, where rows are entries of several lines, however wide a table with it would be.
    pub on_phones: bool,
}

/// A column's width, in pixels at the default font size (16 pixels), including the gap after it. One of the
/// steps in `style/components/table.css`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnWidth {
    /// Exactly this width.
    Fixed(u16),
    /// At least this width, and a share of the remaining space.
    Grows(u16),
}

/// A column's role in the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnRole {
    /// Names the row: never cut and never left out.
    Names,
    /// Gives information.
    Tells,
    /// Contains the row's buttons: never left out.
    Acts,
}

impl ColumnHead {
    pub(super) const fn new(
        slug: &'static str,
        heading: &'static str,
        width: ColumnWidth,
        yields: u8,
        role: ColumnRole,
    ) -> Self {
        Self {
            slug,
            heading,
            width,
            yields,
            role,
            sorts: false,
            on_request: false,
            labelled: false,
            on_phones: false,
        }
    }
}

impl<R> Column<R> {
    /// A column that names the row: never cut, never left out.
    pub const fn names(
        slug: &'static str,
        heading: &'static str,
        width: ColumnWidth,
        cell: fn(TableRow<R>) -> AnyView,
    ) -> Self {
        Self { head: ColumnHead::new(slug, heading, width, 0, ColumnRole::Names), cell }
    }

    /// A column with information. Columns with the highest `yields` are left out first, those with 0 never.
    pub const fn tells(
        slug: &'static str,
        heading: &'static str,
        width: ColumnWidth,
        yields: u8,
        cell: fn(TableRow<R>) -> AnyView,
    ) -> Self {
        Self { head: ColumnHead::new(slug, heading, width, yields, ColumnRole::Tells), cell }
    }

    /// A column with the row's buttons.
    pub const fn acts(width: u16, cell: fn(TableRow<R>) -> AnyView) -> Self {
        Self {
            head: ColumnHead::new("actions", "Actions", ColumnWidth::Fixed(width), 0, ColumnRole::Acts),
            cell,
        }
    }

    /// The same column, with sorting.
    #[must_use]
    pub const fn sorted(self) -> Self {
        Self { head: ColumnHead { sorts: true, ..self.head }, cell: self.cell }
    }

    /// The same column, with its heading before each value on a phone.
    #[must_use]
    pub const fn labelled(self) -> Self {
        Self { head: ColumnHead { labelled: true, ..self.head }, cell: self.cell }
    }

    /// The same column, which a phone shows too, even if a table needs much width for it.
    #[must_use]
    pub const fn on_phones(self) -> Self {
        Self { head: ColumnHead { on_phones: true, ..self.head }, cell: self.cell }
    }

    /// The same column, shown only to people who choose it.
    #[must_use]
    pub const fn on_request(self) -> Self {
        Self { head: ColumnHead { on_request: true, ..self.head }, cell: self.cell }
    }
}

impl<R> Clone for Column<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Column<R> {}

/// A row of any type.
#[derive(Clone)]
pub struct AnyRow(Arc<dyn Value>);

trait Value: Any + Send + Sync {
    fn is(&self, other: &dyn Any) -> bool;
}

impl<R: PartialEq + Send + Sync + 'static> Value for R {
    fn is(&self, other: &dyn Any) -> bool {
        other.downcast_ref::<R>().is_some_and(|other| other == self)
    }
}

impl AnyRow {
    /// Wraps a row.
    pub fn new<R: PartialEq + Send + Sync + 'static>(row: R) -> Self {
        Self(Arc::new(row))
    }

    /// Returns the row, if it has this type.
    pub fn get<R: 'static>(&self) -> Option<&R> {
        let any: &dyn Any = &*self.0;
        any.downcast_ref()
    }
}

impl PartialEq for AnyRow {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.is(&*other.0)
    }
}

/// The row at a place in the list, whichever it currently is.
#[derive(Clone, Copy)]
pub struct RowAt {
    /// The row; `None` if the list has become shorter.
    pub(super) current: Signal<Option<AnyRow>>,
    /// The `tabindex` of the row's first control: the whole list has one tab stop.
    pub(super) stop: Signal<Option<&'static str>>,
    /// The index in the list.
    pub(super) place: usize,
}

/// A row in a list of `R`, as its cells read it.
pub struct TableRow<R: 'static> {
    at: RowAt,
    of: PhantomData<fn() -> R>,
}

impl<R> Clone for TableRow<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for TableRow<R> {}

impl<R: Send + Sync + 'static> TableRow<R> {
    pub(super) fn new(at: RowAt) -> Self {
        Self { at, of: PhantomData }
    }

    /// Its index in the list.
    pub fn place(self) -> usize {
        self.at.place
    }

    /// Reads the current row; `None` if the list has become shorter.
    pub fn read<T>(self, read: impl FnOnce(&R) -> T) -> Option<T> {
        self.at.current.with(|row| row.as_ref().and_then(AnyRow::get).map(read))
    }

    /// A value derived from the row, recomputed when the row is replaced by another.
    pub fn of<T>(self, read: impl Fn(&R) -> T + Send + Sync + 'static) -> Derived<T>
    where
        T: Default + PartialEq + Send + Sync + 'static,
    {
        memo(move || self.read(&read).unwrap_or_default())
    }

    /// A text. The document changes only if the text does.
    pub fn text(self, read: fn(&R) -> String) -> AnyView {
        live(move || self.read(read).unwrap_or_default())
    }

    /// A text that may be cut, shown in full on hover.
    pub fn long(self, read: fn(&R) -> String) -> AnyView {
        let text = self.of(read);
        view! { <span title=text>{text}</span> }.into_any()
    }

    /// A username, number or code.
    pub fn code(self, read: fn(&R) -> String) -> AnyView {
        let text = self.of(read);
        view! { <span class="code" title=text>{text}</span> }.into_any()
    }

    /// One drawing for rows that have a value, in which only the text changes, and another for rows without
    /// one.
    pub fn either(
        self,
        read: fn(&R) -> Option<String>,
        some: fn(Derived<String>) -> AnyView,
        none: fn() -> AnyView,
    ) -> AnyView {
        let what = self.of(read);
        let has = memo(move || what.with(Option::is_some));
        let word = memo(move || what.get().unwrap_or_default());
        live(move || if has.get() { some(word) } else { none() })
    }

    /// The row's name, as a link that Enter opens.
    pub fn link(self, name: Derived<String>, href: Derived<String>) -> AnyView {
        let stop = self.at.stop;
        view! { <a href=href data-open="" tabindex=move || stop.get()>{name}</a> }.into_any()
    }

    /// The same for a page outside the application: the browser loads it.
    pub fn external_link(self, name: Derived<String>, href: Derived<String>) -> AnyView {
        let stop = self.at.stop;
        view! { <a href=href rel="external" data-open="" tabindex=move || stop.get()>{name}</a> }.into_any()
    }

    /// Redraws the cell whenever its row changes: for lists whose rows rarely change.
    pub fn drawn(self, draw: fn(&R) -> AnyView) -> AnyView {
        live(move || self.read(draw))
    }
}

/// A [`Kind`] with any row type.
pub trait AnyKind: Sync {
    /// What does not depend on the row type.
    fn about(&self) -> &About;
    /// The heads of its columns.
    fn heads(&self) -> Vec<ColumnHead>;
    /// The row's identity.
    fn id(&self, row: &AnyRow) -> Option<Uuid>;
    /// The row's name.
    fn name(&self, row: RowAt) -> Derived<String>;
    /// Draws the contents of the margin.
    fn mark(&self, row: RowAt) -> Option<AnyView>;
    /// The tone that marks the row.
    fn flag(&self, row: RowAt) -> Option<Derived<Option<&'static str>>>;
    /// Draws the cell of a column, by its index in [`Self::heads`].
    fn cell(&self, column: usize, row: RowAt) -> AnyView;
}

impl<R: Send + Sync + 'static> AnyKind for Kind<R> {
    fn about(&self) -> &About {
        &self.about
    }

    fn heads(&self) -> Vec<ColumnHead> {
        self.columns.iter().map(|column| column.head).collect()
    }

    fn id(&self, row: &AnyRow) -> Option<Uuid> {
        row.get().map(self.id)
    }

    fn name(&self, row: RowAt) -> Derived<String> {
        TableRow::new(row).of(self.name)
    }

    fn mark(&self, row: RowAt) -> Option<AnyView> {
        self.mark.map(|mark| mark(TableRow::new(row)))
    }

    fn flag(&self, row: RowAt) -> Option<Derived<Option<&'static str>>> {
        self.flag.map(|flag| flag(TableRow::new(row)))
    }

    fn cell(&self, column: usize, row: RowAt) -> AnyView {
        self.columns.get(column).map_or_else(|| ().into_any(), |column| (column.cell)(TableRow::new(row)))
    }
}
