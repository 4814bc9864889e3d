//! What is kept of guardians.

use crate::jobs::retention::{ASKED_ABOUT, AT_ONCE, KeptTable, Retention, forget};

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[
        // A simulation that was never carried out is of no use once it has expired. Its pairs are deleted with it.
        forget!("autocreate_runs", AT_ONCE, "applied_at IS NULL AND expires_at <= $1"),
        forget!("autocreate_runs", ASKED_ABOUT, "applied_at <= $1"),
    ],
    stays: &[
        KeptTable { table: "autocreate_pairs", why: "deleted with their simulation" },
        KeptTable { table: "autocreate_alone", why: "deleted with their simulation" },
        KeptTable { table: "contacts", why: "records who an adult is or was to a child" },
        KeptTable { table: "person_keys", why: "identifies a person in files" },
        KeptTable { table: "postal_addresses", why: "belongs to the person" },
        KeptTable { table: "office_tasks", why: "records what the office was asked to look at, and who did" },
    ],
};
