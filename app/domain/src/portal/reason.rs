//! Why staff preview a person's portal.

use serde::{Deserialize, Serialize};

/// The reason for a preview. Chosen from a list rather than typed, so that the person can read it in their
/// own language and the audit log contains no names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PreviewReason {
    /// Answering a question from the person or their family.
    Helping,
    /// Checking that it shows what it should.
    Checking,
    /// Looking into a reported problem.
    Problem,
    /// Learning how the portal works.
    Training,
}

impl PreviewReason {
    /// All reasons, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Helping, Self::Checking, Self::Problem, Self::Training];

    /// The name in forms and in the audit log.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Helping => "helping",
            Self::Checking => "checking",
            Self::Problem => "problem",
            Self::Training => "training",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.slug() == slug)
    }

    /// The text for staff.
    pub fn label(self) -> &'static str {
        match self {
            Self::Helping => "To answer a question from the person or their family",
            Self::Checking => "To check what they see",
            Self::Problem => "To look into a reported problem",
            Self::Training => "To learn how the portal works",
        }
    }
}
