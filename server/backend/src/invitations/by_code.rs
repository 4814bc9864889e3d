//! Activating with a username or email address and a typed code.

use domain::fold::typed_name;
use domain::ids::{AccountId, InvitationId};
use domain::invitations::code::InvitationCode;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use crate::credentials::limits;
use crate::credentials::limits::SOURCE;
use crate::sessions::visitor::Visitor;
use crate::{Backend, Result};

/// The number of wrong attempts that disables an invitation's code (OWASP ASVS 5.0, V6.6.3). Its link, which
/// nobody can guess, still works, so a stranger who has a username cannot lock anyone out.
pub const MAX_WRONG_CODES: i32 = 10;

#[derive(sqlx::FromRow)]
struct CodeCandidate {
    id: Uuid,
    account_id: Uuid,
    code_hash: Vec<u8>,
}

/// Returns the link token of the invitation with this username or address and code; activation then continues
/// as if the link had been opened. A former username works with the code of an invitation from before it changed, which
/// names it. Returns `None` for every failure alike. A failure counts against each
/// valid invitation under that name.
#[tracing::instrument(skip_all)]
pub async fn by_code(backend: &Backend, visitor: &Visitor, name: &str, code: &str) -> Result<Option<String>> {
    let Ok(code) = code.parse::<InvitationCode>() else { return Ok(None) };
    // Limits attempts per network, so that one network cannot disable the codes of a whole school.
    let attempt = [SOURCE.from(backend, visitor.source)];
    if !limits::take(backend, &attempt).await? {
        return Ok(None);
    }
    let now = backend.now();
    // Only after that does it look up whose name it is.
    let mut tx = backend.system_transaction().await?;
    // Locked, so that concurrent guesses are counted one after the other.
    let candidates: Vec<CodeCandidate> = sqlx::query_as(
        "SELECT i.id, i.account_id, i.code_hash
         FROM organisations o
         JOIN LATERAL (
             SELECT a.id, a.state, NULL::timestamptz AS before
             FROM sign_in_names n JOIN accounts a ON a.organisation_id = n.organisation_id AND a.person_id = n.person_id
             WHERE n.organisation_id = o.id AND n.username = $1 AND (n.until <= $2) IS NOT TRUE
             UNION ALL
             -- The username in a message from before it changed.
             SELECT a.id, a.state, f.replaced_at
             FROM former_usernames f JOIN accounts a ON a.organisation_id = f.organisation_id AND a.person_id = f.person_id
             WHERE f.organisation_id = o.id AND f.username = $1 AND f.replaced_at IS NOT NULL
             UNION ALL
             SELECT a.id, a.state, NULL
             FROM addresses m JOIN accounts a ON a.organisation_id = m.organisation_id AND a.person_id = m.person_id
             WHERE m.organisation_id = o.id AND m.comparable = $1 AND m.kind = 'email' AND m.is_primary) a ON true
         JOIN invitations i ON i.organisation_id = o.id AND i.account_id = a.id
         WHERE a.state IN ('created', 'invited') AND (i.created_at >= a.before) IS NOT TRUE
           AND i.used_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > $2 AND i.failed_attempts < $3
         ORDER BY i.id FOR UPDATE OF i",
    )
    .bind(typed_name(name))
    .bind(now)
    .bind(MAX_WRONG_CODES)
    .fetch_all(&mut *tx)
    .await?;
    let mut right = None;
    for candidate in &candidates {
        let typed = backend.keys.invitations.code_hash(AccountId(candidate.account_id), &code);
        // Compares all of them in constant time, so that the time reveals nothing.
        if bool::from(typed.as_slice().ct_eq(&candidate.code_hash)) {
            right = Some(InvitationId(candidate.id));
        }
    }
    if right.is_none() {
        let ids: Vec<Uuid> = candidates.iter().map(|candidate| candidate.id).collect();
        sqlx::query("UPDATE invitations SET failed_attempts = failed_attempts + 1 WHERE id = ANY($1)")
            .bind(ids)
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await?;
    if right.is_some() {
        limits::give_back(backend, &attempt).await?;
    }
    Ok(right.map(|invitation| backend.keys.invitations.secrets(invitation.0).link))
}
