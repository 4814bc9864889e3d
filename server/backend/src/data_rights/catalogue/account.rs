//! What is held on somebody's account: how they sign in, and what they chose.

use domain::data_rights::held::Fate;

use super::{Held, of_account, stays};

/// See [`Held`].
pub(super) const HELD: &[Held] = &[
    of_account!(
        "pending_sign_ins",
        "Sign-ins that were begun",
        &["account_id"],
        "t.account_id = a.id",
        "token_hash,unlinked_hash"
    ),
    of_account!(
        "unlinked_identities",
        "Sign-ins at other providers that wait to be linked",
        &["account_id", "proved_account_id"],
        "t.account_id = a.id OR t.proved_account_id = a.id",
        "token_hash"
    ),
    of_account!("sessions", "Open sessions", &["account_id"], "t.account_id = a.id", "token_hash"),
    of_account!(
        "known_devices",
        "Browsers that were recognised",
        &["account_id"],
        "t.account_id = a.id",
        "device_hash"
    ),
    of_account!(
        "interrupted_forms",
        "Forms that wait for a new sign-in",
        &["account_id"],
        "t.account_id = a.id",
        "form,device_hash,secrets"
    ),
    of_account!(
        "password_resets",
        "Links and codes for a new password",
        &["account_id"],
        "t.account_id = a.id",
        "secret_hash,phrase_hash,mail_id"
    ),
    of_account!("passwords", "Password", &["account_id"], "t.account_id = a.id", "hash"),
    of_account!("recovery_codes", "Recovery codes", &["account_id"], "t.account_id = a.id", "code_hash"),
    of_account!(
        "authenticators",
        "Authenticator apps",
        &["account_id"],
        "t.account_id = a.id",
        "last_step,told_steps"
    ),
    of_account!("passkeys", "Passkeys", &["account_id"], "t.account_id = a.id", "credential_id,credential"),
    of_account!(
        "linked_identities",
        "Linked sign-ins at other providers",
        &["account_id"],
        "t.account_id = a.id",
        ""
    ),
    of_account!(
        "address_changes",
        "Changes of the own email address",
        &["account_id"],
        "t.account_id = a.id",
        "confirm_hash,undo_hash"
    ),
    of_account!(
        "account_portal_changes",
        "Portal groups that bulk actions changed",
        &["account_id", "operation_id"],
        "t.account_id = a.id",
        ""
    ),
    of_account!(
        "account_state_changes",
        "States that bulk actions changed",
        &["account_id", "operation_id"],
        "t.account_id = a.id",
        ""
    ),
    of_account!(
        "invitations",
        "Invitations",
        &["account_id"],
        "t.account_id = a.id",
        "link_hash,code_hash,phrase_hash"
    ),
    of_account!("alert_marks", "Alerts that were read", &["account_id"], "t.account_id = a.id", ""),
    of_account!("column_choices", "Columns chosen for lists", &["account_id"], "t.account_id = a.id", ""),
    stays!(
        "operations",
        "Bulk actions they asked for",
        &["account_id", "people"],
        "t.account_id IN (SELECT a.id FROM accounts a WHERE a.organisation_id = $1 AND a.person_id = ANY($2::uuid[]))",
        "input,people,plan_hash,queued,left_out",
        Fate::Stays("says by ids who did something to whom; deleted after its time")
    ),
    stays!(
        "accounts",
        "Account",
        &["person_id"],
        "t.person_id = ANY($2::uuid[])",
        "username_stem,username_around",
        Fate::Emptied(
            "the username, which nobody else ever gets, and when the account was created and closed"
        )
    ),
];
