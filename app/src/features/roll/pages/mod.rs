//! Pages about students.

mod record;
mod students;

pub use record::StudentPage;
pub use students::{Nobody, Students};
