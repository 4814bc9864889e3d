//! Operations: what staff do to many at once. A kind declares what it is given, its rows, how it plans and how it writes
//! them ([`Operation`]); the rest is the same for all and lies here: the plan that runs is the plan that was seen, a
//! second person approves what is about many, it runs once, in one transaction, it is written to the audit log, and it
//! is undone for as long as nothing was built on it. A long one runs as a job, which says how far it has come and can be
//! cancelled until it is done.
//!
//! A room registers its kinds in [`crate::rooms`].

pub mod approvals;
pub mod cancel;
mod kind;
mod kinds;
mod long;
mod preview;
pub mod progress;
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
pub use long::RunOperation;
pub use preview::preview;
pub use run::{Answer, End, Expected, Ran, run};
pub use run_approved::{Approved, run_approved};
pub use undo::undo;
