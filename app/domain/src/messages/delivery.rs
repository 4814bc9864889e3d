//! The delivery state of a message. Separate from the state of what it carries.

use serde::{Deserialize, Serialize};

/// `Queued → Sending → Sent`, and then possibly `Bounced`; or `Failed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Waiting for the worker, for the first time or after a temporary failure.
    Queued,
    /// A worker is sending it. After a crash it is sent again: at least once, with at most one duplicate.
    Sending,
    /// The mail server accepted it.
    Sent,
    /// It bounced.
    Bounced,
    /// The mail server refused it permanently, or there were too many attempts.
    Failed,
    /// Not sent, because what it carried was revoked or no longer needed.
    Cancelled,
}

impl DeliveryState {
    /// All states.
    pub const ALL: [Self; 6] =
        [Self::Queued, Self::Sending, Self::Sent, Self::Bounced, Self::Failed, Self::Cancelled];

    /// The name in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Bounced => "bounced",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.slug() == slug)
    }
}
