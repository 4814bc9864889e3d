//! The address that an invitation's message carries.

/// Where a person starts their account. The token of the link follows after a slash.
pub const START: &str = "/activate";

/// The whole link: `base_url` without a slash at its end, and the token.
pub fn start_link(base_url: &str, token: &str) -> String {
    format!("{base_url}{START}/{token}")
}
