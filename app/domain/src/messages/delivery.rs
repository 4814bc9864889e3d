//! What became of one message. Separate from the state of what it carried.

use serde::{Deserialize, Serialize};

/// `Queued → Sending → Sent`, then perhaps `Bounced`; or `Failed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Waits for the worker, for the first time or again after a temporary failure.
    Queued,
    /// A worker has it. After a crash it is sent again: at least once, at most one duplicate.
    Sending,
    /// The mail server took it.
    Sent,
    /// It came back.
    Bounced,
    /// The mail server refused it permanently, or it was tried too often.
    Failed,
    /// Not sent, because what it carried was revoked or no longer needed.
    Cancelled,
}

impl DeliveryState {
    /// All states.
    pub const ALL: [Self; 6] =
        [Self::Queued, Self::Sending, Self::Sent, Self::Bounced, Self::Failed, Self::Cancelled];

    /// The word in the database.
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
