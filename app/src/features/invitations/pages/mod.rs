//! The message pages.

#[cfg(feature = "ssr")]
pub mod activate;
#[cfg(feature = "ssr")]
pub mod children;
mod mailbox;
mod message;

pub use mailbox::Mailbox;
pub use message::Message;
