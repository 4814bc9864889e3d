//! What people sign in with, and whether they may sign in.

pub mod invited;
pub mod password;
pub mod phrase;
pub mod state;
pub mod status;

/// For how many days after an activation or a new password a correction of the address that its message went to ends it.
/// Later, the right owner would have missed the message.
pub const FOUND_WITHIN_DAYS: i64 = 30;
