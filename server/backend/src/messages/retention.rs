//! A message is kept for as long as someone may ask whether it was sent, which the organisation chooses; the mail server's answer a little
//! longer. An invitation's message is kept as long as the invitation, because the record shows it.

use chrono::TimeDelta;

use crate::jobs::retention::{AT_ONCE, KeptTable, Retention, RetentionRule, forget};

/// How long the mail server's answer is kept: as long as mail servers usually keep their own logs. It may
/// contain an address.
const ANSWERS: TimeDelta = TimeDelta::days(90);

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[
        // Without a mail server, the message is the only way to its invitation.
        forget!(
            "mailbox",
            AT_ONCE,
            "created_at <= $1::timestamptz - make_interval(days => coalesce(
                 (SELECT (s.value #>> '{}')::int FROM settings s
                  WHERE s.organisation_id = mailbox.organisation_id AND s.setting = 'messages_kept_days'), 30))
             AND NOT EXISTS (
                 SELECT FROM invitations i
                 WHERE i.id = message_id AND i.used_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > $1)"
        ),
        forget!(
            "messages",
            AT_ONCE,
            "created_at <= $1::timestamptz - make_interval(days => coalesce(
                 (SELECT (s.value #>> '{}')::int FROM settings s
                  WHERE s.organisation_id = messages.organisation_id AND s.setting = 'messages_kept_days'), 30))
             AND state NOT IN ('queued', 'sending')
             AND NOT EXISTS (SELECT FROM invitations i WHERE i.id = messages.id)"
        ),
        RetentionRule {
            table: "messages",
            after: ANSWERS,
            statement: "UPDATE messages SET error_detail = NULL WHERE ctid = ANY(ARRAY(
                            SELECT ctid FROM messages
                            WHERE error_detail IS NOT NULL AND created_at <= $1 AND state NOT IN ('queued', 'sending')
                            LIMIT $2 FOR UPDATE SKIP LOCKED))",
        },
    ],
    stays: &[KeptTable { table: "message_templates", why: "custom templates, kept until someone changes them" }],
};
