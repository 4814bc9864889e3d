//! The accounts' use cases on a real PostgreSQL.

mod beyond_reach;
mod bulk;
mod changing;
mod choosing;
mod granting;
mod leaving;
mod lists;
mod renaming;
mod reopening;
mod saving;
mod settings;
mod staff;
mod undoing;

use domain::accounts::batch::{BatchView, SaveOutcome};
use domain::accounts::naming::Naming;
use domain::authorization::actor::Actor;
use domain::authorization::role::Role;
use domain::ids::PersonId;
use domain::roll::selection::Selection;
use sqlx::PgPool;

use super::create::save;
use super::plan::plan;
use crate::Backend;
use crate::operations::ExpectedPlan;
use crate::testing::{TestSchool, backend, student};

/// A school with someone who manages its accounts.
struct Office {
    backend: Backend,
    school: TestSchool,
    manager: Actor,
}

impl Office {
    async fn new(pool: PgPool) -> Self {
        let (backend, _) = backend(pool);
        let school = TestSchool::new(&backend).await;
        let manager = school.actor(&backend, Role::AccountManager);
        Self { backend, school, manager }
    }

    /// Students with admission numbers 1, 2, 3 and so on.
    async fn students(&self, names: &[(&str, &str)]) -> Vec<PersonId> {
        let mut people = Vec::new();
        for (number, (given, family)) in (1..).zip(names) {
            let number = format!("{number:04}");
            people.push(student(&self.backend, &self.school, given, family, &number, None).await);
        }
        people
    }

    /// Saves the current plan.
    async fn save(&self, selection: &Selection, naming: &Naming) -> BatchView {
        let (backend, school) = (&self.backend, self.school.school);
        let seen = plan(backend, &self.manager, school, selection, naming).await.unwrap();
        let expected = ExpectedPlan::Plan(seen.plan.hash);
        match save(backend, &self.manager, school, selection, naming, expected).await.unwrap() {
            SaveOutcome::Saved(batch) => batch,
            other => panic!("not saved: {other:?}"),
        }
    }

    async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(self.backend.database.raw()).await.unwrap()
    }
}

fn these(people: &[PersonId]) -> Selection {
    Selection::People { ids: people.to_vec() }
}

fn everyone() -> Selection {
    Selection::Matching { filter: domain::roll::filter::RollFilter::default() }
}

fn usernames(batch: &BatchView) -> Vec<&str> {
    batch.created.iter().map(|made| made.username.as_str()).collect()
}
