//! The view `visible_people` agrees with the policy about every person.

use std::collections::{BTreeMap, BTreeSet};

use domain::authorization::grant::{Grant, GrantGround, Restriction};
use domain::authorization::place::PersonPlaces;
use domain::authorization::role::RoleValidity;
use domain::authorization::visible::VisiblePeople;
use domain::roll::filter::RollFilter;
use domain::roll::selection::Selection;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use sqlx::PgConnection;

use super::*;
use crate::roll::selection;
use crate::tenancy::enter::Entered;

/// This many actors see this many people.
const ACTORS: usize = 150;
const PEOPLE: usize = 40;

/// People at random places, today.
struct World {
    school: TestSchool,
    places: Vec<Place>,
    people: BTreeMap<PersonId, (Vec<SchoolId>, Vec<GroupId>)>,
}

impl World {
    async fn new(backend: &Backend, runner: &mut TestRunner) -> Self {
        let school = TestSchool::new(backend).await;
        let schools = [school.school, school.sibling(backend, "OTHER", "Other").await.school];
        let mut groups = Vec::new();
        for (school_id, name) in [(schools[0], "7A"), (schools[0], "7B"), (schools[1], "8A")] {
            let at = TestSchool { school: school_id, ..school.clone() };
            groups.push(group(backend, &at, name, &[]).await);
        }
        let mut people = BTreeMap::new();
        for number in 0..PEOPLE {
            let person = student(backend, &school, "Ann", "Lee", &number.to_string(), None).await;
            let at_schools = one(runner, proptest::sample::subsequence(schools.to_vec(), 0..=2));
            let in_groups = one(runner, vec((select(groups.clone()), 0..3_usize), 0..3));
            people.insert(person, place(backend, &school, person, at_schools, in_groups).await);
        }
        let places = [Place::Organisation, Place::School(schools[0]), Place::School(schools[1])]
            .into_iter()
            .chain(
                [(0, 0), (0, 1), (1, 2)].map(|(school, group)| Place::Group(schools[school], groups[group])),
            )
            .collect();
        Self { school, places, people }
    }

    fn any_actor(&self, backend: &Backend) -> impl Strategy<Value = Actor> + use<> {
        let day = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
        let holds = prop_oneof![4 => Just(RoleValidity::Now), 1 => Just(RoleValidity::Ended(day)), 1 => Just(RoleValidity::NotYet(day))];
        let people: Vec<PersonId> = self.people.keys().copied().collect();
        let role = (select(&Role::ALL[..]), select(self.places.clone()), holds.clone()).prop_map(
            |(role, place, holds)| RoleAssignment { permissions: role.permissions(), place, holds },
        );
        let scope = select(&PortalScope::ALL[..2]);
        let grant = (select(people.clone()), scope.clone(), holds).prop_map(|(child, scope, holds)| Grant {
            child,
            scope,
            ground: GrantGround::Consent,
            holds,
        });
        let restriction = (select(people.clone()), scope)
            .prop_map(|(child, scope)| Restriction { child, scopes: vec![scope] });
        let (organisation, account) = (self.school.organisation, backend.new_id());
        let someone = (select(people), vec(role, 0..4), vec(grant, 0..6), vec(restriction, 0..3)).prop_map(
            move |(person, roles, grants, restrictions)| {
                Actor::signed_in(organisation, account, person, roles).with_children(grants, restrictions)
            },
        );
        prop_oneof![12 => someone, 1 => Just(Actor::system(organisation))]
    }
}

/// One value of a strategy, the same in every run.
fn one<S: Strategy>(runner: &mut TestRunner, strategy: S) -> S::Value {
    strategy.new_tree(runner).unwrap().current()
}

/// Adds a person to the rolls of these schools, and to these groups in the past, today or in the future.
async fn place(
    backend: &Backend,
    at: &TestSchool,
    person: PersonId,
    schools: Vec<SchoolId>,
    groups: Vec<(GroupId, usize)>,
) -> (Vec<SchoolId>, Vec<GroupId>) {
    let raw = backend.database.raw();
    sqlx::query("DELETE FROM enrolments WHERE person_id = $1").bind(person.0).execute(raw).await.unwrap();
    for school in &schools {
        // One of the groups is a leaver's: people who were on roll are still found.
        sqlx::query(
            "INSERT INTO enrolments (id, organisation_id, school_id, person_id, admission_number, starts_on, ends_on, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $4::text, '2025-09-01', CASE WHEN $5 THEN date '2026-07-01' END, $6, $6)",
        )
        .bind(backend.new_id::<Uuid>())
        .bind(at.organisation.0)
        .bind(school.0)
        .bind(person.0)
        .bind(schools.len() == 1)
        .bind(backend.now())
        .execute(raw)
        .await
        .unwrap();
    }
    let mut today = Vec::new();
    for (group, when) in groups {
        let days =
            [("2026-09-01", "2026-11-20"), ("2026-11-21", "2026-11-21"), ("2026-11-22", "2027-07-01")][when];
        let added = sqlx::query(
            "INSERT INTO group_members (id, organisation_id, group_id, person_id, starts_on, ends_on, created_at)
             VALUES ($1, $2, $3, $4, $5::date, $6::date, $7) ON CONFLICT DO NOTHING",
        )
        .bind(backend.new_id::<Uuid>())
        .bind(at.organisation.0)
        .bind(group.0)
        .bind(person.0)
        .bind(days.0.parse::<NaiveDate>().unwrap())
        .bind(days.1.parse::<NaiveDate>().unwrap())
        .bind(backend.now())
        .execute(raw)
        .await
        .unwrap();
        if when == 1 && added.rows_affected() == 1 {
            today.push(group);
        }
    }
    (schools, today)
}

async fn seen(connection: &mut PgConnection) -> BTreeSet<PersonId> {
    let people: Vec<Uuid> =
        sqlx::query_scalar("SELECT person_id FROM visible_people").fetch_all(connection).await.unwrap();
    assert_eq!(people.iter().collect::<BTreeSet<_>>().len(), people.len(), "nobody twice");
    people.into_iter().map(PersonId).collect()
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_people_in_the_view_are_those_the_policy_allows_one_by_one(pool: PgPool) {
    let (backend, _) = backend(pool);
    let mut runner = TestRunner::deterministic();
    let world = World::new(&backend, &mut runner).await;
    student(&backend, &TestSchool::new(&backend).await, "Bo", "Ray", "1", None).await;
    let actors = world.any_actor(&backend);
    let permissions = select(vec![Permission::ViewRoll, Permission::ManageAccounts, Permission::ManageRoles]);
    let mut sizes = BTreeSet::new();
    for _ in 0..ACTORS {
        let (actor, permission) = one(&mut runner, (&actors, &permissions));
        let Ok(mut entered) = backend.enter(&actor, permission, AnySchool).await else { continue };
        let allowed: BTreeSet<PersonId> = world
            .people
            .iter()
            .filter(|(person, (schools, groups))| {
                let places = PersonPlaces { person: **person, schools, groups };
                decide(&actor, permission, Resource::Person(world.school.organisation, places)).is_ok()
            })
            .map(|(person, _)| *person)
            .collect();
        let seen = seen(&mut entered.transaction).await;
        assert_eq!(seen, allowed, "{permission:?} by {actor:?}");
        let visible = VisiblePeople::of(&actor, permission);
        for place in &world.places {
            let Place::School(school) = *place else { continue };
            let mut of_school = world.people.iter().filter(|(_, (schools, _))| schools.contains(&school));
            if visible.has_all_of(school) {
                assert!(of_school.all(|(person, _)| seen.contains(person)), "{actor:?}");
            } else if visible.reaches_all_of(school) {
                assert!(
                    of_school.all(|(person, _)| seen.contains(person) != visible.hidden.contains(person)),
                    "{actor:?}"
                );
            }
        }
        // The same for one person at a time.
        let person = one(&mut runner, select(world.people.keys().copied().collect::<Vec<_>>()));
        drop(entered);
        let alone = backend.enter(&actor, permission, Person(person)).await;
        assert_eq!(alone.is_ok(), allowed.contains(&person), "{permission:?} to {person} by {actor:?}");
        sizes.insert(seen.len());
    }
    assert!(sizes.len() > 5, "the actors see different people: {sizes:?}");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_children_in_the_view_are_those_the_policy_allows_one_by_one(pool: PgPool) {
    let (backend, _) = backend(pool);
    let mut runner = TestRunner::deterministic();
    let world = World::new(&backend, &mut runner).await;
    let actors = world.any_actor(&backend);
    let mut opened = 0;
    for _ in 0..ACTORS {
        let (actor, scope) = one(&mut runner, (&actors, select(&PortalScope::ALL[..2])));
        let allowed: BTreeSet<PersonId> = world
            .people
            .keys()
            .filter(|person| {
                let child = Resource::Child(world.school.organisation, **person, scope);
                decide(&actor, Permission::ViewChild, child).is_ok()
            })
            .copied()
            .collect();
        let Some(child) = allowed.first() else { continue };
        let mut entered = backend.enter(&actor, Permission::ViewChild, Child(*child, scope)).await.unwrap();
        assert_eq!(seen(&mut entered.transaction).await, allowed, "{scope:?} by {actor:?}");
        opened += usize::from(allowed.len() > 1);
    }
    assert!(opened > 10, "some see children: {opened}");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_transaction_that_was_not_entered_shows_nobody(pool: PgPool) {
    let (backend, _) = backend(pool);
    let school = TestSchool::new(&backend).await;
    student(&backend, &school, "Ann", "Lee", "1", None).await;
    let head = school.actor(&backend, Role::Administrator);
    let mut entered = backend.enter(&head, Permission::ViewRoll, AnySchool).await.unwrap();
    assert_eq!(seen(&mut entered.transaction).await.len(), 1);
    drop(entered);
    let mut transaction = backend.tenant_transaction(school.organisation).await.unwrap();
    assert_eq!(
        seen(&mut transaction).await,
        BTreeSet::new(),
        "nor does a connection keep who was here before"
    );
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_selection_holds_whom_the_policy_allows_and_counts_whom_a_restriction_hides(pool: PgPool) {
    let (backend, _) = backend(pool);
    let mut runner = TestRunner::deterministic();
    let world = World::new(&backend, &mut runner).await;
    let actors = world.any_actor(&backend);
    let permissions = select(vec![Permission::ViewRoll, Permission::ManageAccounts]);
    let everybody = Selection::People { ids: world.people.keys().copied().collect() };
    let matching = Selection::Matching { filter: RollFilter::default() };
    let (mut whole, mut partial, mut hidden) = (0, 0, 0);
    for _ in 0..ACTORS {
        let (actor, permission) = one(&mut runner, (&actors, &permissions));
        let unrestricted = actor.clone().with_children(Vec::new(), Vec::new());
        for place in &world.places {
            let Place::School(school) = *place else { continue };
            let Ok(Entered { mut transaction, at }) =
                backend.enter(&actor, permission, InSchool(school)).await
            else {
                continue;
            };
            let of_school = |actor: &Actor| -> BTreeSet<PersonId> {
                let people = world.people.iter().filter(|(person, (schools, groups))| {
                    let places = PersonPlaces { person: **person, schools, groups };
                    let person = Resource::Person(world.school.organisation, places);
                    schools.contains(&school) && decide(actor, permission, person).is_ok()
                });
                people.map(|(person, _)| *person).collect()
            };
            let (allowed, reached) = (of_school(&actor), of_school(&unrestricted));
            for chosen in [&everybody, &matching] {
                let now = backend.now();
                let people = selection::people(&mut transaction, &at, chosen, now).await.unwrap();
                assert_eq!(people.len(), allowed.len(), "nobody twice: {permission:?} by {actor:?}");
                assert_eq!(
                    people.into_iter().collect::<BTreeSet<_>>(),
                    allowed,
                    "{permission:?} by {actor:?}"
                );
                let restricted = selection::restricted(&mut transaction, &at, chosen, now).await.unwrap();
                assert_eq!(restricted, reached.len() - allowed.len(), "{permission:?} by {actor:?}");
            }
            whole += usize::from(at.everybody());
            partial += usize::from(!at.everybody() && !allowed.is_empty());
            hidden += reached.len() - allowed.len();
        }
    }
    assert!(whole > 5 && partial > 5 && hidden > 5, "every way is taken: {whole}, {partial}, {hidden}");
}
