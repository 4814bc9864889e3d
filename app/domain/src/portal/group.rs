//! Portal groups: which portal features people have.

use crate::accounts::portal_choice::PortalChoice;

/// A portal feature, with its own page and tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PortalFeature {
    /// The home page. Everyone has it.
    Home,
    /// Which adults see the student's portal.
    Access,
    /// Who at the school viewed the account.
    Visits,
}

impl PortalFeature {
    /// All, in the order of the tabs.
    pub const ALL: [Self; 3] = [Self::Home, Self::Access, Self::Visits];

    /// The address of its page.
    pub fn path(self) -> &'static str {
        match self {
            Self::Home => "/portal",
            Self::Access => "/portal/access",
            Self::Visits => "/portal/visits",
        }
    }
}

/// A person's relation to the school, which determines their group unless the school chooses another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PortalPerson {
    /// They are, were or will be on a roll.
    Student,
    /// They have a role.
    Staff,
    /// Neither: the adults of a family, with or without a child that they may see.
    Guardian,
}

/// The features of a group: always including [`PortalFeature::Home`], without duplicates, in the order of the
/// tabs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalGroup(Vec<PortalFeature>);

impl PortalGroup {
    /// Creates a group with these features and the home page.
    pub fn new(features: impl IntoIterator<Item = PortalFeature>) -> Self {
        let mut features: Vec<_> = features.into_iter().chain([PortalFeature::Home]).collect();
        features.sort_unstable();
        features.dedup();
        Self(features)
    }

    /// The default group for a kind of person.
    pub fn usual(person: PortalPerson) -> Self {
        match person {
            PortalPerson::Student => Self::new([PortalFeature::Access, PortalFeature::Visits]),
            PortalPerson::Staff | PortalPerson::Guardian => Self::new([PortalFeature::Visits]),
        }
    }

    /// Combines the features of several groups.
    pub fn joined(groups: impl IntoIterator<Item = Self>) -> Self {
        Self::new(groups.into_iter().flat_map(|group| group.0))
    }

    /// This group, unless the school chose another one for the account.
    #[must_use]
    pub fn unless(self, choice: PortalChoice) -> Self {
        match choice {
            PortalChoice::Usual => self,
            // Everyone who can be previewed sees who looked.
            PortalChoice::HomeVisits => Self::new([PortalFeature::Visits]),
        }
    }

    /// The features, in the order of the tabs.
    pub fn features(&self) -> &[PortalFeature] {
        &self.0
    }
}

/// The contents of the frame around every portal page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalFrameView {
    /// The reader's features.
    pub group: PortalGroup,
    /// Whether they also have the office to go to.
    pub works_here: bool,
    /// Whether the school chose their group, in place of the usual one.
    pub is_chosen: bool,
}

impl PortalFrameView {
    /// The frame for someone who is or is not on a roll, and does or does not work here, unless the school chose another
    /// group for them.
    pub fn of(student: bool, works_here: bool, choice: PortalChoice) -> Self {
        let kinds = [
            (student, PortalPerson::Student),
            (works_here, PortalPerson::Staff),
            (!student && !works_here, PortalPerson::Guardian),
        ];
        let groups = kinds.into_iter().filter(|(is, _)| *is).map(|(_, kind)| PortalGroup::usual(kind));
        Self {
            group: PortalGroup::joined(groups).unless(choice),
            works_here,
            is_chosen: choice != PortalChoice::Usual,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_always_has_the_first_page_and_each_feature_once_in_the_order_of_the_tabs() {
        let group = PortalGroup::new([PortalFeature::Visits, PortalFeature::Visits]);
        assert_eq!(group.features(), [PortalFeature::Home, PortalFeature::Visits]);
        assert_eq!(PortalGroup::new([]).features(), [PortalFeature::Home]);
    }

    #[test]
    fn a_chosen_group_is_in_place_of_the_usual_one() {
        let usual = PortalGroup::usual(PortalPerson::Student);
        assert_eq!(usual.clone().unless(PortalChoice::Usual), usual);
        let chosen = usual.unless(PortalChoice::HomeVisits);
        assert_eq!(chosen.features(), [PortalFeature::Home, PortalFeature::Visits]);
    }

    #[test]
    fn somebody_of_two_kinds_has_what_either_gives_and_so_has_a_guardian() {
        assert_eq!(
            PortalFrameView::of(true, true, PortalChoice::Usual).group,
            PortalFrameView::of(true, false, PortalChoice::Usual).group
        );
        assert_eq!(
            PortalFrameView::of(false, false, PortalChoice::Usual).group.features(),
            [PortalFeature::Home, PortalFeature::Visits],
            "everyone who can be previewed can see who looked"
        );
    }
}
