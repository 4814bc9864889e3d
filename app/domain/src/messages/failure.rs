//! Why a message was not delivered: a stable code for the database, a sentence for staff, and what to do
//! next. Replies are read as in RFC 5321, section 4.2, and enhanced codes as in RFC 3463.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// Why a message was not, or not yet, delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryFailure {
    /// The mailbox does not exist.
    UnknownMailbox,
    /// The mailbox is full.
    MailboxFull,
    /// The mail server refuses this message or recipient for its own reasons.
    Refused,
    /// The mail server does not let Greencap send from its address.
    SenderRefused,
    /// The mail server rejects Greencap's username and password.
    NotSignedIn,
    /// The mail server cannot be reached.
    Unreachable,
    /// The mail server offers no trusted encryption.
    Insecure,
    /// The mail server asked to try again later.
    Busy,
    /// The connection was lost before the mail server confirmed the message.
    Interrupted,
    /// Too many attempts.
    GaveUp,
    /// The address was removed from the person.
    AddressGone,
    /// The message could not be created.
    NotWritten,
    /// The invitation was revoked before it was sent.
    Revoked,
    /// The invitation expired before it was sent.
    Expired,
    /// The person has already used another invitation.
    NotNeeded,
    /// The account was disabled before the message was sent.
    AccountStopped,
    /// A restriction on what the recipient sees of a child came into force before the message was sent.
    Restricted,
}

/// What to do after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAdvice {
    /// This message will never be delivered. Someone has to act.
    Never,
    /// Retry this message later; see [`retry_after`].
    Later,
    /// No message can be sent now. All wait until the mail server works again.
    ServerLater,
}

/// The stage at which the mail server refused a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpStage {
    /// Connecting: greeting and encryption.
    Connect,
    /// Signing in.
    SignIn,
    /// `MAIL FROM`.
    Sender,
    /// `RCPT TO`.
    Recipient,
    /// `DATA` and the message itself.
    Message,
}

impl DeliveryFailure {
    /// All.
    pub const ALL: [Self; 17] = [
        Self::UnknownMailbox,
        Self::MailboxFull,
        Self::Refused,
        Self::SenderRefused,
        Self::NotSignedIn,
        Self::Unreachable,
        Self::Insecure,
        Self::Busy,
        Self::Interrupted,
        Self::GaveUp,
        Self::AddressGone,
        Self::NotWritten,
        Self::Revoked,
        Self::Expired,
        Self::NotNeeded,
        Self::AccountStopped,
        Self::Restricted,
    ];

    /// Interprets a mail server's negative reply: `code` is its three digits, `text` the rest of the line.
    pub fn of_reply(stage: SmtpStage, code: u16, text: &str) -> (Self, RetryAdvice) {
        let permanent = code >= 500;
        let enhanced = enhanced_code(text);
        match (stage, code) {
            // "Service not available, closing transmission channel": about the server, not this message.
            (_, 421) => (Self::Busy, RetryAdvice::ServerLater),
            (SmtpStage::Connect, _) => (Self::Unreachable, RetryAdvice::ServerLater),
            (SmtpStage::SignIn, _) => (Self::NotSignedIn, RetryAdvice::ServerLater),
            // All messages have the same sender: if it is refused now, it is refused until someone fixes it.
            (SmtpStage::Sender, _) if permanent => (Self::SenderRefused, RetryAdvice::ServerLater),
            (SmtpStage::Recipient | SmtpStage::Message, _) if permanent => {
                let failure = match (enhanced, code) {
                    (Some((2, 2)), _) | (None, 552) => Self::MailboxFull,
                    (Some((1, _) | (2, 1)), _) => Self::UnknownMailbox,
                    (None, 550 | 551 | 553) if stage == SmtpStage::Recipient => Self::UnknownMailbox,
                    _ => Self::Refused,
                };
                (failure, RetryAdvice::Never)
            }
            (SmtpStage::Recipient | SmtpStage::Message, _) if enhanced == Some((2, 2)) => {
                (Self::MailboxFull, RetryAdvice::Later)
            }
            _ => (Self::Busy, RetryAdvice::Later),
        }
    }

    /// The name in the database and in exports.
    pub fn slug(self) -> &'static str {
        match self {
            Self::UnknownMailbox => "unknown_mailbox",
            Self::MailboxFull => "mailbox_full",
            Self::Refused => "refused",
            Self::SenderRefused => "sender_refused",
            Self::NotSignedIn => "not_signed_in",
            Self::Unreachable => "unreachable",
            Self::Insecure => "insecure",
            Self::Busy => "busy",
            Self::Interrupted => "interrupted",
            Self::GaveUp => "gave_up",
            Self::AddressGone => "address_gone",
            Self::NotWritten => "not_written",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
            Self::NotNeeded => "not_needed",
            Self::AccountStopped => "account_stopped",
            Self::Restricted => "restricted",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|failure| failure.slug() == slug)
    }

    /// What happened and what to do, for staff.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::UnknownMailbox => "This mailbox does not exist. Check the address for mistakes.",
            Self::MailboxFull => {
                "The mailbox is full. Ask the family to free some space, or use another address, and send again."
            }
            Self::Refused => {
                "The mail server refused this message. Use another address, or ask the person who runs your email why."
            }
            Self::SenderRefused => {
                "The mail server does not let Greencap send from its address. Ask the person who runs Greencap to check GREENCAP_MAIL_FROM. Sending will then continue."
            }
            Self::NotSignedIn => {
                "The mail server refused Greencap\u{2019}s username and password. Ask the person who runs Greencap to check GREENCAP_SMTP_URL. Sending will then continue."
            }
            Self::Unreachable => "The mail server cannot be reached. Sending continues when it is back.",
            Self::Insecure => {
                "The mail server offers no trusted encryption, so nothing is sent to it. Ask the person who runs Greencap to check GREENCAP_SMTP_URL."
            }
            Self::Busy => "The mail server asked to try again later. Greencap will retry.",
            Self::Interrupted => {
                "The connection was lost before the mail server confirmed the message. Greencap will retry, so it may arrive twice."
            }
            Self::GaveUp => {
                "The mail server deferred this message for most of a day. Check the address and send again."
            }
            Self::AddressGone => {
                "The email address was removed before the message was sent. Add one and send again."
            }
            Self::NotWritten => {
                "The message could not be created. Check the name and the address, and send again."
            }
            Self::Revoked => "The invitation was cancelled before the message was sent.",
            Self::Expired => "The invitation expired before the message could be sent. Send a new one.",
            Self::NotNeeded => "The account was already active, so the message was not needed.",
            Self::AccountStopped => "The account was disabled before the message was sent.",
            Self::Restricted => "Access is restricted, so the message was not sent.",
        }
    }
}

/// Reads the subject and detail of an enhanced status code (RFC 3463) at the start of a reply: `5.1.1` gives
/// (1, 1).
fn enhanced_code(text: &str) -> Option<(u16, u16)> {
    let mut parts = text.split_whitespace().next()?.splitn(3, '.');
    let class = parts.next()?;
    let subject = parts.next()?.parse().ok()?;
    let detail = parts.next()?.parse().ok()?;
    matches!(class, "4" | "5").then_some((subject, detail))
}

/// How many times sending a message is attempted.
pub const MAX_ATTEMPTS: u32 = 8;

/// How long to wait after a message's `attempts`th temporary failure: one minute, then three times longer
/// each time. `jitter` varies it by up to a fifth, so that messages put off together are not retried
/// together. The eight attempts span 18 hours, which outlasts greylisting and a night's outage. `None`: give
/// up.
pub fn retry_after(attempts: u32, jitter: u8) -> Option<TimeDelta> {
    if attempts >= MAX_ATTEMPTS {
        return None;
    }
    let seconds = 60 * 3_i64.pow(attempts.saturating_sub(1));
    let spread = seconds * 2 / 5 * i64::from(jitter) / 255;
    Some(TimeDelta::seconds(seconds - seconds / 5 + spread))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_servers_refusal_is_put_into_words_by_its_code_and_its_stage() {
        use DeliveryFailure as F;
        for (stage, code, text, expected) in [
            (SmtpStage::Recipient, 550, "5.1.1 no such user", (F::UnknownMailbox, RetryAdvice::Never)),
            (SmtpStage::Recipient, 550, "no such user here", (F::UnknownMailbox, RetryAdvice::Never)),
            (SmtpStage::Recipient, 550, "5.7.1 relaying denied", (F::Refused, RetryAdvice::Never)),
            (SmtpStage::Recipient, 552, "5.2.2 over quota", (F::MailboxFull, RetryAdvice::Never)),
            (SmtpStage::Recipient, 452, "4.2.2 over quota", (F::MailboxFull, RetryAdvice::Later)),
            (SmtpStage::Recipient, 451, "4.7.1 greylisted", (F::Busy, RetryAdvice::Later)),
            (SmtpStage::Message, 554, "5.6.0 looks like spam", (F::Refused, RetryAdvice::Never)),
            (SmtpStage::Message, 550, "spam", (F::Refused, RetryAdvice::Never)),
            (SmtpStage::Sender, 553, "5.1.8 not yours", (F::SenderRefused, RetryAdvice::ServerLater)),
            (SmtpStage::SignIn, 535, "5.7.8 wrong password", (F::NotSignedIn, RetryAdvice::ServerLater)),
            (SmtpStage::Recipient, 421, "4.3.2 going down", (F::Busy, RetryAdvice::ServerLater)),
        ] {
            assert_eq!(DeliveryFailure::of_reply(stage, code, text), expected, "{stage:?} {code} {text}");
        }
    }

    #[test]
    fn a_message_is_tried_for_most_of_a_day_and_then_no_more() {
        let waits: Vec<_> = (1..).map_while(|attempt| retry_after(attempt, 128)).collect();
        assert_eq!(waits.len() + 1, MAX_ATTEMPTS as usize);
        let hours = waits.iter().map(TimeDelta::num_minutes).sum::<i64>() / 60;
        assert!((16..=24).contains(&hours), "{hours} h");
        assert!(waits.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(retry_after(1, 0) < retry_after(1, 255));
    }

    #[test]
    fn every_failure_reads_back_from_its_word() {
        for failure in DeliveryFailure::ALL {
            assert_eq!(DeliveryFailure::from_slug(failure.slug()), Some(failure));
        }
    }
}
