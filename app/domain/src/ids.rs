//! Identifiers, one type per kind of thing, so that two kinds cannot be mixed up.
//!
//! Each is a UUID version 7 (RFC 9562, section 5.7): ordered by creation time, so that a new row goes to the
//! end of its index. Identifiers are not secrets.

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

/// A batch has the id of the operation that created its accounts.
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
    /// A person.
    PersonId;
    /// A student's time at a school.
    EnrolmentId;
    /// A staff member's time at a school.
    EmploymentId;
    /// An email address or a phone number that messages go to.
    AddressId;
    /// A person's login.
    AccountId;
    /// An operation that created accounts together.
    BatchId;
    /// An invitation to activate one account.
    InvitationId;
    /// A message to one recipient over one channel.
    MessageId;
    /// A signed-in browser.
    SessionId;
    /// A passkey.
    PasskeyId;
    /// A file being imported.
    ImportId;
    /// A preview of a person's portal by staff.
    PreviewId;
    /// A role assigned to someone.
    GivenRoleId;
    /// A custom role of an organisation.
    CustomRoleId;
    /// An identity provider that people sign in with.
    ProviderId;
    /// An identity at a provider, linked to an account.
    IdentityId;
    /// A plan that has run or is waiting to run.
    OperationId;
    /// A form that waits for its sender's step-up.
    PendingFormId;
    /// An entry in the audit log.
    AuditEventId;
    /// What an adult is to a child.
    ContactId;
    /// Permission for an adult to see one part of one child's portal.
    GrantId;
    /// What someone may not see of a child, whatever their grants say.
    RestrictionId;
    /// Something the office has to look at.
    TaskId;
    /// Who sends files of a kind to a school.
    SenderId;
    /// A stored simulation of accounts for guardians.
    AutocreateId;
    /// Two people who may be one.
    PairId;
    /// Two people who were joined into one.
    MergeId;
    /// A course or module that groups take.
    CourseId;
    /// A school year of a school.
    AcademicYearId;
    /// Somebody's time in a group.
    MembershipId;
}
