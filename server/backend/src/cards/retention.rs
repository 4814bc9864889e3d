//! Piles are kept: people who find cards ask what became of them.

use crate::jobs::retention::{KeptTable, Retention};

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[],
    stays: &[KeptTable { table: "print_runs", why: "what staff look up when cards are found or lost" }],
};
