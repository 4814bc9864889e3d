//! What is written to the audit log, and what administrators are alerted to.

mod alert;
pub mod exports;
mod icons;
mod words;

use serde::{Deserialize, Serialize};

/// An action. [`AuditAction::slug`] is its name in the database and in exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditAction {
    /// A school was added.
    SchoolAdded,
    /// A file was imported.
    RollImported,
    /// An import was undone.
    ImportUndone,
    /// The number or code of somebody who has left was given to somebody else.
    KeyGivenAway,
    /// A delivery address was added, changed or removed.
    AddressChanged,
    /// One person changed the email addresses of many accounts in use within a day.
    ManyAddressesChanged,
    /// A person asked to change their email address, and has not confirmed it yet.
    AddressChangeAsked,
    /// They cancelled the change.
    AddressChangeCancelled,
    /// Someone reading the previous address undid a change they had not asked for.
    AddressChangeUndone,
    /// A batch of accounts was created.
    AccountsCreated,
    /// A username was changed.
    UsernameChanged,
    /// A change of a username was undone.
    UsernameChangeUndone,
    /// Staff stopped the sign-in by someone's old username early.
    OldUsernameStopped,
    /// That was undone.
    OldUsernameAllowed,
    /// A batch was undone.
    BatchUndone,
    /// Invitations were queued.
    InvitationsQueued,
    /// An invitation was revoked.
    InvitationRevoked,
    /// A person signed in for the first time: with a password they chose, or with single sign-on.
    AccountActivated,
    /// An activation ended because the invitation had gone to a wrong address.
    ActivationEnded,
    /// Staff disabled an account.
    AccountSuspended,
    /// Staff enabled a disabled account.
    AccountReactivated,
    /// An account was locked after too many wrong passwords.
    AccountLocked,
    /// Several wrong second factors during sign-in: the person trying has the password.
    SecondFactorsGuessed,
    /// Staff unlocked an account.
    AccountUnlocked,
    /// An account was closed.
    AccountClosed,
    /// A closed account was opened again.
    AccountReopened,
    /// Staff viewed a person's portal as that person sees it.
    AccountPreviewed,
    /// Staff opened a message in the mailbox of the embedded mode.
    MessageOpened,
    /// A list was exported.
    AccountsExported,
    /// The log of an import was exported.
    ImportLogExported,
    /// A session loaded a school's whole roll for its lists; recorded once a day.
    RollLoaded,
    /// Someone signed in.
    SignedIn,
    /// Someone signed out.
    SignedOut,
    /// A person changed their own password.
    PasswordChanged,
    /// A person chose a new password using a link or code.
    PasswordReset,
    /// A person asked for a password reset link.
    ResetLinkQueued,
    /// Staff reset how a member of staff signs in.
    StaffReset,
    /// Staff created a one-time code for a person.
    ResetCodeMade,
    /// A person set up a second factor.
    SecondFactorAdded,
    /// A second factor was removed, by its owner or by staff.
    SecondFactorRemoved,
    /// A person created new recovery codes.
    RecoveryCodesMade,
    /// A person asked for a code to prove that an identity at a provider is theirs.
    IdentityCodeQueued,
    /// A person linked an identity at a provider to their account.
    IdentityLinked,
    /// Such a link was removed, by its owner or by staff.
    IdentityUnlinked,
    /// A provider confirmed someone who was not let in.
    ProviderVisitRefused,
    /// A provider for single sign-on was added, changed or removed, or how it is used.
    ProviderChanged,
    /// Sessions were ended, by their owner or by staff.
    SessionsEnded,
    /// A setting was changed.
    SettingChanged,
    /// An administrator was created.
    AdministratorCreated,
    /// Someone was given a role, or the dates of their role changed.
    RoleGiven,
    /// A role was taken from someone.
    RoleTaken,
    /// A custom role was created or changed.
    RoleChanged,
    /// A custom role was deleted.
    RoleRemoved,
    /// Part of the audit log was exported.
    AuditExported,
    /// Someone tried to export more than the daily limit.
    ExportRefused,
    /// Someone tried to do something they don't have permission for: to a person who outranks them, or by
    /// giving a higher role.
    InsufficientPermissions,
    /// Someone asked for something that needs a second person's approval.
    ApprovalAsked,
    /// A second person approved the request.
    ApprovalGiven,
    /// A second person declined the request.
    ApprovalDeclined,
    /// A long operation was cancelled before it finished; it changed nothing.
    OperationCancelled,
    /// An adult was recorded as a child's contact.
    ContactAdded,
    /// What an adult is to a child was changed.
    ContactChanged,
    /// An adult is no longer a child's contact.
    ContactEnded,
    /// An adult was given access to parts of a child's portal.
    AccessGranted,
    /// That access was ended.
    AccessEnded,
    /// A guardian said that a child is not theirs, and the access stopped.
    NotMyChild,
    /// A restriction was recorded.
    RestrictionMade,
    /// A restriction was changed.
    RestrictionChanged,
    /// A restriction was lifted.
    RestrictionLifted,
    /// Accounts and access of guardians were created from a simulation.
    GuardiansAutocreated,
    /// That was undone.
    AutocreateUndone,
    /// A contact under a restriction or marked "no portal" was included by hand.
    AutocreateException,
    /// Two people were joined into one.
    PeopleMerged,
    /// A merge was undone.
    MergeUndone,
    /// One person was divided into two.
    PersonSplit,
    /// Someone decided whether two people are one.
    DuplicateAnswered,
    /// A student came of age, and the guardians' access passed to them.
    RightsPassed,
    /// A task of the office was done.
    TaskDone,
    /// A school asked those who reach another school to attach a student to an adult there.
    RecordAsked,
    /// A course, or what it adds, was created or changed.
    CourseChanged,
    /// A teaching group was created.
    GroupCreated,
    /// A teaching group's name, courses or year was changed, or it was closed or opened.
    GroupChanged,
    /// Students became members of a group.
    GroupJoined,
    /// Students left a group.
    GroupLeft,
    /// Students moved from one group to another.
    GroupMoved,
    /// Passwords were made for people, on cards or a list.
    CardsMade,
    /// Cards that were not used yet were made void.
    CardsVoided,
    /// The days on which an account can be used were changed.
    ValidityChanged,
    /// An account was opened, disabled or closed because of the roll.
    FollowedRoll,
    /// The nightly changes of accounts were held or released.
    NightlyHeld,
    /// A school moved to the next year.
    YearRolledOver,
    /// That was undone.
    RolloverUndone,
    /// A bulk change of accounts was undone.
    StateChangeUndone,
    /// What an account shows in the portal was changed.
    PortalGroupChanged,
    /// Everything held on a person was exported.
    PersonExported,
    /// What is held on a person was erased.
    PersonErased,
}

impl AuditAction {
    /// The name in the database and in exports.
    pub fn slug(self) -> &'static str {
        match self {
            Self::SchoolAdded => "school_added",
            Self::RollImported => "roll_imported",
            Self::ImportUndone => "import_undone",
            Self::KeyGivenAway => "key_given_away",
            Self::AddressChanged => "address_changed",
            Self::ManyAddressesChanged => "many_addresses_changed",
            Self::AddressChangeAsked => "address_change_asked",
            Self::AddressChangeCancelled => "address_change_cancelled",
            Self::AddressChangeUndone => "address_change_undone",
            Self::AccountsCreated => "accounts_created",
            Self::UsernameChanged => "username_changed",
            Self::UsernameChangeUndone => "username_change_undone",
            Self::OldUsernameStopped => "old_username_stopped",
            Self::OldUsernameAllowed => "old_username_allowed",
            Self::BatchUndone => "batch_undone",
            Self::InvitationsQueued => "invitations_queued",
            Self::InvitationRevoked => "invitation_revoked",
            Self::AccountActivated => "account_activated",
            Self::ActivationEnded => "activation_ended",
            Self::AccountSuspended => "account_suspended",
            Self::AccountReactivated => "account_reactivated",
            Self::AccountLocked => "account_locked",
            Self::SecondFactorsGuessed => "second_factors_guessed",
            Self::AccountUnlocked => "account_unlocked",
            Self::AccountClosed => "account_closed",
            Self::AccountReopened => "account_reopened",
            Self::AccountPreviewed => "account_previewed",
            Self::MessageOpened => "message_opened",
            Self::AccountsExported => "accounts_exported",
            Self::ImportLogExported => "import_log_exported",
            Self::RollLoaded => "roll_loaded",
            Self::SignedIn => "signed_in",
            Self::SignedOut => "signed_out",
            Self::PasswordChanged => "password_changed",
            Self::PasswordReset => "password_reset",
            Self::ResetLinkQueued => "reset_link_queued",
            Self::StaffReset => "staff_reset",
            Self::ResetCodeMade => "reset_code_made",
            Self::SecondFactorAdded => "second_factor_added",
            Self::SecondFactorRemoved => "second_factor_removed",
            Self::RecoveryCodesMade => "recovery_codes_made",
            Self::IdentityCodeQueued => "identity_code_queued",
            Self::IdentityLinked => "identity_linked",
            Self::IdentityUnlinked => "identity_unlinked",
            Self::ProviderVisitRefused => "provider_visit_refused",
            Self::ProviderChanged => "provider_changed",
            Self::SessionsEnded => "sessions_ended",
            Self::SettingChanged => "setting_changed",
            Self::AdministratorCreated => "administrator_created",
            Self::RoleGiven => "role_given",
            Self::RoleTaken => "role_taken",
            Self::RoleChanged => "role_changed",
            Self::RoleRemoved => "role_removed",
            Self::AuditExported => "audit_exported",
            Self::ExportRefused => "export_refused",
            Self::InsufficientPermissions => "reach_refused",
            Self::ApprovalAsked => "approval_asked",
            Self::ApprovalGiven => "approval_given",
            Self::ApprovalDeclined => "approval_declined",
            Self::OperationCancelled => "operation_cancelled",
            Self::ContactAdded => "contact_added",
            Self::ContactChanged => "contact_changed",
            Self::ContactEnded => "contact_ended",
            Self::AccessGranted => "access_granted",
            Self::AccessEnded => "access_ended",
            Self::NotMyChild => "not_my_child",
            Self::RestrictionMade => "restriction_made",
            Self::RestrictionChanged => "restriction_changed",
            Self::RestrictionLifted => "restriction_lifted",
            Self::GuardiansAutocreated => "guardians_autocreated",
            Self::AutocreateUndone => "autocreate_undone",
            Self::AutocreateException => "autocreate_exception",
            Self::PeopleMerged => "people_merged",
            Self::MergeUndone => "merge_undone",
            Self::PersonSplit => "person_split",
            Self::DuplicateAnswered => "duplicate_answered",
            Self::RightsPassed => "rights_passed",
            Self::TaskDone => "task_done",
            Self::RecordAsked => "record_asked",
            Self::CourseChanged => "course_changed",
            Self::GroupCreated => "group_created",
            Self::GroupChanged => "group_changed",
            Self::GroupJoined => "group_joined",
            Self::GroupLeft => "group_left",
            Self::GroupMoved => "group_moved",
            Self::CardsMade => "cards_made",
            Self::CardsVoided => "cards_voided",
            Self::ValidityChanged => "validity_changed",
            Self::FollowedRoll => "followed_roll",
            Self::NightlyHeld => "nightly_held",
            Self::YearRolledOver => "year_rolled_over",
            Self::RolloverUndone => "rollover_undone",
            Self::StateChangeUndone => "state_change_undone",
            Self::PortalGroupChanged => "portal_group_changed",
            Self::PersonExported => "person_exported",
            Self::PersonErased => "person_erased",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.slug() == slug)
    }
}
