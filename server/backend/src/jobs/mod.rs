//! Work that happens after the response. This module depends on no feature: a feature declares its jobs
//! ([`job::Job`]) and how long its data is kept ([`retention::Retention`]), and registers them in
//! [`crate::rooms`].
//!
//! A job is a row in a queue: ids, a priority, when it is due, and the lease of the worker that runs it.

pub mod figures;
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

use retention::{Retention, forget};

/// Ended jobs are kept for as long as someone may ask what happened to them.
pub(crate) const RETENTION: Retention = Retention {
    rules: &[forget!(
        "jobs",
        TimeDelta::days(30),
        "ended_at <= $1 AND state IN ('done', 'failed', 'cancelled')"
    )],
    stays: &[],
};
