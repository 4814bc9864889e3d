//! Parts shared by the account pages.

mod bulk_action;
mod bulk_bar;
pub mod columns;
mod export;
mod known;
mod pattern;
mod summary;

pub use bulk_action::BulkAction;
pub use bulk_bar::{BulkBar, BulkRequest, PrintItem};
pub use export::ExportButton;
pub use known::KnownCandidates;
pub use pattern::PatternEditor;
pub use summary::TallyStrip;
