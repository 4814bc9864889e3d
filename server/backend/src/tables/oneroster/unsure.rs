//! Users of whom the export does not say that they are of this kind, or at this school: they are asked about.

use std::collections::{BTreeSet, HashMap};

use super::file::OneRosterFile;

/// What enrollments say about a user.
#[derive(Default)]
pub(super) struct Enrolled<'a> {
    roles: BTreeSet<String>,
    pub(super) schools: Vec<&'a str>,
}

/// What enrollments say, by user.
pub(super) fn enrolled(enrollments: &OneRosterFile) -> HashMap<&str, Enrolled<'_>> {
    let mut users: HashMap<&str, Enrolled<'_>> = HashMap::new();
    for row in enrollments.live() {
        let user = users.entry(enrollments.cell(row, "usersourcedid")).or_default();
        let (role, school) = (enrollments.cell(row, "role"), enrollments.cell(row, "schoolsourcedid"));
        if !role.is_empty() {
            user.roles.insert(role.to_lowercase());
        }
        if !school.is_empty() && !user.schools.contains(&school) {
            user.schools.push(school);
        }
    }
    users
}

/// The value of the column that decides, for a user who must be asked about; `None` for others. `without_role` is what
/// enrollments say of a user who has no role elsewhere.
pub(super) fn why(role: &str, without_role: Option<&Enrolled<'_>>, has_no_school: bool) -> Option<String> {
    let role = match without_role {
        Some(enrolled) if enrolled.roles.is_empty() => "no role".to_owned(),
        Some(enrolled) => {
            let roles: Vec<&str> = enrolled.roles.iter().map(String::as_str).collect();
            format!("no role, but {} in classes", roles.join(" and "))
        }
        None if has_no_school && role.is_empty() => "a role".to_owned(),
        None if has_no_school => role.to_lowercase(),
        None => return None,
    };
    Some(if has_no_school { format!("{role}, and no school") } else { role })
}
