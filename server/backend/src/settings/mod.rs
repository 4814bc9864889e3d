//! Settings: stores and loads what rooms declare (`domain::settings`), with permissions, validation and the
//! audit entry.

mod change;
mod load;
pub mod message_templates;
mod place;
pub(crate) mod retention;
mod store;

#[cfg(test)]
mod tests;

pub use change::change;
pub use load::{SettingField, SettingsView, load};
pub use place::SettingsOf;
pub(crate) use store::{of_organisation, of_school, set_for_all_schools, set_for_school, set_values};
