//! What is held on somebody's account: how they sign in, and what they chose.

use domain::data_rights::held::Fate;

use super::{Held, goes, stays};

/// See [`Held`].
pub(super) const HELD: &[Held] = &[
    goes!(
        "pending_sign_ins",
        "Sign-ins that were begun",
        &["account_id"],
        "t.account_id IN (SELECT a.id FROM accounts a WHERE a.organisation_id = $1 AND a.person_id = ANY($2::uuid[]))",
        "token_hash,unlinked_hash"
    ),
    goes!(
        "unlinked_identities",
        "Sign-ins at other providers that wait to be linked",
        &["account_id", "proved_account_id"],
        "t.account_id IN (SELECT a.id FROM accounts a WHERE a.organisation_id = $1 AND a.person_id = ANY($2::uuid[])) OR t.proved_account_id IN (SELECT a.id FROM accounts a WHERE a.organisation_id = $1 AND a.person_id = ANY($2::uuid[]))",
        "token_hash"
    ),
    goes!(
        "sessions",
        "Open sessions",
        &["account_id"],
        "t.account_id IN (SELECT a.id FROM accounts a WHERE a.organisation_id = $1 AND a.person_id = ANY($2::uuid[]))",
        "token_hash"
    ),
    goes!(
        "known_devices",
        "Browsers that were recognised",
        &["account_id"],
        "t.account_id IN (SELECT a.id FROM accounts a WHERE a.organisation_id = $1 AND a.person_id = ANY($2::uuid[]))",
        "device_hash"
    ),
    goes!(
        "interrupted_forms",
        "Forms that wait for a new sign-in",
        &["account_id"],
        "t.account_id IN (SELECT a.id FROM accounts a WHERE a.organisation_id = $1 AND a.person_id = ANY($2::uuid[]))",
        "form,device_hash,secrets"
    ),
    goes!(
        "password_resets",
        "Links and codes for a new password",
        &["account_id"],
        "t.account_id IN (SELECT a.id FROM accounts a WHERE a.organisation_id = $1 AND a.person_id = ANY($2::uuid[]))",
        "secret_hash,phrase_hash,mail_id"
    ),
    goes!(
        "passwords",
        "Password",
        &["account_id"],
        "t.account_id IN (SELECT a.id FROM accounts a WHERE a.organisation_id = $1 AND a.person_id = ANY($2::uuid[]))",
        "hash"
    ),
    goes!(
        "recovery_codes",
        "Recovery codes",
        &["account_id"],
        "t.account_id IN (SELECT a.id FROM accounts a WHERE a.organisation_id = $1 AND a.person_id = ANY($2::uuid[]))",
        "code_hash"
    ),
    goes!(
        "authenticators",
        "Authenticator apps",
        &["account_id"],
        "t.account_id IN (SELECT a.id FROM accounts a WHERE a.organisation_id = $1 AND a.person_id = ANY($2::uuid[]))",
        "last_step,told_steps"
    ),
    goes!(
        "passkeys",
        "Passkeys",
        &["account_id"],
        "t.account_id IN (SELECT a.id FROM accounts a WHERE a.organisation_id = $1 AND a.person_id = ANY($2::uuid[]))",
        "credential_id,credential"
    ),
    goes!(
        "linked_identities",
        "Linked sign-ins at other providers",
        &["account_id"],
        "t.account_id IN (SELECT a.id FROM accounts a WHERE a.organisation_id = $1 AND a.person_id = ANY($2::uuid[]))",
        ""
    ),
    goes!(
        "address_changes",
        "Changes of the own email address",
        &["account_id"],
        "t.account_id IN (SELECT a.id FROM accounts a WHERE a.organisation_id = $1 AND a.person_id = ANY($2::uuid[]))",
        "confirm_hash,undo_hash"
    ),
    goes!(
        "account_portal_changes",
        "Portal groups that bulk actions changed",
        &["account_id", "operation_id"],
        "t.account_id IN (SELECT a.id FROM accounts a WHERE a.organisation_id = $1 AND a.person_id = ANY($2::uuid[]))",
        ""
    ),
    goes!(
        "account_state_changes",
        "States that bulk actions changed",
        &["account_id", "operation_id"],
        "t.account_id IN (SELECT a.id FROM accounts a WHERE a.organisation_id = $1 AND a.person_id = ANY($2::uuid[]))",
        ""
    ),
    goes!(
        "invitations",
        "Invitations",
        &["account_id"],
        "t.account_id IN (SELECT a.id FROM accounts a WHERE a.organisation_id = $1 AND a.person_id = ANY($2::uuid[]))",
        "link_hash,code_hash,phrase_hash"
    ),
    goes!(
        "alert_marks",
        "Alerts that were read",
        &["account_id"],
        "t.account_id IN (SELECT a.id FROM accounts a WHERE a.organisation_id = $1 AND a.person_id = ANY($2::uuid[]))",
        ""
    ),
    goes!(
        "column_choices",
        "Columns chosen for lists",
        &["account_id"],
        "t.account_id IN (SELECT a.id FROM accounts a WHERE a.organisation_id = $1 AND a.person_id = ANY($2::uuid[]))",
        ""
    ),
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
