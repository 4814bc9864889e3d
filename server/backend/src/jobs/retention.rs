//! What is kept for how long: once a day everything goes that is past its time, in every organisation. Nothing waits for
//! this: whether a link, a code or a session still holds is judged by the clock when it is used.
//!
//! `docs/SECURITY.md` says the same in words. What staff look up stays: the audit log, accounts with where their messages
//! stand, invitations, batches, and that there was an import.

use chrono::TimeDelta;
use domain::imports::KEPT_FOR as IMPORTS_KEPT_FOR;

use crate::accounts::approvals;
use crate::sessions::visitor::KNOWN_FOR;
use crate::{Backend, Result};

/// For what is of no use to anybody once it has ended.
const AT_ONCE: TimeDelta = TimeDelta::zero();

/// For what somebody may still ask about: why a link did not work, whether a message went out.
const ASKED_ABOUT: TimeDelta = TimeDelta::days(30);

/// For what the mail server said of a message: as long as a mail server's own logs are usually kept. It may hold an address.
const ANSWERS: TimeDelta = TimeDelta::days(90);

/// How often it is done.
const EVERY: TimeDelta = TimeDelta::days(1);

/// How many rows go in one statement: nobody waits long for a lock.
const BATCH: i64 = 5000;

/// What goes.
struct Rule {
    table: &'static str,
    /// How long it is kept from the moment that the statement asks about.
    after: TimeDelta,
    /// `$1` is the moment before which it ended, `$2` how many rows go at a time. Rows that somebody holds are left for the
    /// next day.
    statement: &'static str,
}

/// The rows of a table of which a condition holds.
macro_rules! forget {
    ($table:literal, $after:expr, $past:literal) => {
        Rule {
            table: $table,
            after: $after,
            statement: concat!(
                "DELETE FROM ",
                $table,
                " WHERE ctid = ANY(ARRAY(
                     SELECT ctid FROM ",
                $table,
                " WHERE ",
                $past,
                " LIMIT $2 FOR UPDATE SKIP LOCKED))"
            ),
        }
    };
}

/// In this order: what hangs on something goes before it.
const RULES: [Rule; 20] = [
    forget!("sessions", AT_ONCE, "least(idle_ends_at, ends_at) <= $1"),
    forget!("previews", AT_ONCE, "ends_at <= $1"),
    forget!("pending_sign_ins", AT_ONCE, "expires_at <= $1"),
    forget!("provider_visits", AT_ONCE, "expires_at <= $1"),
    forget!("unlinked_identities", AT_ONCE, "expires_at <= $1"),
    forget!("passkey_challenges", AT_ONCE, "expires_at <= $1"),
    forget!("interrupted_forms", AT_ONCE, "expires_at <= $1"),
    forget!("setup_links", AT_ONCE, "expires_at <= $1"),
    forget!("attempts", AT_ONCE, "forgotten_at <= $1"),
    forget!("known_devices", KNOWN_FOR, "last_sign_in_at <= $1"),
    forget!("password_resets", ASKED_ABOUT, "least(expires_at, used_at, revoked_at) <= $1"),
    forget!("address_changes", ASKED_ABOUT, "greatest(expires_at, undo_until) <= $1"),
    forget!("approvals", approvals::SHOWN, "asked_at <= $1"),
    // Without a mail server, the message is the only way to its invitation.
    forget!(
        "mailbox_messages",
        ASKED_ABOUT,
        "created_at <= $1 AND NOT EXISTS (
             SELECT FROM deliveries d JOIN invitations i ON i.id = d.invitation_id
             WHERE d.id = delivery_id AND i.used_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > $1)"
    ),
    // Those of invitations stay with them, for what the record tells.
    forget!(
        "deliveries",
        ASKED_ABOUT,
        "recovery_mail_id IN (SELECT id FROM recovery_mails WHERE created_at <= $1) AND state NOT IN ('queued', 'sending')"
    ),
    forget!(
        "recovery_mails",
        ASKED_ABOUT,
        "created_at <= $1 AND NOT EXISTS (SELECT FROM deliveries d WHERE d.recovery_mail_id = recovery_mails.id)
             AND NOT EXISTS (SELECT FROM password_resets r WHERE r.mail_id = recovery_mails.id)"
    ),
    Rule {
        table: "deliveries",
        after: ANSWERS,
        statement: "UPDATE deliveries SET error_detail = NULL WHERE ctid = ANY(ARRAY(
                        SELECT ctid FROM deliveries
                        WHERE error_detail IS NOT NULL AND created_at <= $1 AND state NOT IN ('queued', 'sending')
                        LIMIT $2 FOR UPDATE SKIP LOCKED))",
    },
    // A file that nobody brought to the roll is given up.
    Rule {
        table: "imports",
        after: IMPORTS_KEPT_FOR,
        statement: "UPDATE imports SET state = 'discarded' WHERE ctid = ANY(ARRAY(
                        SELECT ctid FROM imports WHERE state IN ('staged', 'planned') AND created_at <= $1
                        LIMIT $2 FOR UPDATE SKIP LOCKED))",
    },
    forget!(
        "import_rows",
        IMPORTS_KEPT_FOR,
        "import_id IN (SELECT id FROM imports
                       WHERE state NOT IN ('staged', 'planned') AND coalesce(committed_at, created_at) <= $1)"
    ),
    forget!(
        "import_writes",
        IMPORTS_KEPT_FOR,
        "import_id IN (SELECT id FROM imports WHERE coalesce(committed_at, created_at) <= $1)"
    ),
];

/// Lets go of what is past its time, unless that was begun within the last day, here or by another worker. Ends early where
/// `stopped` says so; the rest goes the next day.
pub async fn daily(backend: &Backend, stopped: impl Fn() -> bool) -> Result<()> {
    let now = backend.now();
    let mut connection = backend.system_connection().await?;
    let ours = sqlx::query(
        "INSERT INTO chores (name, begun_at) VALUES ('retention', $1)
         ON CONFLICT (name) DO UPDATE SET begun_at = excluded.begun_at WHERE chores.begun_at <= $2",
    )
    .bind(now)
    .bind(now - EVERY)
    .execute(&mut *connection)
    .await?;
    if ours.rows_affected() == 0 {
        return Ok(());
    }
    for rule in &RULES {
        let mut gone = 0;
        loop {
            if stopped() {
                return Ok(());
            }
            let batch = sqlx::query(rule.statement)
                .bind(now - rule.after)
                .bind(BATCH)
                .execute(&mut *connection)
                .await?
                .rows_affected();
            gone += batch;
            if batch < BATCH.unsigned_abs() {
                break;
            }
        }
        if gone > 0 {
            tracing::info!(table = rule.table, rows = gone, "let go of what is past its time");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
