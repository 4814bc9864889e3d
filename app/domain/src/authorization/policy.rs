//! Authorisation is this one function: [`decide`]. Every server function and every route asks it first, and the page
//! that explains it asks it too.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::actor::{Actor, ActorKind, RoleAssignment};
pub use super::permission::Permission;
use super::permission::PermissionSet;
use super::role::Holds;
use crate::ids::{OrganisationId, PersonId, SchoolId};

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

/// On what ground something is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// The operator of the server asks.
    System,
    /// It is the actor's own.
    Own,
    /// The role at this place of the actor's list gives it.
    Role(usize),
}

/// Why something is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// It belongs to another organisation: to this actor it does not exist.
    OtherOrganisation,
    /// No role of the actor gives it anywhere.
    NoRole,
    /// A role gives it, at other schools.
    OtherSchool,
    /// A role gives it at a school, and it takes one for all schools.
    OneSchool,
    /// A role will give it there from this day on.
    NotYet(NaiveDate),
    /// A role gave it there; this was its last day.
    Ended(NaiveDate),
    /// It is another person's own page.
    NotOwn,
    /// It would give, or be done to someone who has, more rights than the actor.
    Outranked,
}

/// Whether `actor` may do `permission` to `resource`: on what ground, or why not.
pub fn decide(actor: &Actor, permission: Permission, resource: Resource) -> Result<Ground, Refusal> {
    let organisation = match resource {
        Resource::School(organisation, _)
        | Resource::Organisation(organisation)
        | Resource::AnySchool(organisation)
        | Resource::Person(organisation, _) => organisation,
    };
    if organisation != actor.organisation {
        return Err(Refusal::OtherOrganisation);
    }
    let ActorKind::Person { person, roles, .. } = &actor.kind else { return Ok(Ground::System) };
    if let Resource::Person(_, owner) = resource {
        let own = permission == Permission::OwnPortal && owner == *person;
        return if own { Ok(Ground::Own) } else { Err(Refusal::NotOwn) };
    }
    let judged = roles.iter().enumerate().map(|(at, held)| held.judge(permission, resource).map(|()| at));
    let mut nearest = Refusal::NoRole;
    for answer in judged {
        match answer {
            Ok(at) => return Ok(Ground::Role(at)),
            Err(refusal) if refusal.nearness() > nearest.nearness() => nearest = refusal,
            Err(_) => {}
        }
    }
    Err(nearest)
}

/// Whether `actor` may give these rights at this school, or at all schools, or take them away: they may give roles
/// there, and hold there whatever they give.
pub fn may_give(actor: &Actor, rights: PermissionSet, school: Option<SchoolId>) -> Result<(), Refusal> {
    let at = school.map_or(Resource::Organisation(actor.organisation), |school| {
        Resource::School(actor.organisation, school)
    });
    decide(actor, Permission::ManageRoles, at)?;
    within(actor, rights, school)
}

/// Whether `actor` has every right that someone with these roles has: only then may they preview that person's account,
/// stop it, or reset its password. Roles that do not hold yet count too.
pub fn reaches_up_to(actor: &Actor, roles: &[RoleAssignment]) -> Result<(), Refusal> {
    roles
        .iter()
        .filter(|held| !matches!(held.holds, Holds::Ended(_)))
        .try_for_each(|held| within(actor, held.permissions, held.school))
}

fn within(actor: &Actor, rights: PermissionSet, school: Option<SchoolId>) -> Result<(), Refusal> {
    let at = school.map_or(Resource::Organisation(actor.organisation), |school| {
        Resource::School(actor.organisation, school)
    });
    // What spans schools is given by roles for all of them alone.
    let mut given = rights.iter().filter(|right| school.is_none() || !right.spans_schools());
    if given.all(|right| decide(actor, right, at).is_ok()) { Ok(()) } else { Err(Refusal::Outranked) }
}

impl RoleAssignment {
    fn judge(&self, permission: Permission, resource: Resource) -> Result<(), Refusal> {
        if permission != Permission::UseOffice && !self.permissions.contains(permission) {
            return Err(Refusal::NoRole);
        }
        match (resource, self.school) {
            (Resource::Organisation(_), Some(_)) => return Err(Refusal::OneSchool),
            (_, Some(_)) if permission.spans_schools() => return Err(Refusal::OneSchool),
            (Resource::School(_, wanted), Some(held)) if wanted != held => return Err(Refusal::OtherSchool),
            _ => {}
        }
        match self.holds {
            Holds::Now => Ok(()),
            Holds::NotYet(day) => Err(Refusal::NotYet(day)),
            Holds::Ended(day) => Err(Refusal::Ended(day)),
        }
    }
}

impl Refusal {
    /// How near the actor came: of several roles that do not give something, the nearest one is the reason.
    fn nearness(self) -> u8 {
        match self {
            Self::NotYet(_) => 4,
            Self::Ended(_) => 3,
            Self::OneSchool | Self::OtherSchool => 2,
            _ => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorization::role::Role;
    use crate::ids::AccountId;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use uuid::Uuid;

    const ORG: OrganisationId = OrganisationId(Uuid::from_u128(1));
    const OTHER: OrganisationId = OrganisationId(Uuid::from_u128(2));
    const SCHOOL: SchoolId = SchoolId(Uuid::from_u128(3));
    const ELSEWHERE: SchoolId = SchoolId(Uuid::from_u128(4));
    const ME: PersonId = PersonId(Uuid::from_u128(5));

    fn someone(roles: Vec<RoleAssignment>) -> Actor {
        Actor::signed_in(ORG, AccountId(Uuid::from_u128(6)), ME, roles)
    }

    fn with(role: Role, school: Option<SchoolId>) -> Actor {
        someone(vec![RoleAssignment::new(role.permissions(), school)])
    }

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
    }

    #[test]
    fn a_role_reaches_its_school_and_no_other() {
        let manager = with(Role::AccountManager, Some(SCHOOL));
        let manage = |resource| decide(&manager, Permission::ManageAccounts, resource);
        assert_eq!(manage(Resource::School(ORG, SCHOOL)), Ok(Ground::Role(0)));
        assert_eq!(manage(Resource::School(ORG, ELSEWHERE)), Err(Refusal::OtherSchool));
        assert_eq!(manage(Resource::Organisation(ORG)), Err(Refusal::OneSchool));
        assert_eq!(
            decide(&manager, Permission::ManageSettings, Resource::AnySchool(ORG)),
            Err(Refusal::NoRole)
        );
    }

    #[test]
    fn what_spans_schools_takes_a_role_for_all_of_them() {
        for permission in [Permission::ViewMailbox, Permission::ViewAudit] {
            for resource in
                [Resource::School(ORG, SCHOOL), Resource::AnySchool(ORG), Resource::Organisation(ORG)]
            {
                let of_one = with(Role::Administrator, Some(SCHOOL));
                assert_eq!(decide(&of_one, permission, resource), Err(Refusal::OneSchool));
                assert!(decide(&with(Role::Administrator, None), permission, resource).is_ok());
            }
        }
    }

    #[test]
    fn a_role_gives_nothing_before_its_first_and_after_its_last_day_and_the_nearest_reason_is_told() {
        let mut ended = RoleAssignment::new(Role::Administrator.permissions(), Some(SCHOOL));
        ended.holds = Holds::Ended(day(1));
        let mut coming = ended;
        coming.holds = Holds::NotYet(day(30));
        let elsewhere = RoleAssignment::new(Role::OfficeViewer.permissions(), Some(ELSEWHERE));
        let see = |roles: Vec<RoleAssignment>| {
            decide(&someone(roles), Permission::ViewRoll, Resource::School(ORG, SCHOOL))
        };
        assert_eq!(see(vec![elsewhere]), Err(Refusal::OtherSchool));
        assert_eq!(see(vec![elsewhere, ended]), Err(Refusal::Ended(day(1))));
        assert_eq!(see(vec![coming, ended, elsewhere]), Err(Refusal::NotYet(day(30))));
        assert!(!someone(vec![coming, ended]).is_staff());
        assert_eq!(
            decide(&someone(vec![ended]), Permission::UseOffice, Resource::AnySchool(ORG)),
            Err(Refusal::Ended(day(1)))
        );
    }

    #[test]
    fn nobody_reaches_another_organisation() {
        for actor in [with(Role::Administrator, None), Actor::system(ORG)] {
            let refused = decide(&actor, Permission::ViewRoll, Resource::School(OTHER, SCHOOL));
            assert_eq!(refused, Err(Refusal::OtherOrganisation));
        }
    }

    #[test]
    fn a_portal_page_is_its_owners_alone() {
        let administrator = with(Role::Administrator, None);
        let other = Resource::Person(ORG, PersonId(Uuid::from_u128(9)));
        assert_eq!(decide(&administrator, Permission::OwnPortal, other), Err(Refusal::NotOwn));
        let own = decide(&someone(vec![]), Permission::OwnPortal, Resource::Person(ORG, ME));
        assert_eq!(own, Ok(Ground::Own));
    }

    #[test]
    fn a_student_may_do_nothing_of_the_office() {
        for permission in Permission::ALL.into_iter().chain([Permission::UseOffice]) {
            assert_eq!(decide(&someone(vec![]), permission, Resource::AnySchool(ORG)), Err(Refusal::NoRole));
        }
    }

    #[test]
    fn an_administrator_of_a_school_makes_others_there_and_none_for_all_schools() {
        let of_one = with(Role::Administrator, Some(SCHOOL));
        let all = Role::Administrator.permissions();
        assert_eq!(may_give(&of_one, all, Some(SCHOOL)), Ok(()));
        assert_eq!(may_give(&of_one, all, Some(ELSEWHERE)), Err(Refusal::OtherSchool));
        assert_eq!(may_give(&of_one, all, None), Err(Refusal::OneSchool));
        let manager = with(Role::AccountManager, None);
        assert_eq!(may_give(&manager, Role::OfficeViewer.permissions(), None), Err(Refusal::NoRole));
    }

    #[test]
    fn nobody_reaches_up_to_someone_with_more_rights() {
        let manager = with(Role::AccountManager, Some(SCHOOL));
        let held = |role: Role, school| RoleAssignment::new(role.permissions(), school);
        assert_eq!(reaches_up_to(&manager, &[]), Ok(()));
        assert_eq!(reaches_up_to(&manager, &[held(Role::OfficeViewer, Some(SCHOOL))]), Ok(()));
        for above in [held(Role::Administrator, Some(SCHOOL)), held(Role::OfficeViewer, None)] {
            assert_eq!(reaches_up_to(&manager, &[above]), Err(Refusal::Outranked));
            let past = RoleAssignment { holds: Holds::Ended(day(1)), ..above };
            assert_eq!(reaches_up_to(&manager, &[past]), Ok(()));
        }
    }

    fn any_assignment(rights: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = RoleAssignment> {
        let permissions = proptest::sample::subsequence(Permission::ALL.to_vec(), rights);
        let school = prop_oneof![Just(None), Just(Some(SCHOOL)), Just(Some(ELSEWHERE))];
        let holds = prop_oneof![3 => Just(Holds::Now), 1 => Just(Holds::NotYet(day(2))), 1 => Just(Holds::Ended(day(1)))];
        (permissions, school, holds).prop_map(|(permissions, school, holds)| RoleAssignment {
            permissions: permissions.into_iter().collect(),
            school,
            holds,
        })
    }

    const EVERYWHERE: [Resource; 4] = [
        Resource::School(ORG, SCHOOL),
        Resource::School(ORG, ELSEWHERE),
        Resource::Organisation(ORG),
        Resource::AnySchool(ORG),
    ];

    proptest! {
        #[test]
        fn giving_never_yields_more_than_the_giver_has(
            held in vec(any_assignment(8..=12), 1..4),
            given in any_assignment(0..=4),
            further in any_assignment(0..=3),
        ) {
            let giver = someone(held);
            let given = RoleAssignment { holds: Holds::Now, ..given };
            prop_assume!(may_give(&giver, given.permissions, given.school).is_ok());
            let taker = someone(vec![given]);
            for permission in Permission::ALL.into_iter().chain([Permission::UseOffice]) {
                for resource in EVERYWHERE {
                    let more = decide(&taker, permission, resource).is_ok() && decide(&giver, permission, resource).is_err();
                    prop_assert!(!more, "{permission:?} {resource:?}");
                }
            }
            // Nor does giving on.
            if may_give(&taker, further.permissions, further.school).is_ok() {
                prop_assert!(may_give(&giver, further.permissions, further.school).is_ok());
            }
        }

        #[test]
        fn who_reaches_up_to_someone_has_all_their_rights(
            held in vec(any_assignment(8..=12), 0..4),
            theirs in vec(any_assignment(0..=4), 0..3),
        ) {
            let actor = someone(held);
            prop_assume!(reaches_up_to(&actor, &theirs).is_ok());
            let them = someone(theirs);
            for permission in Permission::ALL {
                for resource in EVERYWHERE {
                    let more = decide(&them, permission, resource).is_ok() && decide(&actor, permission, resource).is_err();
                    prop_assert!(!more, "{permission:?} {resource:?}");
                }
            }
        }
    }
}
