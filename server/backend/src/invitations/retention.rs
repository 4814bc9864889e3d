//! Invitations are kept, because records show them.

use crate::jobs::retention::{Retention, Stays};

/// See [`Retention`].
pub(crate) const RETENTION: Retention =
    Retention { rules: &[], stays: &[Stays { table: "invitations", why: "what staff look up" }] };
