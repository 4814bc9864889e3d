//! Who is who to a child.

pub(crate) mod write;
