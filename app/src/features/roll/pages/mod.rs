//! Pages about students.

mod students;

pub use students::{Nobody, Students};
