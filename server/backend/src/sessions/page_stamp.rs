//! The stamp of a page: for whom it was drawn. Each of its forms sends it back, so that a form is only saved for
//! the person who filled it in, and is kept for them if their session has ended.

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64URL_NOPAD;
use domain::ids::AccountId;
use uuid::Uuid;

use super::visitor::Visitor;
use crate::crypto::{Keys, PAGE_SIGNATURE};

/// The length of an account's id in bytes.
const ACCOUNT: usize = 16;

/// Separates the names of secret fields. Names of our own fields contain none.
const BETWEEN: char = ',';

/// Ends each part of a form's stamp but the last. Neither names of fields nor addresses contain it.
const END: char = '\n';

/// How old the page of a form that is kept may be: as long as a session lasts at most.
const KEEPS_FOR: TimeDelta = TimeDelta::days(30);

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
    /// The path and query that it is sent to.
    pub action: String,
    /// The names of fields that are never stored: passwords and codes.
    pub secrets: Vec<String>,
    /// Whether there is anything else to type or choose in it.
    pub is_filled_in: bool,
    /// When and where it was drawn.
    pub drawn: Drawn,
}

/// When and where a page was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drawn {
    /// When, in seconds since the epoch.
    at: i64,
    /// The hash of the browser's token.
    browser: Option<[u8; 32]>,
}

impl Drawn {
    /// Now, for this browser.
    pub fn now(now: DateTime<Utc>, visitor: &Visitor) -> Self {
        Self { at: now.timestamp(), browser: visitor.device_hash() }
    }
}

impl PageStamp {
    /// The stamp of a page itself, which its script sends.
    pub fn of_page(account: AccountId) -> Self {
        Self { account, form: None }
    }

    /// Its signed text: letters, digits, `-` and `_`. Always the same for the same stamp.
    pub fn to_text(&self, keys: &Keys) -> String {
        let rest = self.form.as_ref().map_or_else(String::new, FormStamp::to_text);
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
        // A form that an earlier version drew says less. It still says for whom.
        let form = FormStamp::from_text(std::str::from_utf8(rest).ok()?);
        Some(Self { account: AccountId(Uuid::from_bytes(*account)), form })
    }
}

impl FormStamp {
    /// Whether a form with this stamp is kept: it was sent where it was drawn to be sent, from the browser that its
    /// page was drawn in, not too long after. A stamp that was copied from one form keeps no other.
    pub(super) fn keeps(&self, address: &str, visitor: &Visitor, now: DateTime<Utc>) -> bool {
        let age = now.timestamp() - self.drawn.at;
        self.action == address && self.drawn.browser == visitor.device_hash() && age < KEEPS_FOR.num_seconds()
    }

    fn to_text(&self) -> String {
        let is_filled_in = if self.is_filled_in { "+" } else { "-" };
        let at = self.drawn.at.to_string();
        let browser = self.drawn.browser.map(|hash| BASE64URL_NOPAD.encode(&hash)).unwrap_or_default();
        let secrets = self.secrets.join(&BETWEEN.to_string());
        [is_filled_in, &at, &browser, &secrets, &self.action, &self.page].join(&END.to_string())
    }

    fn from_text(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.splitn(6, END).collect();
        let [is_filled_in, at, browser, secrets, action, page] = parts.as_slice() else { return None };
        let browser = match *browser {
            "" => None,
            hash => Some(BASE64URL_NOPAD.decode(hash.as_bytes()).ok()?.try_into().ok()?),
        };
        let secrets = secrets.split(BETWEEN).filter(|name| !name.is_empty());
        Some(Self {
            page: (*page).to_owned(),
            action: (*action).to_owned(),
            secrets: secrets.map(str::to_owned).collect(),
            is_filled_in: *is_filled_in == "+",
            drawn: Drawn { at: at.parse().ok()?, browser },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(form: Option<FormStamp>) -> PageStamp {
        PageStamp { account: AccountId(Uuid::from_u128(7)), form }
    }

    fn visitor(token: &str) -> Visitor {
        Visitor { known_as: Some(token.to_owned()), ..Visitor::stranger() }
    }

    fn form(action: &str) -> FormStamp {
        FormStamp {
            page: "/account/email?a=b".to_owned(),
            action: action.to_owned(),
            secrets: vec!["proof".to_owned(), "password".to_owned()],
            is_filled_in: true,
            drawn: Drawn::now(DateTime::UNIX_EPOCH, &visitor("here")),
        }
    }

    #[test]
    fn a_stamp_says_what_was_signed() {
        let keys = Keys::new(&[1; 32]);
        let form = form("/account/email");
        let drawn = Drawn { at: -1, browser: None };
        let bare = FormStamp { secrets: Vec::new(), is_filled_in: false, drawn, ..form.clone() };
        for stamp in [stamp(None), stamp(Some(form)), stamp(Some(bare))] {
            let text = stamp.to_text(&keys);
            assert_eq!(text, stamp.to_text(&keys));
            assert_eq!(PageStamp::from_text(&keys, &text), Some(stamp));
        }
    }

    #[test]
    fn a_form_is_kept_for_its_own_address_and_browser_while_a_session_may_last() {
        let (form, now) = (form("/account/email?a=b"), DateTime::UNIX_EPOCH);
        let here = visitor("here");
        assert!(form.keeps("/account/email?a=b", &here, now + KEEPS_FOR - TimeDelta::seconds(1)));
        assert!(!form.keeps("/account/email?a=b", &here, now + KEEPS_FOR));
        for elsewhere in ["/account/email", "/account/email?a=c", "/roles/take", ""] {
            assert!(!form.keeps(elsewhere, &here, now), "{elsewhere}");
        }
        for other in [visitor("there"), Visitor::stranger()] {
            assert!(!form.keeps("/account/email?a=b", &other, now));
        }
    }

    #[test]
    fn a_form_of_an_earlier_version_says_for_whom_it_was_drawn() {
        let keys = Keys::new(&[1; 32]);
        let content = [[7; ACCOUNT].as_slice(), b"+proof\n/account/email"].concat();
        let text = BASE64URL_NOPAD.encode(&[keys.page_signature(&content).as_slice(), &content].concat());
        let account = AccountId(Uuid::from_bytes([7; ACCOUNT]));
        assert_eq!(PageStamp::from_text(&keys, &text), Some(PageStamp::of_page(account)));
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
