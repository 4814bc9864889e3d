//! What is kept of guardians.

use crate::jobs::retention::{ASKED_ABOUT, AT_ONCE, KeptTable, Retention, forget};

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[
        // A simulation that was never carried out is of no use once it has expired. Its pairs are deleted with it.
        forget!("autocreate_runs", AT_ONCE, "applied_at IS NULL AND expires_at <= $1"),
        forget!("autocreate_runs", ASKED_ABOUT, "applied_at <= $1"),
        // Whether an adult looks at a child at all is asked about within a school year, unless the organisation chooses
        // another time.
        forget!(
            "child_views",
            AT_ONCE,
            "day < ($1::timestamptz - make_interval(days => coalesce(
                 (SELECT (s.value #>> '{}')::int FROM settings s
                  WHERE s.organisation_id = child_views.organisation_id AND s.setting = 'views_kept_days'), 400)))::date"
        ),
    ],
    stays: &[
        KeptTable { table: "autocreate_pairs", why: "deleted with their simulation" },
        KeptTable { table: "autocreate_alone", why: "deleted with their simulation" },
        KeptTable { table: "contacts", why: "records who an adult is or was to a child" },
        KeptTable { table: "person_keys", why: "identifies a person in files" },
        KeptTable { table: "postal_addresses", why: "belongs to the person" },
        KeptTable { table: "person_pairs", why: "keeps what was answered about likely duplicates" },
        KeptTable { table: "duplicate_searches", why: "one row for each organisation" },
        KeptTable { table: "merges", why: "undoes a merge, however late" },
        KeptTable { table: "merge_items", why: "what a merge moved, for its undo" },
        KeptTable { table: "office_tasks", why: "records what the office was asked to look at, and who did" },
        KeptTable {
            table: "comings_of_age",
            why: "records when a student was told that rights pass, and when they did",
        },
        KeptTable {
            table: "of_age_consents",
            why: "what a student lets adults see, until they take it back",
        },
        KeptTable { table: "guardian_coverage", why: "two numbers for each school and day, without people" },
    ],
};
