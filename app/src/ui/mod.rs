//! The parts that pages are made of. Each is one drawing of the design, driven by enums, so that words, icons and
//! tones cannot drift apart.

pub mod cap;
pub mod dialog;
#[cfg(feature = "ssr")]
pub mod document;
#[cfg(feature = "ssr")]
pub mod error_summary;
#[cfg(feature = "ssr")]
pub mod family;
pub mod fetch;
pub mod field;
pub mod file;
pub mod icon;
pub mod live;
pub mod load;
pub mod memo;
pub mod menu;
pub mod notice;
pub mod page;
pub mod part;
pub mod passkey;
pub mod reload_required;
pub mod settings;
pub mod status;
pub mod table;
pub mod theme;
pub mod time;
pub mod title;
pub mod toast;

/// The attribute of the root element that says that the page has come alive: what needs WebAssembly works from then on.
pub const ALIVE: &str = "data-alive";
