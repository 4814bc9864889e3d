//! A message to an adult, as their record tells of it.

use chrono::{DateTime, Utc};

use crate::messages::delivery::DeliveryState;
use crate::messages::failure::DeliveryFailure;

/// A message, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// What it was.
    pub subject: MessageSubject,
    /// Where it went; `None` once the address was removed, and if a restriction hides it.
    pub address: Option<String>,
    /// How far it is.
    pub state: DeliveryState,
    /// What went wrong last.
    pub failure: Option<DeliveryFailure>,
    /// When it was queued.
    pub queued_at: DateTime<Utc>,
    /// When the mail server accepted it.
    pub sent_at: Option<DateTime<Utc>>,
    /// When it is tried again after a failure.
    pub next_try_at: Option<DateTime<Utc>>,
    /// When a person opened the link of an invitation.
    pub opened_at: Option<DateTime<Utc>>,
    /// When they chose their password with it.
    pub used_at: Option<DateTime<Utc>>,
}

/// What a message was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageSubject {
    /// An invitation code.
    Invitation,
    /// News of a child on an account that exists.
    NewChild,
    /// News that a child comes of age.
    OfAge,
    /// News that two records were merged.
    Merged,
    /// A link or a code for a new password, or a forgotten username.
    Recovery,
    /// News that something about the sign-in changed.
    SignInChanged,
    /// Any other message.
    Other,
}

impl MessageSubject {
    /// By the kind of the message.
    pub fn of_kind(kind: &str) -> Self {
        match kind {
            "invitation" => Self::Invitation,
            "new_child" => Self::NewChild,
            "of_age" | "child_of_age" => Self::OfAge,
            "people_merged" => Self::Merged,
            "reset_links" | "reset_code" | "username" | "links_rest" => Self::Recovery,
            "password" | "factors" | "guesses" | "identity" | "address_confirm" | "address_asked"
            | "address_changed" | "username_changed" => Self::SignInChanged,
            _ => Self::Other,
        }
    }

    /// The text on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Invitation => "Invitation code",
            Self::NewChild => "Another student",
            Self::OfAge => "Student comes of age",
            Self::Merged => "Records merged",
            Self::Recovery => "Forgotten password or username",
            Self::SignInChanged => "Change of their sign-in",
            Self::Other => "Message",
        }
    }
}

impl Delivery {
    /// What became of it; `when` continues a sentence: "today at 14:03".
    pub fn sentence(&self, when: impl Fn(DateTime<Utc>) -> String) -> String {
        let queued = when(self.queued_at);
        let mut sentence = match self.state {
            DeliveryState::Queued | DeliveryState::Sending => format!("On its way, queued {queued}."),
            DeliveryState::Sent => {
                format!("Sent {}. The mail server accepted it.", self.sent_at.map_or(queued, &when))
            }
            DeliveryState::Bounced => format!("Came back, sent {}.", self.sent_at.map_or(queued, &when)),
            DeliveryState::Failed => format!("Not delivered, queued {queued}."),
            DeliveryState::Cancelled => format!("Cancelled before it was sent, queued {queued}."),
        };
        let more = [
            self.failure.filter(|_| self.state != DeliveryState::Sent).map(|why| why.sentence().to_owned()),
            self.next_try_at.map(|at| format!("The next attempt is {}.", when(at))),
            self.opened_at.map(|at| format!("A person opened it {}.", when(at))),
            self.used_at.map(|at| format!("They chose a password {}.", when(at))),
        ];
        for part in more.into_iter().flatten() {
            sentence.push(' ');
            sentence.push_str(&part);
        }
        sentence
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_what_became_of_it() {
        let mut sent = Delivery {
            subject: MessageSubject::of_kind("invitation"),
            address: None,
            state: DeliveryState::Sent,
            failure: None,
            queued_at: DateTime::UNIX_EPOCH,
            sent_at: None,
            next_try_at: None,
            opened_at: Some(DateTime::UNIX_EPOCH),
            used_at: None,
        };
        let when = |_| "today".to_owned();
        assert_eq!(sent.sentence(when), "Sent today. The mail server accepted it. A person opened it today.");
        (sent.state, sent.opened_at) = (DeliveryState::Bounced, None);
        sent.failure = Some(DeliveryFailure::UnknownMailbox);
        assert!(sent.sentence(when).starts_with("Came back, sent today. This mailbox does not exist."));
        assert_eq!(MessageSubject::of_kind("a later kind"), MessageSubject::Other);
    }
}
