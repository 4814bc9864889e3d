//! The mailbox of embedded mode: readers see nothing about people with more permissions than they have.

use axum::http::StatusCode;
use backend::Backend;
use backend::authorization::roles::give::{RoleForm, give};
use backend::invitations::send::send;
use backend::jobs::worker::run_once;
use backend::testing::{TestSchool, account, active_account, backend, student};
use chrono::TimeDelta;
use domain::authorization::actor::Actor;
use domain::invitations::views::Recipients;
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::audit::{PASSWORD, head};
use crate::browser::Browser;

/// An account manager of all schools, signed in.
async fn manager(backend: &Backend, school: &TestSchool) -> Browser {
    let person = student(backend, school, "Milo", "Ross", "M1", Some("milo@example.org")).await;
    active_account(backend, school, person, "m.ross", PASSWORD).await;
    let form =
        RoleForm { role: "account_manager".to_owned(), place: "all".to_owned(), ..RoleForm::default() };
    give(backend, &Actor::system(school.organisation), person, &form).await.unwrap();
    let mut browser = Browser::new(backend);
    browser.sign_in("m.ross", PASSWORD).await;
    browser
}

/// The messages in someone's list: recipients and ids.
async fn list(browser: &mut Browser) -> Vec<(String, String)> {
    let listed = browser.call("invitations/mailbox", &json!({ "q": "", "after": null })).await;
    assert_eq!(listed.status, StatusCode::OK, "{}", listed.body);
    let page: Value = serde_json::from_str(&listed.body).unwrap();
    let lines = page["rows"].as_array().unwrap();
    let word = |line: &Value, key: &str| line[key].as_str().unwrap().to_owned();
    lines.iter().map(|line| (word(line, "recipient"), word(line, "id"))).collect()
}

/// The id of the message to an address.
fn to<'a>(lines: &'a [(String, String)], address: &str) -> Option<&'a str> {
    lines.iter().find(|(to, _)| to.contains(address)).map(|(_, id)| id.as_str())
}

async fn entries(backend: &Backend, action: &str) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM audit_events WHERE action = $1")
        .bind(action)
        .fetch_one(backend.database.raw())
        .await
        .unwrap()
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn nobody_reads_a_message_about_someone_with_more_rights_and_opening_one_is_in_the_log(pool: PgPool) {
    let (context, clock) = backend(pool);
    let school = TestSchool::new(&context).await;
    head(&context, &school, "Otto").await;
    let (_, mut head) = head(&context, &school, "Ines").await;
    let mut manager = manager(&context, &school).await;
    let ana = student(&context, &school, "Ana", "Abara", "001", Some("ana@example.org")).await;
    let invited =
        Recipients::Accounts { ids: vec![account(&context, &school, ana, "a.abara").await], again: true };
    let system = Actor::system(school.organisation);
    send(&context, &system, school.school, invited).await.unwrap();
    // An administrator's reset link, and another administrator's in a message shared with a daughter.
    let zoe = student(&context, &school, "Zoe", "Marchetti", "002", Some("Otto@example.org")).await;
    active_account(&context, &school, zoe, "z.marchetti", PASSWORD).await;
    for name in ["Ines@example.org", "Otto@example.org", "milo@example.org"] {
        Browser::new(&context).post("/forgotten/password", &[("name", name)]).await;
    }
    clock.advance(TimeDelta::seconds(1));
    run_once(&context).await.unwrap();

    let all = list(&mut head).await;
    assert_eq!(all.len(), 4, "{all:?}");
    let own = list(&mut manager).await;
    assert!(
        own.len() == 2 && to(&own, "ana@example.org").is_some() && to(&own, "milo@example.org").is_some(),
        "{own:?}"
    );
    for above in ["Ines@example.org", "Otto@example.org"] {
        let id = to(&all, above).unwrap();
        let opened = manager.call("invitations/message", &json!({ "message": id })).await;
        assert_eq!(opened.status, StatusCode::NOT_FOUND, "{}", opened.body);
        for page in [format!("/mailbox/{id}"), format!("/mailbox/{id}/html")] {
            let answer = manager.get(&page).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{page}");
            assert!(!answer.body.contains("/reset/"), "{page}");
        }
    }
    assert_eq!(entries(&context, "message_opened").await, 0);

    // An invitation opens with one click and no step-up, however long ago the last one was.
    clock.advance(TimeDelta::minutes(16));
    let id = to(&own, "ana@example.org").unwrap();
    let page = manager.get(&format!("/mailbox/{id}")).await;
    assert!(page.status == StatusCode::OK && page.body.contains("http://localhost:3000/i/"), "{}", page.body);
    // The email is shown as it was sent, without the script of our pages.
    let email = manager.get(&format!("/mailbox/{id}/html")).await;
    assert_eq!(email.status, StatusCode::OK);
    assert!(email.body.contains("</html>") && !email.body.contains("<script"), "{}", email.body);
    assert_eq!(entries(&context, "message_opened").await, 1, "its page and its frame are one opening");
    let told = head.get(&format!("/students/{ana}")).await.body;
    assert!(told.contains("Message opened in the mailbox by Milo Ross"), "{told}");
    head.get(&format!("/mailbox/{id}")).await;
    assert_eq!(entries(&context, "message_opened").await, 2, "each reader's own");

    // Permissions are compared when the message is read: a role given since counts.
    let form = RoleForm { role: "administrator".to_owned(), place: "all".to_owned(), ..RoleForm::default() };
    give(&context, &system, ana, &form).await.unwrap();
    assert_eq!(to(&list(&mut manager).await, "ana@example.org"), None);
    assert_eq!(manager.get(&format!("/mailbox/{id}/html")).await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_mailbox_says_that_mail_leaves_where_it_does(pool: PgPool) {
    let (context, _) = backend(pool);
    let school = TestSchool::new(&context).await;
    let mut manager = manager(&context, &school).await;
    assert!(manager.get("/mailbox").await.body.contains("Set up a mail server before you invite families"));
    // Another process has a mail server: it sent a message that was never in the mailbox.
    sqlx::query(
        "INSERT INTO messages (id, organisation_id, kind, channel, priority, recipient, state, due_at, created_at, sent_at)
         VALUES (gen_random_uuid(), $1, 'invitation', 'email', 0, 'ana@example.org', 'sent', $2, $2, $2)",
    )
    .bind(school.organisation.0)
    .bind(context.now())
    .execute(context.database.raw())
    .await
    .unwrap();
    assert!(manager.get("/mailbox").await.body.contains("but not by this server"));
    let mut config = (*context.config).clone();
    config.smtp = Some("smtp://127.0.0.1:25".parse().unwrap());
    let mut served = Browser::new(&Backend { config: std::sync::Arc::new(config), ..context });
    served.sign_in("m.ross", PASSWORD).await;
    let page = served.get("/mailbox").await.body;
    assert!(
        page.contains("A mail server is set up") && !page.contains("Until then no email is sent"),
        "{page}"
    );
}
