//! Server functions about invitations.

mod mailbox;
mod revoke;
mod send;

pub use mailbox::{list_mailbox, open_mailbox};
pub use revoke::revoke_invitations;
pub use send::send_invitations;
