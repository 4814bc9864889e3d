//! The queue as a whole: what is urgent, and who may be written to.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::invitations::views::Recipients;
use sqlx::PgPool;
use uuid::Uuid;

use crate::invitations::send::send;
use crate::jobs::worker::run_once;
use crate::recovery::requests::{Asked, Wanted, ask};
use crate::sessions::visitor::Visitor;
use crate::testing::{SmtpSink, TestSchool, account, active_account, backend, student};

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_link_to_a_new_password_waits_behind_no_invitations(pool: PgPool) {
    let sink = SmtpSink::start().await;
    let (mut backend, _) = backend(pool);
    let mut config = (*backend.config).clone();
    config.smtp = Some(sink.url().parse().unwrap());
    backend.config = Arc::new(config);
    let school = TestSchool::new(&backend).await;
    let system = domain::authorization::actor::Actor::system(school.organisation);
    let mut ids = Vec::new();
    for n in 0..120 {
        let (name, email) = (format!("s{n:03}"), format!("s{n:03}@example.org"));
        let person = student(&backend, &school, &name, "Lee", &name, Some(&email)).await;
        ids.push(account(&backend, &school, person, &name).await);
    }
    send(&backend, &system, school.school, Recipients::Accounts { ids: ids.clone() }).await.unwrap();
    let person = student(&backend, &school, "Ann", "Lee", "1", Some("ann@example.org")).await;
    active_account(&backend, &school, person, "a.lee", "correct horse battery").await;
    let one = account(
        &backend,
        &school,
        student(&backend, &school, "Bo", "Lee", "2", Some("bo@example.org")).await,
        "b.lee",
    )
    .await;
    send(&backend, &system, school.school, Recipients::Accounts { ids: vec![one] }).await.unwrap();
    let asked = ask(&backend, &Visitor::stranger(), Wanted::Links, "a.lee").await.unwrap();
    assert_eq!(asked, Asked::Heard);
    run_once(&backend).await.unwrap();
    let to: Vec<String> = sink.received().into_iter().map(|mail| mail.to).collect();
    assert_eq!(to.len(), 122);
    assert_eq!(to[0], "ann@example.org", "asked for last");
    let first: BTreeSet<&str> = to[1..51].iter().map(String::as_str).collect();
    assert!(first.contains("bo@example.org"), "one alone goes out before those of a bulk");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_a_process_of_the_version_before_queues_is_sent_too(pool: PgPool) {
    let sink = SmtpSink::start().await;
    let (mut backend, _) = backend(pool);
    let mut config = (*backend.config).clone();
    config.smtp = Some(sink.url().parse().unwrap());
    backend.config = Arc::new(config);
    let school = TestSchool::new(&backend).await;
    let person = student(&backend, &school, "Ann", "Lee", "1", Some("ann@example.org")).await;
    let account = account(&backend, &school, person, "a.lee").await;
    for statement in [
        "INSERT INTO invitations (id, organisation_id, account_id, channel, link_hash, code_hash, created_at, expires_at)
         VALUES ($4, $1, $2, 'email', 'l', 'c', $3, $3 + interval '14 days')",
        "INSERT INTO deliveries (id, organisation_id, invitation_id, address_id, state, due_at, created_at)
         SELECT gen_random_uuid(), $1, $4, m.id, 'queued', $3, $3
         FROM accounts a JOIN addresses m ON m.person_id = a.person_id WHERE a.id = $2",
        "WITH mail AS (
             INSERT INTO recovery_mails (id, organisation_id, kind, account_id, created_at)
             SELECT gen_random_uuid(), $1, 'password', $2, $3 WHERE $4::uuid IS NOT NULL RETURNING id)
         INSERT INTO deliveries (id, organisation_id, recovery_mail_id, address_id, state, due_at, created_at)
         SELECT gen_random_uuid(), $1, mail.id, m.id, 'queued', $3, $3
         FROM mail, accounts a JOIN addresses m ON m.person_id = a.person_id WHERE a.id = $2",
    ] {
        let mut transaction = backend.tenant_transaction(school.organisation).await.unwrap();
        sqlx::query(statement)
            .bind(school.organisation.0)
            .bind(account.0)
            .bind(backend.now())
            .bind(Uuid::from_u128(7))
            .execute(&mut *transaction)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
    }
    run_once(&backend).await.unwrap();
    let mut to: Vec<String> = sink.received().into_iter().map(|mail| mail.to).collect();
    to.dedup();
    assert_eq!((to, sink.received().len()), (vec!["ann@example.org".to_owned()], 2));
}
