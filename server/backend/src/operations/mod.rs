//! Operations: what staff do to many at once. A kind declares what it is given, its rows, how it plans and how it writes
//! them ([`Operation`]); the rest is the same for all and lies here: the plan that runs is the plan that was seen, a
//! second person approves what is about many, it runs once, in one transaction, it is written to the audit log, and it
//! is undone for as long as nothing was built on it.
//!
//! A room registers its kinds in [`crate::rooms`].

pub mod approvals;
mod kind;
mod kinds;
mod preview;
pub(crate) mod retention;
mod run;
mod run_approved;
pub(crate) mod second_person;
mod store;
#[cfg(test)]
mod tests;
mod undo;

pub use kind::{AfterApproval, Applied, Log, Operation, Undoable, Undone, Work};
pub use kinds::OperationKind;
pub use preview::preview;
pub use run::{Answer, End, Expected, Ran, run};
pub use run_approved::run_approved;
pub use undo::undo;
