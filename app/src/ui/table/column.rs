//! What a feature declares of a list, in one file: what a row is, and its columns.
//!
//! The table itself is compiled once for rows of every type: they travel as [`AnyRow`], and only the functions of the
//! declaration know what is in them. The office's first visit pays for one table, not for one per list.

use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

use leptos::prelude::*;
use uuid::Uuid;

use crate::ui::live::live;
use crate::ui::memo::{Derived, memo};

/// A list: what its rows are, and how they are drawn.
pub struct Kind<R: 'static> {
    /// What is the same whatever its rows are.
    pub about: About,
    /// What tells rows apart, in selections too.
    pub id: fn(&R) -> Uuid,
    /// What a row is called, for screen readers: "Select Ada Okoro".
    pub name: fn(&R) -> String,
    /// What stands in the margin.
    pub mark: Option<fn(Row<R>) -> AnyView>,
    /// The pen that a row is marked with at the page's edge: "amber" wants somebody, "red" is wrong.
    pub flag: Option<Flag<R>>,
    /// Its columns, in the order in which they stand.
    pub columns: &'static [Column<R>],
}

/// Works out the pen that a row is marked with.
pub type Flag<R> = fn(Row<R>) -> Derived<Option<&'static str>>;

/// What a list is, whatever its rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// Names it where choices of columns are kept: small letters, digits and hyphens.
    pub slug: &'static str,
    /// What one row is: "student".
    pub one: &'static str,
    /// What several are: "students".
    pub many: &'static str,
    /// What the margin tells, for screen readers; empty where it is empty.
    pub margin: &'static str,
    /// How its rows are laid out.
    pub layout: Layout,
    /// Whether a row can be opened, so that the keys for it are worth a line.
    pub opens: bool,
}

/// How the rows of a list are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Columns of fixed width and rows of one height, however many: only those in view are in the document.
    Even,
    /// Rows as high as their sentences. All that were loaded are in the document.
    Flat,
}

/// A column of a list of `R`.
pub struct Column<R: 'static> {
    /// What is the same whatever is in it.
    pub head: Head,
    /// What stands in a cell. Drawn once per row; when another row comes to stand there, only what differs is changed.
    pub cell: fn(Row<R>) -> AnyView,
}

/// The head of a column, and how it shares the room with the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Names it in choices of columns and in sorting: small letters, digits and hyphens.
    pub slug: &'static str,
    /// The word above it.
    pub heading: &'static str,
    /// The room it takes.
    pub width: Width,
    /// What gives way first where the room is short: the columns of the highest number. Those of 0 never do.
    pub yields: u8,
    /// What it is to its row.
    pub role: Role,
    /// Whether the list can be sorted by it.
    pub sorts: bool,
    /// Whether it is shown to those alone who choose it.
    pub on_request: bool,
    /// Whether its heading stands before its value where rows are entries without a head: for a value that does not say
    /// what it is, such as a number.
    pub labelled: bool,
}

/// The room that a column takes, in pixels at the usual size of text (16 pixels), the gap behind it included. One of the
/// steps of `style/components/table.css`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// Just so much.
    Fixed(u16),
    /// At least so much, and its share of what is left.
    Grows(u16),
}

/// What a column is to its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Names the row: it is never cut and never left out.
    Names,
    /// Tells something.
    Tells,
    /// Holds the row's buttons: never left out.
    Acts,
}

impl Head {
    const fn new(slug: &'static str, heading: &'static str, width: Width, yields: u8, role: Role) -> Self {
        Self { slug, heading, width, yields, role, sorts: false, on_request: false, labelled: false }
    }
}

impl<R> Column<R> {
    /// The column that names the row: never cut, never left out.
    pub const fn names(
        slug: &'static str,
        heading: &'static str,
        width: Width,
        cell: fn(Row<R>) -> AnyView,
    ) -> Self {
        Self { head: Head::new(slug, heading, width, 0, Role::Names), cell }
    }

    /// A column that tells something. Those with the highest `yields` give way first, those with 0 never.
    pub const fn tells(
        slug: &'static str,
        heading: &'static str,
        width: Width,
        yields: u8,
        cell: fn(Row<R>) -> AnyView,
    ) -> Self {
        Self { head: Head::new(slug, heading, width, yields, Role::Tells), cell }
    }

    /// The row's buttons.
    pub const fn acts(width: u16, cell: fn(Row<R>) -> AnyView) -> Self {
        Self { head: Head::new("actions", "Actions", Width::Fixed(width), 0, Role::Acts), cell }
    }

    /// The same, and the list can be sorted by it.
    #[must_use]
    pub const fn sorted(self) -> Self {
        Self { head: Head { sorts: true, ..self.head }, cell: self.cell }
    }

    /// The same, with its heading before each value on a phone.
    #[must_use]
    pub const fn labelled(self) -> Self {
        Self { head: Head { labelled: true, ..self.head }, cell: self.cell }
    }

    /// The same, shown to those alone who choose it.
    #[must_use]
    pub const fn on_request(self) -> Self {
        Self { head: Head { on_request: true, ..self.head }, cell: self.cell }
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
    /// Takes a row.
    pub fn new<R: PartialEq + Send + Sync + 'static>(row: R) -> Self {
        Self(Arc::new(row))
    }

    /// The row, if it is of this type.
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

/// Whatever stands at a place of the list.
#[derive(Clone, Copy)]
pub struct RowAt {
    /// The row; none where the list has become shorter.
    pub(super) current: Signal<Option<AnyRow>>,
    /// The `tabindex` of what the row is entered by: one tab stop for the whole list.
    pub(super) stop: Signal<Option<&'static str>>,
    /// The place, from 0.
    pub(super) place: usize,
}

/// A row of a list of `R`, as its cells read it.
pub struct Row<R: 'static> {
    at: RowAt,
    of: PhantomData<fn() -> R>,
}

impl<R> Clone for Row<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Row<R> {}

impl<R: Send + Sync + 'static> Row<R> {
    pub(super) fn new(at: RowAt) -> Self {
        Self { at, of: PhantomData }
    }

    /// Its place in the list, from 0.
    pub fn place(self) -> usize {
        self.at.place
    }

    /// Reads the row that stands there now; none where the list has become shorter.
    pub fn read<T>(self, read: impl FnOnce(&R) -> T) -> Option<T> {
        self.at.current.with(|row| row.as_ref().and_then(AnyRow::get).map(read))
    }

    /// What a cell needs of the row, worked out again when another row comes to stand there.
    pub fn of<T>(self, read: impl Fn(&R) -> T + Send + Sync + 'static) -> Derived<T>
    where
        T: Default + PartialEq + Send + Sync + 'static,
    {
        memo(move || self.read(&read).unwrap_or_default())
    }

    /// A text. The document is touched only where it is another one.
    pub fn text(self, read: fn(&R) -> String) -> AnyView {
        live(move || self.read(read).unwrap_or_default())
    }

    /// A text, in full when the pointer rests on it: the column may be too narrow for it.
    pub fn long(self, read: fn(&R) -> String) -> AnyView {
        let text = self.of(read);
        view! { <span title=text>{text}</span> }.into_any()
    }

    /// A username, a number or a code.
    pub fn code(self, read: fn(&R) -> String) -> AnyView {
        let text = self.of(read);
        view! { <span class="code" title=text>{text}</span> }.into_any()
    }

    /// One drawing for rows that have something, in which only its text changes, and one for those that have not.
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

    /// The row's name, as the link that Enter opens.
    pub fn link(self, name: Derived<String>, href: Derived<String>) -> AnyView {
        let stop = self.at.stop;
        view! { <a href=href data-open="" tabindex=move || stop.get()>{name}</a> }.into_any()
    }

    /// Draws a cell afresh whenever its row is another one: for lists whose rows stay as they are.
    pub fn drawn(self, draw: fn(&R) -> AnyView) -> AnyView {
        live(move || self.read(draw))
    }
}

/// A [`Kind`] of rows of any type.
pub trait AnyKind: Sync {
    /// What is the same whatever its rows are.
    fn about(&self) -> &About;
    /// The heads of its columns.
    fn heads(&self) -> Vec<Head>;
    /// What tells a row from the others.
    fn id(&self, row: &AnyRow) -> Option<Uuid>;
    /// What the row is called.
    fn name(&self, row: RowAt) -> Derived<String>;
    /// Draws what stands in the margin.
    fn mark(&self, row: RowAt) -> Option<AnyView>;
    /// The pen that the row is marked with.
    fn flag(&self, row: RowAt) -> Option<Derived<Option<&'static str>>>;
    /// Draws a cell of the column at a place of [`Self::heads`].
    fn cell(&self, column: usize, row: RowAt) -> AnyView;
}

impl<R: Send + Sync + 'static> AnyKind for Kind<R> {
    fn about(&self) -> &About {
        &self.about
    }

    fn heads(&self) -> Vec<Head> {
        self.columns.iter().map(|column| column.head).collect()
    }

    fn id(&self, row: &AnyRow) -> Option<Uuid> {
        row.get().map(self.id)
    }

    fn name(&self, row: RowAt) -> Derived<String> {
        Row::new(row).of(self.name)
    }

    fn mark(&self, row: RowAt) -> Option<AnyView> {
        self.mark.map(|mark| mark(Row::new(row)))
    }

    fn flag(&self, row: RowAt) -> Option<Derived<Option<&'static str>>> {
        self.flag.map(|flag| flag(Row::new(row)))
    }

    fn cell(&self, column: usize, row: RowAt) -> AnyView {
        self.columns.get(column).map_or_else(|| ().into_any(), |column| (column.cell)(Row::new(row)))
    }
}
