//! The web addresses in an invitation's message.

/// Where a person types a username and a code.
pub const START: &str = "/activate";

/// Where a link leads first, followed by a slash and its token. That page stores the token in a cookie and
/// redirects to [`START`], so that the token stays out of the address bar (OWASP ASVS 5.0, V14.2.1). The
/// server's route has this name.
pub const LINK: &str = "/i";

/// The whole link from the token and `base_url`, which has no slash at the end.
pub fn start_link(base_url: &str, token: &str) -> String {
    format!("{base_url}{LINK}/{token}")
}
