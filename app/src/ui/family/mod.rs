//! What the pages of students, guardians and of signing in share. They are plain HTML made on the server: no
//! WebAssembly, every step a form, and a few lines of script that only add comfort.

mod field;
mod gate;
mod icon;
mod language;
mod shell;

pub use field::{ErrorSummary, PasswordField, Problem, TextField};
pub use gate::Gate;
pub use icon::Icon;
pub use language::choose_language;
pub use shell::{FamilyPage, FamilyShell, Theme, render};
