//! The message pages.

#[cfg(feature = "ssr")]
pub mod activate;
mod mailbox;
mod message;

pub use mailbox::Mailbox;
pub use message::Message;
