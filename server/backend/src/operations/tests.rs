//! Operations on a real PostgreSQL, with account creation as the kind.

use domain::accounts::action::AccountAction;
use domain::accounts::batch::SaveOutcome;
use domain::accounts::naming::Naming;
use domain::authorization::actor::Actor;
use domain::authorization::role::Role;
use domain::ids::{OperationId, PersonId};
use domain::operations::state::OperationState;
use domain::roll::selection::Selection;
use sqlx::PgPool;

use super::{ApprovedRun, ExpectedPlan, approvals, run_approved};
use crate::accounts::change_state::{ChangeState, change_state};
use crate::accounts::create::{CreateAccounts, save};
use crate::accounts::undo::undo;
use crate::testing::{TestSchool, account, backend, staff_role, student};
use crate::{Backend, Error, db};

mod long;
mod marking;

/// A school where operations on more than two people need approval, with two account managers.
struct Scene {
    backend: Backend,
    school: TestSchool,
    milo: Actor,
    nora: Actor,
}

impl Scene {
    async fn new(pool: PgPool) -> Self {
        let (backend, _) = backend(pool);
        let school = TestSchool::new(&backend).await;
        let milo = manager(&backend, &school, "milo").await;
        let nora = manager(&backend, &school, "nora").await;
        sqlx::query("INSERT INTO settings (organisation_id, setting, value, changed_at) VALUES ($1, 'approval_over', '2', now())")
            .bind(school.organisation.0)
            .execute(backend.database.raw())
            .await
            .unwrap();
        Self { backend, school, milo, nora }
    }

    async fn students(&self, names: &[&str]) -> Vec<PersonId> {
        let mut people = Vec::new();
        for name in names {
            people.push(student(&self.backend, &self.school, name, "Lee", name, None).await);
        }
        people
    }

    /// Milo asks to create accounts for these people.
    async fn save(&self, people: &[PersonId]) -> SaveOutcome {
        let chosen = Selection::People { ids: people.to_vec() };
        let ready = ExpectedPlan::WhateverIsReady;
        save(&self.backend, &self.milo, self.school.school, &chosen, &Naming::default(), ready).await.unwrap()
    }

    async fn waiting(&self) -> OperationId {
        let lines = approvals::list(&self.backend, &self.nora).await.unwrap();
        lines.into_iter().find(|line| line.state == OperationState::Waiting).unwrap().id
    }

    async fn run(&self, operation: OperationId) -> Result<usize, Error> {
        match run_approved::<CreateAccounts>(&self.backend, &self.milo, operation).await? {
            ApprovedRun::Ran(ran) => Ok(ran.outcome.len()),
            ApprovedRun::Queued => panic!("so few run at once"),
        }
    }

    async fn accounts_of(&self, people: &[PersonId]) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM accounts WHERE person_id = ANY($1)")
            .bind(people.iter().map(|person| person.0).collect::<Vec<_>>())
            .fetch_one(self.backend.database.raw())
            .await
            .unwrap()
    }
}

async fn manager(backend: &Backend, school: &TestSchool, name: &str) -> Actor {
    let person = student(backend, school, "Office", name, name, None).await;
    let account = account(backend, school, person, name).await;
    staff_role(backend, school, person, Role::AccountManager).await;
    let domain::authorization::actor::ActorKind::Person { roles, .. } =
        school.actor(backend, Role::AccountManager).kind
    else {
        panic!("a person");
    };
    Actor::signed_in(school.organisation, account, person, roles)
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn accounts_for_many_wait_for_a_second_person_and_are_made_once_and_undone(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let people = scene.students(&["Ana", "Ben", "Cleo"]).await;
    assert_eq!(scene.save(&people).await, SaveOutcome::Waits);
    assert_eq!(scene.accounts_of(&people).await, 0);
    let operation = scene.waiting().await;
    let line = &approvals::list(&scene.backend, &scene.milo).await.unwrap()[0];
    assert_eq!((line.what.as_str(), line.own), ("3 new accounts", true));
    assert!(matches!(scene.run(operation).await, Err(Error::Conflict { code: "not_approved", .. })));
    approvals::settle(&scene.backend, &scene.nora, operation, true).await.unwrap();
    assert_eq!(scene.run(operation).await.unwrap(), 3);
    assert!(matches!(scene.run(operation).await, Err(Error::Conflict { code: "not_approved", .. })));
    let school = scene.school.school;
    assert_eq!(undo(&scene.backend, &scene.milo, school, operation.into()).await.unwrap(), 3);
    let line = &approvals::list(&scene.backend, &scene.milo).await.unwrap()[0];
    assert_eq!(line.state, OperationState::Undone);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn what_was_approved_is_not_run_once_it_would_do_something_else(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let people = scene.students(&["Ana", "Ben", "Cleo"]).await;
    scene.save(&people).await;
    let operation = scene.waiting().await;
    approvals::settle(&scene.backend, &scene.nora, operation, true).await.unwrap();
    sqlx::query("UPDATE people SET family_name = 'Li' WHERE id = $1")
        .bind(people[0].0)
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
    assert!(matches!(scene.run(operation).await, Err(Error::Conflict { code: "plan_moved", .. })));
    assert_eq!(scene.accounts_of(&people).await, 0);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn what_one_person_did_in_a_day_counts_together_but_one_at_a_time_never_waits(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let people = scene.students(&["Ana", "Ben", "Cleo", "Dov", "Eve"]).await;
    assert!(matches!(scene.save(&people[..2]).await, SaveOutcome::Saved(_)), "two are not more than two");
    assert_eq!(scene.save(&people[2..4]).await, SaveOutcome::Waits);
    assert!(matches!(scene.save(&people[4..]).await, SaveOutcome::Saved(_)));
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn many_accounts_are_closed_only_with_a_second_person_but_disabled_at_once(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let people = scene.students(&["Ana", "Ben", "Cleo"]).await;
    for (person, username) in people.iter().zip(["ana", "ben", "cleo"]) {
        account(&scene.backend, &scene.school, *person, username).await;
    }
    let chosen = Selection::People { ids: people.clone() };
    let school = scene.school.school;
    let disable = AccountAction::Disable;
    let disabled = change_state(&scene.backend, &scene.milo, school, &chosen, disable).await.unwrap();
    assert_eq!((disabled.changed, disabled.waits), (3, false));
    let close = AccountAction::Close;
    let asked = change_state(&scene.backend, &scene.milo, school, &chosen, close).await.unwrap();
    assert_eq!((asked.changed, asked.waits), (0, true));
    let operation = scene.waiting().await;
    approvals::settle(&scene.backend, &scene.nora, operation, true).await.unwrap();
    let ran = run_approved::<ChangeState>(&scene.backend, &scene.milo, operation).await.unwrap();
    assert!(matches!(ran, ApprovedRun::Ran(ran) if ran.outcome == 3));
    let closed: i64 = sqlx::query_scalar("SELECT count(*) FROM accounts WHERE state = 'closed'")
        .fetch_one(scene.backend.database.raw())
        .await
        .unwrap();
    assert_eq!(closed, 3);
}
