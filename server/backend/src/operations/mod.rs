//! Operations: what staff do to many records at once. A kind declares its input, its rows, and how to plan
//! and write them ([`Operation`]). This module does the rest for every kind: it runs exactly the plan that
//! was seen, asks a second person to approve large operations, runs each once and in one transaction, writes
//! the audit log, and undoes an operation while nothing was built on it. A long operation runs as a job,
//! which reports its progress and can be cancelled until it is done.
//!
//! Each room registers its kinds in [`crate::rooms`].

pub mod approvals;
pub(crate) mod asked;
pub mod cancel;
mod kind;
mod kinds;
pub(crate) mod latest;
mod long;
pub(crate) mod past;
mod preview;
pub mod progress;
mod queued;
pub(crate) mod retention;
mod run;
mod run_approved;
pub(crate) mod second_person;
mod store;
#[cfg(test)]
mod tests;
mod undo;

pub use kind::{
    AfterApproval, AppliedPlan, AuditLogEntries, Operation, OperationContext, Undoable, UndoneOperation,
};
pub use kinds::OperationKind;
pub use long::RunOperation;
pub use preview::{Rehearsal, RehearsedPlan, preview, rehearse, rehearse_plan};
pub use run::{CompletedRun, ExpectedPlan, RunEnd, RunResult, run};
pub use run_approved::{ApprovedRun, run_approved};
pub use undo::undo;
