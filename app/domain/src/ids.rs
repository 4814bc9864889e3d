//! Identifiers: one type per kind of thing, so that two of them cannot be swapped.
//!
//! Each is a UUID version 7 (RFC 9562, section 5.7): ordered by time of making, so that a new row lands at the end of
//! its index. They are names, not secrets.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )*};
}

/// A batch is the operation that made its accounts.
impl From<OperationId> for BatchId {
    fn from(operation: OperationId) -> Self {
        Self(operation.0)
    }
}

impl From<BatchId> for OperationId {
    fn from(batch: BatchId) -> Self {
        Self(batch.0)
    }
}

ids! {
    /// The tenant: a school, a trust or a district.
    OrganisationId;
    /// A school of an organisation.
    SchoolId;
    /// A teaching group or a registration group of a school.
    GroupId;
    /// One human being.
    PersonId;
    /// A student's time at a school.
    EnrolmentId;
    /// A member of staff's time at a school.
    EmploymentId;
    /// An email address or a phone number that messages go to.
    AddressId;
    /// A person's login.
    AccountId;
    /// The operation that made accounts together.
    BatchId;
    /// One way to sign in for one account.
    InvitationId;
    /// One thing said to one recipient over one channel.
    MessageId;
    /// A signed-in browser.
    SessionId;
    /// A passkey.
    PasskeyId;
    /// A file on its way to the roll.
    ImportId;
    /// Staff looking at a person's portal.
    PreviewId;
    /// A role that someone was given.
    GivenRoleId;
    /// A kind of role that an organisation made.
    CustomRoleId;
    /// Someone outside who vouches for people that sign in.
    ProviderId;
    /// What someone is at a provider, linked to their account.
    IdentityId;
    /// A plan that ran, or that waits to run.
    OperationId;
    /// A form that waits for a proof of who sent it.
    PendingFormId;
    /// A line of the audit log.
    AuditEventId;
}
