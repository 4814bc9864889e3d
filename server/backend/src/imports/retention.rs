//! An import's undo log and its file's rows are kept for as long as it can be undone. The record that there
//! was an import stays.

use domain::imports::{KEPT_FOR, UNCHECKED_FOR};

use crate::jobs::retention::{KeptTable, Retention, RetentionRule, forget};

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[
        // A file whose columns nobody has checked still has cells that would not be imported.
        RetentionRule {
            table: "imports",
            after: UNCHECKED_FOR,
            statement: "UPDATE imports SET state = 'discarded', date_orders = NULL, reading = NULL, decisions = NULL WHERE ctid = ANY(ARRAY(
                            SELECT ctid FROM imports WHERE state = 'staged' AND created_at <= $1
                            LIMIT $2 FOR UPDATE SKIP LOCKED))",
        },
        forget!(
            "import_parts",
            UNCHECKED_FOR,
            "import_id IN (SELECT id FROM imports WHERE state = 'discarded' AND created_at <= $1)"
        ),
        // A file that was not imported is discarded.
        RetentionRule {
            table: "imports",
            after: KEPT_FOR,
            statement: "UPDATE imports SET state = 'discarded', date_orders = NULL, reading = NULL, decisions = NULL WHERE ctid = ANY(ARRAY(
                            SELECT ctid FROM imports WHERE state IN ('staged', 'planned') AND created_at <= $1
                            LIMIT $2 FOR UPDATE SKIP LOCKED))",
        },
        // Dates of the file, as examples of how its dates are read.
        RetentionRule {
            table: "imports",
            after: KEPT_FOR,
            statement: "UPDATE imports SET date_orders = NULL WHERE ctid = ANY(ARRAY(
                            SELECT ctid FROM imports WHERE date_orders IS NOT NULL AND state NOT IN ('staged', 'planned')
                              AND coalesce(committed_at, created_at) <= $1
                            LIMIT $2 FOR UPDATE SKIP LOCKED))",
        },
        // It has names that show the encoding.
        RetentionRule {
            table: "imports",
            after: KEPT_FOR,
            statement: "UPDATE imports SET reading = NULL WHERE ctid = ANY(ARRAY(
                            SELECT ctid FROM imports WHERE reading IS NOT NULL AND coalesce(committed_at, created_at) <= $1
                            LIMIT $2 FOR UPDATE SKIP LOCKED))",
        },
        forget!(
            "import_parts",
            KEPT_FOR,
            "import_id IN (SELECT id FROM imports
                           WHERE state NOT IN ('staged', 'planned') AND coalesce(committed_at, created_at) <= $1)"
        ),
        forget!(
            "import_choices",
            KEPT_FOR,
            "import_id IN (SELECT id FROM imports
                           WHERE state NOT IN ('staged', 'planned') AND coalesce(committed_at, created_at) <= $1)"
        ),
        forget!(
            "import_corrections",
            KEPT_FOR,
            "import_id IN (SELECT id FROM imports
                           WHERE state NOT IN ('staged', 'planned') AND coalesce(committed_at, created_at) <= $1)"
        ),
        forget!(
            "import_writes",
            KEPT_FOR,
            "import_id IN (SELECT id FROM imports WHERE coalesce(committed_at, created_at) <= $1)"
        ),
    ],
    stays: &[KeptTable { table: "import_senders", why: "what columns mean, until the office forgets it" }],
};
