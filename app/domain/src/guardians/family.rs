//! A child as their guardians see them, and what a guardian answers when they first sign in.

use chrono::NaiveDate;

use crate::ids::PersonId;
use crate::roll::status::RollStatus;

/// A child, as a guardian who may see their profile sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FamilyChild {
    /// The child.
    pub person: PersonId,
    /// The name to call them by.
    pub familiar: String,
    /// Given, middle and family names.
    pub name: String,
    /// The first letters of the name they go by and of the family name.
    pub initials: String,
    /// Date of birth, if the school has it.
    pub born_on: Option<NaiveDate>,
    /// Their schools, current ones first.
    pub schools: Vec<ChildSchool>,
}

/// A school that the child attends, attended or will attend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChildSchool {
    /// Its name.
    pub name: String,
    /// Year group; may be empty.
    pub year: String,
    /// Registration group; may be empty.
    pub group: String,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day, if set.
    pub ends_on: Option<NaiveDate>,
    /// Their status today.
    pub status: RollStatus,
}

/// A child that an invitation names: just enough for a parent to recognise them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedChild {
    /// The child.
    pub person: PersonId,
    /// The name to call them by, and no family name.
    pub familiar: String,
    /// Their school; empty if they are on no roll.
    pub school: String,
}

/// The first letters of two names, for a round mark beside them: "AO". Of names in scripts without capitals, the letters
/// as they are.
pub fn initials(familiar: &str, family: &str) -> String {
    [familiar, family].iter().filter_map(|name| name.chars().next()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_of_the_name_they_go_by_and_of_the_family_name() {
        assert_eq!(initials("Adaeze", "okoronta"), "AO");
        assert_eq!(initials("Łucja", ""), "Ł");
        assert_eq!(initials("علي", "حسن"), "عح");
    }
}
