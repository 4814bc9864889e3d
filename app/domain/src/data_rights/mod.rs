//! The rights of the people data is about: what is held on them, what an erasure deletes, and what keeps it from happening.

pub mod held;
pub mod obstacle;
pub mod readable;
pub mod settings;
