//! The table: every list of the office is one, whatever its rows are.
//!
//! A feature declares a [`Kind`]: what a row is, its columns, what gives way first. A [`Source`] says where the rows come
//! from: a snapshot that the browser holds (the roll), pages by key from the server ([`Paged`]), or what a page has anyway
//! ([`Whole`]). The table does the rest: sorting, filters and their chips, picking, keys, rows that are drawn only where
//! they are seen, the choice of columns, empty and failed lists, and paper. `docs/recipes/list.md` shows how to add one.

mod choice;
mod column;
mod filters;
mod fit;
mod head;
mod keys;
mod paged;
mod picks;
mod row;
mod source;
mod view;
mod viewport;

pub use choice::KeptColumns;
pub use column::{About, AnyKind, AnyRow, Column, Kind, Layout, Row, Width};
pub use filters::{Choices, Field, FieldInput, FilterForm, Filters};
pub use head::pick_matching;
pub use paged::Paged;
pub use picks::{Picked, Picks};
pub use source::{Pages, Rows, Sort, Source, Whole};
pub use view::{Ready, Table};
