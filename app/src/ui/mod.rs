//! The components that pages are built from. Each is one element of the design, controlled by enums, so that
//! words, icons and tones always match.

pub mod action;
pub mod cap;
pub mod dialog;
#[cfg(feature = "ssr")]
pub mod document;
pub mod draft;
#[cfg(feature = "ssr")]
pub mod error_summary;
#[cfg(feature = "ssr")]
pub mod family;
pub mod fetch;
pub mod field;
pub mod file;
pub mod focus;
pub mod icon;
pub mod in_query;
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

/// The root element's attribute that marks the page as interactive: what needs WebAssembly now works.
pub const ALIVE: &str = "data-alive";
