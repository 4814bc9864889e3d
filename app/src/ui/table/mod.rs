//! The table used for every list in the office, whatever its rows.
//!
//! A feature declares a [`Kind`]: the rows, the columns, and which to leave out first. A [`Source`] provides
//! the rows: a snapshot in the browser (the roll), pages from the server ([`Paged`]), or rows that the page
//! already has ([`LoadedRows`]). The table does the rest: sorting, filters and their chips, selection, keys,
//! drawing only visible rows, the choice of columns, empty and failed lists, and printing.
//! `docs/recipes/list.md` shows how to add a list.

mod choice;
mod column;
mod filters;
mod fit;
mod head;
mod keys;
mod paged;
mod picks;
mod print;
mod row;
mod source;
mod view;
mod viewport;

pub use choice::SavedColumns;
pub use column::{About, AnyKind, AnyRow, Column, ColumnWidth, Kind, RowLayout, TableRow};
pub use filters::{Choices, FieldInput, FilterField, FilterForm, Filters, PrintedFilters};
pub use head::pick_matching;
pub use paged::Paged;
pub use picks::{Picked, Picks};
pub use row::RowTick;
pub use source::{LoadedRows, Pages, Sort, Source, TableRows};
pub use view::{Ready, Table};
pub use viewport::{BodyPiece, Viewport};
