//! The portal group that a school chose for an account, in place of the usual one.

use serde::{Deserialize, Serialize};

/// A portal group that can be chosen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PortalChoice {
    /// What is usual for a student, a guardian or a member of staff.
    #[default]
    Usual,
    /// The home page, and who viewed the account: everyone who can be previewed sees who looked.
    HomeVisits,
}

impl PortalChoice {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 2] = [Self::Usual, Self::HomeVisits];

    /// The name in forms.
    pub fn slug(self) -> &'static str {
        self.stored().unwrap_or("usual")
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.slug() == slug)
    }

    /// As the database has it: nothing for the usual one.
    pub fn stored(self) -> Option<&'static str> {
        match self {
            Self::Usual => None,
            Self::HomeVisits => Some("home_visits"),
        }
    }

    /// Reads [`Self::stored`].
    pub fn from_stored(stored: Option<&str>) -> Option<Self> {
        stored.map_or(Some(Self::Usual), Self::from_slug)
    }

    /// The name on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Usual => "Usual",
            Self::HomeVisits => "Home page and visits",
        }
    }

    /// What it shows.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Usual => {
                "Students see their home page, who sees their portal, and who viewed their account. Guardians and staff see their home page and who viewed their account."
            }
            Self::HomeVisits => {
                "Their home page, and who at the school viewed their account. Students don\u{2019}t see the page with the adults who see their portal."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_is_read_back() {
        for choice in PortalChoice::ALL {
            assert_eq!(PortalChoice::from_slug(choice.slug()), Some(choice));
            assert_eq!(PortalChoice::from_stored(choice.stored()), Some(choice));
        }
    }
}
