//! Pages about messages.

mod mailbox;
mod message;

pub use mailbox::Mailbox;
pub use message::Message;
