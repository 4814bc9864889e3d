//! What the handlers of the family pages share: the page's language, theme and name.

use std::sync::Arc;

use app::guard::{THEME_COOKIE, cookie_of};
use app::ui::family::{FamilyPage, choose_language, known_language};
use app::ui::theme::Theme;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_SECURITY_POLICY, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Response};
use backend::credentials::constant_time::in_constant_time;
use backend::sessions::session::SignedIn;
use backend::sign_in::site::site;
use backend::{Backend, Error};
use domain::roll::office::OfficeContact;

use super::problem::PageError;

/// The cookie with the chosen language. Not a secret.
const LANGUAGE_COOKIE: &str = "greencap-language";

/// The page for this request, as a handler argument.
pub(super) struct Family(pub(super) FamilyPage);

impl FromRequestParts<Backend> for Family {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, backend: &Backend) -> Result<Self, PageError> {
        let mut page = look(parts);
        let who = parts.extensions.get::<Arc<SignedIn>>();
        page.signed_in = who.map(|who| who.name.clone());
        (page.school, page.office) = if let Some(who) = who {
            let school = who.school.as_ref().map(|school| school.name.clone());
            (school.unwrap_or_else(|| who.organisation_name.clone()), who.office.clone())
        } else {
            let site = site(backend).await?;
            page.set_up = site.has_accounts;
            (site.name, site.office)
        };
        Ok(Self(page))
    }
}

/// The language and theme of the request, as a handler argument.
pub(super) struct Look(pub(super) FamilyPage);

impl<S: Sync> FromRequestParts<S> for Look {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(look(parts)))
    }
}

/// The language and theme of a page, which are known without the database; its school and office are not.
pub(super) fn look(parts: &Parts) -> FamilyPage {
    FamilyPage {
        locale: choose_language(
            asked_language(parts.uri.query()).as_deref(),
            cookie_of(&parts.headers, LANGUAGE_COOKIE).as_deref(),
            parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()),
        ),
        theme: cookie_of(&parts.headers, THEME_COOKIE).as_deref().and_then(Theme::from_slug),
        school: String::new(),
        signed_in: None,
        office: OfficeContact::default(),
        set_up: true,
    }
}

/// The page for an unknown URL.
pub(super) async fn nowhere() -> PageError {
    Error::NotFound("page").into()
}

/// The `lang` parameter of a query string.
fn asked_language(query: Option<&str>) -> Option<String> {
    let tag = query?.split('&').find_map(|pair| pair.strip_prefix("lang="))?;
    known_language(tag).map(str::to_owned)
}

/// The end of a preference cookie: under https it is only sent encrypted (OWASP ASVS 5.0, V3.3.1).
pub(super) fn only_encrypted(backend: &Backend) -> &'static str {
    if backend.config.is_https() { "; Secure" } else { "" }
}

/// Remembers a language requested with `?lang=` for the following pages.
pub(super) async fn keep_language(State(backend): State<Backend>, request: Request, next: Next) -> Response {
    let asked = asked_language(request.uri().query());
    let mut response = next.run(request).await;
    if let Some(tag) = asked {
        let secure = only_encrypted(&backend);
        let cookie = format!("{LANGUAGE_COOKIE}={tag}; Path=/; Max-Age=31536000; SameSite=Lax{secure}");
        if let Ok(cookie) = HeaderValue::try_from(cookie) {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
    }
    response
}

/// Family pages run only their own script file, and no WebAssembly.
pub(super) async fn strict(request: Request, next: Next) -> Response {
    const POLICY: HeaderValue = HeaderValue::from_static(
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; font-src 'self'; \
         img-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    let mut response = next.run(request).await;
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, POLICY);
    response
}

/// A page with a status. A form shown again with errors is a normal page, with 200: browsers log every other
/// status to the console as if the page had failed.
pub(super) fn html(status: StatusCode, page: String) -> Response {
    (status, Html(page)).into_response()
}

/// Does something for a stranger, in constant time regardless of what was found.
pub(super) async fn unhurried<T>(work: impl Future<Output = T>) -> T {
    in_constant_time(work, |_| true).await
}
