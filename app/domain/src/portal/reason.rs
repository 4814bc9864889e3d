//! Why staff look at a person's portal.

use serde::{Deserialize, Serialize};

/// Why staff open a preview. Chosen from a list and not typed: the person sees it in their own language, and the audit
/// log holds no names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PreviewReason {
    /// The person, or someone of their family, asked something.
    Helping,
    /// Making sure that it shows what it should.
    Checking,
    /// Someone reported that something is wrong.
    Problem,
    /// Learning how the portal works.
    Training,
}

impl PreviewReason {
    /// All reasons, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Helping, Self::Checking, Self::Problem, Self::Training];

    /// The word in forms and in the audit log.
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

    /// The words for staff.
    pub fn label(self) -> &'static str {
        match self {
            Self::Helping => "To answer a question from the student or their family",
            Self::Checking => "To check what the student sees",
            Self::Problem => "To look into a reported problem",
            Self::Training => "To learn how the portal works",
        }
    }
}
