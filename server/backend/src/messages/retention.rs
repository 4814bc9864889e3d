//! A message stays for as long as someone may ask whether it went out; what a mail server said of it a little longer.
//! That of an invitation stays with it, for what the record tells.

use chrono::TimeDelta;

use crate::jobs::retention::{ASKED_ABOUT, Retention, Rule, forget};

/// For what the mail server said of a message: as long as a mail server's own logs are usually kept. It may hold an
/// address.
const ANSWERS: TimeDelta = TimeDelta::days(90);

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[
        // Without a mail server, the message is the only way to its invitation.
        forget!(
            "mailbox_messages",
            ASKED_ABOUT,
            "created_at <= $1 AND NOT EXISTS (
                 SELECT FROM deliveries d JOIN invitations i ON i.id = d.invitation_id
                 WHERE d.id = delivery_id AND i.used_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > $1)"
        ),
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
    ],
    stays: &[],
};
