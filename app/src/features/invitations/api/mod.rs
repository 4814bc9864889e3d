//! Server functions for invitations.

mod mailbox;
mod progress;
mod revoke;
mod send;
mod stop;

pub use mailbox::{list_mailbox, open_mailbox, read_mail_route};
pub use progress::read_progress;
pub use revoke::revoke_invitations;
pub use send::send_invitations;
pub use stop::stop_sending;
