//! Stamps every page of someone signed in: its script and each of its forms say for whom it was drawn.

use app::error::{AppError, ErrorKind};
use app::features::sessions::pages::{KeptNotice, kept_notice};
use app::i18n::Locale;
use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::Response;
use backend::Backend;
use backend::crypto::Keys;
use backend::sessions::page_stamp::{Drawn, FormStamp, PageStamp};
use backend::sessions::session::SignedIn;
use domain::ids::{AccountId, PendingFormId};
use url::Url;
use url::form_urlencoded::parse;

use super::forms::{DrawnForm, PageAdditions, escaped, form_for, forms_of, with_additions};
use crate::http::factors::step_up::{path_of_pending_form, without_pending_form};

/// The name of the hidden field, and of the header of calls by script.
pub(in crate::http) const STAMP: &str = "page-stamp";

/// The script of a page that was drawn for this account.
pub(in crate::http) fn script_tag(keys: &Keys, account: AccountId) -> String {
    let stamp = PageStamp::of_page(account).to_text(keys);
    format!("<script src=\"/session.js\" defer data-stamp=\"{}\"></script>", escaped(&stamp))
}

/// The error for a call of a page that was drawn for somebody else than the person signed in.
pub(in crate::http) fn of_someone_else(
    headers: &HeaderMap,
    backend: Option<&Backend>,
    who: &SignedIn,
) -> Option<AppError> {
    let text = headers.get(STAMP)?.to_str().ok()?;
    let stamp = PageStamp::from_text(&backend?.keys, text)?;
    (stamp.account != who.account).then(|| {
        let message = format!(
            "{} is now signed in on this browser. Nothing was saved. Reload the page, or sign in as yourself again.",
            who.name
        );
        AppError::new(ErrorKind::Conflict, "someone_else", message)
    })
}

/// The page of a response, if it is not the one that was requested: it can be opened by `GET`.
#[derive(Debug, Clone)]
pub(in crate::http) struct PageAddress(pub(in crate::http) String);

/// Marks HTML of a response that is not a page of ours, such as an email: nothing is written into it.
#[derive(Debug, Clone, Copy)]
pub(in crate::http) struct NotOurPage;

/// A form to show again on its page.
pub(super) enum KeptForm {
    /// It is kept.
    Kept {
        /// Its id.
        id: PendingFormId,
        /// Where it was sent.
        address: String,
        /// What was sent.
        form: String,
    },
    /// It is not.
    Gone,
}

/// Whom and what a page is stamped for.
pub(super) struct Stamping<'a> {
    /// For signing.
    pub(super) keys: &'a Keys,
    /// The person signed in.
    pub(super) account: AccountId,
    /// The page, unless the response names another.
    pub(super) page: String,
    /// The language of the page.
    pub(super) locale: Locale,
    /// The form to show again.
    pub(super) kept: Option<KeptForm>,
    /// When and where it is drawn.
    pub(super) drawn: Drawn,
}

impl Stamping<'_> {
    /// Stamps a response if it is one of our pages.
    pub(super) async fn stamp(mut self, response: Response) -> Response {
        let (mut head, body) = response.into_parts();
        let kind = head.headers.get(CONTENT_TYPE);
        let is_html = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        if !is_html || head.extensions.get::<NotOurPage>().is_some() {
            return Response::from_parts(head, body);
        }
        if let Some(PageAddress(page)) = head.extensions.get::<PageAddress>().cloned() {
            self.page = page;
        }
        let Ok(body) = axum::body::to_bytes(body, usize::MAX).await else {
            return Response::from_parts(head, Body::empty());
        };
        head.headers.remove(CONTENT_LENGTH);
        let Ok(html) = std::str::from_utf8(&body) else {
            return Response::from_parts(head, Body::from(body));
        };
        let stamped = forms_of(html).and_then(|forms| with_additions(html, &self.additions(&forms)));
        Response::from_parts(
            head,
            match stamped {
                Ok(page) => Body::from(page),
                Err(error) => {
                    tracing::error!(%error, "http.page.not_stamped");
                    Body::from(body)
                }
            },
        )
    }

    fn additions<'a>(&self, forms: &'a [DrawnForm]) -> PageAdditions<'a> {
        let (mut filled, mut above) = (None, None);
        match &self.kept {
            None => {}
            Some(KeptForm::Gone) => above = Some(kept_notice(self.locale, KeptNotice::Gone)),
            Some(KeptForm::Kept { id, address, form }) => {
                let pairs = parse(form.as_bytes()).into_owned().collect();
                if let Some(index) = form_for(forms, address, &pairs) {
                    let DrawnForm { has_file, ref secrets, has_field_before, .. } = forms[index];
                    let notice = KeptNotice::FilledIn { has_secrets: !secrets.is_empty(), has_file };
                    let notice = kept_notice(self.locale, notice);
                    // "What you entered is below" stands above every field.
                    let (over_page, over_form) =
                        if has_field_before { (Some(notice), String::new()) } else { (None, notice) };
                    above = over_page;
                    filled = Some((index, pairs, over_form));
                } else {
                    let as_it_was = KeptNotice::Elsewhere(path_of_pending_form(*id));
                    above = Some(kept_notice(self.locale, as_it_was));
                }
            }
        }
        PageAdditions {
            forms,
            head: script_tag(self.keys, self.account),
            fields: forms.iter().map(|form| self.field(form)).collect(),
            filled,
            above,
        }
    }

    /// The hidden field of a form.
    fn field(&self, form: &DrawnForm) -> String {
        if !form.is_post {
            return String::new();
        }
        let stamp = PageStamp {
            account: self.account,
            form: Some(FormStamp {
                page: self.page.clone(),
                action: sent_to(&self.page, &form.action),
                secrets: form.secrets.clone(),
                is_filled_in: form.is_filled_in,
                drawn: self.drawn,
            }),
        };
        let value = stamp.to_text(self.keys);
        format!("<input type=\"hidden\" name=\"{STAMP}\" value=\"{}\">", escaped(&value))
    }
}

/// The path and query that a browser sends a form of a page to, without the form that is pending there.
fn sent_to(page: &str, action: &str) -> String {
    // Only the path and query count: the host is any.
    let address = Url::parse("http://greencap.invalid").and_then(|host| host.join(page)?.join(action));
    let Ok(address) = address else { return action.to_owned() };
    let path = match address.query() {
        Some(query) => format!("{}?{query}", address.path()),
        None => address.path().to_owned(),
    };
    path.parse().as_ref().map_or_else(|_| path.clone(), without_pending_form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_sent_where_a_browser_sends_it() {
        for (page, action, address) in [
            ("/roles/people/7?q=a", "/roles/take", "/roles/take"),
            ("/roles/people/7?q=a", "", "/roles/people/7?q=a"),
            ("/account/email", "/a?pending=7&b=c", "/a?b=c"),
            ("/students", "/lists/columns?q=é d", "/lists/columns?q=%C3%A9%20d"),
            ("/settings/schools/new", "HILL", "/settings/schools/HILL"),
        ] {
            assert_eq!(sent_to(page, action), address, "{page} {action}");
        }
    }
}
