//! Why somebody's data cannot be erased yet.

/// What has to be done before an erasure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErasureObstacle {
    /// The actor's own record.
    Themself,
    /// They are on the roll, or will be.
    OnRoll,
    /// They work at the school, or will.
    Works,
    /// They have a role.
    HoldsRole,
    /// They are a contact of somebody on the roll.
    Contact,
    /// A restriction that has not ended names them.
    Restricted,
    /// A school that the actor does not manage knows them too.
    Elsewhere,
    /// Their record was merged into another.
    MergedAway,
    /// They have more permissions than the actor.
    Outranks,
    /// Everything was erased, and nothing was added since.
    Erased,
}

impl ErasureObstacle {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Themself,
        Self::OnRoll,
        Self::Works,
        Self::HoldsRole,
        Self::Contact,
        Self::Restricted,
        Self::Elsewhere,
        Self::MergedAway,
        Self::Outranks,
        Self::Erased,
    ];

    /// The name in the answers of commands.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Themself => "themself",
            Self::OnRoll => "on_roll",
            Self::Works => "works",
            Self::HoldsRole => "holds_role",
            Self::Contact => "contact",
            Self::Restricted => "restricted",
            Self::Elsewhere => "elsewhere",
            Self::MergedAway => "merged_away",
            Self::Outranks => "outranks",
            Self::Erased => "erased",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|obstacle| obstacle.slug() == slug)
    }

    /// What is in the way, and what to do.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Themself => "This is your own record. Ask someone else to erase it.",
            Self::OnRoll => {
                "They are on the roll. Enter the day they left first, or wait until the next import says so."
            }
            Self::Works => "They work at the school. Enter the day they left first.",
            Self::HoldsRole => "They have a role. Remove it under Settings, Roles, first.",
            Self::Contact => {
                "They are a contact of a student who is on the roll. End the contact on their record first."
            }
            Self::Restricted => {
                "A restriction names them, and protects a child until it ends. Lift the restriction first, or wait until it has ended."
            }
            Self::Elsewhere => {
                "Another school knows them too. Ask someone who manages all schools to erase them."
            }
            Self::MergedAway => "This record was merged into another. Erase the record that stays.",
            Self::Outranks => {
                "They have more permissions than you have. Ask someone with the same permissions."
            }
            Self::Erased => "Everything about them was erased already.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_obstacle_is_read_back_and_says_what_to_do() {
        for obstacle in ErasureObstacle::ALL {
            assert_eq!(ErasureObstacle::from_slug(obstacle.slug()), Some(obstacle));
            assert!(obstacle.sentence().ends_with('.'), "{obstacle:?}");
        }
    }
}
