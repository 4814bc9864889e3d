//! The log of erasures is kept: it is what answers whether somebody was erased.

use crate::jobs::retention::{KeptTable, Retention};

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[],
    stays: &[KeptTable {
        table: "erasures",
        why: "records that somebody was erased, by a username that stays theirs",
    }],
};
