//! Keys, all derived from the configured pepper, and the secrets in invitations, resets and address changes.
//!
//! These secrets are not random numbers that would have to be stored until the worker sends them. They are
//! derived from the id of the invitation, reset or change with a key that is not in the database
//! (HMAC-SHA-256, RFC 2104). So the queue stores only ids, a message that is sent twice after a crash has the
//! same link, and the database alone gives nobody access.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use domain::credentials::phrase::Phrase;
use domain::ids::AccountId;
use domain::invitations::code::InvitationCode;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use crate::random::Random;

mod seal;

pub use seal::SealingKey;

/// A keyed hash, as stored.
pub type KeyedHash = [u8; 32];

/// The hash of a [`random_token`], as stored.
pub type TokenHash = [u8; 32];

/// The length of a [`Keys::page_signature`] in bytes.
pub const PAGE_SIGNATURE: usize = 16;

/// The length of a SHA-256 block, so that HMAC uses it unchanged.
type Key = [u8; 64];

/// The keys, one per purpose (HKDF-SHA-256, RFC 5869), so that a hash made for one purpose is useless for
/// another.
pub struct Keys {
    /// For invitations.
    pub invitations: OneTimeKeys,
    /// For links and codes to set a new password.
    pub resets: OneTimeKeys,
    /// For confirming a new address.
    pub address_confirmations: OneTimeKeys,
    /// For undoing an address change from the old address.
    pub address_undos: OneTimeKeys,
    /// For the client secrets of single sign-on providers.
    pub provider_secrets: SealingKey,
    /// For forms that wait until their sender has confirmed who they are.
    pub interrupted_forms: SealingKey,
    /// For names typed by people who cannot sign in.
    pub recovery_requests: SealingKey,
    provider_visits: Key,
    authenticators: Key,
    recovery_codes: Key,
    attempts: Key,
    audit: Key,
    pages: Key,
    families: Key,
    fingerprint: Key,
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
    phrase_hash: Key,
}

/// The two secrets of one id, as a message carries them.
pub struct OneTimeSecrets {
    /// 256 bits in base64url (RFC 4648, section 5): 43 characters.
    pub link: String,
    /// The code to type.
    pub code: InvitationCode,
}

/// The hashes of the two secrets, as stored.
pub struct OneTimeHashes {
    /// See [`OneTimeKeys::link_hash`].
    pub link: KeyedHash,
    /// See [`OneTimeKeys::code_hash`].
    pub code: KeyedHash,
}

impl Keys {
    /// Derives the keys from the pepper: 32 random bytes, stored outside the database.
    pub fn new(pepper: &[u8; 32]) -> Self {
        let root = Hkdf::<Sha256>::new(Some(b"greencap keys v1"), pepper);
        let key = |purpose: &str| {
            let mut key = [0; 64];
            // RFC 5869 allows up to 255 hashes of output, so two never fail.
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
            phrase_hash: key(&format!("{what} phrase hash")),
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
            pages: key("page stamp"),
            families: key("family link"),
            fingerprint: key("fingerprint"),
        }
    }

    /// The secret that an account shares with its authenticator app; always the same for an id.
    pub fn authenticator_secret(&self, account: AccountId, id: Uuid) -> [u8; 20] {
        let mut secret = [0; 20];
        secret.copy_from_slice(&mac(&self.authenticators, &[account.0.as_bytes(), id.as_bytes()])[..20]);
        secret
    }

    /// The stored hash of a recovery code, bound to its account.
    pub fn recovery_code_hash(&self, account: AccountId, code: &InvitationCode) -> KeyedHash {
        mac(&self.recovery_codes, &[account.0.as_bytes(), code.as_bytes()])
    }

    /// A 256-bit value for one visit to a provider: `purpose` says which value, `token` is what the browser
    /// keeps of the visit.
    pub fn of_provider_visit(&self, purpose: &str, token: &str) -> String {
        BASE64URL_NOPAD.encode(&mac(&self.provider_visits, &[purpose.as_bytes(), &[0], token.as_bytes()]))
    }

    /// The key under which attempts are counted: `kind` names the limit, `value` what the attempt concerns.
    pub fn attempt_hash(&self, kind: &str, value: &[u8]) -> KeyedHash {
        mac(&self.attempts, &[kind.as_bytes(), &[0], value])
    }

    /// Signs what a page carries about itself: 128 bits.
    pub fn page_signature(&self, content: &[u8]) -> [u8; PAGE_SIGNATURE] {
        let mut signature = [0; PAGE_SIGNATURE];
        signature.copy_from_slice(&mac(&self.pages, &[content])[..PAGE_SIGNATURE]);
        signature
    }

    /// Whether this is the [`Self::page_signature`] of the content. Takes the same time for every wrong one.
    pub fn is_page_signature(&self, content: &[u8], signature: &[u8; PAGE_SIGNATURE]) -> bool {
        self.page_signature(content).ct_eq(signature).into()
    }

    /// Signs a link in a message to a family, which says about whom it is: 128 bits.
    pub fn family_signature(&self, content: &[u8]) -> [u8; PAGE_SIGNATURE] {
        let mut signature = [0; PAGE_SIGNATURE];
        signature.copy_from_slice(&mac(&self.families, &[content])[..PAGE_SIGNATURE]);
        signature
    }

    /// Whether this is the [`Self::family_signature`] of the content. Takes the same time for every wrong one.
    pub fn is_family_signature(&self, content: &[u8], signature: &[u8; PAGE_SIGNATURE]) -> bool {
        self.family_signature(content).ct_eq(signature).into()
    }

    /// Tells whether two sets of keys come from the same pepper, and nothing about it: 64 bits in hex.
    pub fn fingerprint(&self) -> String {
        HEXLOWER.encode(&mac(&self.fingerprint, &[b"greencap"])[..8])
    }

    /// The hash of an audit log entry, over the previous entry's hash and its own canonical form.
    pub fn audit_hash(&self, before: &[u8], canonical: &str) -> KeyedHash {
        mac(&self.audit, &[before, canonical.as_bytes()])
    }
}

impl OneTimeKeys {
    /// The secrets of an id; always the same.
    pub fn secrets(&self, id: Uuid) -> OneTimeSecrets {
        let link = mac(&self.link_secret, &[id.as_bytes()]);
        let code = mac(&self.code_secret, &[id.as_bytes()]);
        let mut bits = [0; 8];
        bits.copy_from_slice(&code[..8]);
        OneTimeSecrets { link: BASE64URL_NOPAD.encode(&link), code: InvitationCode::from_random(&bits) }
    }

    /// The hashes of an id's [`Self::secrets`], as stored.
    pub fn hashes(&self, id: Uuid, account: AccountId) -> OneTimeHashes {
        let token = mac(&self.link_secret, &[id.as_bytes()]);
        let link = mac(&self.link_hash, &[&token]);
        OneTimeHashes { link, code: self.code_hash(account, &self.secrets(id).code) }
    }

    /// The stored hash of a link's token; `None` if the text is not a token.
    pub fn link_hash(&self, token: &str) -> Option<KeyedHash> {
        let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).ok().filter(|bytes| bytes.len() == 32)?;
        Some(mac(&self.link_hash, &[&bytes]))
    }

    /// The stored hash of a code, bound to its account, so that it does not work for any other.
    pub fn code_hash(&self, account: AccountId, code: &InvitationCode) -> KeyedHash {
        mac(&self.code_hash, &[account.0.as_bytes(), code.as_bytes()])
    }

    /// The stored hash of the phrase on a card, bound to its account. The phrase itself is random: nothing makes it again.
    pub fn phrase_hash(&self, account: AccountId, phrase: &Phrase) -> KeyedHash {
        mac(&self.phrase_hash, &[account.0.as_bytes(), phrase.canonical().as_bytes()])
    }
}

fn mac(key: &Key, parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new(key.into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Creates a random 256-bit token: the text to hand out and the hash to store. With this much entropy an
/// unkeyed SHA-256 is enough.
pub fn random_token(random: &dyn Random) -> (String, TokenHash) {
    let mut bytes = [0; 32];
    random.fill(&mut bytes);
    let text = BASE64URL_NOPAD.encode(&bytes);
    (text.clone(), token_hash(&text))
}

/// The stored hash of a [`random_token`].
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
