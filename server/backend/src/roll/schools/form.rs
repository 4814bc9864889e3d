//! The form of a school.

use domain::fields::FieldErrors;
use domain::roll::office::OfficeContact;
use domain::roll::school::{InstitutionName, SchoolCode};
use serde::{Deserialize, Serialize};

use crate::Result;
use crate::roll::organisation::details::office;

/// The submitted form, or the current values as text to edit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SchoolForm {
    /// The name.
    pub name: String,
    /// The code; only read when the school is added.
    pub code: String,
    /// The phone number of its office; empty for the organisation's.
    pub office_phone: String,
    /// The email address of its office; empty for the organisation's.
    pub office_email: String,
}

/// Valid values.
pub(super) struct SchoolDetails {
    pub(super) name: InstitutionName,
    pub(super) office: OfficeContact,
}

impl SchoolForm {
    /// Parses what can be changed later.
    pub(super) fn parse(&self) -> Result<SchoolDetails> {
        let mut errors = FieldErrors::default();
        self.details(&mut errors).ok_or_else(|| errors.into())
    }

    /// Parses everything, for a new school.
    pub(super) fn parse_new(&self) -> Result<(SchoolCode, SchoolDetails)> {
        let mut errors = FieldErrors::default();
        let details = self.details(&mut errors);
        let code = errors.take("code", self.code.parse::<SchoolCode>());
        code.zip(details).ok_or_else(|| errors.into())
    }

    fn details(&self, errors: &mut FieldErrors) -> Option<SchoolDetails> {
        let name = errors.take("name", self.name.parse());
        let office = office(errors, &self.office_phone, &self.office_email);
        Some(SchoolDetails { name: name?, office: office? })
    }
}
