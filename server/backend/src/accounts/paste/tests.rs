//! Lists on a real PostgreSQL.

mod approving;
mod creating;
mod files;
mod recognising;
mod undoing;

use domain::accounts::paste::outcome::{PasteDone, PasteOutcome};
use domain::accounts::paste::plan::PastePlan;
use domain::accounts::paste::{NewPasteGroup, PasteInto, PastedRow};
use domain::authorization::actor::{Actor, RoleAssignment};
use domain::authorization::place::Place;
use domain::authorization::role::Role;
use domain::ids::GroupId;
use sqlx::PgPool;

use super::{PasteContent, check, create};
use crate::operations::ExpectedPlan;
use crate::testing::{TestSchool, backend, group};
use crate::{Backend, Result};

/// A school with a teaching group, its tutor, and the office.
struct Scene {
    backend: Backend,
    school: TestSchool,
    office: Actor,
    tutor: Actor,
    group: GroupId,
}

impl Scene {
    async fn new(pool: PgPool) -> Self {
        let (backend, _) = backend(pool);
        let school = TestSchool::new(&backend).await;
        let office = school.actor(&backend, Role::AccountManager);
        let group = group(&backend, &school, "10B Maths", &[]).await;
        let roles =
            vec![RoleAssignment::new(Role::GroupTutor.permissions(), Place::Group(school.school, group))];
        let tutor = Actor::signed_in(school.organisation, backend.new_id(), backend.new_id(), roles);
        Self { backend, school, office, tutor, group }
    }

    fn content(&self, rows: &[[&str; 5]]) -> PasteContent {
        let rows = rows.iter().map(|cells| PastedRow::of(*cells)).collect();
        PasteContent { into: PasteInto::Group(self.group), rows }
    }

    async fn check(&self, actor: &Actor, content: PasteContent) -> Result<PastePlan> {
        check(&self.backend, actor, self.school.school, content).await
    }

    async fn outcome(&self, actor: &Actor, content: PasteContent) -> Result<PasteOutcome> {
        let seen = self.check(actor, content.clone()).await?;
        let expected = ExpectedPlan::Plan(seen.hash);
        create(&self.backend, actor, self.school.school, content, expected).await
    }

    /// Creates the accounts of a list.
    async fn create(&self, actor: &Actor, content: PasteContent) -> PasteDone {
        match self.outcome(actor, content).await.unwrap() {
            PasteOutcome::Done(done) => done,
            other => panic!("not created: {other:?}"),
        }
    }

    async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(self.backend.database.raw()).await.unwrap()
    }
}

fn new_group(name: &str) -> PasteInto {
    PasteInto::New(NewPasteGroup { name: name.to_owned(), ..NewPasteGroup::default() })
}

/// The codes of rows that wait, by row.
fn waiting(plan: &PastePlan) -> Vec<(u32, &str)> {
    plan.rows.iter().filter_map(|row| Some((row.at, row.waits()?.code.as_str()))).collect()
}
