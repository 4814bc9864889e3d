//! Pages of settings.

mod usernames;

pub use usernames::UsernameSettings;
