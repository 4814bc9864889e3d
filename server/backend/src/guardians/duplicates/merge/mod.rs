//! Merging two people: choosing values, the access maps before and after, the move with its ledger, and its undo.

mod access;
mod account;
mod addresses;
mod carry;
mod ledger;
pub mod list;
mod message;
mod operation;
mod parties;
pub mod preview;
mod put_back;
mod put_back_values;
mod since;
pub mod undo;
mod values;

pub use message::PeopleMerged;
pub use operation::{MergeOutcome, MergePeople, merge};
pub use since::SinceFact;

pub(super) use ledger::{Ledger, MergeKind};
pub(super) use parties::lock;
