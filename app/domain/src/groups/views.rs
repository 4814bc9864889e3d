//! Groups as other pages show them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ids::GroupId;

/// A teaching group on a student's record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StudentGroup {
    /// The group.
    pub group: GroupId,
    /// Its name.
    pub name: String,
    /// The name of its year; empty for a group of no year.
    pub year: String,
    /// What it studies, those that were chosen first.
    pub courses: Vec<String>,
    /// Their first day in it.
    pub since: NaiveDate,
    /// Their last day in it.
    pub until: Option<NaiveDate>,
    /// Whether that day is past.
    pub ended: bool,
}
