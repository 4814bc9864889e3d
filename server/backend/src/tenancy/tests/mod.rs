//! Entering, and the people an actor may see, on a real database.

use chrono::{NaiveDate, TimeDelta};
use domain::authorization::actor::{Actor, RoleAssignment};
use domain::authorization::grant::PortalScope;
use domain::authorization::place::Place;
use domain::authorization::policy::{Permission, Refusal, Resource, decide};
use domain::authorization::role::Role;
use domain::ids::{GroupId, PersonId, SchoolId};
use sqlx::PgPool;
use uuid::Uuid;

use super::target::{AnySchool, Child, Group, InSchool, Organisation, Own, Person, School};
use crate::sessions::session::resolve;
use crate::sessions::visitor::Visitor;
use crate::sign_in::sign_in::{SignInOutcome, sign_in};
use crate::testing::{TestSchool, active_account, backend, group, student};
use crate::{Backend, Error};

mod organisations;
mod schools;
mod visible;

const PASSWORD: &str = "copper ladder fog";

fn tutor(backend: &Backend, at: &TestSchool, group: GroupId) -> Actor {
    let role = RoleAssignment::new(Role::Tutor.permissions(), Place::Group(at.school, group));
    Actor::signed_in(at.organisation, backend.new_id(), backend.new_id(), vec![role])
}

async fn grant(backend: &Backend, at: &TestSchool, adult: PersonId, child: PersonId, scope: PortalScope) {
    sqlx::query(
        "INSERT INTO access_grants (id, organisation_id, adult_id, child_id, scope, ground, starts_on, ends_on, created_at)
         VALUES ($1, $2, $3, $4, $5, 'relation', '2026-11-01', '2026-11-30', $6)",
    )
    .bind(backend.new_id::<Uuid>())
    .bind(at.organisation.0)
    .bind(adult.0)
    .bind(child.0)
    .bind(scope.slug())
    .bind(backend.now())
    .execute(backend.database.raw())
    .await
    .unwrap();
}

/// Without an adult, the restriction applies to everyone except `except`.
async fn restrict(
    backend: &Backend,
    at: &TestSchool,
    adult: Option<PersonId>,
    except: &[PersonId],
    child: PersonId,
    scope: PortalScope,
) {
    sqlx::query(
        "INSERT INTO access_restrictions (id, organisation_id, adult_id, except_ids, child_id, scopes, starts_on, created_at)
         VALUES ($1, $2, $3, $4, $5, ARRAY[$6], '2026-11-10', $7)",
    )
    .bind(backend.new_id::<Uuid>())
    .bind(at.organisation.0)
    .bind(adult.map(|adult| adult.0))
    .bind(except.iter().map(|person| person.0).collect::<Vec<_>>())
    .bind(child.0)
    .bind(scope.slug())
    .bind(backend.now())
    .execute(backend.database.raw())
    .await
    .unwrap();
}

async fn signed_in(backend: &Backend, username: &str) -> Actor {
    let entered = sign_in(backend, &Visitor::stranger(), username, PASSWORD).await.unwrap();
    let SignInOutcome::Entered(begun) = entered else { panic!("not let in") };
    resolve(backend, &begun.token).await.unwrap().unwrap().actor
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_is_named_is_loaded_and_only_its_organisation_is_seen(pool: PgPool) {
    let (backend, _) = backend(pool);
    let school = TestSchool::new(&backend).await;
    let ann = student(&backend, &school, "Ann", "Lee", "1", None).await;
    student(&backend, &TestSchool::new(&backend).await, "Bo", "Ray", "1", None).await;
    let group = group(&backend, &school, "7A", &[ann]).await;
    let head = school.actor(&backend, Role::Administrator);

    let mut entered = backend.enter(&head, Permission::ViewRoll, School(school.school)).await.unwrap();
    let saturday = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    assert_eq!(
        (&*entered.at.name, &*entered.at.code, entered.at.today),
        ("Quillmere School", "QUILL", saturday)
    );
    let seen: i64 =
        sqlx::query_scalar("SELECT count(*) FROM people").fetch_one(&mut *entered.transaction).await.unwrap();
    assert_eq!(seen, 1, "nobody of the neighbour's");

    let there = backend.enter(&head, Permission::ViewRoll, InSchool(school.school)).await.unwrap().at;
    assert_eq!(there.school, school.school);
    let of_group = backend.enter(&head, Permission::ViewRoll, Group(group)).await.unwrap().at;
    assert_eq!((&*of_group.name, of_group.school.school), ("7A", school.school));
    let person = backend.enter(&head, Permission::ViewRoll, Person(ann)).await.unwrap().at;
    assert_eq!((person.person, person.today), (ann, saturday));
    let everywhere = backend.enter(&head, Permission::UseOffice, AnySchool).await.unwrap().at;
    assert_eq!(everywhere.organisation, school.organisation);
    let own = backend.enter(&head, Permission::OwnPortal, Own).await.unwrap().at;
    assert_eq!(Some(own.person), head.person());
    assert!(
        backend.enter(&Actor::system(school.organisation), Permission::ViewAudit, Organisation).await.is_ok()
    );
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_is_not_there_or_a_neighbours_is_not_found_and_what_is_out_of_reach_is_refused(pool: PgPool) {
    let (backend, _) = backend(pool);
    let (school, neighbour) = (TestSchool::new(&backend).await, TestSchool::new(&backend).await);
    let theirs = student(&backend, &neighbour, "Bo", "Ray", "1", None).await;
    let their_group = group(&backend, &neighbour, "7A", &[theirs]).await;
    let everywhere = RoleAssignment::new(Role::Administrator.permissions(), Place::Organisation);
    let head = Actor::signed_in(school.organisation, backend.new_id(), backend.new_id(), vec![everywhere]);
    for person in [theirs, backend.new_id()] {
        let refused = backend.enter(&head, Permission::ViewRoll, Person(person)).await;
        assert!(matches!(refused, Err(Error::NotFound("student"))), "{refused:?}");
    }
    for id in [neighbour.school, backend.new_id()] {
        let refused = backend.enter(&head, Permission::ViewRoll, School(id)).await;
        assert!(matches!(refused, Err(Error::NotFound("school"))), "{refused:?}");
    }
    for id in [their_group, backend.new_id()] {
        let refused = backend.enter(&head, Permission::ViewRoll, Group(id)).await;
        assert!(matches!(refused, Err(Error::NotFound("group"))), "{refused:?}");
    }
    let viewer = school.actor(&backend, Role::OfficeViewer);
    let refused = backend.enter(&viewer, Permission::ManageAccounts, AnySchool).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::NoRole))), "{refused:?}");
    let staff = student(&backend, &school, "Cy", "Orr", "2", None).await;
    sqlx::query("DELETE FROM enrolments WHERE person_id = $1")
        .bind(staff.0)
        .execute(backend.database.raw())
        .await
        .unwrap();
    let refused = backend.enter(&viewer, Permission::ViewRoll, Person(staff)).await;
    assert!(matches!(refused, Err(Error::NotFound("student"))), "as if there were nobody: {refused:?}");
    assert!(backend.enter(&head, Permission::ViewRoll, Person(staff)).await.is_ok());
    let refused = backend.enter(&Actor::system(school.organisation), Permission::OwnPortal, Own).await;
    assert!(matches!(refused, Err(Error::NotFound("person"))), "{refused:?}");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_tutor_reaches_the_members_of_their_group_on_the_days_that_they_are_in_it(pool: PgPool) {
    let (backend, clock) = backend(pool);
    let school = TestSchool::new(&backend).await;
    let ann = student(&backend, &school, "Ann", "Lee", "1", None).await;
    let bo = student(&backend, &school, "Bo", "Ray", "2", None).await;
    let own = group(&backend, &school, "7A", &[ann]).await;
    let other = group(&backend, &school, "7B", &[bo]).await;
    let actor = tutor(&backend, &school, own);
    assert!(backend.enter(&actor, Permission::ViewRoll, Person(ann)).await.is_ok());
    assert!(backend.enter(&actor, Permission::ViewRoll, Group(own)).await.is_ok());
    for refused in [
        backend.enter(&actor, Permission::ViewRoll, Person(bo)).await.err(),
        backend.enter(&actor, Permission::ViewRoll, Group(other)).await.err(),
        backend.enter(&actor, Permission::ViewRoll, School(school.school)).await.err(),
    ] {
        assert!(matches!(refused, Some(Error::Refused(Refusal::OneGroup))), "{refused:?}");
    }
    sqlx::query("UPDATE group_members SET ends_on = '2026-11-21' WHERE person_id = $1")
        .bind(ann.0)
        .execute(backend.database.raw())
        .await
        .unwrap();
    assert!(backend.enter(&actor, Permission::ViewRoll, Person(ann)).await.is_ok(), "on the last day");
    clock.advance(TimeDelta::days(1));
    assert!(backend.enter(&actor, Permission::ViewRoll, Person(ann)).await.is_err(), "not after it");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_session_carries_the_grants_and_restrictions_of_its_person(pool: PgPool) {
    let (backend, clock) = backend(pool);
    let school = TestSchool::new(&backend).await;
    let mut children = Vec::new();
    for number in ["1", "2", "3"] {
        children.push(student(&backend, &school, "Ann", "Lee", number, None).await);
    }
    let mother = student(&backend, &school, "Mara", "Lee", "m", None).await;
    let father = student(&backend, &school, "Piotr", "Lee", "p", None).await;
    active_account(&backend, &school, mother, "m.lee", PASSWORD).await;
    active_account(&backend, &school, father, "p.lee", PASSWORD).await;
    for child in &children {
        for scope in [PortalScope::Grades, PortalScope::Contacts] {
            grant(&backend, &school, mother, *child, scope).await;
            grant(&backend, &school, father, *child, scope).await;
        }
    }
    // The father sees no contacts of the second child; only the mother sees the third child's grades.
    restrict(&backend, &school, Some(father), &[], children[1], PortalScope::Contacts).await;
    restrict(&backend, &school, None, &[mother], children[2], PortalScope::Grades).await;

    let sees = async |username: &str| {
        let actor = signed_in(&backend, username).await;
        let sees = |scope| {
            let sees = children.iter().map(|child| {
                decide(&actor, Permission::ViewChild, Resource::Child(school.organisation, *child, scope))
                    .is_ok()
            });
            sees.collect::<Vec<_>>()
        };
        (sees(PortalScope::Grades), sees(PortalScope::Contacts), sees(PortalScope::Fees))
    };
    assert_eq!(sees("m.lee").await, (vec![true; 3], vec![true; 3], vec![false; 3]));
    assert_eq!(sees("p.lee").await, (vec![true, true, false], vec![true, false, true], vec![false; 3]));
    let father = signed_in(&backend, "p.lee").await;
    let entered =
        backend.enter(&father, Permission::ViewChild, Child(children[1], PortalScope::Grades)).await;
    assert_eq!(entered.unwrap().at.person, children[1]);
    let closed =
        backend.enter(&father, Permission::ViewChild, Child(children[1], PortalScope::Contacts)).await;
    assert!(matches!(closed, Err(Error::Refused(Refusal::Restricted))), "{closed:?}");
    clock.advance(TimeDelta::days(10));
    assert_eq!(sees("m.lee").await, (vec![false; 3], vec![false; 3], vec![false; 3]), "after the last day");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_restriction_closes_the_record_of_a_child_to_staff_too(pool: PgPool) {
    let (backend, _) = backend(pool);
    let school = TestSchool::new(&backend).await;
    let ann = student(&backend, &school, "Ann", "Lee", "1", None).await;
    let bo = student(&backend, &school, "Bo", "Ray", "2", None).await;
    let teacher = student(&backend, &school, "Piotr", "Lee", "p", None).await;
    active_account(&backend, &school, teacher, "p.lee", PASSWORD).await;
    crate::testing::staff_role(&backend, &school, teacher, Role::AccountManager).await;
    restrict(&backend, &school, Some(teacher), &[], ann, PortalScope::Contacts).await;
    let actor = signed_in(&backend, "p.lee").await;
    assert!(backend.enter(&actor, Permission::ViewRoll, Person(bo)).await.is_ok());
    let closed = backend.enter(&actor, Permission::ViewRoll, Person(ann)).await;
    assert!(matches!(closed, Err(Error::Refused(Refusal::Restricted))), "{closed:?}");
}
