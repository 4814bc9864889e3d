use std::time::Duration;

use chrono::TimeDelta;
use domain::audit::AuditAction;
use domain::authorization::actor::{Actor, ActorKind};
use domain::authorization::policy::Refusal;
use domain::authorization::role::Role;
use domain::roll::address::AddressKind;
use domain::roll::status::RollStatus;
use serde_json::json;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use uuid::Uuid;

use super::{account, office, stranger, student};
use crate::Error;
use crate::audit::{self, AuditEntry};
use crate::record::record;
use crate::roll::addresses;
use crate::testing::TestSchool;

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_record_tells_who_where_and_how_to_reach(pool: PgPool) {
    let (backend, school, actor) = office(pool).await;
    let ann = student(&backend, &school, "Ann", "Lee", "1", Some("lee@home.example")).await;
    student(&backend, &school, "Bo", "Lee", "2", Some("lee@home.example")).await;
    let shown = record(&backend, &actor, ann).await.unwrap();
    assert_eq!((shown.name.as_str(), shown.account.is_none(), shown.history.len()), ("Ann Lee", true, 0));
    assert_eq!(shown.addresses[0].shared_with, 1);
    assert_eq!(shown.enrolments[0].roll, RollStatus::Current);
    assert_eq!(shown.enrolments[0].school_name, "Quillmere School");
    account(&backend, &school, ann, "alee").await;
    let shown = record(&backend, &actor, ann).await.unwrap();
    let made = shown.account.unwrap();
    assert!(made.username == "alee" && made.standing.has_email);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_record_holds_one_connection_at_a_time(pool: PgPool) {
    // If each reader needed a second connection, as many readers as there are connections would deadlock.
    let one = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(5))
        .connect_with((*pool.connect_options()).clone())
        .await
        .unwrap();
    let (backend, school, actor) = office(one).await;
    let ann = student(&backend, &school, "Ann", "Lee", "1", Some("lee@home.example")).await;
    account(&backend, &school, ann, "alee").await;
    assert!(record(&backend, &actor, ann).await.unwrap().help.is_some());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn history_is_told_in_words_with_who_did_it_the_latest_first(pool: PgPool) {
    let (backend, clock) = crate::testing::backend(pool);
    let school = TestSchool::new(&backend).await;
    let clerk = student(&backend, &school, "Mara", "Tredwick", "s", None).await;
    let clerk_account = account(&backend, &school, clerk, "mtredwick").await;
    let Actor { kind: ActorKind::Person { roles, .. }, organisation, .. } =
        school.actor(&backend, Role::Administrator)
    else {
        panic!("a person");
    };
    let actor = Actor::signed_in(organisation, clerk_account, clerk, roles);
    let ann = student(&backend, &school, "Ann", "Lee", "1", None).await;

    addresses::add(&backend, &actor, ann, AddressKind::Email, "ann@home.example").await.unwrap();
    clock.advance(TimeDelta::hours(1));
    let own = account(&backend, &school, ann, "alee").await;
    let batch: Uuid = backend.new_id();
    sqlx::query(
        "INSERT INTO operations (id, organisation_id, school_id, kind, account_id, created_at, ran_at, plan_hash, input, size)
         VALUES ($1, $2, $3, 'create_accounts', $4, $5, $5, '', '{}', 1)",
    )
    .bind(batch)
    .bind(organisation.0)
    .bind(school.school.0)
    .bind(clerk_account.0)
    .bind(backend.now())
    .execute(backend.database.raw())
    .await
    .unwrap();
    sqlx::query("UPDATE accounts SET batch_id = $2 WHERE id = $1")
        .bind(own.0)
        .bind(batch)
        .execute(backend.database.raw())
        .await
        .unwrap();
    let (invitation, sent): (Uuid, _) = (backend.new_id(), backend.now() + TimeDelta::minutes(1));
    sqlx::query(
        "INSERT INTO invitations (id, organisation_id, account_id, channel, link_hash, code_hash, created_at, expires_at, opened_at, created_by)
         VALUES ($1, $2, $3, 'email', 'l', 'c', $4, $4 + interval '14 days', $4 + interval '5 minutes', $5)",
    )
    .bind(invitation)
    .bind(organisation.0)
    .bind(own.0)
    .bind(backend.now())
    .bind(clerk_account.0)
    .execute(backend.database.raw())
    .await
    .unwrap();
    sqlx::query(
        "INSERT INTO messages (id, organisation_id, kind, channel, priority, state, due_at, created_at, sent_at)
         VALUES ($1, $2, 'invitation', 'email', 0, 'sent', $3, $3, $3)",
    )
    .bind(invitation)
    .bind(organisation.0)
    .bind(sent)
    .execute(backend.database.raw())
    .await
    .unwrap();
    clock.advance(TimeDelta::days(1));
    let mut connection = backend.database.raw().acquire().await.unwrap();
    let activated = AuditEntry::new(AuditAction::AccountActivated).person(ann);
    let herself = Actor::signed_in(organisation, own, ann, vec![]);
    audit::record(&backend, &mut connection, &herself, activated).await.unwrap();
    clock.advance(TimeDelta::minutes(1));
    let preview =
        AuditEntry::new(AuditAction::AccountPreviewed).person(ann).details(json!({ "reason": "checking" }));
    audit::record(&backend, &mut connection, &actor, preview).await.unwrap();

    let told: Vec<_> = record(&backend, &actor, ann)
        .await
        .unwrap()
        .history
        .into_iter()
        .map(|line| (line.when, line.what))
        .collect();
    let told: Vec<_> = told.iter().map(|(when, what)| (when.as_str(), what.as_str())).collect();
    assert_eq!(
        told,
        [
            ("Today 10:01", "Previewed by Mara Tredwick. To check what they see"),
            ("Today 10:00", "Account activated"),
            ("21 Nov 10:05", "Invitation opened by a person"),
            ("21 Nov 10:01", "Invitation code emailed by Mara Tredwick"),
            ("21 Nov 10:00", "Account created by Mara Tredwick"),
            ("21 Nov 09:00", "Email address added by Mara Tredwick"),
        ]
    );
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn nobody_reads_a_record_of_another_school(pool: PgPool) {
    let (backend, school, actor) = office(pool).await;
    let ann = student(&backend, &school, "Ann", "Lee", "1", None).await;
    let other = stranger(&backend).await;
    assert!(matches!(record(&backend, &other, ann).await, Err(Error::NotFound("student"))));
    let elsewhere = TestSchool { school: backend.new_id(), ..school.clone() };
    let refused = record(&backend, &elsewhere.actor(&backend, Role::Administrator), ann).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::OtherSchool))));
    // A record of someone who is on no roll, such as staff, needs a role for all schools.
    sqlx::query("DELETE FROM enrolments WHERE person_id = $1")
        .bind(ann.0)
        .execute(backend.database.raw())
        .await
        .unwrap();
    assert!(matches!(record(&backend, &actor, ann).await, Err(Error::NotFound("student"))));
}
