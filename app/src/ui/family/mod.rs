//! Parts shared by the sign-in pages and the pages for students and guardians. They are plain HTML rendered
//! on the server: no WebAssembly, a form for every step, and a few lines of script for convenience.

mod auth_layout;
mod conflict;
pub mod dates;
mod field;
mod language;
mod new_password;
mod office;
mod passkey;
mod problem;
pub mod qr;
mod shell;
mod steps;

pub use auth_layout::{AuthLayout, AuthPage};
pub use conflict::FamilyConflict;
pub use field::PasswordField;

pub use language::{choose_language, known_language};
pub use new_password::{NewPasswordField, PasswordOwner, PasswordProblem, StrengthView};
pub use office::OfficeLine;
pub use passkey::{PasskeyButton, PasskeyCeremony};
pub use problem::{BackLink, ProblemKind, problem_page};
pub use shell::{FamilyPage, FamilyShell};
pub use steps::RuledSteps;
