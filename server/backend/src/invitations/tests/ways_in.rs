//! Invitations to addresses that their sender changed: ways into accounts, which need a second person above the limit.

use chrono::TimeDelta;
use domain::authorization::actor::{Actor, RoleAssignment};
use domain::authorization::place::Place;
use domain::authorization::role::Role;
use domain::ids::{AccountId, AddressId, OperationId, PersonId};
use domain::invitations::views::{Recipients, SendReport};
use domain::operations::state::OperationState;
use domain::recovery::CodeHandout;
use sqlx::PgPool;
use uuid::Uuid;

use super::Scene;
use crate::Error;
use crate::invitations::resend;
use crate::invitations::send::{SendInvitations, send};
use crate::jobs::worker::run_once;
use crate::operations::{ApprovedRun, approvals, run_approved};
use crate::recovery::office_code::make_code;
use crate::roll::addresses;
use crate::testing::{active_account, staff_role};

/// A school where ways into more than three accounts need approval, and some people with accounts.
async fn scene(pool: PgPool, names: &[&str]) -> (Scene, Vec<(PersonId, AccountId)>) {
    let scene = Scene::new(pool).await;
    sqlx::query(
        "INSERT INTO settings (organisation_id, setting, value, changed_at) VALUES ($1, 'approval_over', '3', now())",
    )
    .bind(scene.school.organisation.0)
    .execute(scene.backend.database.raw())
    .await
    .unwrap();
    let mut people = Vec::new();
    for name in names {
        people.push(scene.person(name).await);
    }
    (scene, people)
}

impl Scene {
    async fn address(&self, person: PersonId) -> AddressId {
        let address: Uuid =
            sqlx::query_scalar("SELECT id FROM addresses WHERE person_id = $1 AND is_primary")
                .bind(person.0)
                .fetch_one(self.backend.database.raw())
                .await
                .unwrap();
        AddressId(address)
    }

    async fn readdress(&self, by: &Actor, person: PersonId, to: &str) -> crate::Result<()> {
        let address = self.address(person).await;
        addresses::edit(&self.backend, by, person, address, to).await.map(drop)
    }

    /// The staff of this scene change the addresses of these people to their own.
    async fn take_over(&self, people: &[(PersonId, AccountId)]) {
        for (person, _) in people {
            self.readdress(&self.staff, *person, "mine@example.org").await.unwrap();
        }
    }

    async fn send_as(&self, by: &Actor, people: &[(PersonId, AccountId)]) -> SendReport {
        let ids = people.iter().map(|(_, account)| *account).collect();
        let recipients = Recipients::Accounts { ids, again: true };
        send(&self.backend, by, self.school.school, recipients).await.unwrap()
    }

    async fn waiting(&self, by: &Actor) -> OperationId {
        let lines = approvals::list(&self.backend, by).await.unwrap();
        lines.into_iter().find(|line| line.state == OperationState::Waiting).unwrap().id
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn invitations_to_addresses_that_their_sender_changed_wait_for_a_second_person(pool: PgPool) {
    let (scene, people) = scene(pool, &["a", "b", "c", "d", "e", "f", "g", "h"]).await;
    let (own, others) = people.split_at(4);
    scene.take_over(own).await;
    let four = scene.send_as(&scene.staff, own).await;
    assert!(four.queued == 0 && four.waits, "{four:?}");
    assert!(four.sentence().contains("Find it under Approvals."), "{}", four.sentence());
    assert_eq!(scene.count("SELECT count(*) FROM invitations").await, 0);

    // Addresses that were there before open nothing for the sender, however many there are.
    let ordinary = scene.send_as(&scene.staff, others).await;
    assert!(ordinary.queued == 4 && !ordinary.waits, "{ordinary:?}");
    let colleague = scene.school.actor(&scene.backend, Role::AccountManager);
    assert_eq!(scene.send_as(&colleague, &own[..1]).await.queued, 1, "nor those that somebody else changed");

    // One by one they count together, and with other ways in.
    assert_eq!(scene.send_as(&scene.staff, &own[1..3]).await.queued, 2);
    active_account(
        &scene.backend,
        &scene.school,
        scene.person_without_account("z").await,
        "z",
        "copper fog 12",
    )
    .await;
    let zed: Uuid = sqlx::query_scalar("SELECT person_id FROM accounts WHERE username = 'z'")
        .fetch_one(scene.backend.database.raw())
        .await
        .unwrap();
    make_code(&scene.backend, &scene.staff, PersonId(zed), CodeHandout::Shown).await.unwrap();
    assert!(scene.send_as(&scene.staff, &own[3..]).await.waits);
    // Midnight changes nothing; a day does.
    scene.clock.advance(TimeDelta::hours(16));
    assert!(scene.send_as(&scene.staff, &own[3..]).await.waits, "it is the next day");
    scene.clock.advance(TimeDelta::hours(9));
    assert_eq!(scene.send_as(&scene.staff, &own[3..]).await.queued, 1);
}

impl Scene {
    /// Someone who manages accounts, with an account.
    async fn manager(&self, name: &str) -> Actor {
        let (person, account) = self.person(name).await;
        staff_role(&self.backend, &self.school, person, Role::AccountManager).await;
        let roles =
            vec![RoleAssignment::new(Role::AccountManager.permissions(), Place::School(self.school.school))];
        Actor::signed_in(self.school.organisation, account, person, roles)
    }

    async fn person_without_account(&self, n: &str) -> PersonId {
        crate::testing::student(&self.backend, &self.school, n, "Okoronta", n, None).await
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_a_second_person_approved_goes_to_the_addresses_of_that_moment(pool: PgPool) {
    let (mut scene, people) = scene(pool, &["a", "b", "c", "d", "e"]).await;
    scene.staff = scene.manager("milo").await;
    scene.take_over(&people).await;
    assert!(scene.send_as(&scene.staff, &people).await.waits);
    let colleague = scene.manager("nora").await;
    let operation = scene.waiting(&colleague).await;
    approvals::settle(&scene.backend, &colleague, operation, true).await.unwrap();
    scene.clock.advance(TimeDelta::minutes(1));
    scene.readdress(&scene.staff, people[0].0, "another@example.org").await.unwrap();
    let ran = run_approved::<SendInvitations>(&scene.backend, &scene.staff, operation).await.unwrap();
    let ApprovedRun::Ran(ran) = ran else { panic!("so few run at once") };
    assert_eq!(ran.outcome, 4, "not to what was typed since");
    // What was approved does not count: three more can be sent without a second person.
    assert_eq!(scene.count("SELECT count(*) FROM invitations WHERE way_in").await, 0);
    let left = scene.send_as(&scene.staff, &people[..1]).await;
    assert_eq!((left.queued, left.left_out.first().map(|left| left.reason)), (1, None));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn nobody_gets_round_it_by_sending_first_or_by_asking_for_a_new_code(pool: PgPool) {
    let (scene, people) = scene(pool, &["ana", "ben", "cleo", "dee", "eve"]).await;
    let colleague = scene.school.actor(&scene.backend, Role::AccountManager);
    // Queued and then redirected: the message would go to the new address.
    assert_eq!(scene.send_as(&scene.staff, &people[..4]).await.queued, 4);
    scene.take_over(&people[..3]).await;
    let fourth = scene.readdress(&scene.staff, people[3].0, "mine@example.org").await;
    assert!(matches!(fourth, Err(Error::Conflict { code: "needs_second_person", .. })), "{fourth:?}");
    // Somebody else sent it, and a stranger, or the mailbox, asks for another.
    assert_eq!(scene.send_as(&colleague, &people[4..]).await.queued, 1);
    run_once(&scene.backend).await.unwrap();
    scene.clock.advance(TimeDelta::hours(1));
    scene.take_over(&people[4..]).await;
    resend::by_name(&scene.backend, "eve").await.unwrap();
    assert_eq!(scene.lines(people[4].1).await.len(), 1, "it would be one more way in");
    scene.clock.advance(TimeDelta::days(1));
    resend::by_name(&scene.backend, "eve").await.unwrap();
    assert_eq!(scene.lines(people[4].1).await.len(), 2);
    assert_eq!(
        scene.count("SELECT count(*) FROM invitations i JOIN accounts a ON a.id = i.account_id WHERE a.username = 'eve' AND i.way_in").await,
        1
    );
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn every_way_to_another_address_counts(pool: PgPool) {
    use domain::roll::address::AddressKind;
    let (scene, people) = scene(pool, &["a", "b", "c", "d"]).await;
    let (backend, staff) = (&scene.backend, &scene.staff);
    let mut seconds = Vec::new();
    for (person, _) in &people {
        let all =
            addresses::add(backend, staff, *person, AddressKind::Email, "mine@example.org").await.unwrap();
        seconds.push(all.last().unwrap().id);
    }
    // Choosing it, removing the first, and removing and restoring it.
    addresses::make_primary(backend, staff, people[0].0, seconds[0]).await.unwrap();
    for (person, _) in &people[1..3] {
        let first = scene.address(*person).await;
        addresses::remove(backend, staff, *person, first).await.unwrap();
    }
    addresses::make_primary(backend, staff, people[3].0, seconds[3]).await.unwrap();
    addresses::remove(backend, staff, people[3].0, seconds[3]).await.unwrap();
    addresses::restore(backend, staff, people[3].0, seconds[3]).await.unwrap();
    assert!(scene.send_as(staff, &people).await.waits);
    assert_eq!(scene.send_as(staff, &people[1..]).await.queued, 3);
}
