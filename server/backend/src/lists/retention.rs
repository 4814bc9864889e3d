//! Column choices are deleted with their owner's account.

use crate::jobs::retention::{KeptTable, Retention};

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[],
    stays: &[KeptTable { table: "column_choices", why: "deleted with its owner’s account" }],
};
