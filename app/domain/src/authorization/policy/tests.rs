//! The policy's rules, one by one.

mod properties;

use uuid::Uuid;

use super::*;
use crate::authorization::grant::GrantGround;
use crate::authorization::role::Role;
use crate::authorization::visible::VisiblePeople;
use crate::ids::AccountId;

const ORG: OrganisationId = OrganisationId(Uuid::from_u128(1));
const OTHER: OrganisationId = OrganisationId(Uuid::from_u128(2));
const SCHOOL: SchoolId = SchoolId(Uuid::from_u128(3));
const ELSEWHERE: SchoolId = SchoolId(Uuid::from_u128(4));
const ME: PersonId = PersonId(Uuid::from_u128(5));
const TUTEES: GroupId = GroupId(Uuid::from_u128(7));
const OTHERS: GroupId = GroupId(Uuid::from_u128(8));
const CHILD: PersonId = PersonId(Uuid::from_u128(9));
const SIBLING: PersonId = PersonId(Uuid::from_u128(10));

fn someone(roles: Vec<RoleAssignment>) -> Actor {
    Actor::signed_in(ORG, AccountId(Uuid::from_u128(6)), ME, roles)
}

fn with(role: Role, place: Place) -> Actor {
    someone(vec![RoleAssignment::new(role.permissions(), place)])
}

fn tutor() -> Actor {
    with(Role::Tutor, Place::Group(SCHOOL, TUTEES))
}

fn guardian(scope: PortalScope, holds: RoleValidity) -> Actor {
    let grant = Grant { child: CHILD, scope, ground: GrantGround::Relation, holds };
    someone(vec![]).with_children(vec![grant], vec![])
}

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

fn child_at<'a>(schools: &'a [SchoolId], groups: &'a [GroupId]) -> Resource<'a> {
    Resource::Person(ORG, PersonPlaces { person: CHILD, schools, groups })
}

#[test]
fn a_role_reaches_its_school_and_no_other() {
    let manager = with(Role::AccountManager, Place::School(SCHOOL));
    let manage = |resource| decide(&manager, Permission::ManageAccounts, resource);
    assert_eq!(manage(Resource::School(ORG, SCHOOL)), Ok(Ground::Role(0)));
    assert_eq!(manage(Resource::School(ORG, ELSEWHERE)), Err(Refusal::OtherSchool));
    assert_eq!(manage(Resource::InSchool(ORG, ELSEWHERE)), Err(Refusal::OtherSchool));
    assert_eq!(manage(Resource::Organisation(ORG)), Err(Refusal::OneSchool));
    assert_eq!(decide(&manager, Permission::ManageSettings, Resource::AnySchool(ORG)), Err(Refusal::NoRole));
}

#[test]
fn a_tutor_reaches_their_group_and_the_people_who_are_in_it_today() {
    let see = |resource| decide(&tutor(), Permission::ViewRoll, resource);
    assert_eq!(see(Resource::Group(ORG, SCHOOL, TUTEES)), Ok(Ground::Group(0)));
    assert_eq!(see(Resource::InSchool(ORG, SCHOOL)), Ok(Ground::Group(0)));
    assert_eq!(see(Resource::AnySchool(ORG)), Ok(Ground::Group(0)));
    assert_eq!(see(child_at(&[SCHOOL], &[OTHERS, TUTEES])), Ok(Ground::Group(0)));
    assert_eq!(see(child_at(&[SCHOOL], &[OTHERS])), Err(Refusal::OneGroup));
    assert_eq!(see(child_at(&[ELSEWHERE], &[])), Err(Refusal::OtherSchool));
    assert_eq!(see(Resource::Group(ORG, SCHOOL, OTHERS)), Err(Refusal::OneGroup));
    assert_eq!(see(Resource::School(ORG, SCHOOL)), Err(Refusal::OneGroup));
    assert_eq!(see(Resource::InSchool(ORG, ELSEWHERE)), Err(Refusal::OtherSchool));
    assert_eq!(see(Resource::Organisation(ORG)), Err(Refusal::OneSchool));
}

#[test]
fn who_is_at_no_school_takes_a_role_for_all_schools() {
    let see = |actor: &Actor| decide(actor, Permission::ViewRoll, child_at(&[], &[]));
    assert_eq!(see(&with(Role::Administrator, Place::School(SCHOOL))), Err(Refusal::OneSchool));
    assert_eq!(see(&tutor()), Err(Refusal::OneSchool));
    assert_eq!(see(&with(Role::OfficeViewer, Place::Organisation)), Ok(Ground::Role(0)));
}

#[test]
fn what_spans_schools_takes_a_role_for_all_of_them() {
    for permission in [Permission::ViewMailbox, Permission::ViewAudit] {
        for resource in [Resource::School(ORG, SCHOOL), Resource::AnySchool(ORG), Resource::Organisation(ORG)]
        {
            for place in [Place::School(SCHOOL), Place::Group(SCHOOL, TUTEES)] {
                let of_one = with(Role::Administrator, place);
                assert_eq!(decide(&of_one, permission, resource), Err(Refusal::OneSchool));
            }
            assert!(decide(&with(Role::Administrator, Place::Organisation), permission, resource).is_ok());
        }
    }
}

#[test]
fn what_is_about_a_school_as_a_whole_takes_a_role_for_more_than_a_group() {
    let head = with(Role::Administrator, Place::Group(SCHOOL, TUTEES));
    for permission in [Permission::ImportRoll, Permission::ManageSettings, Permission::ManageRoles] {
        for resource in [Resource::AnySchool(ORG), Resource::InSchool(ORG, SCHOOL)] {
            assert_eq!(decide(&head, permission, resource), Err(Refusal::OneGroup));
        }
    }
}

#[test]
fn a_role_gives_nothing_before_its_first_and_after_its_last_day_and_the_nearest_reason_is_told() {
    let mut ended = RoleAssignment::new(Role::Administrator.permissions(), Place::School(SCHOOL));
    ended.holds = RoleValidity::Ended(day(1));
    let mut coming = ended;
    coming.holds = RoleValidity::NotYet(day(30));
    let elsewhere = RoleAssignment::new(Role::OfficeViewer.permissions(), Place::School(ELSEWHERE));
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
    for actor in [with(Role::Administrator, Place::Organisation), Actor::system(ORG)] {
        let refused = decide(&actor, Permission::ViewRoll, Resource::School(OTHER, SCHOOL));
        assert_eq!(refused, Err(Refusal::OtherOrganisation));
    }
}

#[test]
fn what_is_ones_own_is_nobody_elses() {
    let administrator = with(Role::Administrator, Place::Organisation);
    let other = Resource::Own(ORG, CHILD);
    assert_eq!(decide(&administrator, Permission::OwnPortal, other), Err(Refusal::NotOwn));
    let own = decide(&someone(vec![]), Permission::OwnPortal, Resource::Own(ORG, ME));
    assert_eq!(own, Ok(Ground::Own));
}

#[test]
fn a_student_may_do_nothing_of_the_office() {
    for permission in Permission::ALL.into_iter().chain([Permission::UseOffice]) {
        assert_eq!(decide(&someone(vec![]), permission, Resource::AnySchool(ORG)), Err(Refusal::NoRole));
    }
}

#[test]
fn a_grant_opens_no_page_of_the_office_and_a_role_no_portal_of_a_child() {
    let mother = guardian(PortalScope::Grades, RoleValidity::Now);
    for permission in Permission::ALL.into_iter().chain([Permission::UseOffice]) {
        assert!(decide(&mother, permission, Resource::AnySchool(ORG)).is_err());
        assert!(decide(&mother, permission, Resource::Child(ORG, CHILD, PortalScope::Grades)).is_err());
    }
    let head = with(Role::Administrator, Place::Organisation);
    let childs = Resource::Child(ORG, CHILD, PortalScope::Grades);
    assert_eq!(decide(&head, Permission::ViewChild, childs), Err(Refusal::NoGrant));
}

#[test]
fn an_administrator_of_a_school_makes_others_there_and_none_for_all_schools() {
    let of_one = with(Role::Administrator, Place::School(SCHOOL));
    let all = Role::Administrator.permissions();
    assert_eq!(may_give(&of_one, all, Place::School(SCHOOL)), Ok(()));
    assert_eq!(may_give(&of_one, all, Place::Group(SCHOOL, TUTEES)), Ok(()));
    assert_eq!(may_give(&of_one, all, Place::School(ELSEWHERE)), Err(Refusal::OtherSchool));
    assert_eq!(may_give(&of_one, all, Place::Organisation), Err(Refusal::OneSchool));
    let manager = with(Role::AccountManager, Place::Organisation);
    let viewer = Role::OfficeViewer.permissions();
    assert_eq!(may_give(&manager, viewer, Place::Organisation), Err(Refusal::NoRole));
}

#[test]
fn nobody_reaches_up_to_someone_with_more_rights() {
    let manager = with(Role::AccountManager, Place::School(SCHOOL));
    let held = |role: Role, place| RoleAssignment::new(role.permissions(), place);
    assert_eq!(reaches_up_to(&manager, &[]), Ok(()));
    for below in [Place::School(SCHOOL), Place::Group(SCHOOL, TUTEES)] {
        assert_eq!(reaches_up_to(&manager, &[held(Role::OfficeViewer, below)]), Ok(()));
    }
    let above = [
        held(Role::Administrator, Place::School(SCHOOL)),
        held(Role::OfficeViewer, Place::Organisation),
        held(Role::Tutor, Place::Group(ELSEWHERE, OTHERS)),
    ];
    for above in above {
        assert_eq!(reaches_up_to(&manager, &[above]), Err(Refusal::Outranked));
        let past = RoleAssignment { holds: RoleValidity::Ended(day(1)), ..above };
        assert_eq!(reaches_up_to(&manager, &[past]), Ok(()));
    }
}

#[test]
fn a_role_that_has_ended_makes_nobody_visible_though_another_reaches_its_place() {
    let here = RoleAssignment::new(Role::OfficeViewer.permissions(), Place::School(SCHOOL));
    let mut ended = RoleAssignment::new(Role::Tutor.permissions(), Place::Group(SCHOOL, TUTEES));
    ended.holds = RoleValidity::Ended(day(1));
    let visible = VisiblePeople::of(&someone(vec![here, ended]), Permission::ViewRoll);
    assert_eq!((visible.schools, visible.groups), (vec![SCHOOL], vec![]));
}
