//! The portal's home page.

use chrono::{DateTime, FixedOffset, NaiveDate};

use super::{PortalFrameView, PreviewReason};
use crate::ids::PersonId;
use crate::roll::status::RollStatus;

/// All that the home page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalHome {
    /// Whose page it is.
    pub person: PersonId,
    /// What to call them.
    pub familiar: String,
    /// Given, middle and family name.
    pub name: String,
    /// The name they go by, if it is not the given name.
    pub preferred: String,
    /// Their username.
    pub username: String,
    /// Date of birth, if the school holds it.
    pub born_on: Option<NaiveDate>,
    /// Email addresses that the school holds, the one for messages first.
    pub emails: Vec<String>,
    /// Their schools; those of now first. Empty for staff who are no student.
    pub schools: Vec<PortalSchool>,
    /// The moment of the page, at the place of the school.
    pub now: DateTime<FixedOffset>,
    /// Who of the school has looked at this page lately, the latest first.
    pub visits: Vec<Visit>,
    /// What is around the page.
    pub frame: PortalFrameView,
}

/// A school that the person is, was or will be at.
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
    /// On the day of the page.
    pub status: RollStatus,
}

/// A preview that staff opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// When, at the place of the school.
    pub at: DateTime<FixedOffset>,
    /// Who looked; none where their account is gone.
    pub by: Option<String>,
    /// Why.
    pub reason: PreviewReason,
}
