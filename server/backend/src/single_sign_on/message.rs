//! The message with a code that shows whose an identity of a provider is.

use domain::credentials::state::AccountState;

use crate::credentials::secret_messages::SecretMessage;

/// A code for each person with the address.
pub struct IdentityCode;

impl SecretMessage for IdentityCode {
    const KIND: &'static str = "identity";
    const OPENS: &'static [AccountState] = &[AccountState::Invited, AccountState::Active];
}
