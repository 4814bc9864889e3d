//! Cards and piles as pages show them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::credentials::phrase::{Phrase, PhraseKind};
use crate::ids::{OperationId, PersonId};

/// Cards made at once, at most: what a browser prints without trouble.
pub const MOST_CARDS: usize = 1000;

/// Who of the chosen people gets a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardsFor {
    /// Those who have not chosen a password yet.
    #[default]
    Waiting,
    /// Also those who have one. Theirs works until they use the card.
    Everyone,
}

impl CardsFor {
    /// Its name in forms.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Everyone => "everyone",
        }
    }
}

/// One card, shown only once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The person's name as pages show it.
    pub name: String,
    /// Their username.
    pub username: String,
    /// What tells them from others of the same name, after its label: "Group" and "7A".
    pub beside: Option<(&'static str, String)>,
    /// The password.
    pub phrase: Phrase,
    /// The address in the QR code.
    pub link: String,
}

/// A file of cards, which the page itself carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardsFile {
    /// "Download as CSV".
    pub label: &'static str,
    /// The file's name.
    pub name: String,
    /// The file as a `data:` address.
    pub address: String,
}

/// Cards that were made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardsMade {
    /// Their pile.
    pub pile: OperationId,
    /// Its number at the school.
    pub number: u32,
    /// Which words they have.
    pub kind: PhraseKind,
    /// The school's name.
    pub school: String,
    /// The cards, in the order in which they are handed out.
    pub cards: Vec<Card>,
    /// The address of the sign-in page, without its scheme.
    pub page: String,
    /// The last day on which they work, in words.
    pub until: String,
    /// The list as files.
    pub files: Vec<CardsFile>,
}

/// A pile in the list: one print run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PileSummary {
    /// The pile.
    pub pile: OperationId,
    /// Its number at the school.
    pub number: u32,
    /// Which words its cards have.
    pub kind: PhraseKind,
    /// The group it was printed for.
    pub group: Option<String>,
    /// Who printed it; `None` if it was the command line.
    pub by: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// Until when its cards work.
    pub expires_at: DateTime<Utc>,
    /// When it was made void as a whole.
    pub voided_at: Option<DateTime<Utc>>,
    /// How many cards were printed.
    pub size: u32,
    /// How many were used.
    pub used: u32,
    /// How many still work.
    pub live: u32,
}

impl PileSummary {
    /// "Pile 12".
    pub fn title(&self) -> String {
        format!("Pile {}", self.number)
    }
}

/// What became of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardState {
    /// It works and was not used.
    Unused,
    /// Its person chose a password with it.
    Used,
    /// Somebody made it void, a newer card replaced it, or its person chose a password in another way.
    Void,
    /// Its time is over.
    Expired,
}

impl CardState {
    /// The word in a list.
    pub fn label(self) -> &'static str {
        match self {
            Self::Unused => "Not used",
            Self::Used => "Used",
            Self::Void => "Void",
            Self::Expired => "Expired",
        }
    }

    /// The state of a card at `now`.
    pub fn at(
        now: DateTime<Utc>,
        expires_at: DateTime<Utc>,
        (used_at, revoked_at): (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    ) -> Self {
        match (used_at, revoked_at) {
            (Some(_), _) => Self::Used,
            (None, Some(_)) => Self::Void,
            (None, None) if expires_at <= now => Self::Expired,
            (None, None) => Self::Unused,
        }
    }
}

/// A card of a pile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PileCard {
    /// Whose it is.
    pub person: PersonId,
    /// Their name as pages show it.
    pub name: String,
    /// Their username.
    pub username: String,
    /// What became of it.
    pub state: CardState,
}

/// A pile with its cards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PileDetail {
    /// The pile.
    pub summary: PileSummary,
    /// Its cards, by name, as far as the reader may see their people.
    pub cards: Vec<PileCard>,
    /// Whether the reader may make the whole pile void.
    pub voidable: bool,
}

/// How many cards were made void.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VoidReport {
    /// Cards that worked until now.
    pub voided: u32,
}

impl VoidReport {
    /// "12 cards are void. Nobody can use them any more."
    pub fn sentence(self) -> String {
        match self.voided {
            0 => "No card of this pile worked any more.".to_owned(),
            1 => "1 card is void. Nobody can use it any more.".to_owned(),
            many => format!("{many} cards are void. Nobody can use them any more."),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_used_card_is_used_whatever_came_after() {
        let now = DateTime::UNIX_EPOCH;
        let later = now + TimeDelta::days(1);
        assert_eq!(CardState::at(now, later, (None, None)), CardState::Unused);
        assert_eq!(CardState::at(later, later, (None, None)), CardState::Expired);
        assert_eq!(CardState::at(now, later, (None, Some(now))), CardState::Void);
        assert_eq!(CardState::at(later, later, (Some(now), Some(now))), CardState::Used);
    }
}
