//! Parts of the import pages.

mod by_hand;
mod check;
mod choose;
pub mod columns;
mod date_order;
mod drop;
mod held;
mod log;
mod match_columns;
mod match_words;
mod meanings;
mod mend;
mod reading;
mod result;
mod sending;
mod steps;

use domain::imports::kind::ImportDeclaration;

pub use by_hand::ByHand;
pub use check::Check;
pub use choose::ChooseFile;
pub use date_order::{AskDateOrder, DatesRead};
pub use drop::DropAnywhere;
pub use held::{HeldRows, NextHeld};
pub use log::{Log, LogFiles, LogTally};
pub use match_columns::MatchColumns;
pub use mend::MendRows;
pub use reading::HowItWasRead;
pub use result::ImportResult;
pub use steps::{ImportStep, Steps};

/// The start page for imports of this kind.
pub fn start(kind: &ImportDeclaration) -> String {
    format!("/imports?kind={}", kind.slug)
}
