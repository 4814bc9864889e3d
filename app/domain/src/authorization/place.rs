//! Where a role holds, and where people are.

use serde::{Deserialize, Serialize};

use super::policy::Resource;
use crate::ids::{GroupId, OrganisationId, PersonId, SchoolId};

/// Where a role holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// All schools of the organisation, and everybody who is at none of them.
    Organisation,
    /// One school.
    School(SchoolId),
    /// One group of a school: a tutor's.
    Group(SchoolId, GroupId),
}

impl Place {
    /// What a decision about this place as a whole is about.
    pub fn resource(self, organisation: OrganisationId) -> Resource<'static> {
        match self {
            Self::Organisation => Resource::Organisation(organisation),
            Self::School(school) => Resource::School(organisation, school),
            Self::Group(school, group) => Resource::Group(organisation, school, group),
        }
    }

    /// The school that it is, or is part of; none for all schools.
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

/// Where a person is, as far as it decides who may see them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonPlaces<'a> {
    /// Who.
    pub person: PersonId,
    /// The schools that they are or were on roll at. None for staff and guardians: they take a role for all schools.
    pub schools: &'a [SchoolId],
    /// The groups that they are a member of today.
    pub groups: &'a [GroupId],
}

impl PersonPlaces<'_> {
    /// Whether a role that holds at `place` reaches the person.
    pub fn is_reached_from(self, place: Place) -> bool {
        match place {
            Place::Organisation => true,
            Place::School(school) => self.schools.contains(&school),
            Place::Group(_, group) => self.groups.contains(&group),
        }
    }
}
