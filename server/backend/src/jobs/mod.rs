//! Work that happens after the answer. Knows no feature: a feature declares its jobs ([`job::Job`]) and what is kept for
//! how long ([`retention::Retention`]), and registers them in [`crate::rooms`].
//!
//! A job is a row in a queue: ids, a priority, when it is due, and the lease of the worker that has it.

pub mod job;
mod lease;
pub mod queue;
pub mod retention;
mod runner;
pub mod standing;
#[cfg(test)]
mod tests;
mod trouble;
pub mod worker;

use chrono::TimeDelta;

use retention::{Retention, Stays, forget};

/// Jobs that are over stay for as long as someone may ask what became of them.
pub(crate) const RETENTION: Retention = Retention {
    rules: &[forget!(
        "jobs",
        TimeDelta::days(30),
        "ended_at <= $1 AND state IN ('done', 'failed', 'cancelled')"
    )],
    stays: &[Stays { table: "chores", why: "a version before this one writes it while it still runs" }],
};
