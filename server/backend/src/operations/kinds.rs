//! The registered kinds of operation, looked up by the name in an operation's row.

use domain::authorization::policy::Permission;
use domain::ids::OperationId;
use domain::operations::progress::ResultPage;
use futures_util::future::BoxFuture;
use serde_json::Value;

use super::kind::Operation;
use super::long::run_queued;
use super::queued::QueuedOperation;
use crate::jobs::job::{JobEnd, JobRun};
use crate::{Backend, Error, Result};

/// A kind of operation, with its type erased.
#[derive(Clone, Copy)]
pub struct OperationKind {
    name: &'static str,
    pub(super) permission: Permission,
    pub(super) verb: &'static str,
    pub(super) run: fn(JobRun, QueuedOperation) -> BoxFuture<'static, Result<JobEnd>>,
    describe: fn(Value, usize) -> Result<String>,
    review: fn(Value) -> Result<Option<ResultPage>>,
    result: fn(Value, OperationId) -> Result<ResultPage>,
}

impl OperationKind {
    /// Registers a kind.
    pub const fn of<O: Operation>() -> Self {
        Self {
            name: O::KIND,
            permission: O::PERMISSION,
            verb: O::VERB,
            run: |run, queued| Box::pin(run_queued::<O>(run, queued)),
            describe: |input, rows| Ok(read::<O>(input)?.describe(rows)),
            review: |input| Ok(read::<O>(input)?.review()),
            result: |input, operation| Ok(read::<O>(input)?.result(operation)),
        }
    }

    /// Describes a stored operation with this many rows.
    pub(super) fn describe(&self, input: Value, rows: usize) -> Result<String> {
        (self.describe)(input, rows)
    }

    /// The page that shows what it would do.
    pub(super) fn review(&self, input: Value) -> Result<Option<ResultPage>> {
        (self.review)(input)
    }

    /// The page that shows what it did.
    pub(super) fn result(&self, input: Value, operation: OperationId) -> Result<ResultPage> {
        (self.result)(input, operation)
    }
}

fn read<O: Operation>(input: Value) -> Result<O> {
    serde_json::from_value(input).map_err(Error::unexpected)
}

/// Finds a registered kind by name.
pub(super) fn kind(backend: &Backend, name: &str) -> Result<&'static OperationKind> {
    let mut kinds = backend.rooms.operations.iter();
    kinds
        .find(|kind| kind.name == name)
        .ok_or_else(|| Error::unexpected(format!("no kind of operation {name:?} is registered")))
}
