//! Who is invited and who is left out.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::authorization::actor::{Actor, ActorKind};
use domain::authorization::grant::{PortalScope, Restriction};
use domain::authorization::role::Role;
use domain::invitations::views::{NotInvitedReason, Recipients};
use domain::messages::delivery::DeliveryState;
use domain::messages::failure::DeliveryFailure;
use domain::operations::progress::OperationStage;
use domain::roll::filter::RollFilter;
use domain::roll::selection::Selection;
use sqlx::PgPool;

use super::Scene;
use crate::Error;
use crate::config::Config;
use crate::invitations::deliveries::deliveries;
use crate::invitations::revoke::revoke;
use crate::invitations::send::send;
use crate::jobs::worker::run_once;
use crate::operations::progress::progress;
use crate::testing::{account, staff_role, student};

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn everyone_is_invited_or_left_out_with_a_reason(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ana = scene.account("ana").await;
    let bo = scene.account("bo").await;
    let [active, stopped, closed] =
        [scene.account("act").await, scene.account("stop").await, scene.account("end").await];
    for (id, state) in [(active, "active"), (stopped, "suspended"), (closed, "closed")] {
        scene.set_state(id, state).await;
    }
    let person = student(&scene.backend, &scene.school, "Dee", "Zand", "dee", None).await;
    let nowhere = account(&scene.backend, &scene.school, person, "dee").await;
    let report = scene.send(&[ana, bo, active, stopped, closed, nowhere]).await;
    assert_eq!(report.queued, 2);
    let reasons: Vec<_> = report.left_out.iter().map(|one| (one.account, one.reason)).collect();
    for expected in [
        (active, NotInvitedReason::Active),
        (stopped, NotInvitedReason::Disabled),
        (closed, NotInvitedReason::Closed),
        (nowhere, NotInvitedReason::NoEmail),
    ] {
        assert!(reasons.contains(&expected), "{expected:?} in {reasons:?}");
    }
    assert_eq!(reasons.len(), 4);
    assert_eq!(report.left_out.last().unwrap().name, "Dee Zand");
    assert_eq!(
        (scene.state(ana).await, scene.state(nowhere).await),
        ("invited".to_owned(), "created".to_owned())
    );
    assert_eq!(scene.line(bo).await.state, DeliveryState::Queued);
    assert_eq!(scene.count("SELECT count(*) FROM audit_events WHERE action = 'invitations_queued'").await, 1);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn those_never_invited_are_invited_once(pool: PgPool) {
    let scene = Scene::new(pool).await;
    scene.account("ana").await;
    scene.account("bo").await;
    for expected in [2, 0] {
        let report =
            send(&scene.backend, &scene.staff, scene.school.school, Recipients::Uninvited).await.unwrap();
        assert_eq!(report.queued, expected);
        assert!(report.left_out.is_empty());
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn sending_again_lets_the_earlier_invitation_live(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ana = scene.account("ana").await;
    scene.send(&[ana]).await;
    run_once(&scene.backend).await.unwrap();
    scene.send(&[ana]).await;
    let lines = scene.lines(ana).await;
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().all(|line| line.revoked_at.is_none()));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_second_press_makes_no_second_mail(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ana = scene.account("ana").await;
    let press = async |again| {
        let recipients = Recipients::Accounts { ids: vec![ana], again };
        let report = send(&scene.backend, &scene.staff, scene.school.school, recipients).await.unwrap();
        (report.queued, report.left_out.first().map(|left| left.reason))
    };
    assert_eq!(press(false).await, (1, None));
    // While it is on its way, whatever was pressed.
    assert_eq!(press(false).await, (0, Some(NotInvitedReason::OnTheWay)));
    assert_eq!(press(true).await, (0, Some(NotInvitedReason::OnTheWay)));
    run_once(&scene.backend).await.unwrap();
    // Once it was sent, only for those who ask for another.
    assert_eq!(press(false).await, (0, Some(NotInvitedReason::Sent)));
    assert_eq!(press(true).await, (1, None));
    run_once(&scene.backend).await.unwrap();
    assert_eq!(scene.sink.received().len(), 2);
    scene.clock.advance(TimeDelta::days(15));
    assert_eq!(press(false).await, (1, None), "what has expired is no answer");
    run_once(&scene.backend).await.unwrap();
    scene.set_state(ana, "active").await;
    assert_eq!(press(true).await, (0, Some(NotInvitedReason::Active)));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn two_presses_at_the_same_moment_make_one_mail(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ana = scene.account("ana").await;
    let press = || {
        let recipients = Recipients::Accounts { ids: vec![ana], again: false };
        send(&scene.backend, &scene.staff, scene.school.school, recipients)
    };
    let (first, second) = tokio::join!(press(), press());
    assert_eq!(first.unwrap().queued + second.unwrap().queued, 1);
    assert_eq!(scene.lines(ana).await.len(), 1);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn only_those_who_may_send_do_and_nobody_elsewhere(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ana = scene.account("ana").await;
    let recipients = Recipients::Accounts { ids: vec![ana], again: true };
    let viewer = scene.school.actor(&scene.backend, Role::OfficeViewer);
    let refused = send(&scene.backend, &viewer, scene.school.school, recipients.clone()).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
    let refused = revoke(&scene.backend, &viewer, scene.school.school, &[ana]).await;
    assert!(matches!(refused, Err(Error::Refused(_))));

    // Another organisation's manager, with the ids of this one's account.
    let other =
        crate::testing::TestSchool { organisation: scene.backend.new_id(), school: scene.backend.new_id() };
    sqlx::query("INSERT INTO organisations (id, name, created_at) VALUES ($1, 'Other', $2)")
        .bind(other.organisation.0)
        .bind(scene.backend.now())
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
    sqlx::query(
        "INSERT INTO schools (id, organisation_id, code, name, created_at) VALUES ($1, $2, 'X', 'X', $3)",
    )
    .bind(other.school.0)
    .bind(other.organisation.0)
    .bind(scene.backend.now())
    .execute(scene.backend.database.raw())
    .await
    .unwrap();
    let stranger = other.actor(&scene.backend, Role::AccountManager);
    let report = send(&scene.backend, &stranger, other.school, recipients).await.unwrap();
    assert_eq!((report.queued, report.left_out.len()), (0, 0));
    scene.send(&[ana]).await;
    assert!(deliveries(&scene.backend, &stranger, other.school, ana).await.unwrap().is_empty());
    assert_eq!(revoke(&scene.backend, &stranger, other.school, &[ana]).await.unwrap().revoked, 0);
    assert!(scene.line(ana).await.revoked_at.is_none());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_is_revoked_before_it_is_sent_is_not_sent(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let [ana, bo] = [scene.account("ana").await, scene.account("bo").await];
    scene.send(&[ana, bo]).await;
    let report = revoke(&scene.backend, &scene.staff, scene.school.school, &[ana]).await.unwrap();
    assert_eq!((report.revoked, report.cancelled), (1, 1));
    run_once(&scene.backend).await.unwrap();
    let sent: Vec<String> = scene.sink.received().into_iter().map(|mail| mail.to).collect();
    assert_eq!(sent, ["bo@example.org"]);
    let line = scene.line(ana).await;
    assert_eq!((line.state, line.failure), (DeliveryState::Cancelled, Some(DeliveryFailure::Revoked)));
    assert_eq!(
        (scene.state(ana).await, scene.state(bo).await),
        ("created".to_owned(), "invited".to_owned()),
        "nobody told Ana"
    );
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn anybody_with_an_account_can_be_invited_and_not_only_students(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let [(clerk, clerk_account), (_, elsewhere)] = [scene.person("clerk").await, scene.person("else").await];
    sqlx::query("DELETE FROM enrolments").execute(scene.backend.database.raw()).await.unwrap();
    staff_role(&scene.backend, &scene.school, clerk, Role::OfficeViewer).await;
    let both = [clerk_account, elsewhere];
    assert_eq!(scene.send(&both).await.queued, 1, "a school invites its own staff");
    assert_eq!(scene.state(elsewhere).await, "created");
    let system = Actor::system(scene.school.organisation);
    let recipients = Recipients::Accounts { ids: vec![elsewhere], again: true };
    let report = send(&scene.backend, &system, scene.school.school, recipients).await.unwrap();
    assert_eq!(report.queued, 1, "those who act for all schools invite everybody");
    run_once(&scene.backend).await.unwrap();
    assert_eq!(scene.sink.received().len(), 2);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn whom_a_restriction_hides_from_the_sender_gets_nothing_from_them(pool: PgPool) {
    let mut scene = Scene::new(pool).await;
    let ((ana, hidden), bo) = (scene.person("ana").await, scene.account("bo").await);
    let closed = Restriction { child: ana, scopes: vec![PortalScope::Contacts] };
    let colleague = scene.staff.clone();
    scene.staff = colleague.clone().with_children(Vec::new(), vec![closed]);
    let report = scene.send(&[hidden, bo]).await;
    assert_eq!((report.queued, report.left_out.len(), report.restricted), (1, 0, 1), "no name is told");
    let uninvited =
        send(&scene.backend, &scene.staff, scene.school.school, Recipients::Uninvited).await.unwrap();
    assert_eq!((uninvited.queued, uninvited.restricted), (0, 1));
    let everyone =
        Recipients::Selected { selection: Selection::Matching { filter: RollFilter::default() }, only: None };
    let selected = send(&scene.backend, &scene.staff, scene.school.school, everyone.clone()).await.unwrap();
    assert_eq!((selected.queued, selected.left_out[0].reason), (0, NotInvitedReason::OnTheWay));
    run_once(&scene.backend).await.unwrap();
    let selected = send(&scene.backend, &scene.staff, scene.school.school, everyone).await.unwrap();
    assert_eq!((selected.queued, selected.restricted), (1, 1));
    assert_eq!(scene.state(hidden).await, "created");

    scene.staff = colleague.clone();
    assert_eq!(scene.send(&[hidden]).await.queued, 1);
    let closed = Restriction { child: ana, scopes: vec![PortalScope::Contacts] };
    scene.staff = colleague.with_children(Vec::new(), vec![closed]);
    assert!(scene.lines(hidden).await.is_empty());
    let revoked = revoke(&scene.backend, &scene.staff, scene.school.school, &[hidden, bo]).await.unwrap();
    assert_eq!((revoked.revoked, scene.state(hidden).await.as_str()), (2, "invited"));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_long_sending_is_done_by_a_job_which_says_who_was_left_out(pool: PgPool) {
    let mut scene = Scene::new(pool).await;
    scene.staff = lasting_manager(&scene).await;
    let config = Config { rows_in_request: 2, ..(*scene.backend.config).clone() };
    scene.backend.config = Arc::new(config);
    for name in ["ana", "bo", "cy"] {
        scene.account(name).await;
    }
    let closed = scene.account("end").await;
    scene.set_state(closed, "closed").await;
    let report =
        send(&scene.backend, &scene.staff, scene.school.school, Recipients::Uninvited).await.unwrap();
    let operation = report.operation.expect("three are more than a request does");
    assert_eq!((report.queued, scene.count("SELECT count(*) FROM invitations").await), (0, 0));

    run_once(&scene.backend).await.unwrap();
    let done = progress(&scene.backend, &scene.staff, operation).await.unwrap();
    assert_eq!((done.stage, done.what.as_str()), (OperationStage::Done, "3 invitation codes"));
    let left_out: Vec<_> = done.left_out.iter().map(|left| (left.reason.as_str(), left.count)).collect();
    assert_eq!(left_out, [("have already chosen a password", 1), ("the account is closed", 1)]);
    assert_eq!(scene.count("SELECT count(*) FROM invitations WHERE current").await, 3);
}

/// A colleague with their own account, as a job requires.
async fn lasting_manager(scene: &Scene) -> Actor {
    let (person, own) = scene.person("milo").await;
    staff_role(&scene.backend, &scene.school, person, Role::AccountManager).await;
    sqlx::query("UPDATE accounts SET state = 'active', activated_at = created_at")
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
    let ActorKind::Person { roles, .. } = scene.staff.kind.clone() else { panic!("a person") };
    Actor::signed_in(scene.school.organisation, own, person, roles)
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_batch_is_sent_to_once_and_again_only_to_those_who_have_not_answered(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, scene.school.school);
    let batch = scene.batch(&["ana", "bo", "cy"]).await;
    let sent = async |again: bool| {
        send(backend, &scene.staff, school, Recipients::Batch { batch, again }).await.unwrap()
    };
    assert_eq!(sent(true).await.queued, 0, "nobody was invited yet");
    assert_eq!(sent(false).await.queued, 3);
    assert_eq!((sent(false).await.queued, sent(true).await.queued), (0, 0), "while the run is going");
    run_once(backend).await.unwrap();
    assert_eq!(
        (sent(false).await.queued, scene.sink.received().len()),
        (0, 3),
        "a second press sends nothing"
    );
    sqlx::query(
        "UPDATE accounts SET state = 'active', activated_at = now() WHERE person_id IN (SELECT id FROM people WHERE given_name = 'ana')",
    )
    .execute(backend.database.raw())
    .await
    .unwrap();
    let again = sent(true).await;
    assert_eq!((again.queued, again.left_out.len()), (2, 0));
    run_once(backend).await.unwrap();
    let mut to: Vec<String> = scene.sink.received().into_iter().skip(3).map(|mail| mail.to).collect();
    to.sort_unstable();
    assert_eq!(to, ["bo@example.org", "cy@example.org"]);
}
