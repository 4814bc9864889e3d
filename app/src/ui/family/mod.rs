//! What the pages of students, guardians and of signing in share. They are plain HTML made on the server: no
//! WebAssembly, every step a form, and a few lines of script that only add comfort.

mod auth_layout;
pub mod dates;
mod field;
mod language;
mod new_password;
mod passkey;
mod problem;
pub mod qr;
mod shell;

pub use auth_layout::{AuthLayout, AuthPage};
pub use field::PasswordField;

pub use language::{choose_language, known_language};
pub use new_password::{NewPasswordField, Owner, PasswordProblem, StrengthView};
pub use passkey::{PasskeyButton, PasskeyCeremony};
pub use problem::{BackLink, ProblemKind, problem_page};
pub use shell::{FamilyPage, FamilyShell};
