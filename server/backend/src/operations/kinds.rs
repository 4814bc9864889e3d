//! The kinds that rooms have registered, for what is asked of an operation whose kind is known only from its row.

use domain::authorization::policy::Permission;
use domain::ids::OperationId;
use domain::operations::progress::ResultPage;
use futures_util::future::BoxFuture;
use serde_json::Value;

use super::kind::Operation;
use super::long::run_queued;
use super::store::Asked;
use crate::jobs::job::{Ended, Run};
use crate::{Backend, Error, Result};

/// A kind of operation without its type.
#[derive(Clone, Copy)]
pub struct OperationKind {
    name: &'static str,
    pub(super) permission: Permission,
    pub(super) verb: &'static str,
    pub(super) run: fn(Run, Asked) -> BoxFuture<'static, Result<Ended>>,
    describe: fn(Value, usize) -> Result<String>,
    result: fn(Value, OperationId) -> Result<ResultPage>,
}

impl OperationKind {
    /// The line that registers a kind.
    pub const fn of<O: Operation>() -> Self {
        Self {
            name: O::KIND,
            permission: O::PERMISSION,
            verb: O::VERB,
            run: |run, asked| Box::pin(run_queued::<O>(run, asked)),
            describe: |input, rows| Ok(read::<O>(input)?.describe(rows)),
            result: |input, operation| Ok(read::<O>(input)?.result(operation)),
        }
    }

    /// What a stored operation is, for so many rows.
    pub(super) fn describe(&self, input: Value, rows: usize) -> Result<String> {
        (self.describe)(input, rows)
    }

    /// Where to see what it did.
    pub(super) fn result(&self, input: Value, operation: OperationId) -> Result<ResultPage> {
        (self.result)(input, operation)
    }
}

fn read<O: Operation>(input: Value) -> Result<O> {
    serde_json::from_value(input).map_err(Error::unexpected)
}

/// The registered kind of this name.
pub(super) fn kind(backend: &Backend, name: &str) -> Result<&'static OperationKind> {
    let mut kinds = backend.rooms.operations.iter();
    kinds
        .find(|kind| kind.name == name)
        .ok_or_else(|| Error::unexpected(format!("no kind of operation {name:?} is registered")))
}
