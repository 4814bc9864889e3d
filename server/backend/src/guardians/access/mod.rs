//! What guardians may see of a child: grants and restrictions.

pub(crate) mod defaults;
pub(crate) mod open;
