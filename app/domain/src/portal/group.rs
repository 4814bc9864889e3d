//! Portal groups: which features of the portal people have.

/// A feature of the portal: a page of its own, and a tab that leads there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PortalFeature {
    /// The first page. Everybody has it.
    Home,
    /// Who of the school looked at the account.
    Visits,
}

impl PortalFeature {
    /// All of them, in the order of the tabs.
    pub const ALL: [Self; 2] = [Self::Home, Self::Visits];

    /// The address of its page.
    pub fn path(self) -> &'static str {
        match self {
            Self::Home => "/portal",
            Self::Visits => "/portal/visits",
        }
    }
}

/// What somebody is to the school, and so which group they are in unless the school chooses another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PortalPerson {
    /// They are, were or will be on a roll.
    Student,
    /// They hold a role.
    Staff,
}

/// The features that the people of a group have: always [`PortalFeature::Home`], each once, in the order of the tabs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalGroup(Vec<PortalFeature>);

impl PortalGroup {
    /// A group with these features, and the first page.
    pub fn new(features: impl IntoIterator<Item = PortalFeature>) -> Self {
        let mut features: Vec<_> = features.into_iter().chain([PortalFeature::Home]).collect();
        features.sort_unstable();
        features.dedup();
        Self(features)
    }

    /// The group of a kind of person, until the school chooses another.
    pub fn usual(person: PortalPerson) -> Self {
        match person {
            PortalPerson::Student | PortalPerson::Staff => Self::new([PortalFeature::Visits]),
        }
    }

    /// What somebody has who is in several groups: all that any of them gives.
    pub fn joined(groups: impl IntoIterator<Item = Self>) -> Self {
        Self::new(groups.into_iter().flat_map(|group| group.0))
    }

    /// The features, in the order of the tabs.
    pub fn features(&self) -> &[PortalFeature] {
        &self.0
    }
}

/// What the frame around every page of the portal shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalFrameView {
    /// The features that its reader has.
    pub group: PortalGroup,
    /// Whether they also work here, and have the office to go to.
    pub works_here: bool,
}

impl PortalFrameView {
    /// Of somebody who is on a roll or not, and works here or not.
    pub fn of(student: bool, works_here: bool) -> Self {
        let kinds = [(student, PortalPerson::Student), (works_here, PortalPerson::Staff)];
        let groups = kinds.into_iter().filter(|(is, _)| *is).map(|(_, kind)| PortalGroup::usual(kind));
        Self { group: PortalGroup::joined(groups), works_here }
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
    fn somebody_of_two_kinds_has_what_either_gives_and_a_stranger_the_first_page() {
        assert_eq!(PortalFrameView::of(true, true).group, PortalFrameView::of(true, false).group);
        assert_eq!(PortalFrameView::of(false, false).group.features(), [PortalFeature::Home]);
    }
}
