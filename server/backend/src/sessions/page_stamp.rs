//! The stamp of a page: for whom it was drawn. Each of its forms sends it back, so that a form is only saved for
//! the person who filled it in, and is kept for them if their session has ended.

use data_encoding::BASE64URL_NOPAD;
use domain::ids::AccountId;
use uuid::Uuid;

use crate::crypto::{Keys, PAGE_SIGNATURE};

/// The length of an account's id in bytes.
const ACCOUNT: usize = 16;

/// Separates the names of secret fields, and ends them. Names of our own fields contain neither.
const BETWEEN: char = ',';
const END: char = '\n';

/// For whom a page was drawn, and what else its server must know about a form on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageStamp {
    /// The account that was signed in.
    pub account: AccountId,
    /// What only a form that the server drew has.
    pub form: Option<FormStamp>,
}

/// What the server knew about a form when it drew it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormStamp {
    /// The path and query of its page.
    pub page: String,
    /// The names of fields that are never stored: passwords and codes.
    pub secrets: Vec<String>,
    /// Whether there is anything else to type or choose in it.
    pub is_filled_in: bool,
}

impl PageStamp {
    /// The stamp of a page itself, which its script sends.
    pub fn of_page(account: AccountId) -> Self {
        Self { account, form: None }
    }

    /// Its signed text: letters, digits, `-` and `_`. Always the same for the same stamp.
    pub fn to_text(&self, keys: &Keys) -> String {
        let rest = self.form.as_ref().map_or_else(String::new, |form| {
            let secrets = form.secrets.join(&BETWEEN.to_string());
            format!("{}{secrets}{END}{}", if form.is_filled_in { '+' } else { '-' }, form.page)
        });
        let content = [self.account.0.as_bytes().as_slice(), rest.as_bytes()].concat();
        BASE64URL_NOPAD.encode(&[keys.page_signature(&content).as_slice(), &content].concat())
    }

    /// Reads a text that this server signed; `None` for any other.
    pub fn from_text(keys: &Keys, text: &str) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let (signature, content) = bytes.split_first_chunk::<PAGE_SIGNATURE>()?;
        if !keys.is_page_signature(content, signature) {
            return None;
        }
        let (account, rest) = content.split_first_chunk::<ACCOUNT>()?;
        let form = match std::str::from_utf8(rest).ok()? {
            "" => None,
            rest => Some(FormStamp::from_text(rest)?),
        };
        Some(Self { account: AccountId(Uuid::from_bytes(*account)), form })
    }
}

impl FormStamp {
    fn from_text(text: &str) -> Option<Self> {
        let (start, page) = text.split_once(END)?;
        let is_filled_in = start.starts_with('+');
        let secrets = start.get(1..)?.split(BETWEEN).filter(|name| !name.is_empty());
        Some(Self { page: page.to_owned(), secrets: secrets.map(str::to_owned).collect(), is_filled_in })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(form: Option<FormStamp>) -> PageStamp {
        PageStamp { account: AccountId(Uuid::from_u128(7)), form }
    }

    #[test]
    fn a_stamp_says_what_was_signed() {
        let keys = Keys::new(&[1; 32]);
        let form = FormStamp {
            page: "/account/email?a=b".to_owned(),
            secrets: vec!["proof".to_owned(), "password".to_owned()],
            is_filled_in: true,
        };
        let bare = FormStamp { secrets: Vec::new(), is_filled_in: false, ..form.clone() };
        for stamp in [stamp(None), stamp(Some(form)), stamp(Some(bare))] {
            let text = stamp.to_text(&keys);
            assert_eq!(text, stamp.to_text(&keys));
            assert_eq!(PageStamp::from_text(&keys, &text), Some(stamp));
        }
    }

    #[test]
    fn a_stamp_that_was_changed_cut_or_signed_with_another_key_says_nothing() {
        let keys = Keys::new(&[1; 32]);
        let text = stamp(None).to_text(&keys);
        assert_eq!(PageStamp::from_text(&Keys::new(&[2; 32]), &text), None);
        for at in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(PageStamp::from_text(&keys, &String::from_utf8(changed).unwrap()), None, "{at}");
            assert_eq!(PageStamp::from_text(&keys, &text[..at]), None, "{at}");
        }
        assert_eq!(PageStamp::from_text(&keys, "é"), None);
    }
}
