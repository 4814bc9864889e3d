//! Pages of settings.

#[cfg(feature = "ssr")]
mod form;
mod usernames;

#[cfg(feature = "ssr")]
pub use form::settings_page;
pub use usernames::UsernameSettings;
