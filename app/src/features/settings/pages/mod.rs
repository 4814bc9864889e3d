//! Pages of settings.

#[cfg(feature = "ssr")]
mod form;
#[cfg(feature = "ssr")]
mod organisation;
#[cfg(feature = "ssr")]
mod school;
#[cfg(feature = "ssr")]
mod schools;
mod usernames;

#[cfg(feature = "ssr")]
pub use form::settings_page;
#[cfg(feature = "ssr")]
pub use organisation::{OrganisationFields, organisation_settings_page};
#[cfg(feature = "ssr")]
pub use school::school_page;
#[cfg(feature = "ssr")]
pub use schools::schools_page;
pub use usernames::UsernameSettings;
