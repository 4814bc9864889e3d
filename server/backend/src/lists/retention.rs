//! Column choices are deleted with their owner's account.

use crate::jobs::retention::{Retention, Stays};

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[],
    stays: &[Stays { table: "column_choices", why: "deleted with its owner’s account" }],
};
