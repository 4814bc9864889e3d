//! The kinds that rooms have registered, for what is asked of an operation whose kind is known only from its row.

use domain::authorization::policy::Permission;
use serde_json::Value;

use super::kind::Operation;
use crate::{Backend, Error, Result};

/// A kind of operation without its type.
#[derive(Clone, Copy)]
pub struct OperationKind {
    name: &'static str,
    pub(super) permission: Permission,
    pub(super) verb: &'static str,
    describe: fn(Value, usize) -> Result<String>,
}

impl OperationKind {
    /// The line that registers a kind.
    pub const fn of<O: Operation>() -> Self {
        Self { name: O::KIND, permission: O::PERMISSION, verb: O::VERB, describe: describe::<O> }
    }

    /// What a stored operation is, for so many rows.
    pub(super) fn describe(&self, input: Value, rows: usize) -> Result<String> {
        (self.describe)(input, rows)
    }
}

fn describe<O: Operation>(input: Value, rows: usize) -> Result<String> {
    Ok(serde_json::from_value::<O>(input).map_err(Error::unexpected)?.describe(rows))
}

/// The registered kind of this name.
pub(super) fn kind(backend: &Backend, name: &str) -> Result<&'static OperationKind> {
    let mut kinds = backend.rooms.operations.iter();
    kinds
        .find(|kind| kind.name == name)
        .ok_or_else(|| Error::unexpected(format!("no kind of operation {name:?} is registered")))
}
