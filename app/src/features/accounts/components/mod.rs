//! Parts that pages about accounts share.

mod bulk_bar;
mod export;
mod pattern;
mod tally;

pub use bulk_bar::{BulkAction, BulkBar};
pub use export::ExportButton;
pub use pattern::PatternEditor;
pub use tally::TallyStrip;
