//! What a student is told before they come of age.

use crate::messages::notice::Notice;

/// Tells a student that they soon decide who sees their portal.
pub struct ComesOfAge;

impl Notice for ComesOfAge {
    const KIND: &'static str = "of_age";
}
