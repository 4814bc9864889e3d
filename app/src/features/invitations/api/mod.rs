//! Server functions about invitations.

mod revoke;
mod send;

pub use revoke::revoke_invitations;
pub use send::send_invitations;
