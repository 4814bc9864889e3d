//! Simulations and runs on a real PostgreSQL.

use domain::authorization::actor::Actor;
use domain::authorization::role::Role;
use domain::guardians::autocreate::line::RunLine;
use domain::guardians::autocreate::options::AutocreateOptions;
use domain::guardians::autocreate::outcome::{Outcome, OutcomeGroup};
use domain::guardians::autocreate::views::RunView;
use domain::ids::{AutocreateId, PersonId};
use sqlx::PgPool;

use super::create::{CreateOutcome, create};
use super::lines::{LineFilter, lines};
use super::simulate::simulate;
use super::view::run;
use crate::testing::{TestSchool, account, backend, staff_role, student};
use crate::{Backend, Result};

mod alike;
mod families;
mod left_out;
mod running;

/// A school with an account manager.
struct Scene {
    backend: Backend,
    school: TestSchool,
    milo: Actor,
}

impl Scene {
    async fn new(pool: PgPool) -> Self {
        let (backend, _) = backend(pool);
        let school = TestSchool::new(&backend).await;
        let milo = manager(&backend, &school, "milo").await;
        Self { backend, school, milo }
    }

    async fn child(&self, given: &str, family: &str, number: &str) -> PersonId {
        student(&self.backend, &self.school, given, family, number, None).await
    }

    async fn simulate(&self, options: AutocreateOptions) -> Result<AutocreateId> {
        simulate(&self.backend, &self.milo, self.school.school, options).await
    }

    /// Simulates with the usual options.
    async fn simulated(&self) -> RunView {
        let id = self.simulate(AutocreateOptions::default()).await.unwrap();
        self.view(id).await
    }

    async fn view(&self, id: AutocreateId) -> RunView {
        run(&self.backend, &self.milo, self.school.school, id).await.unwrap()
    }

    async fn lines(&self, id: AutocreateId) -> Vec<RunLine> {
        let filter = LineFilter { groups: OutcomeGroup::ALL.to_vec(), most: 100, ..LineFilter::default() };
        lines(&self.backend, &self.milo, self.school.school, id, &filter).await.unwrap()
    }

    /// Each adult's name, outcome, and how many children.
    async fn outcomes(&self, id: AutocreateId) -> Vec<(String, Outcome, usize)> {
        self.lines(id).await.into_iter().map(|line| (line.name, line.outcome, line.children.len())).collect()
    }

    async fn create(&self, seen: &RunView) -> Result<CreateOutcome> {
        create(&self.backend, &self.milo, self.school.school, seen.id, seen.plan).await
    }

    async fn count(&self, statement: &'static str) -> i64 {
        sqlx::query_scalar(statement).fetch_one(self.backend.database.raw()).await.unwrap()
    }

    async fn execute(&self, statement: &'static str, person: PersonId) {
        sqlx::query(statement).bind(person.0).execute(self.backend.database.raw()).await.unwrap();
    }
}

async fn manager(backend: &Backend, school: &TestSchool, name: &str) -> Actor {
    let person = student(backend, school, "Office", name, name, None).await;
    // They work here, and are on no roll.
    sqlx::query("DELETE FROM enrolments WHERE person_id = $1")
        .bind(person.0)
        .execute(backend.database.raw())
        .await
        .unwrap();
    let account = account(backend, school, person, name).await;
    staff_role(backend, school, person, Role::AccountManager).await;
    let domain::authorization::actor::ActorKind::Person { roles, .. } =
        school.actor(backend, Role::AccountManager).kind
    else {
        panic!("a person");
    };
    Actor::signed_in(school.organisation, account, person, roles)
}
