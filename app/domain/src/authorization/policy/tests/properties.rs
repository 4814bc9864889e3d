//! What holds for any actor, permission and resource.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;

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
        held in vec(any_assignment(13..=15), 1..4),
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
