//! Which messages a run sends.

use serde::{Deserialize, Serialize};

/// Which messages go out. One adult gets at most one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewMessages {
    /// The invitation for a new account.
    pub new_account: bool,
    /// The message to somebody who has an account, and now sees another child.
    pub new_child: bool,
}

impl NewMessages {
    /// Nothing is sent.
    pub const NONE: Self = Self { new_account: false, new_child: false };
}

impl Default for NewMessages {
    fn default() -> Self {
        Self { new_account: true, new_child: true }
    }
}
