//! Authorisation is this one function: [`decide`]. Every server function and every route asks it first.

use serde::{Deserialize, Serialize};

use super::actor::{Actor, ActorKind, RoleAssignment};
use super::role::Role;
use crate::ids::{OrganisationId, PersonId, SchoolId};

/// What someone wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// See students and their records.
    ViewRoll,
    /// Change addresses. Separate from managing portal access.
    EditContacts,
    /// Bring a file to the roll.
    ImportRoll,
    /// See accounts and their states.
    ViewAccounts,
    /// Manage portal access: make, suspend, reactivate, unlock and undo accounts.
    ManageAccounts,
    /// Send, resend and revoke invitations.
    SendInvitations,
    /// See a person's portal as that person does.
    PreviewAccount,
    /// Take a list of accounts out of Greencap.
    ExportAccounts,
    /// Open the mailbox page of the embedded mode.
    ViewMailbox,
    /// Change settings of a school.
    ManageSettings,
    /// Read, take out and verify the audit log.
    ViewAudit,
    /// Open the office at all: everyone with a role of staff may.
    UseOffice,
    /// See the own portal page. Everyone signed in may, and nobody may see another's.
    OwnPortal,
}

impl Permission {
    /// All that a role of staff can hold.
    pub const ALL: [Self; 11] = [
        Self::ViewRoll,
        Self::EditContacts,
        Self::ImportRoll,
        Self::ViewAccounts,
        Self::ManageAccounts,
        Self::SendInvitations,
        Self::PreviewAccount,
        Self::ExportAccounts,
        Self::ViewMailbox,
        Self::ManageSettings,
        Self::ViewAudit,
    ];
}

/// What it is to be done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// Something of a school.
    School(OrganisationId, SchoolId),
    /// Something of the organisation as a whole, such as its mailbox: needs a role for all schools.
    Organisation(OrganisationId),
    /// Whatever the actor's roles reach: a page that then shows only the schools they hold.
    AnySchool(OrganisationId),
    /// A person's own page.
    Person(OrganisationId, PersonId),
}

/// Why something is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// It belongs to another organisation: to this actor it does not exist.
    OtherOrganisation,
    /// No role of the actor allows it there.
    NoRole,
    /// It is another person's own page.
    NotOwn,
}

/// Whether `actor` may do `permission` to `resource`, and if not, why.
pub fn decide(actor: &Actor, permission: Permission, resource: Resource) -> Result<(), Refusal> {
    let organisation = match resource {
        Resource::School(organisation, _)
        | Resource::Organisation(organisation)
        | Resource::AnySchool(organisation)
        | Resource::Person(organisation, _) => organisation,
    };
    if organisation != actor.organisation {
        return Err(Refusal::OtherOrganisation);
    }
    let ActorKind::Person { person, roles, .. } = &actor.kind else { return Ok(()) };
    if let Resource::Person(_, owner) = resource {
        return if permission == Permission::OwnPortal && owner == *person {
            Ok(())
        } else {
            Err(Refusal::NotOwn)
        };
    }
    let reaches = |school: Option<SchoolId>| match resource {
        Resource::School(_, wanted) => school.is_none_or(|held| held == wanted),
        Resource::Organisation(_) => school.is_none(),
        Resource::AnySchool(_) => true,
        Resource::Person(..) => false,
    };
    let grants = |role: Role| permission == Permission::UseOffice || role.permissions().contains(&permission);
    if roles.iter().any(|held| reaches(held.school) && grants(held.role)) {
        Ok(())
    } else {
        Err(Refusal::NoRole)
    }
}

/// Whether `actor` may do everything, everywhere, that someone with `roles` may. Who may not helps them to no way in: it
/// would be a way to their rights.
pub fn covers(actor: &Actor, roles: &[RoleAssignment]) -> bool {
    roles.iter().all(|held| {
        let there = held.school.map_or(Resource::Organisation(actor.organisation), |school| {
            Resource::School(actor.organisation, school)
        });
        held.role.permissions().iter().all(|permission| decide(actor, *permission, there).is_ok())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::AccountId;
    use uuid::Uuid;

    const ORG: OrganisationId = OrganisationId(Uuid::from_u128(1));
    const OTHER: OrganisationId = OrganisationId(Uuid::from_u128(2));
    const SCHOOL: SchoolId = SchoolId(Uuid::from_u128(3));
    const ELSEWHERE: SchoolId = SchoolId(Uuid::from_u128(4));
    const ME: PersonId = PersonId(Uuid::from_u128(5));

    fn someone(roles: Vec<RoleAssignment>) -> Actor {
        Actor::signed_in(ORG, AccountId(Uuid::from_u128(6)), ME, roles)
    }

    #[test]
    fn a_role_reaches_its_school_and_no_other() {
        let manager = someone(vec![RoleAssignment { role: Role::AccountManager, school: Some(SCHOOL) }]);
        assert_eq!(decide(&manager, Permission::ManageAccounts, Resource::School(ORG, SCHOOL)), Ok(()));
        let refused = decide(&manager, Permission::ManageAccounts, Resource::School(ORG, ELSEWHERE));
        assert_eq!(refused, Err(Refusal::NoRole));
        assert_eq!(
            decide(&manager, Permission::ViewMailbox, Resource::Organisation(ORG)),
            Err(Refusal::NoRole)
        );
    }

    #[test]
    fn nobody_reaches_another_organisation() {
        let administrator = someone(vec![RoleAssignment { role: Role::Administrator, school: None }]);
        for actor in [administrator, Actor::system(ORG)] {
            let refused = decide(&actor, Permission::ViewRoll, Resource::School(OTHER, SCHOOL));
            assert_eq!(refused, Err(Refusal::OtherOrganisation));
        }
    }

    #[test]
    fn a_portal_page_is_its_owners_alone() {
        let administrator = someone(vec![RoleAssignment { role: Role::Administrator, school: None }]);
        let other = Resource::Person(ORG, PersonId(Uuid::from_u128(9)));
        assert_eq!(decide(&administrator, Permission::OwnPortal, other), Err(Refusal::NotOwn));
        assert_eq!(decide(&someone(vec![]), Permission::OwnPortal, Resource::Person(ORG, ME)), Ok(()));
    }

    #[test]
    fn nobody_covers_rights_that_they_do_not_hold_themselves() {
        let at = |role, school| vec![RoleAssignment { role, school }];
        let manager = someone(at(Role::AccountManager, Some(SCHOOL)));
        assert!(covers(&manager, &[]), "a student");
        assert!(covers(&manager, &at(Role::OfficeViewer, Some(SCHOOL))));
        assert!(covers(&manager, &at(Role::AccountManager, Some(SCHOOL))));
        assert!(!covers(&manager, &at(Role::AccountManager, Some(ELSEWHERE))));
        assert!(!covers(&manager, &at(Role::OfficeViewer, None)));
        assert!(!covers(&manager, &at(Role::Administrator, Some(SCHOOL))));
        assert!(covers(&someone(at(Role::Administrator, None)), &at(Role::Administrator, None)));
        assert!(covers(&Actor::system(ORG), &at(Role::Administrator, None)));
    }

    #[test]
    fn a_student_may_do_nothing_of_the_office() {
        for permission in Permission::ALL {
            assert_eq!(decide(&someone(vec![]), permission, Resource::AnySchool(ORG)), Err(Refusal::NoRole));
        }
    }
}
