//! The queue as a whole: which messages go first, and who may be written to.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::TimeDelta;
use domain::authorization::actor::Actor;
use domain::invitations::views::Recipients;
use domain::roll::language::LanguageTag;
use sqlx::PgPool;
use uuid::Uuid;

use super::templates::TemplateSources;
use crate::Backend;
use crate::db::MIGRATOR;
use crate::invitations::send::send;
use crate::jobs::figures::figures;
use crate::jobs::worker::run_once;
use crate::recovery::requests::{RecoveryKind, RecoveryRequestOutcome, ask};
use crate::sessions::visitor::Visitor;
use crate::settings::{SettingsOf, message_templates};
use crate::testing::{
    ReceivedMail, SmtpSink, TestSchool, account, active_account, backend, student, tables_before,
};

/// A Greencap with a mail server, and a school.
async fn with_mail_server(pool: PgPool) -> (Backend, SmtpSink, TestSchool) {
    let sink = SmtpSink::start().await;
    let (mut backend, _) = backend(pool);
    let mut config = (*backend.config).clone();
    config.smtp = Some(sink.url().parse().unwrap());
    backend.config = Arc::new(config);
    let school = TestSchool::new(&backend).await;
    (backend, sink, school)
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_link_to_a_new_password_waits_behind_no_invitations(pool: PgPool) {
    let (backend, sink, school) = with_mail_server(pool).await;
    let system = Actor::system(school.organisation);
    let mut ids = Vec::new();
    for n in 0..120 {
        let (name, email) = (format!("s{n:03}"), format!("s{n:03}@example.org"));
        let person = student(&backend, &school, &name, "Lee", &name, Some(&email)).await;
        ids.push(account(&backend, &school, person, &name).await);
    }
    send(&backend, &system, school.school, Recipients::Accounts { ids: ids.clone(), again: true })
        .await
        .unwrap();
    let person = student(&backend, &school, "Ann", "Lee", "1", Some("ann@example.org")).await;
    active_account(&backend, &school, person, "a.lee", "correct horse battery").await;
    let one = account(
        &backend,
        &school,
        student(&backend, &school, "Bo", "Lee", "2", Some("bo@example.org")).await,
        "b.lee",
    )
    .await;
    send(&backend, &system, school.school, Recipients::Accounts { ids: vec![one], again: true })
        .await
        .unwrap();
    let asked = ask(&backend, &Visitor::stranger(), RecoveryKind::Links, "a.lee").await.unwrap();
    assert_eq!(asked, RecoveryRequestOutcome::Heard);
    run_once(&backend).await.unwrap();
    let to: Vec<String> = sink.received().into_iter().map(|mail| mail.to).collect();
    assert_eq!(to.len(), 122);
    assert_eq!(to[0], "ann@example.org", "asked for last");
    let first: BTreeSet<&str> = to[1..51].iter().map(String::as_str).collect();
    assert!(first.contains("bo@example.org"), "one alone goes out before those of a bulk");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_message_that_does_not_leave_waits_longer_with_each_attempt(pool: PgPool) {
    let (mut backend, clock) = backend(pool);
    let mut config = (*backend.config).clone();
    // Nobody listens there.
    config.smtp = Some("smtp://127.0.0.1:9".parse().unwrap());
    backend.config = Arc::new(config);
    let school = TestSchool::new(&backend).await;
    let ann = student(&backend, &school, "Ann", "Lee", "1", Some("ann@example.org")).await;
    let ids = vec![account(&backend, &school, ann, "a.lee").await];
    let system = Actor::system(school.organisation);
    send(&backend, &system, school.school, Recipients::Accounts { ids, again: true }).await.unwrap();
    for minutes in 1..=12 {
        let _ = run_once(&backend).await;
        clock.advance(TimeDelta::minutes(1));
        let waited = figures(&backend).await.unwrap().messages_oldest;
        assert!((waited - 60.0 * f64::from(minutes)).abs() < 1.0, "{minutes} minutes: {waited}");
    }
    // Put off on purpose: it does not wait before its time.
    sqlx::query("UPDATE messages SET state = 'queued', lease = NULL, error_code = NULL, due_at = $1")
        .bind(backend.now() + TimeDelta::hours(1))
        .execute(backend.database.raw())
        .await
        .unwrap();
    assert!(figures(&backend).await.unwrap().messages_oldest < 1.0);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_an_older_version_had_queued_waits_in_messages_after_an_upgrade(pool: PgPool) {
    let mut older = tables_before(&pool, 20_261_129_002_010).await;
    for statement in [
        "INSERT INTO organisations (id, name, created_at) VALUES ($1, 'Quillmere Trust', now())",
        "INSERT INTO people (id, organisation_id, given_name, family_name, search_key, sort_key, created_at, updated_at)
         VALUES ($1, $1, 'Ann', 'Lee', ' ann lee', 'lee ann', now(), now())",
        "INSERT INTO addresses (id, organisation_id, person_id, kind, value, comparable, is_primary, created_at)
         VALUES ($1, $1, $1, 'email', 'ann@example.org', 'ann@example.org', true, now())",
        "INSERT INTO accounts (id, organisation_id, person_id, username, state, created_at, invited_at, delivery_state)
         VALUES ($1, $1, $1, 'a.lee', 'invited', now(), '2026-11-01', 'queued')",
        "INSERT INTO invitations (id, organisation_id, account_id, channel, link_hash, code_hash, created_at, expires_at)
         VALUES ($1, $1, $1, 'email', 'l', 'c', now(), now() + interval '14 days')",
        "INSERT INTO deliveries (id, organisation_id, invitation_id, address_id, state, due_at, created_at)
         VALUES ($1, $1, $1, $1, 'queued', now(), now())",
        "WITH mail AS (
             INSERT INTO recovery_mails (id, organisation_id, kind, account_id, created_at)
             VALUES (gen_random_uuid(), $1, 'password', $1, now()) RETURNING id)
         INSERT INTO deliveries (id, organisation_id, recovery_mail_id, address_id, state, due_at, created_at)
         SELECT gen_random_uuid(), $1, mail.id, $1, 'queued', now(), now() FROM mail",
    ] {
        sqlx::query(statement).bind(Uuid::from_u128(7)).execute(&mut *older).await.expect(statement);
    }
    MIGRATOR.run(&mut *older).await.unwrap();
    let waiting: Vec<(String, String, Option<Uuid>)> =
        sqlx::query_as("SELECT kind, state, address_id FROM messages ORDER BY kind")
            .fetch_all(&mut *older)
            .await
            .unwrap();
    let to = Some(Uuid::from_u128(7));
    assert_eq!(waiting, ["invitation", "password"].map(|kind| (kind.to_owned(), "queued".to_owned(), to)));
    let invited: (bool, String) = sqlx::query_as("SELECT current, first_at::date::text FROM invitations")
        .fetch_one(&mut *older)
        .await
        .unwrap();
    assert_eq!(invited, (true, "2026-11-01".to_owned()));
}

/// The text of one message.
fn said(mail: &ReceivedMail) -> String {
    mail.header("Subject").unwrap_or_default()
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_school_has_its_own_words_in_a_language_and_ours_where_it_has_none(pool: PgPool) {
    let (backend, sink, school) = with_mail_server(pool).await;
    let system = Actor::system(school.organisation);
    let mut ids = Vec::new();
    for (name, language) in [("ann", "en"), ("ola", "pl"), ("lea", "fr")] {
        let email = format!("{name}@example.org");
        let person = student(&backend, &school, name, "Lee", name, Some(&email)).await;
        sqlx::query("UPDATE people SET language = $2 WHERE id = $1")
            .bind(person.0)
            .bind(language)
            .execute(backend.database.raw())
            .await
            .unwrap();
        ids.push(account(&backend, &school, person, name).await);
    }
    let own = |subject: &str| TemplateSources {
        subject: subject.to_owned(),
        body_text: "{{ link }}".to_owned(),
        body_html: "{% extends \"email/frame.html\" %}{% block text %}{{ name }}{% endblock %}".to_owned(),
    };
    let (polish, french): (LanguageTag, LanguageTag) = ("pl".parse().unwrap(), "fr".parse().unwrap());
    let everywhere = SettingsOf::Organisation;
    let here = SettingsOf::School(school.school);
    let save = async |scope, language, sources: TemplateSources| {
        message_templates::save(&backend, &system, scope, "invitation", language, &sources).await
    };
    let invite = async || {
        let before = sink.received().len();
        send(&backend, &system, school.school, Recipients::Accounts { ids: ids.clone(), again: true })
            .await
            .unwrap();
        run_once(&backend).await.unwrap();
        let mut subjects: Vec<(String, String)> =
            sink.received()[before..].iter().map(|mail| (mail.to.clone(), said(mail))).collect();
        subjects.sort();
        subjects.into_iter().map(|(_, subject)| subject).collect::<Vec<_>>()
    };

    save(everywhere, &polish, own("Zaproszenie {{ name }}")).await.unwrap();
    // A template that uses an unknown field, or runs for ever, does not stop the invitation.
    save(everywhere, &french, own("{{ no_such_field }}")).await.unwrap();
    let first = invite().await;
    assert!(first[0].contains("Quillmere"), "{first:?}");
    assert!(first[1].contains("Quillmere"), "in ours, since theirs failed: {first:?}");
    assert_eq!(first[2], "Zaproszenie ola");
    save(
        everywhere,
        &french,
        own("{% for n in range(100000) %}{% for m in range(100000) %}{% endfor %}{% endfor %}"),
    )
    .await
    .unwrap();
    save(here, &polish, own("Nasza szkola")).await.unwrap();
    let second = invite().await;
    assert!(second[1].contains("Quillmere"), "{second:?}");
    assert_eq!(second[2], "Nasza szkola", "the school's own before its organisation's");
    assert!(message_templates::remove(&backend, &system, here, "invitation", &polish).await.unwrap());
    assert!(!message_templates::remove(&backend, &system, here, "invitation", &polish).await.unwrap());
    assert_eq!(invite().await[2], "Zaproszenie ola");

    let refused = save(here, &polish, own("{% if %}")).await.unwrap_err();
    let refused = format!("{refused:?}");
    assert!(refused.contains("subject.txt") && refused.contains("line 1"), "{refused}");
    let unknown = message_templates::save(&backend, &system, here, "invitaton", &polish, &own("x")).await;
    assert!(
        format!("{:?}", unknown.unwrap_err()).contains("Choose one of: invitation"),
        "says which there are"
    );
    let viewer = school.actor(&backend, domain::authorization::role::Role::OfficeViewer);
    let refused = message_templates::save(&backend, &viewer, here, "invitation", &polish, &own("x")).await;
    assert!(matches!(refused, Err(crate::Error::Refused(_))));
}
