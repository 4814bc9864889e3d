//! Typed codes: the office's codes, which are typed instead of a password, and those that prove who an
//! identity at a provider belongs to.

use domain::ids::AccountId;
use domain::invitations::code::InvitationCode;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use crate::{Backend, Result};

/// The number of wrong attempts that disables a code (OWASP ASVS 5.0, V6.6.3).
const MAX_WRONG_CODES: i32 = 10;

#[derive(sqlx::FromRow)]
struct LiveCode {
    id: Uuid,
    account_id: Uuid,
    secret_hash: Vec<u8>,
}

/// Text that may be a code, with the codes it is compared with.
pub(crate) struct TypedCode {
    typed: InvitationCode,
    live: Vec<LiveCode>,
}

impl TypedCode {
    /// Loads the valid codes of one kind for these accounts, and counts an attempt against each; `None` if the text
    /// cannot be a code. It counts before anything is compared, in one statement, so that attempts at the same
    /// moment are not more than [`MAX_WRONG_CODES`] (OWASP ASVS 5.0, V15.4.2). [`Self::note_right`] takes it back.
    pub(crate) async fn read(
        backend: &Backend,
        kind: &str,
        typed: &str,
        accounts: impl Iterator<Item = Uuid>,
    ) -> Result<Option<Self>> {
        let Ok(typed) = typed.parse::<InvitationCode>() else { return Ok(None) };
        let live = sqlx::query_as::<_, LiveCode>(
            "WITH live AS (
                 SELECT id FROM password_resets
                 WHERE account_id = ANY($1) AND kind = $4 AND used_at IS NULL AND revoked_at IS NULL
                   AND expires_at > $2 AND failed_attempts < $3
                 ORDER BY id FOR UPDATE)
             UPDATE password_resets r SET failed_attempts = failed_attempts + 1
             FROM live WHERE r.id = live.id AND r.failed_attempts < $3
             RETURNING r.id, r.account_id, r.secret_hash",
        )
        .bind(accounts.collect::<Vec<_>>())
        .bind(backend.now())
        .bind(MAX_WRONG_CODES)
        .bind(kind)
        .fetch_all(&mut *backend.system_connection().await?)
        .await?;
        Ok(Some(Self { typed, live }))
    }

    /// Returns the reset that the code opens for this account, if any. Compares all of them, in constant
    /// time.
    pub(crate) fn opens(&self, backend: &Backend, account: AccountId) -> Option<Uuid> {
        let hash = backend.keys.resets.code_hash(account, &self.typed);
        let mut opened = None;
        for code in self.live.iter().filter(|code| code.account_id == account.0) {
            if bool::from(hash.as_slice().ct_eq(&code.secret_hash)) {
                opened = Some(code.id);
            }
        }
        opened
    }

    /// The attempt was right, or no attempt at a code: it does not count.
    pub(crate) async fn note_right(self, backend: &Backend) -> Result<()> {
        sqlx::query(
            "WITH live AS (SELECT id FROM password_resets WHERE id = ANY($1) ORDER BY id FOR UPDATE)
             UPDATE password_resets r SET failed_attempts = failed_attempts - 1
             FROM live WHERE r.id = live.id AND r.failed_attempts > 0",
        )
        .bind(self.live.iter().map(|code| code.id).collect::<Vec<_>>())
        .execute(&mut *backend.system_connection().await?)
        .await?;
        Ok(())
    }
}
