//! Guardians: the list, their records, and whose contacts they are. None of the pages needs WebAssembly.

mod account;
mod addresses;
pub(in crate::http::guardians) mod bulk;
mod contact;
mod list;
mod modify;
mod new;
mod record;
mod sign_in;

use axum::routing::{get, post};
use backend::Error;
use domain::authorization::policy::Permission;
use domain::guardians::access::{NotOpened, Opening};
use domain::ids::{ContactId, PersonId};

use crate::http::routes::{Access, Routes};

/// The pages and their forms.
pub(super) fn routes() -> Routes {
    const ACCOUNTS: Access = Access::Holds(Permission::ManageAccounts);
    const CONTACTS: Access = Access::Holds(Permission::EditContacts);
    const GUARDIANS: Permission = Permission::ManageGuardians;
    Routes::new()
        .holding(Permission::ViewRoll, "/guardians", get(list::list))
        .holding(Permission::ViewAccounts, "/guardians/bulk", post(bulk::ask))
        .holding(Permission::SendInvitations, "/guardians/bulk/invitations", post(bulk::invitations))
        .holding(Permission::ManageAccounts, "/guardians/bulk/create", post(bulk::create))
        .step_up(ACCOUNTS, "/guardians/bulk/accounts", post(bulk::accounts))
        .step_up(Access::Holds(Permission::ExportAccounts), "/guardians/bulk/export", post(bulk::export))
        .holding(GUARDIANS, "/guardians/new", get(new::ask).post(new::add))
        .holding(Permission::ViewRoll, "/guardians/{person}", get(record::show))
        .holding(Permission::ManageAccounts, "/guardians/{person}/account", post(account::grant))
        .holding(Permission::SendInvitations, "/guardians/{person}/invitation", post(account::invite))
        .step_up(ACCOUNTS, "/guardians/{person}/state", post(account::change))
        .step_up(ACCOUNTS, "/guardians/{person}/code", post(account::code))
        .holding(Permission::ManageAccounts, "/guardians/{person}/sessions", post(sign_in::sign_out))
        .step_up(ACCOUNTS, "/guardians/{person}/factors", post(sign_in::factors))
        .step_up(ACCOUNTS, "/guardians/{person}/identities", post(sign_in::identities))
        .step_up(ACCOUNTS, "/guardians/{person}/old-username", post(account::old_username))
        .step_up(CONTACTS, "/guardians/{person}/addresses", post(addresses::save))
        .step_up(CONTACTS, "/guardians/{person}/addresses/{address}", post(addresses::act))
        .holding(Permission::EditContacts, "/guardians/{person}/postal", post(addresses::postal))
        .holding(GUARDIANS, "/guardians/{person}/modify", get(modify::show))
        .holding(GUARDIANS, "/guardians/{person}/details", post(modify::details))
        .holding(GUARDIANS, "/guardians/{person}/attach", post(modify::attach))
        .holding(
            Permission::ViewRoll,
            "/guardians/contacts/{contact}",
            get(contact::show).post(contact::change),
        )
        .holding(GUARDIANS, "/guardians/contacts/{contact}/end", post(contact::end))
        .holding(GUARDIANS, "/guardians/contacts/{contact}/again", post(contact::again))
        .holding(
            Permission::ViewRoll,
            "/guardians/contacts/{contact}/account",
            get(contact::matches).post(contact::link),
        )
}

/// What is no identifier names nobody.
fn person(id: &str) -> Result<PersonId, Error> {
    id.parse().map_err(|_| Error::NotFound("guardian"))
}

/// What is no identifier is no contact.
fn contact_id(id: &str) -> Result<ContactId, Error> {
    id.parse().map_err(|_| Error::NotFound("contact"))
}

/// The word for [`done`] after somebody became a contact.
fn opened_word(opening: Opening, otherwise: &'static str) -> &'static str {
    opening.why.map_or(otherwise, NotOpened::slug)
}

/// What was just done, from the address that a form led to.
fn done(word: &str) -> Option<&'static str> {
    match word {
        "added" => Some("User added. Attach their students, then create their account."),
        "split" => Some(
            "This is the new person. If they sign in, create their own account below. You can undo the split under Likely duplicates, Merges.",
        ),
        "added_account" => Some(
            "User added, with an account. Attach their students, then send the invitation from their record.",
        ),
        "added_review" => Some(
            "User added. The username from the school\u{2019}s pattern needs a decision, so there is no account yet. Create it on their record.",
        ),
        "attached" => {
            Some("Student attached. No message was sent: the guardian sees the student when they sign in.")
        }
        "saved" => Some("Saved."),
        "ended" => Some("Contact ended. They no longer see this student."),
        "again" => Some("The contact has started again."),
        "linked" => Some("The student was linked to this account."),
        "created" => Some("Account created. Nothing was sent yet."),
        "invited" => Some("Invitation code queued."),
        "code" => Some("1 one-time code queued."),
        "stopped" => Some("The old username no longer signs in."),
        "allowed" => Some("The old username signs in again."),
        "signed_out" => Some("Signed out."),
        "factors" => Some("Second factors removed."),
        "identities" => Some("Link removed."),
        "disable" => Some("Account disabled."),
        "enable" => Some("Account enabled."),
        "unlock" => Some("Account unlocked."),
        "close" => Some("Account closed."),
        other => NotOpened::from_slug(other).map(NotOpened::sentence),
    }
}
