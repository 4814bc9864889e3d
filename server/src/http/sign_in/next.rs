//! Where someone goes after signing in.

use serde::Deserialize;

use crate::http::factors::step_up::pending_form_in;
use crate::http::session::encoded;

/// Where someone was going when they had to sign in: a path of this site. Anything else is ignored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Option<String>")]
pub(in crate::http) struct NextPath(Option<String>);

impl From<Option<String>> for NextPath {
    fn from(next: Option<String>) -> Self {
        Self(next.filter(|next| is_local(next)))
    }
}

impl NextPath {
    /// The path.
    pub(in crate::http) fn path(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// The path, for a page that carries it on.
    pub(in crate::http) fn into_path(self) -> Option<String> {
        self.0
    }

    /// The query that carries it on.
    pub(in crate::http) fn query(&self) -> String {
        self.path().map(|path| format!("?next={}", encoded(path))).unwrap_or_default()
    }
}

/// The office for staff, the portal for families; or the page they requested, if it is on this site and they
/// may see it.
pub(in crate::http) fn destination(staff: bool, next: &NextPath) -> &str {
    let home = if staff { "/" } else { "/portal" };
    match next.path() {
        Some(next) if staff || is_everybodys(next) || awaits_someone(next) => next,
        _ => home,
    }
}

/// Whether it is a page that everyone signed in has.
fn is_everybodys(path: &str) -> bool {
    path == "/portal"
        || ["/portal/", "/account/", "/sign-in/with/"].iter().any(|pages| path.starts_with(pages))
}

/// Whether a form of the person who was signed in before waits there. Everyone else is told so.
fn awaits_someone(path: &str) -> bool {
    path.parse().ok().as_ref().and_then(pending_form_in).is_some()
}

/// Whether it is a path of this site. Two slashes, or a slash and what browsers read as one, lead to another
/// site (OWASP ASVS 5.0, V3.7.2; WHATWG URL, section 4.4).
fn is_local(next: &str) -> bool {
    next.starts_with('/')
        && !next.starts_with("//")
        && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(path: &str) -> NextPath {
        NextPath::from(Some(path.to_owned()))
    }

    #[test]
    fn only_paths_of_this_site_are_followed() {
        for away in [
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            " //evil.example",
            "javascript:alert(1)",
            "",
        ] {
            assert_eq!(destination(true, &next(away)), "/", "{away:?}");
        }
        assert_eq!(destination(true, &next("/students?roll=current")), "/students?roll=current");
    }

    #[test]
    fn families_go_to_the_portal_whatever_page_of_the_office_they_came_for() {
        assert_eq!(destination(false, &next("/accounts")), "/portal");
        assert_eq!(destination(false, &next("/portal/profile")), "/portal/profile");
        assert_eq!(destination(false, &next("/sign-in/with/1")), "/sign-in/with/1", "to link a provider");
        assert_eq!(destination(false, &NextPath::default()), "/portal");
    }
}
