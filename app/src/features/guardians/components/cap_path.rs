//! Where the cap of an adult leads.

use domain::authorization::policy::Permission;
use domain::credentials::status::AccountStatus;
use domain::ids::PersonId;

use crate::features::office::layout::OfficeUser;

/// With an account, the preview; without one, the form that creates it or opens it again. `None` for readers who may not.
pub fn cap_path(person: PersonId, status: AccountStatus) -> Option<String> {
    let user = OfficeUser::get();
    if status.has_account() {
        user.may(Permission::PreviewAccount).then(|| format!("/guardians/{person}/preview"))
    } else {
        user.may(Permission::ManageAccounts).then(|| format!("/guardians/{person}#account"))
    }
}
