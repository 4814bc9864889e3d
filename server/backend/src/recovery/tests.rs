//! Processing a request when something fails.

use chrono::TimeDelta;
use domain::authorization::actor::Actor;
use domain::invitations::views::Recipients;
use sqlx::PgPool;

use super::requests::{RecoveryKind, RecoveryRequestOutcome, ask};
use crate::Backend;
use crate::invitations::send::send;
use crate::jobs::worker::run_once;
use crate::sessions::visitor::Visitor;
use crate::testing::{TestSchool, account, active_account, backend, student};

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_look_up_that_fails_delays_no_message_and_is_tried_again(pool: PgPool) {
    let (backend, clock) = backend(pool);
    let school = TestSchool::new(&backend).await;
    let ann = student(&backend, &school, "Ann", "Lee", "1", Some("ann@example.org")).await;
    active_account(&backend, &school, ann, "a.lee", "correct horse battery").await;
    let bo = student(&backend, &school, "Bo", "Lee", "2", Some("bo@example.org")).await;
    let bo = account(&backend, &school, bo, "b.lee").await;
    // The connection may still have the role of its previous user.
    let as_owner = async |statement: &'static str| {
        let mut connection = backend.database.raw().acquire().await.unwrap();
        for statement in ["RESET ROLE", statement] {
            sqlx::query(statement).execute(&mut *connection).await.unwrap();
        }
    };
    let arrived = async |backend: &Backend| -> Vec<String> {
        sqlx::query_scalar("SELECT recipient FROM mailbox ORDER BY recipient")
            .fetch_all(backend.database.raw())
            .await
            .unwrap()
    };
    as_owner("ALTER TABLE password_resets RENAME TO away").await;
    let asked = ask(&backend, &Visitor::stranger(), RecoveryKind::Links, "a.lee").await.unwrap();
    assert_eq!(asked, RecoveryRequestOutcome::Heard);
    let invited = Recipients::Accounts { ids: vec![bo], again: true };
    send(&backend, &Actor::system(school.organisation), school.school, invited).await.unwrap();
    // More often than one name may ask at once: all attempts at one request count as one.
    for _ in 0..5 {
        assert!(run_once(&backend).await.is_err());
        clock.advance(TimeDelta::minutes(3));
    }
    assert_eq!(arrived(&backend).await, ["Bo Lee <bo@example.org>"], "the invitation went out");
    as_owner("ALTER TABLE away RENAME TO password_resets").await;
    run_once(&backend).await.unwrap();
    assert_eq!(arrived(&backend).await, ["Ann Lee <ann@example.org>", "Bo Lee <bo@example.org>"]);
}
