//! The permission that each office page needs.

use domain::authorization::policy::Permission;

/// Pages by the start of their address, with the permission they need; the first match counts. What a page
/// shows and does is checked again by the policy.
const PAGES: &[(&str, Permission)] = &[
    ("/accounts/new", Permission::ManageAccounts),
    ("/accounts/paste", Permission::ManageAccounts),
    ("/accounts", Permission::ViewAccounts),
    ("/imports", Permission::ImportRoll),
    ("/mailbox", Permission::ViewMailbox),
    // What the operation is about is checked again.
    ("/operations", Permission::UseOffice),
    ("/settings", Permission::ManageSettings),
    ("/staff", Permission::ViewRoll),
    ("/students", Permission::ViewRoll),
];

/// Returns the permission that the page at a path needs; `None` if there is no such page.
pub fn required_permission(path: &str) -> Option<Permission> {
    let begins =
        |page: &str| path.strip_prefix(page).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    PAGES.iter().find(|(page, _)| begins(page)).map(|(_, permission)| *permission)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_takes_what_the_beginning_of_its_address_says() {
        assert_eq!(required_permission("/accounts/new/review"), Some(Permission::ManageAccounts));
        assert_eq!(required_permission("/imports"), Some(Permission::ImportRoll));
        for accounts in ["/accounts", "/accounts/newest"] {
            assert_eq!(required_permission(accounts), Some(Permission::ViewAccounts), "{accounts}");
        }
        assert_eq!((required_permission("/"), required_permission("/accounting")), (None, None));
    }
}
