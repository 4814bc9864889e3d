//! Long operations, with account creation and with a kind that pauses halfway for as long as a test needs.

use std::time::Duration;

use chrono::TimeDelta;
use domain::operations::progress::{OperationProgress, OperationStage};
use domain::operations::state::OperationEnding;
use sqlx::{Postgres, Transaction};
use tokio::task::JoinHandle;

use super::marking::{GATE, Marking, WITH_MARKING};
use super::*;
use crate::config::Config;
use crate::jobs::standing::Pass;
use crate::jobs::worker::run_once;
use crate::operations::cancel::cancel;
use crate::operations::progress::{progress, running};
use crate::operations::{RunEnd, run};
use crate::testing::FixedClock;

/// A school where a request writes at most two rows itself.
struct Long {
    scene: Scene,
    clock: std::sync::Arc<FixedClock>,
    people: Vec<PersonId>,
}

impl Long {
    async fn new(pool: PgPool) -> Self {
        let (_, clock) = backend(pool.clone());
        let mut scene = Scene::new(pool).await;
        let config = Config { rows_in_request: 2, ..(*scene.backend.config).clone() };
        scene.backend = Backend {
            config: std::sync::Arc::new(config),
            clock: clock.clone(),
            rooms: &WITH_MARKING,
            ..scene.backend
        };
        scene.approve_over(None).await;
        sqlx::raw_sql("CREATE TABLE marks (person uuid); GRANT ALL ON marks TO PUBLIC;")
            .execute(scene.backend.database.raw())
            .await
            .unwrap();
        // A job acts only for people with active accounts.
        sqlx::query("UPDATE accounts SET state = 'active', activated_at = created_at WHERE username IN ('milo', 'nora')")
            .execute(scene.backend.database.raw())
            .await
            .unwrap();
        let people = scene.students(&["Ana", "Ben", "Cleo"]).await;
        Self { scene, clock, people }
    }

    /// Milo asks to mark people.
    async fn mark(&self) -> OperationId {
        let (scene, input) = (&self.scene, Marking { people: self.people.clone() });
        let school = scene.school.school;
        let answer = run(&scene.backend, &scene.milo, school, input, ExpectedPlan::WhateverIsReady).await;
        match answer.unwrap().end {
            RunEnd::Queued(operation) => operation,
            _ => panic!("three rows are long here"),
        }
    }

    /// Milo asks to create accounts.
    async fn create(&self) -> OperationId {
        match self.scene.save(&self.people).await {
            SaveOutcome::Queued(operation) => operation,
            other => panic!("three rows are long here: {other:?}"),
        }
    }

    async fn gate(&self) -> Transaction<'static, Postgres> {
        let mut gate = self.scene.backend.database.raw().begin().await.unwrap();
        sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(GATE).execute(&mut *gate).await.unwrap();
        gate
    }

    fn work(&self) -> JoinHandle<Result<Pass, Error>> {
        let backend = self.scene.backend.clone();
        tokio::spawn(async move { run_once(&backend).await })
    }

    async fn progress(&self, operation: OperationId) -> OperationProgress {
        progress(&self.scene.backend, &self.scene.milo, operation).await.unwrap()
    }

    async fn until(&self, operation: OperationId, holds: impl Fn(&OperationProgress) -> bool) {
        let waited = async {
            while !holds(&self.progress(operation).await) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), waited).await.expect("it comes to hold");
    }

    async fn count(&self, statement: &'static str) -> i64 {
        sqlx::query_scalar(statement).fetch_one(self.scene.backend.database.raw()).await.unwrap()
    }

    async fn marks(&self) -> i64 {
        self.count("SELECT count(*) FROM marks").await
    }

    async fn audited(&self) -> Vec<String> {
        sqlx::query_scalar("SELECT action FROM audit_events WHERE action IN ('operation_cancelled', 'accounts_created') ORDER BY sequence")
            .fetch_all(self.scene.backend.database.raw())
            .await
            .unwrap()
    }
}

impl Scene {
    async fn approve_over(&self, people: Option<i32>) {
        sqlx::query("DELETE FROM settings WHERE setting = 'approval_over'")
            .execute(self.backend.database.raw())
            .await
            .unwrap();
        if let Some(people) = people {
            sqlx::query("INSERT INTO settings (organisation_id, setting, value, changed_at) VALUES ($1, 'approval_over', to_jsonb($2), now())")
                .bind(self.school.organisation.0)
                .bind(people)
                .execute(self.backend.database.raw())
                .await
                .unwrap();
        }
    }
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn many_accounts_are_made_by_a_job_and_can_be_undone_like_others(pool: PgPool) {
    let long = Long::new(pool).await;
    let scene = &long.scene;
    let operation = long.create().await;
    assert_eq!(scene.accounts_of(&long.people).await, 0);
    let listed = running(&scene.backend, &scene.nora, scene.school.school).await.unwrap();
    assert_eq!((listed.len(), listed[0].stage, listed[0].total), (1, OperationStage::Queued, 3));
    long.work().await.unwrap().unwrap();
    assert_eq!(scene.accounts_of(&long.people).await, 3);
    let done = long.progress(operation).await;
    assert_eq!((done.stage, done.done, done.what.as_str()), (OperationStage::Done, 3, "3 new accounts"));
    assert_eq!(done.result.unwrap().href, format!("/accounts/batches/{operation}?step=3"));
    assert_eq!(running(&scene.backend, &scene.milo, scene.school.school).await.unwrap(), []);
    assert_eq!(long.audited().await, ["accounts_created"]);
    let school = scene.school.school;
    assert_eq!(undo(&scene.backend, &scene.milo, school, operation.into()).await.unwrap(), 3);
    assert_eq!(long.progress(operation).await.stage, OperationStage::Undone);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn others_see_how_far_it_has_come_before_anything_is_committed(pool: PgPool) {
    let long = Long::new(pool).await;
    let operation = long.mark().await;
    let gate = long.gate().await;
    let worker = long.work();
    long.until(operation, |far| far.done == 1).await;
    let far = progress(&long.scene.backend, &long.scene.nora, operation).await.unwrap();
    assert_eq!((far.stage, far.step.as_deref(), far.total), (OperationStage::Running, Some("Marking"), 3));
    assert_eq!(far.in_figures().as_deref(), Some("1 of 3"));
    assert_eq!(long.marks().await, 0, "nothing is committed yet");
    drop(gate);
    worker.await.unwrap().unwrap();
    assert_eq!((long.marks().await, long.progress(operation).await.stage), (3, OperationStage::Done));
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn one_that_is_cancelled_while_a_statement_runs_leaves_nothing_but_a_line_of_the_audit_log(
    pool: PgPool,
) {
    let long = Long::new(pool).await;
    let scene = &long.scene;
    let operation = long.mark().await;
    let gate = long.gate().await;
    let worker = long.work();
    long.until(operation, |far| far.done == 1).await;
    cancel(&scene.backend, &scene.nora, operation).await.unwrap();
    // The statement waits for the gate, which stays shut, so only an abort ends it.
    tokio::time::timeout(Duration::from_secs(30), worker).await.expect("it ends").unwrap().unwrap();
    assert_eq!(long.progress(operation).await.stage, OperationStage::Ended(OperationEnding::Cancelled));
    drop(gate);
    assert_eq!(long.marks().await, 0);
    assert_eq!(long.audited().await, ["operation_cancelled"]);
    assert_eq!(
        long.count("SELECT count(*) FROM operations WHERE queued IS NOT NULL OR ran_at IS NOT NULL").await,
        0
    );
    long.work().await.unwrap().unwrap();
    assert_eq!(long.marks().await, 0, "and nobody takes it up again");
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn one_that_waits_is_cancelled_at_once_and_one_that_is_done_is_not(pool: PgPool) {
    let long = Long::new(pool).await;
    let scene = &long.scene;
    let waiting = long.mark().await;
    cancel(&scene.backend, &scene.milo, waiting).await.unwrap();
    assert_eq!(long.progress(waiting).await.stage, OperationStage::Ended(OperationEnding::Cancelled));
    long.work().await.unwrap().unwrap();
    assert_eq!(long.marks().await, 0);

    let done = long.mark().await;
    long.work().await.unwrap().unwrap();
    let late = cancel(&scene.backend, &scene.milo, done).await;
    assert!(matches!(late, Err(Error::Conflict { code: "already_over", .. })));
    assert_eq!((long.marks().await, long.progress(done).await.stage), (3, OperationStage::Done));
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn one_whose_worker_died_is_begun_again_by_another_and_done_once(pool: PgPool) {
    let long = Long::new(pool).await;
    let operation = long.mark().await;
    let gate = long.gate().await;
    let dying = long.work();
    long.until(operation, |far| far.done == 1).await;
    dying.abort();
    assert!(dying.await.unwrap_err().is_cancelled());
    long.work().await.unwrap().unwrap();
    assert_eq!(long.progress(operation).await.stage, OperationStage::Running, "its lease lasts");
    drop(gate);
    long.clock.advance(TimeDelta::minutes(2));
    long.work().await.unwrap().unwrap();
    assert_eq!((long.marks().await, long.progress(operation).await.stage), (3, OperationStage::Done));
    assert_eq!(long.audited().await, ["accounts_created"]);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_worker_that_lost_its_lease_commits_nothing(pool: PgPool) {
    let long = Long::new(pool).await;
    let operation = long.mark().await;
    let gate = long.gate().await;
    let slow = long.work();
    long.until(operation, |far| far.done == 1).await;
    long.clock.advance(TimeDelta::minutes(2));
    // It takes the job over, and waits for the row that the slow worker has locked.
    let other = long.work();
    tokio::time::sleep(Duration::from_millis(200)).await;
    drop(gate);
    slow.await.unwrap().unwrap();
    other.await.unwrap().unwrap();
    assert_eq!((long.marks().await, long.progress(operation).await.stage), (3, OperationStage::Done));
    assert_eq!(long.audited().await, ["accounts_created"], "once");
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_job_makes_the_very_plan_that_was_seen_or_nothing(pool: PgPool) {
    let long = Long::new(pool).await;
    let scene = &long.scene;
    let (chosen, naming) = (Selection::People { ids: long.people.clone() }, Naming::default());
    let school = scene.school.school;
    let seen =
        crate::accounts::plan::plan(&scene.backend, &scene.milo, school, &chosen, &naming).await.unwrap();
    let exactly = ExpectedPlan::Plan(seen.plan.hash);
    let saved = save(&scene.backend, &scene.milo, school, &chosen, &naming, exactly).await.unwrap();
    let SaveOutcome::Queued(operation) = saved else { panic!("{saved:?}") };
    sqlx::query("UPDATE people SET family_name = 'Li' WHERE id = $1")
        .bind(long.people[0].0)
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
    long.work().await.unwrap().unwrap();
    let drifted = long.progress(operation).await;
    assert_eq!(drifted.stage, OperationStage::Ended(OperationEnding::Drifted));
    assert!(drifted.why.unwrap().contains("The data changed"));
    assert_eq!(scene.accounts_of(&long.people).await, 0);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn somebody_who_lost_the_permission_meanwhile_gets_nothing_done_and_reads_why(pool: PgPool) {
    let long = Long::new(pool).await;
    let scene = &long.scene;
    let (roles, account) = (
        "DELETE FROM staff_roles r USING accounts a WHERE a.username = 'milo' AND r.person_id = a.person_id",
        "UPDATE accounts SET state = 'suspended' WHERE username = 'milo'",
    );
    for taken in [account, roles] {
        let operation = long.mark().await;
        sqlx::query(taken).execute(scene.backend.database.raw()).await.unwrap();
        long.work().await.unwrap().unwrap();
        let refused = progress(&scene.backend, &scene.nora, operation).await.unwrap();
        assert_eq!(refused.stage, OperationStage::Ended(OperationEnding::Refused));
        assert!(refused.why.unwrap().contains("no longer has permission"));
        sqlx::query("UPDATE accounts SET state = 'active' WHERE username = 'milo'")
            .execute(scene.backend.database.raw())
            .await
            .unwrap();
    }
    assert_eq!(long.marks().await, 0);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn only_those_who_could_have_asked_for_it_see_it_and_cancel_it(pool: PgPool) {
    let long = Long::new(pool).await;
    let scene = &long.scene;
    let operation = long.mark().await;
    let viewer = scene.school.actor(&scene.backend, Role::OfficeViewer);
    let elsewhere = TestSchool::new(&scene.backend).await.actor(&scene.backend, Role::AccountManager);
    for stranger in [viewer, elsewhere] {
        let seen = progress(&scene.backend, &stranger, operation).await;
        assert!(matches!(seen, Err(Error::NotFound("operation"))));
        let cancelled = cancel(&scene.backend, &stranger, operation).await;
        assert!(matches!(cancelled, Err(Error::NotFound("operation"))));
    }
    assert_eq!(long.progress(operation).await.stage, OperationStage::Queued);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn what_was_approved_and_is_long_runs_as_a_job_once(pool: PgPool) {
    let long = Long::new(pool).await;
    let scene = &long.scene;
    scene.approve_over(Some(2)).await;
    assert_eq!(scene.save(&long.people).await, SaveOutcome::Waits);
    let operation = scene.waiting().await;
    approvals::settle(&scene.backend, &scene.nora, operation, true).await.unwrap();
    let ran = run_approved::<CreateAccounts>(&scene.backend, &scene.milo, operation).await.unwrap();
    assert!(matches!(ran, ApprovedRun::Queued));
    let line = &approvals::list(&scene.backend, &scene.milo).await.unwrap()[0];
    assert_eq!(line.state, OperationState::Running);
    let again = run_approved::<CreateAccounts>(&scene.backend, &scene.milo, operation).await;
    assert!(matches!(again, Err(Error::Conflict { code: "not_approved", .. })));
    long.work().await.unwrap().unwrap();
    assert_eq!(scene.accounts_of(&long.people).await, 3);
    let line = &approvals::list(&scene.backend, &scene.milo).await.unwrap()[0];
    assert_eq!(line.state, OperationState::Done);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn what_jobs_are_still_to_do_counts_before_a_second_person_is_asked(pool: PgPool) {
    let long = Long::new(pool).await;
    let scene = &long.scene;
    scene.approve_over(Some(5)).await;
    let queued = long.mark().await;
    let (input, school) = (Marking { people: long.people.clone() }, scene.school.school);
    let more = run(&scene.backend, &scene.milo, school, input, ExpectedPlan::WhateverIsReady).await.unwrap();
    assert!(matches!(more.end, RunEnd::Waits), "three and three are more than five");
    // The limit is lowered while the first operation is queued.
    scene.approve_over(Some(2)).await;
    long.work().await.unwrap().unwrap();
    assert_eq!((long.marks().await, long.progress(queued).await.stage), (0, OperationStage::NeedsApproval));
}
