//! The link "This is not my child", for every message that names a child to an adult. It is signed and stored nowhere, so a
//! message that is written twice has the same one. It opens nothing: anyone who has it can only stop that one access.

use data_encoding::BASE64URL_NOPAD;
use domain::ids::PersonId;
use minijinja::{Value, context};
use uuid::Uuid;

use crate::Backend;
use crate::crypto::{Keys, PAGE_SIGNATURE};

/// The page of the links.
pub const NOT_MINE: &str = "/not-mine";

/// Returns the link to put into a message about a child to an adult.
pub fn link(backend: &Backend, adult: PersonId, child: PersonId) -> String {
    format!("{}{NOT_MINE}/{}", backend.config.base_url, token(&backend.keys, adult, child))
}

/// The links of a message about several children: the `name` of each, and its `link`.
pub(crate) fn links(backend: &Backend, adult: PersonId, children: &[(&str, PersonId)]) -> Vec<Value> {
    children
        .iter()
        .map(|(name, child)| context! { name => *name, link => link(backend, adult, *child) })
        .collect()
}

fn token(keys: &Keys, adult: PersonId, child: PersonId) -> String {
    let content = [adult.0.into_bytes(), child.0.into_bytes()].concat();
    BASE64URL_NOPAD.encode(&[keys.family_signature(&content).as_slice(), &content].concat())
}

/// The length of such a token: a signature and two identifiers in base64url (RFC 4648, section 5).
pub const TOKEN_LENGTH: usize = (PAGE_SIGNATURE + 32) / 3 * 4;

/// Reads a token that this server signed.
pub(crate) fn read(keys: &Keys, token: &str) -> Option<(PersonId, PersonId)> {
    let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
    let (signature, content) = bytes.split_first_chunk::<PAGE_SIGNATURE>()?;
    if !keys.is_family_signature(content, signature) {
        return None;
    }
    let (adult, child) = content.split_first_chunk::<16>()?;
    let child: [u8; 16] = child.try_into().ok()?;
    Some((PersonId(Uuid::from_bytes(*adult)), PersonId(Uuid::from_bytes(child))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_says_about_whom_it_is_and_cannot_be_turned_to_others() {
        let keys = Keys::new(&[1; 32]);
        let (adult, child) = (PersonId(Uuid::from_u128(1)), PersonId(Uuid::from_u128(2)));
        let token = token(&keys, adult, child);
        assert_eq!(read(&keys, &token), Some((adult, child)));
        assert_eq!(read(&Keys::new(&[2; 32]), &token), None);
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(read(&keys, std::str::from_utf8(&changed).unwrap()), None, "{at}");
            assert_eq!(read(&keys, &token[..at]), None, "{at}");
        }
    }
}
