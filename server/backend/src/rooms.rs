//! What the rooms register, one line each. This is the top of the backend, and the only place that depends on
//! both the engines and the rooms above them.

use crate::accounts::change_state::ChangeState;
use crate::accounts::create::CreateAccounts;
use crate::accounts::export::ExportAccounts;
use crate::accounts::paste::PasteAccounts;
use crate::accounts::portal_group::SetPortalGroup;
use crate::accounts::print::PrintInvitations;
use crate::accounts::rename::{RenameAccounts, UsernameChanged};
use crate::cards::make::MakeCards;
use crate::credentials::revoke::GivenOut;
use crate::credentials::secret_messages::LoadedSecrets;
use crate::data_rights::erase::ErasePerson;
use crate::groups::change::ChangeMembers;
use crate::guardians::access::restrictions::lift::LiftRestriction;
use crate::guardians::access::restrictions::narrow::NarrowRestriction;
use crate::guardians::coverage::daily::CountCoverage;
use crate::guardians::daily::DueToday;
use crate::guardians::duplicates::merge::{MergePeople, PeopleMerged};
use crate::guardians::duplicates::search::{FindDuplicates, FindDuplicatesDaily};
use crate::imports::commit::WriteImport;
use crate::imports::kind::KindOfImport;
use crate::invitations::send::SendInvitations;
use crate::jobs::job::JobKind;
use crate::jobs::retention::{DailyCleanUp, Retention};
use crate::jobs::standing::StandingKind;
use crate::messages::kind::MessageKind;
use crate::messages::notice::LoadedNotice;
use crate::messages::sender::{SendAll, SendUrgent};
use crate::operations::{OperationKind, RunOperation};
use crate::own_account::address::told::AddressChanges;
use crate::recovery::office_codes::MakeCodes;
use crate::recovery::requests::RecoveryLookUp;
use crate::roll::addresses::moved::AfterMove;
use crate::school_year::nightly::Nightly;
use crate::school_year::now::FollowRoll;
use crate::school_year::rollover::RollOver;
use crate::{
    accounts, audit, authorization, cards, credentials, data_rights, factors, groups, guardians, imports,
    invitations, jobs, lists, messages, operations, own_account, portal, recovery, roll, school_year,
    sessions, settings, setup, sign_in, single_sign_on, staff,
};

/// Everything that is registered.
#[derive(Clone, Copy)]
pub struct Rooms {
    /// Kinds of operation.
    pub operations: &'static [OperationKind],
    /// Jobs that are queued or scheduled.
    pub jobs: &'static [JobKind],
    /// Jobs with their own queue.
    pub standing: &'static [StandingKind],
    /// Kinds of message.
    pub messages: &'static [MessageKind],
    /// What can be imported.
    pub imports: &'static [KindOfImport],
    /// What opens accounts, and must be revoked with them.
    pub(crate) given_out: &'static [&'static dyn GivenOut],
    /// What happens after a person's primary email changes.
    pub(crate) after_move: &'static [&'static dyn AfterMove],
    /// How long data is kept, in order: dependent rows are deleted before the rows they depend on.
    pub retention: &'static [Retention],
}

/// Greencap's rooms.
pub static ROOMS: Rooms = Rooms {
    operations: &[
        OperationKind::of::<CreateAccounts>(),
        OperationKind::of::<PasteAccounts>(),
        OperationKind::of::<ChangeState>(),
        OperationKind::of::<RenameAccounts>(),
        OperationKind::of::<ExportAccounts>(),
        OperationKind::of::<MakeCodes>(),
        OperationKind::of::<WriteImport>(),
        OperationKind::of::<SendInvitations>(),
        OperationKind::of::<guardians::autocreate::create::AutocreateGuardians>(),
        OperationKind::of::<LiftRestriction>(),
        OperationKind::of::<NarrowRestriction>(),
        OperationKind::of::<MergePeople>(),
        OperationKind::of::<PrintInvitations>(),
        OperationKind::of::<ChangeMembers>(),
        OperationKind::of::<MakeCards>(),
        OperationKind::of::<FollowRoll>(),
        OperationKind::of::<RollOver>(),
        OperationKind::of::<SetPortalGroup>(),
        OperationKind::of::<ErasePerson>(),
    ],
    jobs: &[
        JobKind::of::<DailyCleanUp>(),
        JobKind::of::<RecoveryLookUp>(),
        JobKind::of::<RunOperation>(),
        JobKind::of::<DueToday>(),
        JobKind::of::<CountCoverage>(),
        JobKind::of::<FindDuplicates>(),
        JobKind::of::<FindDuplicatesDaily>(),
        JobKind::of::<Nightly>(),
    ],
    standing: &[StandingKind::of::<SendUrgent>(), StandingKind::of::<SendAll>()],
    messages: &[
        MessageKind::of::<invitations::message::LoadedInvitationRow>(),
        MessageKind::of::<LoadedSecrets<recovery::messages::ResetLinks>>(),
        MessageKind::of::<LoadedSecrets<recovery::messages::ResetCode>>(),
        MessageKind::of::<recovery::messages::UsernameReminder>(),
        MessageKind::of::<LoadedNotice<recovery::messages::PasswordChanged>>(),
        MessageKind::of::<LoadedNotice<UsernameChanged>>(),
        MessageKind::of::<LoadedNotice<recovery::messages::LinksRest>>(),
        MessageKind::of::<LoadedNotice<factors::changed::FactorsChanged>>(),
        MessageKind::of::<LoadedNotice<factors::guesses::WrongCodes>>(),
        MessageKind::of::<LoadedSecrets<single_sign_on::message::IdentityCode>>(),
        MessageKind::of::<own_account::address::messages::AddressConfirm>(),
        MessageKind::of::<own_account::address::messages::AddressAsked>(),
        MessageKind::of::<own_account::address::messages::AddressChanged>(),
        MessageKind::of::<audit::message::Alert>(),
        MessageKind::of::<guardians::autocreate::message::NewChild>(),
        MessageKind::of::<guardians::of_age::message::ComesOfAge>(),
        MessageKind::of::<guardians::of_age::message::ChildComesOfAge>(),
        MessageKind::of::<PeopleMerged>(),
    ],
    imports: &[
        KindOfImport::of::<roll::import::StoredStudents>(),
        KindOfImport::of::<staff::import::StoredStaff>(),
        KindOfImport::whole::<groups::import::StoredMemberships>(),
        KindOfImport::whole::<groups::import::tutors::StoredTutors>(),
        KindOfImport::whole::<guardians::import::StoredGuardians<guardians::import::Contacts>>(),
        KindOfImport::whole::<guardians::import::StoredGuardians<guardians::import::Adults>>(),
        KindOfImport::whole::<guardians::import::StoredGuardians<guardians::import::Links>>(),
    ],
    given_out: &[&invitations::revoke::OpenInvitations, &AddressChanges],
    after_move: &[&AddressChanges],
    retention: RETENTION,
};

const RETENTION: &[Retention] = &[
    sessions::retention::RETENTION,
    portal::retention::RETENTION,
    sign_in::retention::RETENTION,
    single_sign_on::retention::RETENTION,
    factors::retention::RETENTION,
    setup::retention::RETENTION,
    credentials::retention::RETENTION,
    authorization::retention::RETENTION,
    recovery::retention::RETENTION,
    own_account::retention::RETENTION,
    data_rights::retention::RETENTION,
    accounts::retention::RETENTION,
    operations::retention::RETENTION,
    messages::retention::RETENTION,
    invitations::retention::RETENTION,
    cards::retention::RETENTION,
    imports::retention::RETENTION,
    groups::retention::RETENTION,
    guardians::retention::RETENTION,
    school_year::retention::RETENTION,
    staff::retention::RETENTION,
    lists::retention::RETENTION,
    settings::retention::RETENTION,
    roll::retention::RETENTION,
    audit::retention::RETENTION,
    jobs::RETENTION,
];

#[cfg(test)]
mod tests;
