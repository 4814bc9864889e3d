//! The icon of each action.

use super::AuditAction;

impl AuditAction {
    /// The icon of the entry in a person's history: a name in the design's icon sheet.
    pub fn icon(self) -> &'static str {
        match self {
            Self::SchoolAdded
            | Self::SettingChanged
            | Self::ProviderChanged
            | Self::RoleChanged
            | Self::RoleRemoved => "settings",
            Self::RollImported | Self::RollLoaded => "table-2",
            Self::AddressChanged
            | Self::AddressChangeAsked
            | Self::AddressChangeCancelled
            | Self::ResetLinkQueued
            | Self::IdentityCodeQueued => "mail",
            Self::AddressChangeUndone
            | Self::ManyAddressesChanged
            | Self::StaffReset
            | Self::RestrictionMade
            | Self::RestrictionChanged
            | Self::AutocreateException => "shield-alert",
            Self::AccountsCreated => "cap-has",
            Self::KeyGivenAway
            | Self::UsernameChanged
            | Self::ContactChanged
            | Self::CourseChanged
            | Self::ValidityChanged
            | Self::PortalGroupChanged => "pencil",
            Self::BatchUndone
            | Self::ImportUndone
            | Self::UsernameChangeUndone
            | Self::OldUsernameAllowed
            | Self::AutocreateUndone
            | Self::MergeUndone
            | Self::FollowedRoll
            | Self::YearRolledOver
            | Self::RolloverUndone
            | Self::StateChangeUndone => "history",
            Self::InvitationsQueued => "send",
            Self::InvitationRevoked
            | Self::ActivationEnded
            | Self::OldUsernameStopped
            | Self::AccountSuspended
            | Self::RoleTaken
            | Self::ExportRefused
            | Self::InsufficientPermissions
            | Self::ProviderVisitRefused
            | Self::ApprovalDeclined
            | Self::OperationCancelled
            | Self::AccessEnded
            | Self::PersonErased => "ban",
            Self::AccountActivated
            | Self::AdministratorCreated
            | Self::RoleGiven
            | Self::PasswordChanged
            | Self::PasswordReset
            | Self::ResetCodeMade
            | Self::SecondFactorAdded
            | Self::RecoveryCodesMade
            | Self::IdentityLinked
            | Self::RightsPassed
            | Self::CardsMade
            | Self::CardsVoided => "key-round",
            Self::AccountReactivated
            | Self::AccountReopened
            | Self::AccountUnlocked
            | Self::SignedIn
            | Self::ApprovalGiven
            | Self::RestrictionLifted
            | Self::DuplicateAnswered
            | Self::TaskDone => "circle-check",
            Self::ApprovalAsked | Self::NotMyChild | Self::RecordAsked | Self::NightlyHeld => "hand",
            Self::AccountLocked
            | Self::SecondFactorsGuessed
            | Self::SecondFactorRemoved
            | Self::IdentityUnlinked => "lock",
            Self::AccountClosed | Self::SignedOut | Self::SessionsEnded => "log-out",
            Self::ContactAdded => "circle-plus",
            Self::ContactEnded => "circle-minus",
            Self::AccessGranted => "link-2",
            Self::GuardiansAutocreated
            | Self::PeopleMerged
            | Self::PersonSplit
            | Self::GroupCreated
            | Self::GroupChanged
            | Self::GroupJoined
            | Self::GroupLeft
            | Self::GroupMoved => "users",
            Self::AccountPreviewed | Self::MessageOpened => "eye",
            Self::AccountsExported | Self::ImportLogExported | Self::AuditExported | Self::PersonExported => {
                "file-text"
            }
        }
    }

    /// All actions.
    pub const ALL: [Self; 96] = [
        Self::SchoolAdded,
        Self::RollImported,
        Self::ImportUndone,
        Self::KeyGivenAway,
        Self::AddressChanged,
        Self::ManyAddressesChanged,
        Self::AddressChangeAsked,
        Self::AddressChangeCancelled,
        Self::AddressChangeUndone,
        Self::AccountsCreated,
        Self::UsernameChanged,
        Self::UsernameChangeUndone,
        Self::OldUsernameStopped,
        Self::OldUsernameAllowed,
        Self::BatchUndone,
        Self::InvitationsQueued,
        Self::InvitationRevoked,
        Self::AccountActivated,
        Self::ActivationEnded,
        Self::AccountSuspended,
        Self::AccountReactivated,
        Self::AccountLocked,
        Self::SecondFactorsGuessed,
        Self::AccountUnlocked,
        Self::AccountClosed,
        Self::AccountReopened,
        Self::AccountPreviewed,
        Self::MessageOpened,
        Self::AccountsExported,
        Self::ImportLogExported,
        Self::RollLoaded,
        Self::SignedIn,
        Self::SignedOut,
        Self::PasswordChanged,
        Self::PasswordReset,
        Self::ResetLinkQueued,
        Self::StaffReset,
        Self::ResetCodeMade,
        Self::SecondFactorAdded,
        Self::SecondFactorRemoved,
        Self::RecoveryCodesMade,
        Self::IdentityCodeQueued,
        Self::IdentityLinked,
        Self::IdentityUnlinked,
        Self::ProviderVisitRefused,
        Self::ProviderChanged,
        Self::SessionsEnded,
        Self::SettingChanged,
        Self::AdministratorCreated,
        Self::RoleGiven,
        Self::RoleTaken,
        Self::RoleChanged,
        Self::RoleRemoved,
        Self::AuditExported,
        Self::ExportRefused,
        Self::InsufficientPermissions,
        Self::ApprovalAsked,
        Self::ApprovalGiven,
        Self::ApprovalDeclined,
        Self::OperationCancelled,
        Self::ContactAdded,
        Self::ContactChanged,
        Self::ContactEnded,
        Self::AccessGranted,
        Self::AccessEnded,
        Self::NotMyChild,
        Self::RestrictionMade,
        Self::RestrictionChanged,
        Self::RestrictionLifted,
        Self::GuardiansAutocreated,
        Self::AutocreateUndone,
        Self::AutocreateException,
        Self::PeopleMerged,
        Self::MergeUndone,
        Self::PersonSplit,
        Self::DuplicateAnswered,
        Self::RightsPassed,
        Self::TaskDone,
        Self::RecordAsked,
        Self::CourseChanged,
        Self::GroupCreated,
        Self::GroupChanged,
        Self::GroupJoined,
        Self::GroupLeft,
        Self::GroupMoved,
        Self::CardsMade,
        Self::CardsVoided,
        Self::ValidityChanged,
        Self::FollowedRoll,
        Self::NightlyHeld,
        Self::YearRolledOver,
        Self::RolloverUndone,
        Self::StateChangeUndone,
        Self::PortalGroupChanged,
        Self::PersonExported,
        Self::PersonErased,
    ];
}
