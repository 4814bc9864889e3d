//! The addresses that an invitation's message carries.

/// Where a person types a username and a code.
pub const START: &str = "/activate";

/// Where a link leads first; its token follows after a slash. The page there keeps the token in a cookie and continues
/// to [`START`], so that it stays out of the address bar (OWASP ASVS 5.0, V14.2.1). The server's route has this name.
pub const LINK: &str = "/i";

/// The whole link: `base_url` without a slash at its end, and the token.
pub fn start_link(base_url: &str, token: &str) -> String {
    format!("{base_url}{LINK}/{token}")
}
