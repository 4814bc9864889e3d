//! Someone who may sign in: what they have proved, and what their sign-in began with.

use chrono::{DateTime, Utc};
use domain::ids::{AccountId, OrganisationId, PersonId};
use uuid::Uuid;

use crate::crypto::TokenHash;

/// A person whose password or code was right.
#[derive(Debug, Clone)]
pub(crate) struct SignInCandidate {
    pub(crate) organisation: OrganisationId,
    pub(crate) account: AccountId,
    pub(crate) person: PersonId,
    /// The code that was used instead of a password.
    pub(crate) reset: Option<Uuid>,
    /// Whether the password is too short for their role.
    pub(crate) short_password: bool,
    /// The provider that confirmed them instead of a password.
    pub(crate) provider: Option<Uuid>,
    /// The identity there that is linked to them when they sign in, if it is not linked yet.
    pub(crate) unlinked: Option<TokenHash>,
    /// Whether a second factor was given in this sign-in.
    pub(crate) second_factor_shown: bool,
    /// When their first proof was looked up, because it may have changed since.
    pub(crate) since: DateTime<Utc>,
    /// When they last confirmed who they are, here or at the provider.
    pub(crate) proven_at: DateTime<Utc>,
}

impl SignInCandidate {
    /// Creates a candidate who has given a password and nothing else yet.
    pub(crate) fn new(
        organisation: OrganisationId,
        account: AccountId,
        person: PersonId,
        since: DateTime<Utc>,
    ) -> Self {
        Self {
            organisation,
            account,
            person,
            reset: None,
            short_password: false,
            provider: None,
            unlinked: None,
            second_factor_shown: false,
            since,
            proven_at: since,
        }
    }
}
