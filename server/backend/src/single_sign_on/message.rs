//! The message with a code that proves who an identity at a provider belongs to.

use domain::credentials::state::AccountState;

use crate::credentials::secret_messages::SecretMessage;

/// A code for each person with the address.
pub struct IdentityCode;

impl SecretMessage for IdentityCode {
    const KIND: &'static str = "identity";
    const OPENS: &'static [AccountState] = &[AccountState::Invited, AccountState::Active];
}
