//! The portal's home page.

use chrono::{DateTime, FixedOffset, NaiveDate};

use super::{PortalFrameView, PreviewReason};
use crate::guardians::family::FamilyChild;
use crate::ids::PersonId;
use crate::roll::status::RollStatus;

/// The contents of the home page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalHome {
    /// The person whose page it is.
    pub person: PersonId,
    /// The name to address them by.
    pub familiar: String,
    /// Given, middle and family names.
    pub name: String,
    /// The name they go by, if it is not the given name.
    pub preferred: String,
    /// Their username.
    pub username: String,
    /// Date of birth, if the school has it.
    pub born_on: Option<NaiveDate>,
    /// Email addresses that the school has, starting with the one for messages.
    pub emails: Vec<String>,
    /// Their schools, current ones first. Empty for staff who are not students.
    pub schools: Vec<PortalSchool>,
    /// When the page was loaded, in the school's time zone.
    pub now: DateTime<FixedOffset>,
    /// Recent previews by school staff, latest first.
    pub visits: Vec<PreviewVisit>,
    /// The frame around the page.
    pub frame: PortalFrameView,
    /// The children they may see, by first name.
    pub children: Vec<FamilyChild>,
    /// Whether they have no other part here than a guardian's: they are on no roll and do not work here.
    pub guardian: bool,
    /// How many more there are that staff who preview the page may not see.
    pub children_not_shown: usize,
}

/// A child's page, with the other children to switch to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalChildPage {
    /// The child.
    pub child: FamilyChild,
    /// All children of the reader, this one among them.
    pub children: Vec<FamilyChild>,
    /// The frame around the page.
    pub frame: PortalFrameView,
}

/// A school that the person attends, attended or will attend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalSchool {
    /// Its name.
    pub name: String,
    /// Year group; may be empty.
    pub year: String,
    /// Registration group; may be empty.
    pub group: String,
    /// Admission number.
    pub admission_number: String,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day, if set.
    pub ends_on: Option<NaiveDate>,
    /// Their status on the day the page was loaded.
    pub status: RollStatus,
}

/// A preview by staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewVisit {
    /// When it took place, in the school's time zone.
    pub at: DateTime<FixedOffset>,
    /// Who viewed the page; `None` if their account was removed.
    pub by: Option<String>,
    /// The reason.
    pub reason: PreviewReason,
}
