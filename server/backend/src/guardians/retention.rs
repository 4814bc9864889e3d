//! What is kept of guardians.

use crate::jobs::retention::{KeptTable, Retention};

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[],
    stays: &[
        KeptTable { table: "contacts", why: "records who an adult is or was to a child" },
        KeptTable { table: "person_keys", why: "identifies a person in files" },
        KeptTable { table: "postal_addresses", why: "belongs to the person" },
        KeptTable { table: "office_tasks", why: "records what the office was asked to look at, and who did" },
        KeptTable { table: "guardian_coverage", why: "two numbers for each school and day, without people" },
    ],
};
