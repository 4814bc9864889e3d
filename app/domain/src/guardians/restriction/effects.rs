//! What a restriction ends when it comes into force.

use serde::{Deserialize, Serialize};

/// What a restriction did when it came into force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RestrictionEffects {
    /// Sessions that were open.
    pub sessions: u32,
    /// Invitations that could have been used.
    pub invitations: u32,
    /// Links and codes for a new password that could have been used.
    pub codes: u32,
    /// Messages about the child that were not sent yet.
    pub messages: u32,
}

impl RestrictionEffects {
    /// Together with what a change of it ended later.
    #[must_use]
    pub fn with(self, later: Self) -> Self {
        Self {
            sessions: self.sessions.saturating_add(later.sessions),
            invitations: self.invitations.saturating_add(later.invitations),
            codes: self.codes.saturating_add(later.codes),
            messages: self.messages.saturating_add(later.messages),
        }
    }

    /// The sentence for the page: "2 sessions ended, 1 invitation cancelled, 1 message dropped."
    pub fn sentence(self) -> String {
        let counted = |count: u32, one: &str, many: &str, done: &str| {
            (count > 0).then(|| format!("{count} {} {done}", if count == 1 { one } else { many }))
        };
        let parts: Vec<String> = [
            counted(self.sessions, "session", "sessions", "ended"),
            counted(self.invitations, "invitation", "invitations", "cancelled"),
            counted(self.codes, "link or code", "links or codes", "cancelled"),
            counted(self.messages, "message", "messages", "dropped"),
        ]
        .into_iter()
        .flatten()
        .collect();
        if parts.is_empty() {
            "Nobody was signed in, and nothing was waiting to be used or sent.".to_owned()
        } else {
            format!("{}.", parts.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_says_what_was_ended() {
        let done = RestrictionEffects { sessions: 2, invitations: 1, codes: 0, messages: 1 };
        assert_eq!(done.sentence(), "2 sessions ended, 1 invitation cancelled, 1 message dropped.");
        assert!(RestrictionEffects::default().sentence().starts_with("Nobody"));
    }

    #[test]
    fn what_a_change_ends_later_is_added() {
        let done = RestrictionEffects { sessions: 1, ..RestrictionEffects::default() };
        assert_eq!(done.with(done).sentence(), "2 sessions ended.");
    }
}
