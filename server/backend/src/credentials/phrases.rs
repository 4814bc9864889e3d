//! The phrases on cards, typed instead of a password: of invitations, for accounts that wait for a password, and of
//! resets, for accounts in use.

use domain::credentials::phrase::Phrase;
use domain::ids::{AccountId, InvitationId};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use crate::{Backend, Result};

/// The number of wrong phrases that disables a card's phrase (NIST SP 800-63B-4, section 3.2.2). More than of a code, which is
/// shorter: a child who mistypes words should not lose the card, and how fast anyone can type is limited before
/// ([`super::limits`]). Its QR code, which nobody can guess, still works.
pub(crate) const MAX_WRONG_PHRASES: i32 = 100;

#[derive(sqlx::FromRow)]
struct LivePhraseRow {
    id: Uuid,
    account_id: Uuid,
    phrase_hash: Vec<u8>,
    is_invitation: bool,
}

/// Text that may be a phrase, with those it is compared with.
pub(crate) struct TypedPhrase {
    typed: Phrase,
    live: Vec<LivePhraseRow>,
}

impl TypedPhrase {
    /// Loads the valid phrases of these accounts, and counts an attempt against each; `None` if the text cannot be one. It
    /// counts before anything is compared, like [`super::codes::TypedCode::read`].
    pub(crate) async fn read(
        backend: &Backend,
        typed: &str,
        accounts: impl Iterator<Item = Uuid>,
    ) -> Result<Option<Self>> {
        let Ok(typed) = typed.parse::<Phrase>() else { return Ok(None) };
        let live = sqlx::query_as::<_, LivePhraseRow>(
            "WITH invited AS (
                 SELECT id FROM invitations
                 WHERE account_id = ANY($1) AND phrase_hash IS NOT NULL AND used_at IS NULL AND revoked_at IS NULL
                   AND expires_at > $2 AND failed_attempts < $3
                 ORDER BY id FOR UPDATE),
             reset AS (
                 SELECT id FROM password_resets
                 WHERE account_id = ANY($1) AND phrase_hash IS NOT NULL AND used_at IS NULL AND revoked_at IS NULL
                   AND expires_at > $2 AND failed_attempts < $3
                 ORDER BY id FOR UPDATE),
             tried_invitations AS (
                 UPDATE invitations i SET failed_attempts = failed_attempts + 1 FROM invited WHERE i.id = invited.id
                 RETURNING i.id, i.account_id, i.phrase_hash),
             tried_resets AS (
                 UPDATE password_resets r SET failed_attempts = failed_attempts + 1 FROM reset WHERE r.id = reset.id
                 RETURNING r.id, r.account_id, r.phrase_hash)
             SELECT id, account_id, phrase_hash, true AS is_invitation FROM tried_invitations
             UNION ALL
             SELECT id, account_id, phrase_hash, false FROM tried_resets",
        )
        .bind(accounts.collect::<Vec<_>>())
        .bind(backend.now())
        .bind(MAX_WRONG_PHRASES)
        .fetch_all(&mut *backend.system_connection().await?)
        .await?;
        Ok(Some(Self { typed, live }))
    }

    /// The invitation that the phrase opens for this account, if any.
    pub(crate) fn opens_invitation(&self, backend: &Backend, account: AccountId) -> Option<InvitationId> {
        let hash = backend.keys.invitations.phrase_hash(account, &self.typed);
        self.opened(account, &hash, true).map(InvitationId)
    }

    /// The reset that the phrase opens for this account, if any.
    pub(crate) fn opens_reset(&self, backend: &Backend, account: AccountId) -> Option<Uuid> {
        let hash = backend.keys.resets.phrase_hash(account, &self.typed);
        self.opened(account, &hash, false)
    }

    /// Compares all of them, in constant time.
    fn opened(&self, account: AccountId, hash: &[u8], invitation: bool) -> Option<Uuid> {
        let mut opened = None;
        for row in &self.live {
            if row.account_id == account.0
                && row.is_invitation == invitation
                && bool::from(hash.ct_eq(&row.phrase_hash))
            {
                opened = Some(row.id);
            }
        }
        opened
    }

    /// The attempt was right, or no attempt at a phrase: it does not count.
    pub(crate) async fn note_right(self, backend: &Backend) -> Result<()> {
        sqlx::query(
            "WITH invited AS (
                 UPDATE invitations SET failed_attempts = failed_attempts - 1 WHERE id = ANY($1) AND failed_attempts > 0)
             UPDATE password_resets SET failed_attempts = failed_attempts - 1 WHERE id = ANY($1) AND failed_attempts > 0",
        )
        .bind(self.live.iter().map(|row| row.id).collect::<Vec<_>>())
        .execute(&mut *backend.system_connection().await?)
        .await?;
        Ok(())
    }
}
