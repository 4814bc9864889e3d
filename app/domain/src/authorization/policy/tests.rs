use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
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

fn any_place() -> impl Strategy<Value = Place> {
    select(vec![
        Place::Organisation,
        Place::School(SCHOOL),
        Place::School(ELSEWHERE),
        Place::Group(SCHOOL, TUTEES),
        Place::Group(SCHOOL, OTHERS),
    ])
}

fn any_holds() -> impl Strategy<Value = RoleValidity> {
    prop_oneof![3 => Just(RoleValidity::Now), 1 => Just(RoleValidity::NotYet(day(2))), 1 => Just(RoleValidity::Ended(day(1)))]
}

fn any_assignment(rights: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = RoleAssignment> {
    (subsequence(Permission::ALL.to_vec(), rights), any_place(), any_holds()).prop_map(
        |(permissions, place, holds)| RoleAssignment {
            permissions: permissions.into_iter().collect(),
            place,
            holds,
        },
    )
}

fn any_grant() -> impl Strategy<Value = Grant> {
    (select(vec![CHILD, SIBLING]), select(&PortalScope::ALL[..]), select(&GrantGround::ALL[..]), any_holds())
        .prop_map(|(child, scope, ground, holds)| Grant { child, scope, ground, holds })
}

fn any_restriction() -> impl Strategy<Value = Restriction> {
    (select(vec![CHILD, SIBLING]), subsequence(PortalScope::ALL.to_vec(), 1..=8))
        .prop_map(|(child, scopes)| Restriction { child, scopes })
}

fn any_actor() -> impl Strategy<Value = Actor> {
    (vec(any_assignment(0..=12), 0..4), vec(any_grant(), 0..8), vec(any_restriction(), 0..2))
        .prop_map(|(roles, grants, restrictions)| someone(roles).with_children(grants, restrictions))
}

fn any_permission() -> impl Strategy<Value = Permission> {
    let beside_roles = [Permission::UseOffice, Permission::OwnPortal, Permission::ViewChild];
    select(Permission::ALL.into_iter().chain(beside_roles).collect::<Vec<_>>())
}

/// Every kind of resource, and people at no, one or several places.
fn any_resource() -> impl Strategy<Value = Resource<'static>> {
    const SCHOOLS: [&[SchoolId]; 4] = [&[], &[SCHOOL], &[ELSEWHERE], &[SCHOOL, ELSEWHERE]];
    const GROUPS: [&[GroupId]; 3] = [&[], &[TUTEES], &[TUTEES, OTHERS]];
    let person = select(vec![ME, CHILD, SIBLING]);
    prop_oneof![
        select(vec![
            Resource::Organisation(ORG),
            Resource::AnySchool(ORG),
            Resource::School(ORG, SCHOOL),
            Resource::School(ORG, ELSEWHERE),
            Resource::InSchool(ORG, SCHOOL),
            Resource::Group(ORG, SCHOOL, TUTEES),
            Resource::Group(ORG, SCHOOL, OTHERS),
        ]),
        (person.clone(), select(&SCHOOLS[..]), select(&GROUPS[..])).prop_map(|(person, schools, groups)| {
            Resource::Person(ORG, PersonPlaces { person, schools, groups })
        }),
        (person.clone(), select(&PortalScope::ALL[..]))
            .prop_map(|(person, scope)| Resource::Child(ORG, person, scope)),
        person.prop_map(|person| Resource::Own(ORG, person)),
    ]
}

proptest! {
    #[test]
    fn a_restriction_beats_everything_but_the_operator(
        actor in any_actor(),
        permission in any_permission(),
        resource in any_resource(),
        closed in any_restriction(),
    ) {
        let about = match resource {
            Resource::Person(_, places) => places.person == closed.child,
            Resource::Child(_, child, scope) => child == closed.child && closed.scopes.contains(&scope),
            _ => false,
        };
        let ActorKind::Person { grants, restrictions, .. } = actor.kind.clone() else { unreachable!() };
        let restricted = restrictions.into_iter().chain([closed]).collect();
        let before = decide(&actor, permission, resource);
        let after = decide(&actor.with_children(grants, restricted), permission, resource);
        // A restriction takes away what it covers and nothing else.
        prop_assert_eq!(after, if about { Err(Refusal::Restricted) } else { before });
        prop_assert_eq!(decide(&Actor::system(ORG), permission, resource), Ok(Ground::System));
    }

    #[test]
    fn a_grant_reaches_its_child_in_its_scope_and_days_alone(
        actor in any_actor(),
        given in any_grant(),
        permission in any_permission(),
        resource in any_resource(),
    ) {
        let ActorKind::Person { grants, restrictions, .. } = actor.kind.clone() else { unreachable!() };
        let before = decide(&actor, permission, resource);
        let more = grants.into_iter().chain([given]).collect();
        let after = decide(&actor.with_children(more, restrictions), permission, resource);
        let reaches = permission == Permission::ViewChild
            && given.holds == RoleValidity::Now
            && matches!(resource, Resource::Child(_, child, scope) if child == given.child && scope == given.scope)
            && before != Err(Refusal::Restricted);
        prop_assert_eq!(after.is_ok(), before.is_ok() || reaches);
    }

    #[test]
    fn a_role_for_a_wider_place_reaches_all_that_one_for_a_narrower_place_does(
        held in any_assignment(0..=12),
        permission in any_permission(),
        resource in any_resource(),
    ) {
        let wider = match held.place {
            Place::Group(school, _) => Place::School(school),
            _ => Place::Organisation,
        };
        let wide = RoleAssignment { place: wider, ..held };
        let reaches = |role| decide(&someone(vec![role]), permission, resource).is_ok();
        prop_assert!(!is_whole(resource) || !reaches(held) || reaches(wide));
    }

    #[test]
    fn the_ground_is_what_gives_it(
        actor in any_actor(),
        permission in any_permission(),
        resource in any_resource(),
    ) {
        let ActorKind::Person { roles, grants, .. } = &actor.kind else { unreachable!() };
        match decide(&actor, permission, resource) {
            Ok(Ground::Role(at)) => prop_assert!(roles[at].place.group().is_none()),
            Ok(Ground::Group(at)) => prop_assert!(roles[at].place.group().is_some()),
            Ok(Ground::Grant(at)) => {
                let grant = grants[at];
                prop_assert_eq!(resource, Resource::Child(ORG, grant.child, grant.scope));
            }
            Ok(Ground::Own) => {
                prop_assert!(matches!(resource, Resource::Own(_, ME) | Resource::Child(_, ME, _)));
            }
            Ok(Ground::System) => prop_assert!(false, "nobody signed in is the operator"),
            Err(_) => {}
        }
    }

    #[test]
    fn the_people_who_are_visible_are_those_the_policy_allows(
        actor in prop_oneof![9 => any_actor(), 1 => Just(Actor::system(ORG))],
        permission in any_permission(),
        resource in any_resource(),
    ) {
        let allowed = decide(&actor, permission, resource).is_ok();
        match resource {
            Resource::Person(_, places) => {
                prop_assert_eq!(VisiblePeople::of(&actor, permission).contains(places), allowed);
            }
            Resource::Child(_, person, scope) if permission == Permission::ViewChild => {
                let places = PersonPlaces { person, schools: &[SCHOOL], groups: &[TUTEES] };
                prop_assert_eq!(VisiblePeople::children(&actor, scope).contains(places), allowed);
            }
            Resource::School(_, school) if VisiblePeople::of(&actor, permission).has_all_of(school) => {
                prop_assert!(allowed);
            }
            Resource::Own(_, person) if permission == Permission::OwnPortal => {
                let places = PersonPlaces { person, schools: &[SCHOOL], groups: &[TUTEES] };
                prop_assert_eq!(VisiblePeople::themselves(&actor).contains(places), allowed);
            }
            _ => {}
        }
    }

    #[test]
    fn giving_never_yields_more_than_the_giver_has(
        held in vec(any_assignment(8..=12), 1..4),
        given in any_assignment(0..=4),
        further in any_assignment(0..=3),
        resources in vec(any_resource(), 20),
    ) {
        let giver = someone(held);
        let given = RoleAssignment { holds: RoleValidity::Now, ..given };
        prop_assume!(may_give(&giver, given.permissions, given.place).is_ok());
        let taker = someone(vec![given]);
        for permission in Permission::ALL.into_iter().chain([Permission::UseOffice]) {
            for resource in resources.iter().filter(|resource| is_whole(**resource)) {
                let more = decide(&taker, permission, *resource).is_ok() && decide(&giver, permission, *resource).is_err();
                prop_assert!(!more, "{permission:?} {resource:?}");
            }
        }
        // Passing it on does not exceed it either.
        if may_give(&taker, further.permissions, further.place).is_ok() {
            prop_assert!(may_give(&giver, further.permissions, further.place).is_ok());
        }
    }

    #[test]
    fn who_reaches_up_to_someone_has_all_their_rights(
        held in vec(any_assignment(8..=12), 0..4),
        theirs in vec(any_assignment(0..=4), 0..3),
        resources in vec(any_resource(), 20),
    ) {
        let actor = someone(held);
        prop_assume!(reaches_up_to(&actor, &theirs).is_ok());
        let them = someone(theirs);
        for permission in Permission::ALL {
            for resource in resources.iter().filter(|resource| is_whole(**resource)) {
                let more = decide(&them, permission, *resource).is_ok() && decide(&actor, permission, *resource).is_err();
                prop_assert!(!more, "{permission:?} {resource:?}");
            }
        }
    }
}

/// Whether a person in a group is also at its school, as in every real database.
fn is_whole(resource: Resource<'_>) -> bool {
    match resource {
        Resource::Person(_, places) => places.groups.is_empty() || places.schools.contains(&SCHOOL),
        _ => true,
    }
}
