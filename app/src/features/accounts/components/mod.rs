//! Parts that pages about accounts share.

mod bulk_bar;
mod pattern;
mod tally;

pub use bulk_bar::{BulkAction, BulkBar};
pub use pattern::PatternEditor;
pub use tally::TallyStrip;
