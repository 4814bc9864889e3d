//! Keys, made from the one pepper of the configuration, and the secrets that invitations, resets and changes of address
//! carry.
//!
//! These secrets are not random numbers that would have to be kept until the worker sends them: they are derived from
//! the id of the invitation, the reset or the change with a key that is not in the database (HMAC-SHA-256, RFC 2104).
//! So the queue holds ids only, a message that is sent twice after a crash carries the same link, and the database
//! alone refuses everyone.

use data_encoding::BASE64URL_NOPAD;
use domain::ids::AccountId;
use domain::invitations::code::InvitationCode;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::random::Random;

mod seal;

pub use seal::SealingKey;

/// A keyed hash, as the database holds it.
pub type KeyedHash = [u8; 32];

/// The hash of a token of [`random_token`], as the database holds it.
pub type TokenHash = [u8; 32];

/// As long as a block of SHA-256, so that HMAC takes it as it is.
type Key = [u8; 64];

/// The keys, one per purpose (HKDF-SHA-256, RFC 5869), so that a hash made for one is nothing to another.
pub struct Keys {
    /// For invitations.
    pub invitations: OneTimeKeys,
    /// For ways to a new password.
    pub resets: OneTimeKeys,
    /// For confirming a new address.
    pub address_confirmations: OneTimeKeys,
    /// For undoing that from the old one.
    pub address_undos: OneTimeKeys,
    /// For what providers of single sign-on gave us to show them.
    pub provider_secrets: SealingKey,
    /// For forms that wait for a proof of who sent them.
    pub interrupted_forms: SealingKey,
    /// For names typed by people who cannot sign in.
    pub recovery_requests: SealingKey,
    provider_visits: Key,
    authenticators: Key,
    recovery_codes: Key,
    attempts: Key,
    audit: Key,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(..)")
    }
}

/// The keys of one kind of one-time secret.
pub struct OneTimeKeys {
    link_secret: Key,
    code_secret: Key,
    link_hash: Key,
    code_hash: Key,
}

/// The two secrets that belong to one id, as a message carries them.
pub struct OneTimeSecrets {
    /// 256 bits in base64url (RFC 4648, section 5): 43 characters.
    pub link: String,
    /// What is typed.
    pub code: InvitationCode,
}

/// What the database holds of them.
pub struct OneTimeHashes {
    /// See [`OneTimeKeys::link_hash`].
    pub link: KeyedHash,
    /// See [`OneTimeKeys::code_hash`].
    pub code: KeyedHash,
}

impl Keys {
    /// Makes the keys from the pepper: 32 random bytes, kept outside the database.
    pub fn new(pepper: &[u8; 32]) -> Self {
        let root = Hkdf::<Sha256>::new(Some(b"greencap keys v1"), pepper);
        let key = |purpose: &str| {
            let mut key = [0; 64];
            // RFC 5869 allows up to 255 hashes of output; two never fail.
            let filled = root.expand(purpose.as_bytes(), &mut key);
            debug_assert!(filled.is_ok());
            key
        };
        let sealing = |purpose: &str| {
            let mut half = [0; 32];
            half.copy_from_slice(&key(purpose)[..32]);
            SealingKey::new(half)
        };
        let one_time = |what: &str| OneTimeKeys {
            link_secret: key(&format!("{what} link secret")),
            code_secret: key(&format!("{what} code secret")),
            link_hash: key(&format!("{what} link hash")),
            code_hash: key(&format!("{what} code hash")),
        };
        Self {
            invitations: one_time("invitation"),
            resets: one_time("reset"),
            address_confirmations: one_time("address confirmation"),
            address_undos: one_time("address undo"),
            provider_secrets: sealing("provider secret"),
            interrupted_forms: sealing("interrupted form"),
            recovery_requests: sealing("recovery request"),
            provider_visits: key("provider visit"),
            authenticators: key("authenticator secret"),
            recovery_codes: key("recovery code hash"),
            attempts: key("attempts"),
            audit: key("audit chain"),
        }
    }

    /// The secret that an account shares with its authenticator app, the same every time.
    pub fn authenticator_secret(&self, account: AccountId, id: Uuid) -> [u8; 20] {
        let mut secret = [0; 20];
        secret.copy_from_slice(&mac(&self.authenticators, &[account.0.as_bytes(), id.as_bytes()])[..20]);
        secret
    }

    /// What the database holds of a recovery code: bound to its account.
    pub fn recovery_code_hash(&self, account: AccountId, code: &InvitationCode) -> KeyedHash {
        mac(&self.recovery_codes, &[account.0.as_bytes(), code.as_bytes()])
    }

    /// A value of 256 bits that belongs to one visit to a provider: `purpose` says which one, `token` is what the browser
    /// keeps of the visit.
    pub fn of_provider_visit(&self, purpose: &str, token: &str) -> String {
        BASE64URL_NOPAD.encode(&mac(&self.provider_visits, &[purpose.as_bytes(), &[0], token.as_bytes()]))
    }

    /// Under which tries are counted: `kind` says of what, `value` of which one.
    pub fn attempt_hash(&self, kind: &str, value: &[u8]) -> KeyedHash {
        mac(&self.attempts, &[kind.as_bytes(), &[0], value])
    }

    /// The hash of an entry of the audit log: over the hash of the entry before it and its own canonical form.
    pub fn audit_hash(&self, before: &[u8], canonical: &str) -> KeyedHash {
        mac(&self.audit, &[before, canonical.as_bytes()])
    }
}

impl OneTimeKeys {
    /// The secrets of an id, the same every time.
    pub fn secrets(&self, id: Uuid) -> OneTimeSecrets {
        let link = mac(&self.link_secret, &[id.as_bytes()]);
        let code = mac(&self.code_secret, &[id.as_bytes()]);
        let mut bits = [0; 8];
        bits.copy_from_slice(&code[..8]);
        OneTimeSecrets { link: BASE64URL_NOPAD.encode(&link), code: InvitationCode::from_random(&bits) }
    }

    /// What the database holds of an id: the hashes of its [`Self::secrets`].
    pub fn hashes(&self, id: Uuid, account: AccountId) -> OneTimeHashes {
        let token = mac(&self.link_secret, &[id.as_bytes()]);
        let link = mac(&self.link_hash, &[&token]);
        OneTimeHashes { link, code: self.code_hash(account, &self.secrets(id).code) }
    }

    /// What the database holds of a link's token; `None` for text that is no token.
    pub fn link_hash(&self, token: &str) -> Option<KeyedHash> {
        let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).ok().filter(|bytes| bytes.len() == 32)?;
        Some(mac(&self.link_hash, &[&bytes]))
    }

    /// What the database holds of a code: bound to its account, so that one code opens no other's.
    pub fn code_hash(&self, account: AccountId, code: &InvitationCode) -> KeyedHash {
        mac(&self.code_hash, &[account.0.as_bytes(), code.as_bytes()])
    }
}

fn mac(key: &Key, parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new(key.into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// A random token of 256 bits: the text that is handed out and the hash that is kept.
/// With that much entropy an unkeyed SHA-256 is enough.
pub fn random_token(random: &dyn Random) -> (String, TokenHash) {
    let mut bytes = [0; 32];
    random.fill(&mut bytes);
    let text = BASE64URL_NOPAD.encode(&bytes);
    (text.clone(), token_hash(&text))
}

/// The hash that is kept of a token of [`random_token`].
pub fn token_hash(token: &str) -> TokenHash {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: AccountId = AccountId(Uuid::from_u128(2));

    fn keys(pepper: u8) -> Keys {
        Keys::new(&[pepper; 32])
    }

    #[test]
    fn secrets_repeat_for_one_id_and_differ_between_two_between_purposes_and_between_peppers() {
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let link = keys(1).invitations.secrets(one).link;
        assert_eq!(link, keys(1).invitations.secrets(one).link);
        assert_ne!(link, keys(1).invitations.secrets(two).link);
        assert_ne!(link, keys(1).resets.secrets(one).link);
        assert_ne!(keys(1).invitations.secrets(one).code, keys(2).invitations.secrets(one).code);
        assert_eq!(link.len(), 43);
    }

    #[test]
    fn what_is_stored_is_what_the_secrets_hash_to() {
        let (keys, id) = (keys(1).invitations, Uuid::from_u128(1));
        let (secrets, hashes) = (keys.secrets(id), keys.hashes(id, ACCOUNT));
        assert_eq!(keys.link_hash(&secrets.link), Some(hashes.link));
        assert_eq!(keys.code_hash(ACCOUNT, &secrets.code), hashes.code);
    }

    #[test]
    fn a_secret_of_one_account_or_purpose_is_nothing_to_another() {
        let Keys { invitations, resets, .. } = keys(1);
        let secrets = invitations.secrets(Uuid::from_u128(1));
        let mine = invitations.code_hash(ACCOUNT, &secrets.code);
        assert_ne!(mine, invitations.code_hash(AccountId(Uuid::from_u128(3)), &secrets.code));
        assert_ne!(mine, resets.code_hash(ACCOUNT, &secrets.code));
        assert_ne!(invitations.link_hash(&secrets.link), resets.link_hash(&secrets.link));
    }

    #[test]
    fn what_is_no_token_has_no_hash() {
        let keys = keys(1).invitations;
        assert!(keys.link_hash("short").is_none() && keys.link_hash("ä").is_none());
    }
}
