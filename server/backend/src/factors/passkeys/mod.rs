//! Passkeys (Web Authentication, level 3): adding them, verifying them, and signing in with one alone.

pub mod add;
mod ceremony;
pub mod challenge;
pub(crate) mod judge;

pub(crate) use self::judge::judge;

use webauthn_rs::prelude::{Url, Webauthn, WebauthnBuilder};

use crate::{Backend, Error, Result};

/// Whether passkeys are possible: they belong to a site's domain name, so a bare IP address cannot have any.
pub fn are_possible(backend: &Backend) -> bool {
    relying_party(backend).is_ok()
}

/// This site as passkeys identify it: by the domain of its own address, and no other origin.
fn relying_party(backend: &Backend) -> Result<Webauthn> {
    let origin: Url = backend.config.base_url.parse().map_err(Error::unexpected)?;
    let name = origin.domain().ok_or_else(|| {
        Error::conflict(
            "no_domain",
            "Passkeys need a domain name, such as https://portal.school.example. Set GREENCAP_BASE_URL to it.",
        )
    })?;
    WebauthnBuilder::new(name, &origin)
        .and_then(|builder| builder.rp_name("Greencap").build())
        .map_err(Error::unexpected)
}
