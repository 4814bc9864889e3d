//! What is kept of guardians.

use chrono::TimeDelta;

use crate::jobs::retention::{KeptTable, Retention, forget};

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[
        // Whether an adult looks at a child at all is asked about within a school year.
        forget!("child_views", TimeDelta::days(400), "day < $1::date"),
    ],
    stays: &[
        KeptTable { table: "contacts", why: "records who an adult is or was to a child" },
        KeptTable { table: "person_keys", why: "identifies a person in files" },
        KeptTable { table: "postal_addresses", why: "belongs to the person" },
        KeptTable { table: "office_tasks", why: "records what the office was asked to look at, and who did" },
        KeptTable {
            table: "comings_of_age",
            why: "records when a student was told that rights pass, and when they did",
        },
        KeptTable {
            table: "of_age_consents",
            why: "what a student lets adults see, until they take it back",
        },
    ],
};
