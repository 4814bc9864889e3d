//! The worker and the mail server, working and failing.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use domain::authorization::actor::Actor;
use domain::authorization::role::Role;
use domain::ids::AccountId;
use domain::invitations::views::{Recipients, SendingProgress};
use domain::lists::page::{Cursor, TimeKey};
use domain::messages::delivery::DeliveryState;
use domain::messages::failure::{DeliveryFailure, MAX_ATTEMPTS};
use sqlx::PgPool;

use super::Scene;
use crate::Error;
use crate::invitations::progress::progress;
use crate::invitations::send::send;
use crate::invitations::stop::stop;
use crate::jobs::standing::Pass;
use crate::jobs::worker::{run, run_once};
use crate::mailbox;
use crate::testing::{Fault, SmtpSink};

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn messages_go_out_over_one_connection_and_say_what_they_must(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut accounts = Vec::new();
    for n in 0..70 {
        accounts.push(scene.account(&format!("s{n:02}")).await);
    }
    scene.send(&accounts).await;
    assert_eq!(run_once(&scene.backend).await.unwrap(), Pass::Done);
    let mails = scene.sink.received();
    assert_eq!((mails.len(), scene.sink.connections()), (70, 1));
    let line = scene.line(accounts[7]).await;
    let mail = mails.iter().find(|mail| mail.to == "s07@example.org").unwrap();
    assert_eq!(mail.from, "portal@quillmere.example");
    assert_eq!(mail.header("Auto-Submitted").unwrap(), "auto-generated");
    let id = format!("<{}@portal.quillmere.example>", line.message);
    assert_eq!(mail.header("Message-ID").unwrap(), id);
    assert!(mail.header("Content-Type").unwrap().starts_with("multipart/alternative"));
    let (link, code) = scene.secrets(accounts[7]).await;
    let text = mail.data.replace("=\r\n", "");
    assert!(text.contains(&format!("https://portal.quillmere.example/i/{link}")) && text.contains(&code));
    assert_eq!(line.state, DeliveryState::Sent);
    assert!(line.sent_at.is_some());
    assert_eq!(scene.count("SELECT count(*) FROM invitations i JOIN messages m ON m.id = i.id WHERE i.current AND m.state = 'sent'").await, 70);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn one_bad_address_stops_no_other_and_says_why_39(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let [ana, bad, bo] = [scene.account("ana").await, scene.account("bad").await, scene.account("bo").await];
    scene.sink.always("bad@example.org", Fault::Recipient("550 5.1.1 no such mailbox"));
    scene.send(&[ana, bad, bo]).await;
    run_once(&scene.backend).await.unwrap();
    assert_eq!(scene.sink.received().len(), 2);
    assert_eq!(scene.sink.connections(), 1);
    let line = scene.line(bad).await;
    assert_eq!((line.state, line.failure), (DeliveryState::Failed, Some(DeliveryFailure::UnknownMailbox)));
    assert_eq!(line.answer.as_deref(), Some("550 5.1.1 no such mailbox"));
    assert_eq!(scene.line(bo).await.state, DeliveryState::Sent);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_greylisted_message_is_sent_a_little_later_39(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ana = scene.account("ana").await;
    scene.sink.once("ana@example.org", Fault::Recipient("451 4.7.1 greylisted"));
    scene.send(&[ana]).await;
    run_once(&scene.backend).await.unwrap();
    let line = scene.line(ana).await;
    assert_eq!(
        (line.state, line.failure, line.attempts),
        (DeliveryState::Queued, Some(DeliveryFailure::Busy), 1)
    );
    assert!(line.next_try_at.unwrap() > scene.backend.now());
    run_once(&scene.backend).await.unwrap();
    assert!(scene.sink.received().is_empty(), "not before its time");
    scene.clock.advance(TimeDelta::minutes(2));
    run_once(&scene.backend).await.unwrap();
    let line = scene.line(ana).await;
    assert_eq!((line.state, line.failure), (DeliveryState::Sent, None));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_is_put_off_for_a_day_has_failed_39(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ana = scene.account("ana").await;
    scene.sink.always("ana@example.org", Fault::Message("451 4.3.0 later"));
    scene.send(&[ana]).await;
    for attempt in 1..=MAX_ATTEMPTS {
        run_once(&scene.backend).await.unwrap();
        assert_eq!(scene.line(ana).await.attempts, attempt);
        scene.clock.advance(TimeDelta::days(1));
    }
    let line = scene.line(ana).await;
    assert_eq!((line.state, line.failure), (DeliveryState::Failed, Some(DeliveryFailure::GaveUp)));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_connection_lost_before_the_confirmation_doubles_one_message_under_one_id_39(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let [ana, bo, cy] = [scene.account("ana").await, scene.account("bo").await, scene.account("cy").await];
    scene.sink.once("bo@example.org", Fault::DropAfterData);
    scene.send(&[ana, bo, cy]).await;
    run_once(&scene.backend).await.unwrap();
    assert_eq!(scene.line(bo).await.failure, Some(DeliveryFailure::Interrupted));
    assert_eq!(scene.line(cy).await.state, DeliveryState::Sent, "the others go on");
    scene.clock.advance(TimeDelta::minutes(2));
    run_once(&scene.backend).await.unwrap();
    let ids: Vec<_> = scene
        .sink
        .received()
        .iter()
        .filter(|mail| mail.to == "bo@example.org")
        .map(|mail| mail.header("Message-ID").unwrap())
        .collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1], "a mail program shows them as one");
    assert_eq!(scene.sink.received().len(), 4);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_worker_that_dies_between_data_and_commit_doubles_one_message_at_most(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut accounts = Vec::new();
    for n in 0..10 {
        accounts.push(scene.account(&format!("s{n}")).await);
    }
    scene.sink.once("s4@example.org", Fault::HangAfterData);
    scene.send(&accounts).await;
    let worker = tokio::spawn(run(scene.backend.clone(), std::future::pending()));
    scene.sink.wait_for_one_to("s4@example.org").await;
    // The mail server has the message, but it was not recorded.
    worker.abort();
    assert!(worker.await.unwrap_err().is_cancelled());
    let before = scene.sink.received().len();
    run_once(&scene.backend).await.unwrap();
    assert_eq!(scene.sink.received().len(), before, "while its lease lasts, nobody else sends");
    scene.clock.advance(TimeDelta::seconds(61));
    assert_eq!(run_once(&scene.backend).await.unwrap(), Pass::Done);
    let mails = scene.sink.received();
    for n in 0..10 {
        let copies = mails.iter().filter(|mail| mail.to == format!("s{n}@example.org")).count();
        assert_eq!(copies, if n == 4 { 2 } else { 1 }, "s{n}");
    }
    assert_eq!(scene.count("SELECT count(*) FROM messages WHERE state = 'sent'").await, 10);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn two_workers_send_everything_once(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut accounts = Vec::new();
    for n in 0..120 {
        accounts.push(scene.account(&format!("s{n:03}")).await);
    }
    scene.send(&accounts).await;
    let (one, two) = tokio::join!(run_once(&scene.backend), run_once(&scene.backend));
    assert_eq!((one.unwrap(), two.unwrap()), (Pass::Done, Pass::Done));
    let mut to: Vec<String> = scene.sink.received().into_iter().map(|mail| mail.to).collect();
    to.sort_unstable();
    to.dedup();
    assert_eq!((to.len(), scene.sink.received().len()), (120, 120));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_dead_mail_server_costs_no_attempt_and_all_is_sent_when_it_is_back(pool: PgPool) {
    let mut scene = Scene::new(pool).await;
    let [ana, bo] = [scene.account("ana").await, scene.account("bo").await];
    scene.send(&[ana, bo]).await;
    let port = scene.sink.port();
    scene.sink = SmtpSink::start().await;
    assert_eq!(run_once(&scene.backend).await.unwrap(), Pass::Away(DeliveryFailure::Unreachable.sentence()));
    let line = scene.line(ana).await;
    assert_eq!((line.state, line.failure), (DeliveryState::Queued, Some(DeliveryFailure::Unreachable)));
    assert_eq!(line.attempts, 0);
    scene.sink = SmtpSink::start_on(port).await;
    run_once(&scene.backend).await.unwrap();
    assert_eq!(scene.sink.received().len(), 2);
    assert_eq!(scene.line(ana).await.failure, None);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_wrong_mail_password_is_told_to_staff_and_fails_nobody(pool: PgPool) {
    let mut scene = Scene::new(pool).await;
    scene.sink.refuse_sign_in();
    let mut config = (*scene.backend.config).clone();
    config.smtp = Some(scene.sink.url().replace("//", "//me:wrong@").parse().unwrap());
    scene.backend.config = Arc::new(config);
    let ana = scene.account("ana").await;
    scene.send(&[ana]).await;
    assert_eq!(run_once(&scene.backend).await.unwrap(), Pass::Away(DeliveryFailure::NotSignedIn.sentence()));
    assert_eq!(scene.line(ana).await.state, DeliveryState::Queued);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_server_without_the_encryption_asked_for_gets_nothing_39(pool: PgPool) {
    let mut scene = Scene::new(pool).await;
    let mut config = (*scene.backend.config).clone();
    config.smtp = Some(scene.sink.url().replace("smtp://", "smtp+starttls://").parse().unwrap());
    scene.backend.config = Arc::new(config);
    let ana = scene.account("ana").await;
    scene.send(&[ana]).await;
    assert_eq!(run_once(&scene.backend).await.unwrap(), Pass::Away(DeliveryFailure::Insecure.sentence()));
    assert!(scene.sink.received().is_empty());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_server_that_counts_messages_per_connection_gets_a_new_one(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut accounts = Vec::new();
    for n in 0..7 {
        accounts.push(scene.account(&format!("s{n}")).await);
    }
    scene.sink.most_per_connection(3);
    scene.send(&accounts).await;
    assert_eq!(run_once(&scene.backend).await.unwrap(), Pass::Done);
    assert_eq!((scene.sink.received().len(), scene.sink.connections()), (7, 3));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_changed_since_it_was_queued_counts(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let [sus, act, exp] =
        [scene.account("sus").await, scene.account("act").await, scene.account("exp").await];
    let (person, gone) = scene.person("gone").await;
    let (moved, ana) = scene.person("ana").await;
    scene.send(&[exp]).await;
    scene.clock.advance(TimeDelta::days(15));
    scene.send(&[sus, act, gone, ana]).await;
    scene.set_state(sus, "suspended").await;
    scene.set_state(act, "active").await;
    sqlx::query("DELETE FROM addresses WHERE person_id = $1")
        .bind(person.0)
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
    sqlx::query(
        "UPDATE addresses SET value = 'new@example.org', comparable = 'new@example.org' WHERE person_id = $1",
    )
    .bind(moved.0)
    .execute(scene.backend.database.raw())
    .await
    .unwrap();
    run_once(&scene.backend).await.unwrap();
    let to: Vec<String> = scene.sink.received().into_iter().map(|mail| mail.to).collect();
    assert_eq!(to, ["new@example.org"]);
    for (account, state, failure) in [
        (sus, DeliveryState::Cancelled, DeliveryFailure::AccountStopped),
        (act, DeliveryState::Cancelled, DeliveryFailure::NotNeeded),
        (exp, DeliveryState::Cancelled, DeliveryFailure::Expired),
        (gone, DeliveryState::Failed, DeliveryFailure::AddressGone),
    ] {
        let line = scene.line(account).await;
        assert_eq!((line.state, line.failure), (state, Some(failure)));
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_name_is_never_a_header_38(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (person, ana) = scene.person("ana").await;
    sqlx::query("UPDATE people SET given_name = $2, family_name = $3 WHERE id = $1")
        .bind(person.0)
        .bind("Ana\r\nBcc: everyone@example.org\r\n\r\n<script>")
        .bind("\u{202E}\"<x@evil.example>\" 🐢 {{ 7*7 }}")
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
    scene.send(&[ana]).await;
    run_once(&scene.backend).await.unwrap();
    let mails = scene.sink.received();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, "ana@example.org");
    assert!(mails[0].header("Bcc").is_none() && mails[0].data.is_ascii());
    let html = mails[0].data.split_once("text/html").unwrap().1;
    assert!(html.contains("&lt;script&gt;") && !html.contains("<script>"), "{html}");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_running_worker_hears_of_new_messages_and_stops_when_asked(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ana = scene.account("ana").await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let worker = tokio::spawn(run(scene.backend.clone(), async move {
        let _ = stopped.await;
    }));
    scene.send(&[ana]).await;
    tokio::time::timeout(Duration::from_secs(30), scene.sink.wait_for(1)).await.unwrap();
    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(30), worker).await.unwrap().unwrap();
    assert_eq!(scene.line(ana).await.state, DeliveryState::Sent);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn without_a_mail_server_messages_wait_in_the_mailbox_for_those_who_may_look(pool: PgPool) {
    let mut scene = Scene::new(pool).await;
    let mut config = (*scene.backend.config).clone();
    config.smtp = None;
    scene.backend.config = Arc::new(config);
    let [ana, bo] = [scene.account("ana").await, scene.account("bo").await];
    scene.send(&[ana, bo]).await;
    run_once(&scene.backend).await.unwrap();
    let mut administrator = scene.school.actor(&scene.backend, Role::Administrator);
    if let domain::authorization::actor::ActorKind::Person { roles, .. } = &mut administrator.kind {
        roles[0].place = domain::authorization::place::Place::Organisation;
    }
    let lines = mailbox::list(&scene.backend, &administrator, "", None).await.unwrap();
    assert_eq!((lines.rows.len(), &lines.next), (2, &None));
    let found = mailbox::list(&scene.backend, &administrator, "ANA@", None).await.unwrap().rows;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].recipient, "ana Okoronta <ana@example.org>");
    let message = mailbox::open(&scene.backend, &administrator, found[0].id).await.unwrap();
    let (link, code) = scene.secrets(ana).await;
    assert!(message.text.contains(&link) && message.text.contains(&code) && message.html.contains(&link));
    let last = lines.rows.last().map(|line| Cursor::behind(TimeKey { at: line.at, id: line.id.0 }));
    assert!(mailbox::list(&scene.backend, &administrator, "", last.as_ref()).await.unwrap().rows.is_empty());
    assert_eq!(scene.line(ana).await.state, DeliveryState::Sent);
    let refused = mailbox::list(&scene.backend, &scene.staff, "", None).await;
    assert!(
        matches!(refused, Err(crate::Error::Refused(_))),
        "one school's manager does not see the whole mailbox"
    );
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_batch_tells_how_far_its_messages_have_come(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, scene.school.school);
    let batch = scene.batch(&["ana", "bad", "bo"]).await;
    let far = async || progress(backend, &scene.staff, school, batch).await.unwrap();
    assert_eq!(far().await, SendingProgress::default());
    scene.sink.always("bad@example.org", Fault::Recipient("550 5.1.1 no such mailbox"));
    send(backend, &scene.staff, school, Recipients::Batch { batch, again: false }).await.unwrap();
    assert_eq!(far().await, SendingProgress { waiting: 3, sent: 0, failed: 0 });
    run_once(backend).await.unwrap();
    assert_eq!(far().await, SendingProgress { waiting: 0, sent: 2, failed: 1 });
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn stopping_takes_back_what_was_not_sent_and_nothing_else(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, scene.school.school);
    let batch = scene.batch(&["ana", "bo", "cy"]).await;
    let outside = scene.account("dee").await;
    let stopped = async |by: &Actor| stop(backend, by, school, batch).await;
    assert_eq!(stopped(&scene.staff).await.unwrap(), 0, "nothing waits");
    // Ana was sent one before, and is sent a second with the others.
    let ana = sqlx::query_scalar(
        "SELECT a.id FROM accounts a JOIN people p ON p.id = a.person_id WHERE p.given_name = 'ana'",
    );
    let ana = AccountId(ana.fetch_one(backend.database.raw()).await.unwrap());
    scene.send(&[ana]).await;
    run_once(backend).await.unwrap();
    scene.clock.advance(TimeDelta::minutes(1));
    for again in [false, true] {
        send(backend, &scene.staff, school, Recipients::Batch { batch, again }).await.unwrap();
    }
    scene.send(&[outside]).await;
    let viewer = scene.school.actor(backend, Role::OfficeViewer);
    assert!(matches!(stopped(&viewer).await, Err(Error::Refused(_))));

    assert_eq!(stopped(&scene.staff).await.unwrap(), 3);
    run_once(backend).await.unwrap();
    let sent: Vec<String> = scene.sink.received().into_iter().map(|mail| mail.to).collect();
    assert_eq!(sent, ["ana@example.org", "dee@example.org"]);
    let lines = scene.lines(ana).await;
    assert!(
        lines[0].revoked_at.is_some() && lines[1].revoked_at.is_none(),
        "the code that was sent stays: {lines:?}"
    );
    assert_eq!(progress(backend, &scene.staff, school, batch).await.unwrap().waiting, 0);
    assert_eq!(scene.state(ana).await, "invited");
    assert_eq!(
        scene.count("SELECT count(*) FROM accounts WHERE account_state(id, state) = 'created'").await,
        2,
        "nobody told the others"
    );

    for again in [false, true] {
        send(backend, &scene.staff, school, Recipients::Batch { batch, again }).await.unwrap();
    }
    run_once(backend).await.unwrap();
    assert_eq!(scene.sink.received().len(), 5, "sending again reaches everyone");
}
