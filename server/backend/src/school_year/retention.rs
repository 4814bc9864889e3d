//! How long what the school year writes is kept.

use chrono::TimeDelta;

use crate::jobs::retention::{AT_ONCE, KeptTable, Retention, RetentionRule, forget};

/// For what is compared with the year before.
const MORE_THAN_A_YEAR: TimeDelta = TimeDelta::days(400);

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[
        forget!("nightly_runs", MORE_THAN_A_YEAR, "ran_at <= $1"),
        // A day on, because the day of a school may begin later.
        RetentionRule {
            table: "nightly_holds",
            after: AT_ONCE,
            statement: "DELETE FROM nightly_holds WHERE ctid = ANY(ARRAY(
                     SELECT ctid FROM nightly_holds WHERE until + 2 <= $1::date LIMIT $2 FOR UPDATE SKIP LOCKED))",
        },
        forget!("rollover_students", MORE_THAN_A_YEAR, "created_at <= $1"),
    ],
    stays: &[KeptTable { table: "rollover_groups", why: "says which group went on as which" }],
};
