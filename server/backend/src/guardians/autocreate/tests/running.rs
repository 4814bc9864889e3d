//! Running a simulation: what changed since, orders, a second person, and undoing it.

use std::collections::BTreeSet;

use domain::authorization::role::Role;
use domain::guardians::autocreate::options::AutocreateOptions;
use domain::guardians::autocreate::outcome::Outcome;
use domain::guardians::autocreate::views::RunState;
use domain::guardians::relationship::Relationship;
use domain::ids::PersonId;
use domain::operations::state::OperationState;
use sqlx::PgPool;

use super::super::create::{AutocreateGuardians, CreateOutcome, create};
use super::super::end_access::end_access;
use super::super::simulate::simulate;
use super::{Scene, manager};
use crate::operations::{self, ApprovedRun, approvals, run_approved};
use crate::testing::{contact, guardian};
use crate::{Error, db};

/// Two children, each with a mother.
async fn two_families(scene: &Scene) -> [PersonId; 2] {
    let ilse = scene.child("Ilse", "Varga", "A100").await;
    let lio = scene.child("Lio", "Haddad", "A103").await;
    let (backend, school) = (&scene.backend, &scene.school);
    let mara = guardian(backend, school, "Mara", "Varga", Some("mara@example.test"), &[ilse]).await;
    let nadia = guardian(backend, school, "Nadia", "Haddad", Some("nadia@example.test"), &[lio]).await;
    [mara, nadia]
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn what_has_changed_stops_the_run_and_then_is_left_out_and_shown(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let [mara, _] = two_families(&scene).await;
    let seen = scene.simulated().await;
    scene.execute("UPDATE contacts SET no_portal = true WHERE adult_id = $1", mara).await;
    let CreateOutcome::Drifted { changed, rest } = scene.create(&seen).await.unwrap() else {
        panic!("it ran")
    };
    assert_eq!(changed, 1);
    assert_eq!(scene.count("SELECT count(*) FROM access_grants").await, 0, "nothing was done");
    let ended = create(&scene.backend, &scene.milo, scene.school.school, seen.id, rest).await.unwrap();
    assert_eq!(ended, CreateOutcome::Created);
    let view = scene.view(seen.id).await;
    assert_eq!((view.state, view.changed), (RunState::AppliedInPart, 1));
    let lines = scene.lines(seen.id).await;
    assert!(lines.iter().all(|line| line.changed == (line.adult == mara)));
    assert_eq!(scene.count("SELECT count(*) FROM accounts WHERE batch_id IS NOT NULL").await, 1);
    // It runs once.
    let again = create(&scene.backend, &scene.milo, scene.school.school, seen.id, rest).await;
    assert!(matches!(again, Err(Error::Conflict { code: "already_created", .. })));
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_username_that_somebody_takes_meanwhile_is_not_replaced_by_another(pool: PgPool) {
    let scene = Scene::new(pool).await;
    two_families(&scene).await;
    let seen = scene.simulated().await;
    let username = scene.lines(seen.id).await[0].username.clone().unwrap();
    let other = scene.child("Somebody", "Else", "X1").await;
    crate::testing::account(&scene.backend, &scene.school, other, &username).await;
    assert!(matches!(scene.create(&seen).await.unwrap(), CreateOutcome::Drifted { changed: 1, .. }));
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn nobody_under_an_order_gets_access_but_by_an_exception_of_those_who_may(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let [mara, _] = two_families(&scene).await;
    scene
        .execute(
            "INSERT INTO access_restrictions (id, organisation_id, child_id, adult_id, scopes, starts_on, created_at)
             SELECT gen_random_uuid(), organisation_id, child_id, adult_id, '{profile}', '2026-10-01', now()
             FROM contacts WHERE adult_id = $1",
            mara,
        )
        .await;
    let seen = scene.simulated().await;
    let line = scene.lines(seen.id).await.into_iter().find(|line| line.adult == mara).unwrap();
    assert_eq!((line.outcome, line.email_hidden), (Outcome::Restricted, true));
    assert_eq!(seen.counts.alone, 1);
    let options = AutocreateOptions {
        exceptions: line.contacts.iter().copied().collect::<BTreeSet<_>>(),
        ..AutocreateOptions::default()
    };
    let viewer = scene.school.actor(&scene.backend, Role::OfficeViewer);
    assert!(simulate(&scene.backend, &viewer, scene.school.school, options.clone()).await.is_err());
    let with = scene.simulate(options).await.unwrap();
    let with = scene.view(with).await;
    scene.create(&with).await.unwrap();
    let audited = "SELECT count(*) FROM audit_events WHERE action = 'autocreate_exception'";
    assert_eq!(scene.count(audited).await, 1);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn an_order_made_after_the_simulation_wins_over_it(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let [mara, _] = two_families(&scene).await;
    let seen = scene.simulated().await;
    scene
        .execute(
            "INSERT INTO access_restrictions (id, organisation_id, child_id, except_ids, scopes, starts_on, created_at)
             SELECT gen_random_uuid(), organisation_id, child_id, '{}', '{profile}', '2026-10-01', now()
             FROM contacts WHERE adult_id = $1",
            mara,
        )
        .await;
    let CreateOutcome::Drifted { rest, .. } = scene.create(&seen).await.unwrap() else { panic!("it ran") };
    create(&scene.backend, &scene.milo, scene.school.school, seen.id, rest).await.unwrap();
    let hers: i64 = sqlx::query_scalar("SELECT count(*) FROM accounts WHERE person_id = $1")
        .bind(mara.0)
        .fetch_one(scene.backend.database.raw())
        .await
        .unwrap();
    assert_eq!(hers, 0);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_run_is_undone_whole_until_somebody_uses_their_account_and_then_its_access_ends(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let [mara, _] = two_families(&scene).await;
    let (backend, milo, school) = (&scene.backend, &scene.milo, scene.school.school);
    let seen = scene.simulated().await;
    scene.create(&seen).await.unwrap();
    let operation = scene.view(seen.id).await.operation.unwrap();
    operations::undo::<AutocreateGuardians>(backend, milo, school, operation).await.unwrap();
    assert_eq!(scene.view(seen.id).await.state, RunState::Undone);
    let left =
        "SELECT (SELECT count(*) FROM accounts WHERE batch_id IS NOT NULL) + (SELECT count(*) FROM messages)
                + (SELECT count(*) FROM access_grants WHERE stopped_at IS NULL)";
    assert_eq!(scene.count(left).await, 0);

    let seen = scene.simulated().await;
    scene.create(&seen).await.unwrap();
    scene
        .execute("UPDATE accounts SET state = 'active', activated_at = now() WHERE person_id = $1", mara)
        .await;
    let operation = scene.view(seen.id).await.operation.unwrap();
    let refused =
        operations::undo::<AutocreateGuardians>(backend, milo, school, operation).await.unwrap_err();
    assert!(refused.to_string().starts_with("Mara Varga has activated the account"), "{refused}");
    assert_eq!(
        scene.count("SELECT count(*) FROM accounts WHERE batch_id IS NOT NULL").await,
        2,
        "nothing half done"
    );
    assert!(end_access(backend, milo, school, seen.id).await.unwrap() > 0);
    assert_eq!(scene.view(seen.id).await.state, RunState::UndoneInPart);
    assert_eq!(scene.count("SELECT count(*) FROM accounts WHERE batch_id IS NOT NULL").await, 1);
    assert_eq!(scene.count("SELECT count(*) FROM access_grants WHERE stopped_at IS NULL").await, 0);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn above_the_set_size_a_second_person_approves_and_the_rest_runs_if_something_changed(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let [mara, _] = two_families(&scene).await;
    let nora = manager(&scene.backend, &scene.school, "nora").await;
    sqlx::query("INSERT INTO settings (organisation_id, setting, value, changed_at) VALUES ($1, 'approval_over', '1', now())")
        .bind(scene.school.organisation.0)
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
    let seen = scene.simulated().await;
    assert_eq!(scene.create(&seen).await.unwrap(), CreateOutcome::Waits);
    assert_eq!(scene.view(seen.id).await.state, RunState::Waiting);
    let asked = approvals::list(&scene.backend, &nora).await.unwrap();
    let asked = asked.iter().find(|line| line.state == OperationState::Waiting).unwrap().id;
    approvals::settle(&scene.backend, &nora, asked, true).await.unwrap();
    assert_eq!(scene.view(seen.id).await.state, RunState::Approved);
    scene.execute("UPDATE contacts SET relationship = 'doctor' WHERE adult_id = $1", mara).await;
    let ran = run_approved::<AutocreateGuardians>(&scene.backend, &scene.milo, asked).await.unwrap();
    assert!(matches!(ran, ApprovedRun::Ran(_)));
    let view = scene.view(seen.id).await;
    assert_eq!((view.state, view.changed), (RunState::AppliedInPart, 1));
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn who_joins_the_roll_after_the_simulation_is_no_part_of_its_run(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let [mara, _] = two_families(&scene).await;
    let seen = scene.simulated().await;
    let tam = scene.child("Tam", "Varga", "A101").await;
    contact(&scene.backend, &scene.school, mara, tam, Relationship::Mother).await;
    assert_eq!(scene.create(&seen).await.unwrap(), CreateOutcome::Created);
    assert_eq!(scene.count("SELECT count(DISTINCT child_id) FROM access_grants").await, 2);
}
