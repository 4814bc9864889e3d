//! The latest invitation of someone who has not chosen a password, in words for staff.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::messages::delivery::DeliveryState;

/// An invitation that is not used, revoked or expired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurrentInvitation {
    /// The delivery state of its message; `None` if it was handed out.
    pub delivery: Option<DeliveryState>,
    /// The address it goes to; `None` once the address was removed from the person.
    pub address: Option<String>,
    /// When it was queued.
    pub queued_at: DateTime<Utc>,
    /// When the mail server accepted it.
    pub sent_at: Option<DateTime<Utc>>,
    /// When delivery is attempted again, if an attempt failed.
    pub next_try_at: Option<DateTime<Utc>>,
}

impl CurrentInvitation {
    /// Whether its message is queued or being sent. Nothing else is sent to the same account until then.
    pub fn is_on_the_way(&self) -> bool {
        matches!(self.delivery, Some(DeliveryState::Queued | DeliveryState::Sending))
    }

    /// Whether the mail server accepted its message, so that only a person who asks for it sends another.
    pub fn was_sent(&self) -> bool {
        self.delivery == Some(DeliveryState::Sent)
    }

    /// Says what became of it, when, and where it goes; `when` continues a sentence: "today at 14:03".
    pub fn sentence(&self, when: impl Fn(DateTime<Utc>) -> String) -> String {
        let to = self.address.as_ref().map(|address| format!(" to {address}")).unwrap_or_default();
        let queued = when(self.queued_at);
        match self.delivery {
            Some(DeliveryState::Queued | DeliveryState::Sending) => {
                let again = self.next_try_at.map(|at| {
                    format!(" The mail server did not take it yet. The next attempt is {}.", when(at))
                });
                format!("An invitation code is on its way{to}, queued {queued}.{}", again.unwrap_or_default())
            }
            Some(DeliveryState::Sent) => {
                format!("An invitation code was sent{to} {}.", self.sent_at.map_or(queued, when))
            }
            Some(DeliveryState::Bounced) => format!("The invitation code sent{to} {queued} came back."),
            Some(DeliveryState::Failed) => {
                format!("The invitation code{to} could not be delivered {queued}.")
            }
            Some(DeliveryState::Cancelled) => {
                format!("The invitation code{to}, queued {queued}, was not sent.")
            }
            None => format!("An invitation code was handed out {queued}."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invitation(delivery: Option<DeliveryState>) -> CurrentInvitation {
        CurrentInvitation {
            delivery,
            address: Some("ana@example.org".to_owned()),
            queued_at: DateTime::UNIX_EPOCH,
            sent_at: None,
            next_try_at: None,
        }
    }

    #[test]
    fn every_state_says_when_and_where_to() {
        let when = |_| "today at 14:03".to_owned();
        let tells = |delivery| invitation(delivery).sentence(when);
        for queued in [DeliveryState::Queued, DeliveryState::Sending] {
            assert_eq!(
                tells(Some(queued)),
                "An invitation code is on its way to ana@example.org, queued today at 14:03."
            );
        }
        assert_eq!(
            tells(Some(DeliveryState::Sent)),
            "An invitation code was sent to ana@example.org today at 14:03."
        );
        assert_eq!(tells(None), "An invitation code was handed out today at 14:03.");
        let late = CurrentInvitation {
            next_try_at: Some(DateTime::UNIX_EPOCH),
            address: None,
            ..invitation(Some(DeliveryState::Queued))
        };
        assert_eq!(
            late.sentence(when),
            "An invitation code is on its way, queued today at 14:03. The mail server did not take it yet. The next attempt is today at 14:03."
        );
    }

    #[test]
    fn only_a_message_under_way_waits_and_only_one_that_arrived_was_sent() {
        for delivery in [
            DeliveryState::Queued,
            DeliveryState::Sending,
            DeliveryState::Sent,
            DeliveryState::Bounced,
            DeliveryState::Failed,
            DeliveryState::Cancelled,
        ] {
            let invitation = invitation(Some(delivery));
            let waits = matches!(delivery, DeliveryState::Queued | DeliveryState::Sending);
            assert_eq!(
                (invitation.is_on_the_way(), invitation.was_sent()),
                (waits, delivery == DeliveryState::Sent)
            );
        }
        assert!(!invitation(None).is_on_the_way() && !invitation(None).was_sent());
    }
}
