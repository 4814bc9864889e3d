//! The chain, on a real database.

use std::net::IpAddr;

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::role::Role;
use domain::ids::{AccountId, PersonId};
use serde_json::json;
use sqlx::PgPool;

use super::verify::{ChainBreak, ChainBreakKind, NotedChainEnd, verify};
use super::{AuditEntry, record, record_for_each};
use crate::testing::{self, TestSchool};
use crate::{Backend, Error};

async fn scene(pool: PgPool, entries: u32) -> (Backend, Actor) {
    let (backend, _) = testing::backend(pool);
    let school = TestSchool::new(&backend).await;
    let actor = Actor::system(school.organisation);
    for number in 0..entries {
        let details =
            json!({ "number": number, "a word": "née \"Ł\"", "nested": { "z": [1, null], "b": true } });
        write(&backend, &actor, AuditEntry::new(AuditAction::SettingChanged).details(details)).await;
    }
    (backend, actor)
}

async fn write(backend: &Backend, actor: &Actor, entry: AuditEntry) {
    let mut transaction = backend.database.raw().begin().await.unwrap();
    record(backend, &mut transaction, actor, entry).await.unwrap();
    transaction.commit().await.unwrap();
}

/// Tampers with the log as someone with access to the database could.
async fn tamper(backend: &Backend, how: &'static str) {
    let mut connection = backend.database.raw().acquire().await.unwrap();
    sqlx::query("SET session_replication_role = replica").execute(&mut *connection).await.unwrap();
    sqlx::raw_sql(how).execute(&mut *connection).await.unwrap();
    sqlx::query("SET session_replication_role = origin").execute(&mut *connection).await.unwrap();
}

async fn breaks(backend: &Backend, actor: &Actor) -> Vec<(Option<i64>, ChainBreakKind)> {
    let found = verify(backend, actor, None).await.unwrap();
    found.breaks.into_iter().map(|ChainBreak { entry, kind, .. }| (entry, kind)).collect()
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_log_that_nobody_touched_holds_whatever_it_tells(pool: PgPool) {
    let (backend, system) = scene(pool, 3).await;
    let source: IpAddr = "2001:db8::7".parse().unwrap();
    let staff =
        Actor::signed_in(system.organisation, backend.new_id(), backend.new_id(), vec![]).at(Some(source));
    let person: PersonId = backend.new_id();
    let entry = AuditEntry::new(AuditAction::AccountPreviewed).person(person).in_name_of(person);
    write(&backend, &staff, entry.subject("account", backend.new_id())).await;
    let accounts: Vec<(AccountId, PersonId)> =
        (0..500).map(|_| (backend.new_id(), backend.new_id())).collect();
    let mut transaction = backend.database.raw().begin().await.unwrap();
    let suspended = AuditAction::AccountSuspended;
    record_for_each(&backend, &mut transaction, &staff, suspended, &accounts, &json!({ "together": 500 }))
        .await
        .unwrap();
    transaction.commit().await.unwrap();

    let found = verify(&backend, &system, None).await.unwrap();
    assert_eq!((found.entries, found.before_chain, found.breaks), (504, 0, vec![]));
    let kept: String = sqlx::query_scalar("SELECT source FROM audit_events WHERE sequence = 4")
        .fetch_one(backend.database.raw())
        .await
        .unwrap();
    assert_eq!(kept, "2001:db8::7");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_entry_that_was_changed_is_named_and_no_other(pool: PgPool) {
    let (backend, actor) = scene(pool, 5).await;
    tamper(&backend, "UPDATE audit_events SET details = details || '{\"number\": 9}' WHERE sequence = 3")
        .await;
    assert_eq!(breaks(&backend, &actor).await, [(Some(3), ChainBreakKind::Changed)]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn every_part_of_an_entry_is_under_its_hash(pool: PgPool) {
    let (backend, actor) = scene(pool, 1).await;
    for change in [
        "UPDATE audit_events SET at = at + interval '1 microsecond'",
        "UPDATE audit_events SET actor_account_id = gen_random_uuid()",
        "UPDATE audit_events SET source = '192.0.2.1'",
        "UPDATE audit_events SET in_name_of = gen_random_uuid()",
        "UPDATE audit_events SET action = 'school_added'",
        "UPDATE audit_events SET person_id = gen_random_uuid()",
        "UPDATE audit_events SET subject_kind = 'school'",
        "UPDATE audit_events SET subject_id = gen_random_uuid()",
        "UPDATE audit_events SET id = gen_random_uuid()",
        "UPDATE audit_events SET details = details - 'number'",
    ] {
        sqlx::query("CREATE TABLE kept AS SELECT * FROM audit_events")
            .execute(backend.database.raw())
            .await
            .unwrap();
        tamper(&backend, change).await;
        assert_eq!(breaks(&backend, &actor).await, [(Some(1), ChainBreakKind::Changed)], "{change}");
        tamper(
            &backend,
            "DELETE FROM audit_events; INSERT INTO audit_events SELECT * FROM kept; DROP TABLE kept",
        )
        .await;
        assert_eq!(breaks(&backend, &actor).await, []);
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_entry_that_was_removed_is_named_also_the_last(pool: PgPool) {
    let (backend, actor) = scene(pool, 5).await;
    tamper(&backend, "DELETE FROM audit_events WHERE sequence IN (2, 5)").await;
    assert_eq!(
        breaks(&backend, &actor).await,
        [(Some(2), ChainBreakKind::Removed), (Some(5), ChainBreakKind::Removed)]
    );
    // Closing the gap in the numbers and moving the end does not hide the removal.
    tamper(&backend, "UPDATE audit_events SET sequence = sequence - 1 WHERE sequence > 2; UPDATE audit_heads SET entries = 3").await;
    assert!(breaks(&backend, &actor).await.contains(&(Some(2), ChainBreakKind::Changed)));
    assert!(breaks(&backend, &actor).await.contains(&(Some(3), ChainBreakKind::End)));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_noted_end_tells_of_a_chain_that_was_cut_off(pool: PgPool) {
    let (backend, actor) = scene(pool, 5).await;
    let found = verify(&backend, &actor, None).await.unwrap();
    let noted: NotedChainEnd = format!("{}:{}", found.entries, found.head).parse().unwrap();
    write(&backend, &actor, AuditEntry::new(AuditAction::SignedIn)).await;
    assert_eq!(verify(&backend, &actor, Some(&noted)).await.unwrap().breaks, []);
    tamper(
        &backend,
        "DELETE FROM audit_events WHERE sequence > 4;
         UPDATE audit_heads SET entries = 4, hash = (SELECT hash FROM audit_events WHERE sequence = 4)",
    )
    .await;
    assert_eq!(breaks(&backend, &actor).await, []);
    let found = verify(&backend, &actor, Some(&noted)).await.unwrap();
    assert_eq!(found.breaks, [ChainBreak { entry: Some(5), id: None, kind: ChainBreakKind::Removed }]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn entries_that_changed_places_are_named(pool: PgPool) {
    let (backend, actor) = scene(pool, 5).await;
    tamper(
        &backend,
        "UPDATE audit_events SET sequence = -sequence WHERE sequence IN (2, 3);
         UPDATE audit_events SET sequence = 5 + sequence WHERE sequence < 0",
    )
    .await;
    let found = breaks(&backend, &actor).await;
    assert!(
        found.contains(&(Some(2), ChainBreakKind::Changed))
            && found.contains(&(Some(3), ChainBreakKind::Changed))
    );
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_entry_that_was_slipped_in_is_named(pool: PgPool) {
    let (backend, actor) = scene(pool, 2).await;
    tamper(
        &backend,
        "ALTER TABLE audit_events DROP CONSTRAINT audit_events_chain_check;
         INSERT INTO audit_events (id, organisation_id, at, action)
         SELECT gen_random_uuid(), organisation_id, at + interval '1 second', 'signed_in' FROM audit_events LIMIT 1",
    )
    .await;
    assert_eq!(breaks(&backend, &actor).await, [(None, ChainBreakKind::Slipped)]);
    let forged = "INSERT INTO audit_events (id, organisation_id, at, action, sequence, hash)
                  SELECT gen_random_uuid(), organisation_id, at, 'signed_in', 3, sha256('guess') FROM audit_events LIMIT 1;
                  UPDATE audit_heads SET entries = 3, hash = sha256('guess')";
    tamper(&backend, forged).await;
    assert_eq!(breaks(&backend, &actor).await[0], (Some(3), ChainBreakKind::Changed));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_database_refuses_to_change_the_log(pool: PgPool) {
    let (backend, _) = scene(pool, 2).await;
    for statement in
        ["UPDATE audit_events SET action = 'x'", "DELETE FROM audit_events", "TRUNCATE audit_events"]
    {
        let refused = sqlx::raw_sql(statement).execute(backend.database.raw()).await.unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{statement}: {refused}");
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn writers_at_once_make_one_chain_and_organisations_have_their_own(pool: PgPool) {
    let (backend, actor) = scene(pool, 0).await;
    let other = Actor::system(TestSchool::new(&backend).await.organisation);
    let writers = (0..20).map(|number| {
        let (backend, actor) = (backend.clone(), if number % 4 == 0 { other.clone() } else { actor.clone() });
        tokio::spawn(async move { write(&backend, &actor, AuditEntry::new(AuditAction::SignedIn)).await })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    for (actor, entries) in [(&actor, 15), (&other, 5)] {
        let found = verify(&backend, actor, None).await.unwrap();
        assert_eq!((found.entries, found.breaks), (entries, vec![]));
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn only_who_may_see_the_whole_log_verifies_it(pool: PgPool) {
    let (backend, _) = scene(pool, 1).await;
    let school = TestSchool::new(&backend).await;
    for role in Role::ALL {
        let refused = verify(&backend, &school.actor(&backend, role), None).await;
        assert!(matches!(refused, Err(Error::Refused(_))), "{role:?} of one school");
    }
}
