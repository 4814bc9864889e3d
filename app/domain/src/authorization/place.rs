//! Where a role applies, and where people are.

use serde::{Deserialize, Serialize};

use super::policy::Resource;
use crate::ids::{GroupId, OrganisationId, PersonId, SchoolId};

/// Where a role applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// All schools of the organisation, and everyone who is not at a school.
    Organisation,
    /// One school.
    School(SchoolId),
    /// A group at a school, for its tutor.
    Group(SchoolId, GroupId),
}

impl Place {
    /// The resource that this place as a whole is.
    pub fn resource(self, organisation: OrganisationId) -> Resource<'static> {
        match self {
            Self::Organisation => Resource::Organisation(organisation),
            Self::School(school) => Resource::School(organisation, school),
            Self::Group(school, group) => Resource::Group(organisation, school, group),
        }
    }

    /// The school, or the group's school; `None` for all schools.
    pub fn school(self) -> Option<SchoolId> {
        match self {
            Self::Organisation => None,
            Self::School(school) | Self::Group(school, _) => Some(school),
        }
    }

    /// The group, if it is one.
    pub fn group(self) -> Option<GroupId> {
        match self {
            Self::Organisation | Self::School(_) => None,
            Self::Group(_, group) => Some(group),
        }
    }
}

/// Where a person is, for deciding who may see them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonPlaces<'a> {
    /// The person.
    pub person: PersonId,
    /// The schools they are or were on roll at, and those of children whose contact they are or were. Empty for
    /// staff without such children, who can only be seen with a role for all schools.
    pub schools: &'a [SchoolId],
    /// The groups they are a member of today.
    pub groups: &'a [GroupId],
}

impl PersonPlaces<'_> {
    /// Whether a role at `place` covers the person.
    pub fn is_reached_from(self, place: Place) -> bool {
        match place {
            Place::Organisation => true,
            Place::School(school) => self.schools.contains(&school),
            Place::Group(_, group) => self.groups.contains(&group),
        }
    }
}
