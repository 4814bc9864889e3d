//! `greencap audit verify`.

use backend::audit::{AuditEntry, record};
use backend::testing::{TestSchool, backend};
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use sqlx::PgPool;

use crate::command::greencap;

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn verifying_ends_with_0_for_an_intact_log_and_names_the_entry_that_is_not(pool: PgPool) {
    let (context, _) = backend(pool.clone());
    let actor = Actor::system(TestSchool::new(&context).await.organisation);
    for _ in 0..3 {
        let mut connection = pool.acquire().await.unwrap();
        record(&context, &mut connection, &actor, AuditEntry::new(AuditAction::SignedIn)).await.unwrap();
    }
    let intact = greencap(&pool, &["audit", "verify", "--json"]).await;
    let report = intact.json();
    assert_eq!((intact.status, &report["intact"], &report["entries"]), (Some(0), &true.into(), &3.into()));

    sqlx::raw_sql(
        "ALTER TABLE audit_events DISABLE TRIGGER audit_events_append_only;
         UPDATE audit_events SET action = 'signed_out' WHERE sequence = 2",
    )
    .execute(&pool)
    .await
    .unwrap();
    let changed = greencap(&pool, &["audit", "verify", "--json"]).await;
    let report = changed.json();
    assert_eq!((changed.status, &report["intact"]), (Some(1), &false.into()));
    let id: uuid::Uuid =
        sqlx::query_scalar("SELECT id FROM audit_events WHERE sequence = 2").fetch_one(&pool).await.unwrap();
    assert_eq!(report["breaks"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&report["breaks"][0]["entry"], &report["breaks"][0]["id"], &report["breaks"][0]["kind"]),
        (&2.into(), &id.to_string().into(), &"changed".into())
    );
    let words = greencap(&pool, &["audit", "verify"]).await;
    assert!(words.stdout.contains("entry 2") && words.stdout.contains("CHANGED"));
    let head = report["head"].as_str().unwrap();
    let cut = greencap(&pool, &["audit", "verify", "--noted", &format!("4:{head}")]).await;
    assert!(cut.stdout.contains("entry 4 was removed"));
    assert_eq!(greencap(&pool, &["audit", "verify", "--noted", "soon"]).await.status, Some(2));
}
