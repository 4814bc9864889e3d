//! The student pages.

mod students;

pub use students::{Nobody, Students};
