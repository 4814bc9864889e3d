//! Parts that pages about accounts share.

mod bulk_bar;
mod export;
mod pattern;
mod summary;

pub use bulk_bar::{Asked, BulkAction, BulkBar, RowMenu};
pub use export::ExportButton;
pub use pattern::PatternEditor;
pub use summary::TallyStrip;
