//! What a column of a file can hold, and the names that school systems give it.

use serde::{Deserialize, Serialize};

use super::usual_names::{HINTS, NOT_THE_STUDENT, USUAL_NAMES};
use crate::roll::fold::fold;

/// A fact about a student that a column can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StudentField {
    /// The number that tells students apart.
    AdmissionNumber,
    /// Given name.
    GivenName,
    /// Middle names.
    MiddleName,
    /// Family name.
    FamilyName,
    /// The name the student goes by.
    PreferredName,
    /// Given and family name in one column: "Okoronta, Adaeze" or "Adaeze Okoronta".
    FullName,
    /// Date of birth.
    DateOfBirth,
    /// Language of messages.
    Language,
    /// Email address.
    Email,
    /// Phone number.
    Phone,
    /// Year group.
    YearGroup,
    /// Registration group.
    RegistrationGroup,
    /// First day on roll.
    StartDate,
    /// Last day on roll.
    EndDate,
}

use StudentField as F;

impl StudentField {
    /// All, in the order that menus offer them.
    pub const ALL: [Self; 14] = [
        F::AdmissionNumber,
        F::GivenName,
        F::MiddleName,
        F::FamilyName,
        F::PreferredName,
        F::FullName,
        F::DateOfBirth,
        F::Language,
        F::Email,
        F::Phone,
        F::YearGroup,
        F::RegistrationGroup,
        F::StartDate,
        F::EndDate,
    ];

    /// The word in the database, in forms and on the command line.
    pub fn slug(self) -> &'static str {
        match self {
            F::AdmissionNumber => "admission_number",
            F::GivenName => "given_name",
            F::MiddleName => "middle_name",
            F::FamilyName => "family_name",
            F::PreferredName => "preferred_name",
            F::FullName => "full_name",
            F::DateOfBirth => "date_of_birth",
            F::Language => "language",
            F::Email => "email",
            F::Phone => "phone",
            F::YearGroup => "year_group",
            F::RegistrationGroup => "registration_group",
            F::StartDate => "start_date",
            F::EndDate => "end_date",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.slug() == slug)
    }

    /// The words on pages.
    pub fn label(self) -> &'static str {
        match self {
            F::AdmissionNumber => "Admission number",
            F::GivenName => "Given name",
            F::MiddleName => "Middle name",
            F::FamilyName => "Family name",
            F::PreferredName => "Preferred name",
            F::FullName => "Full name",
            F::DateOfBirth => "Date of birth",
            F::Language => "Language",
            F::Email => "Email",
            F::Phone => "Phone",
            F::YearGroup => "Year group",
            F::RegistrationGroup => "Registration group",
            F::StartDate => "Start date",
            F::EndDate => "End date",
        }
    }

    /// Whether its values are dates.
    pub fn is_date(self) -> bool {
        matches!(self, F::DateOfBirth | F::StartDate | F::EndDate)
    }

    /// A header without case, accents, spaces and signs: `Legal_Surname` and "legal surname" are one.
    pub fn header_key(header: &str) -> String {
        let mut key = fold(header);
        key.retain(|c| c != ' ');
        key
    }

    /// The field that usually has this name, in any case and spelling.
    pub fn usual(header: &str) -> Option<Self> {
        let key = Self::header_key(header);
        USUAL_NAMES.iter().find(|(_, names)| names.contains(&key.as_str())).map(|(field, _)| *field)
    }

    /// The field that this name hints at, to be confirmed by a person.
    pub fn hinted(header: &str) -> Option<Self> {
        let key = Self::header_key(header);
        if NOT_THE_STUDENT.iter().any(|word| key.contains(word)) {
            return None;
        }
        HINTS.iter().find(|(part, _)| key.contains(part)).map(|(_, field)| *field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_of_many_systems_are_known_in_any_spelling() {
        for (header, field) in [
            ("Adm No", F::AdmissionNumber),
            ("ADMISSION_NUMBER", F::AdmissionNumber),
            ("Student_Number", F::AdmissionNumber),
            ("Forename", F::GivenName),
            ("givenName", F::GivenName),
            ("Legal Surname", F::FamilyName),
            ("Preferred Forename", F::PreferredName),
            ("D.O.B.", F::DateOfBirth),
            ("date of birth", F::DateOfBirth),
            ("Student Email", F::Email),
            ("E-mail", F::Email),
            ("Tutor Group", F::RegistrationGroup),
            ("Reg", F::RegistrationGroup),
            ("Form", F::RegistrationGroup),
            ("Grade_Level", F::YearGroup),
            ("DOA", F::StartDate),
            ("Leaving date", F::EndDate),
        ] {
            assert_eq!(StudentField::usual(header), Some(field), "{header}");
        }
    }

    #[test]
    fn columns_about_other_people_are_left_alone() {
        for header in ["Parent email", "Guardian 1 Surname", "Emergency contact phone", "Preferred Surname"] {
            assert_eq!(StudentField::usual(header), None, "{header}");
            assert_eq!(StudentField::hinted(header), None, "{header}");
        }
        assert_eq!(StudentField::hinted("Student e-mail (school)"), Some(F::Email));
    }

    #[test]
    fn every_field_knows_its_own_label_and_slug() {
        for field in StudentField::ALL {
            assert_eq!(StudentField::usual(field.label()), Some(field));
            assert_eq!(StudentField::usual(field.slug()), Some(field));
            assert_eq!(StudentField::from_slug(field.slug()), Some(field));
        }
    }

    #[test]
    fn no_name_belongs_to_two_fields() {
        let mut all: Vec<_> = USUAL_NAMES.iter().flat_map(|(_, names)| names.iter()).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    proptest! {
        #[test]
        fn case_and_separators_do_not_matter(field in 0..StudentField::ALL.len(), sign in "[ _.-]", upper: bool) {
            let field = StudentField::ALL[field];
            let mut header = field.label().replace(' ', &sign);
            if upper { header = header.to_uppercase(); }
            prop_assert_eq!(StudentField::usual(&header), Some(field));
        }
    }
}
