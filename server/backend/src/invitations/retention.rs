//! Invitations are kept, because records show them.

use crate::jobs::retention::{KeptTable, Retention};

/// See [`Retention`].
pub(crate) const RETENTION: Retention =
    Retention { rules: &[], stays: &[KeptTable { table: "invitations", why: "what staff look up" }] };
