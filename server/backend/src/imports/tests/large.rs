//! Files with more rows than a request writes itself.

use std::sync::Arc;

use domain::authorization::actor::ActorKind;
use domain::imports::views::ImportState;
use domain::operations::progress::OperationStage;
use domain::operations::state::OperationEnding;

use super::*;
use crate::config::Config;
use crate::imports::{undo, view};
use crate::jobs::worker::run_once;
use crate::operations::cancel::cancel;
use crate::operations::progress::progress;
use crate::testing::{account, staff_role, student};

const FILE: &str = "Adm No,Forename,Surname\n1,Ada,Lee\n2,Ben,Lee\n3,Cleo,Lee\n";

/// An office whose requests write at most two rows, and whose importer has an active account, as a job needs.
async fn office(pool: PgPool) -> Office {
    let office = Office::new(pool).await;
    let Office { backend, school, actor } = office;
    let config = Config { rows_in_request: 2, ..(*backend.config).clone() };
    let backend = Backend { config: Arc::new(config), ..backend };
    let person = student(&backend, &school, "Milo", "Ross", "M1", None).await;
    let milo = account(&backend, &school, person, "m.ross").await;
    staff_role(&backend, &school, person, Role::AccountManager).await;
    sqlx::query("UPDATE accounts SET state = 'active', activated_at = created_at")
        .execute(backend.database.raw())
        .await
        .unwrap();
    let ActorKind::Person { roles, .. } = actor.kind else { panic!("a person") };
    let actor = Actor::signed_in(school.organisation, milo, person, roles);
    Office { backend, school, actor }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_large_file_is_written_by_a_job_and_can_be_undone_like_others(pool: PgPool) {
    let office = office(pool).await;
    let before = office.roll().await;
    let checked = office.check(FILE).await;
    let CommitOutcome::Queued { operation } = office.commit(&checked).await.unwrap() else {
        panic!("it is long")
    };
    assert_eq!(office.roll().await, before);
    run_once(&office.backend).await.unwrap();
    let done = progress(&office.backend, &office.actor, operation).await.unwrap();
    assert_eq!(
        (done.stage, done.total, done.what.as_str()),
        (OperationStage::Done, 3, "Import of students.csv: 3 rows")
    );
    assert_eq!(done.result.unwrap().href, format!("/imports/{}", checked.id));
    assert_eq!(office.roll().await.len(), before.len() + 3);
    let import = view::view(&office.backend, &office.actor, checked.id).await.unwrap();
    assert_eq!(import.state, ImportState::Committed);
    let undone = undo::undo(&office.backend, &office.actor, checked.id).await.unwrap();
    assert_eq!((undone.state, office.roll().await), (ImportState::Undone, before));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_job_that_finds_another_plan_writes_nothing_and_has_the_new_plan_checked(pool: PgPool) {
    let office = office(pool).await;
    let checked = office.check(FILE).await;
    let CommitOutcome::Queued { operation } = office.commit(&checked).await.unwrap() else {
        panic!("it is long")
    };
    student(&office.backend, &office.school, "Ada", "Li", "1", None).await;
    let before = office.roll().await;
    run_once(&office.backend).await.unwrap();
    let drifted = progress(&office.backend, &office.actor, operation).await.unwrap();
    assert_eq!(drifted.stage, OperationStage::Ended(OperationEnding::Drifted));
    assert_eq!(office.roll().await, before);
    let import = view::view(&office.backend, &office.actor, checked.id).await.unwrap();
    assert_eq!(import.state, ImportState::Planned);
    assert_ne!(import.plan, checked.plan);
    assert_eq!(import.counts.unwrap().updated, 1);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_large_file_that_is_cancelled_stays_as_it_was_checked(pool: PgPool) {
    let office = office(pool).await;
    let checked = office.check(FILE).await;
    let CommitOutcome::Queued { operation } = office.commit(&checked).await.unwrap() else {
        panic!("it is long")
    };
    cancel(&office.backend, &office.actor, operation).await.unwrap();
    run_once(&office.backend).await.unwrap();
    let import = view::view(&office.backend, &office.actor, checked.id).await.unwrap();
    assert_eq!((import.state, import.plan), (ImportState::Planned, checked.plan));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_second_press_while_a_job_is_to_write_the_file_writes_it_once(pool: PgPool) {
    let office = office(pool).await;
    let before = office.roll().await;
    let checked = office.check(FILE).await;
    let CommitOutcome::Queued { operation } = office.commit(&checked).await.unwrap() else {
        panic!("it is long")
    };
    let CommitOutcome::Queued { operation: again } = office.commit(&checked).await.unwrap() else {
        panic!("the job has not begun")
    };
    assert_eq!(again, operation, "both lead to the one that writes it");
    run_once(&office.backend).await.unwrap();
    assert_eq!(office.roll().await.len(), before.len() + 3);
}
