//! Changes of your own address are kept for as long as someone may ask about them.

use crate::jobs::retention::{ASKED_ABOUT, Retention, forget};

/// See [`Retention`].
pub(crate) const RETENTION: Retention = Retention {
    rules: &[forget!("address_changes", ASKED_ABOUT, "greatest(expires_at, undo_until) <= $1")],
    stays: &[],
};
