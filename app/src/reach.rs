//! Which pages of the office need more than a role of the office.

use domain::access::policy::Permission;

/// Pages by the beginning of their address, with the permission that they take. A page that is not here is for all
/// staff; what it shows and does asks the policy again.
const PAGES: &[(&str, Permission)] = &[
    ("/accounts/new", Permission::ManageAccounts),
    ("/imports", Permission::ImportRoll),
    ("/mailbox", Permission::ViewMailbox),
    ("/settings", Permission::ManageSettings),
];

/// What the page at a path takes, if it takes more than a role.
pub fn taken(path: &str) -> Option<Permission> {
    let begins =
        |page: &str| path.strip_prefix(page).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    PAGES.iter().find(|(page, _)| begins(page)).map(|(_, permission)| *permission)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_takes_what_the_beginning_of_its_address_says() {
        assert_eq!(taken("/accounts/new/review"), Some(Permission::ManageAccounts));
        assert_eq!(taken("/imports"), Some(Permission::ImportRoll));
        for open in ["/accounts", "/accounts/newest", "/students/1", "/"] {
            assert_eq!(taken(open), None, "{open}");
        }
    }
}
