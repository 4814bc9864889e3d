//! Parts of the import pages.

mod check;
mod choose;
pub mod columns;
mod date_order;
mod held;
mod log;
mod match_columns;
mod match_words;
mod meanings;
mod reading;
mod result;
mod sending;
mod steps;

use domain::imports::kind::ImportDeclaration;

pub use check::Check;
pub use choose::ChooseFile;
pub use date_order::{AskDateOrder, DatesRead};
pub use held::{HeldRows, NextHeld};
pub use log::{Log, LogFiles, LogTally};
pub use match_columns::MatchColumns;
pub use reading::HowItWasRead;
pub use result::ImportResult;
pub use steps::{ImportStep, Steps};

/// The start page for imports of this kind.
pub fn start(kind: &ImportDeclaration) -> String {
    format!("/imports?kind={}", kind.slug)
}
