//! Alerts: attempts beyond someone's permissions are refused, and administrators are notified.

use axum::http::StatusCode;
use backend::authorization::roles::holders::holders;
use backend::authorization::roles::take::take;
use backend::testing::{TestSchool, active_account, backend, staff_role, student};
use domain::authorization::actor::Actor;
use domain::authorization::role::Role;
use serde_json::json;
use sqlx::PgPool;

use super::{PASSWORD, head, told};
use crate::browser::Browser;

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn reaching_for_someone_with_more_rights_is_refused_and_administrators_are_told(pool: PgPool) {
    let (context, clock) = backend(pool);
    let school = TestSchool::new(&context).await;
    let (ines, mut browser) = head(&context, &school, "Ines").await;
    let clerk = student(&context, &school, "Milo", "Ross", "M1", None).await;
    active_account(&context, &school, clerk, "m.ross", PASSWORD).await;
    staff_role(&context, &school, clerk, Role::AccountManager).await;
    let mut office = Browser::new(&context);
    office.sign_in("m.ross", PASSWORD).await;

    // A reset, a preview, an address: each is refused and causes a notification. Their target is one of the
    // people notified.
    let code = office.call("recovery/make_code", &json!({ "person": ines, "handout": "shown" })).await;
    assert_eq!(code.status, StatusCode::FORBIDDEN, "{}", code.body);
    assert_eq!(office.get(&format!("/students/{ines}/preview")).await.status, StatusCode::FORBIDDEN);
    let address = json!({ "person": ines, "kind": "email", "typed": "mine@example.org" });
    assert_eq!(office.call("roll/add_address", &address).await.status, StatusCode::FORBIDDEN);
    let told_of = told(&context, &clock).await;
    assert_eq!(told_of.len(), 3);
    for (to, text) in &told_of {
        assert!(
            to.contains("Ines@example.org") && text.contains("don\u{2019}t have permission for"),
            "{text}"
        );
        assert!(!text.contains("Ross") && !text.contains("Marchetti"), "{text}");
    }
    let codes: i64 = sqlx::query_scalar("SELECT count(*) FROM password_resets")
        .fetch_one(context.database.raw())
        .await
        .unwrap();
    assert_eq!(codes, 0);

    // In the office too, until it is marked as seen.
    assert!(browser.get("/roles").await.body.contains("> new alerts<"));
    let page = browser.get("/audit").await.body;
    assert!(page.contains("3 new alerts") && page.contains("wanted: preview account"), "{page}");
    assert!(page.contains("Milo Ross") && page.contains("Ines Marchetti"));
    let until = page.split("name=\"until\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    // An alert that arrives in between is not marked with them.
    office.get(&format!("/students/{ines}/preview")).await;
    assert_eq!(
        browser.post("/audit/alerts/seen", &[("until", until)]).await.location(),
        Some("/audit?done=seen")
    );
    let page = browser.get("/audit").await.body;
    assert!(page.contains("1 new alert"), "{page}");
    browser.post("/audit/alerts/seen", &[("until", "1000000")]).await;
    assert!(!browser.get("/audit").await.body.contains("new alert"));
    assert!(browser.get("/audit?alerts=on").await.body.contains("Milo Ross"), "they stay in the log");

    // An alert that one person has seen is still new to another.
    let (_, mut otto) = head(&context, &school, "Otto").await;
    assert!(otto.get("/audit").await.body.contains("4 new alerts"));
    assert_eq!(office.get("/audit").await.status, StatusCode::FORBIDDEN);
    assert!(!office.get("/students").await.body.contains("new alerts"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn taking_a_role_from_someone_above_is_told_and_a_hundred_tries_fill_no_mailbox(pool: PgPool) {
    let (context, clock) = backend(pool);
    let school = TestSchool::new(&context).await;
    let (_, mut browser) = head(&context, &school, "Ines").await;
    let of_one = school.actor(&context, Role::Administrator);
    let above = holders(&context, &Actor::system(school.organisation)).await.unwrap().remove(0);
    for _ in 0..100 {
        assert!(take(&context, &of_one, above.id).await.is_err());
    }
    assert_eq!(told(&context, &clock).await.len(), 10);
    let page = browser.get("/audit").await.body;
    assert!(page.contains("100 new alerts") && page.contains("All alerts"));
    let log =
        backend::audit::verify::verify(&context, &Actor::system(school.organisation), None).await.unwrap();
    assert_eq!(log.breaks, []);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn alerts_of_a_neighbour_are_nobodys_here(pool: PgPool) {
    let (context, clock) = backend(pool);
    let (ours, theirs) = (TestSchool::new(&context).await, TestSchool::new(&context).await);
    let (_, mut browser) = head(&context, &ours, "Ines").await;
    head(&context, &theirs, "Otto").await;
    let above = holders(&context, &Actor::system(theirs.organisation)).await.unwrap().remove(0);
    assert!(take(&context, &theirs.actor(&context, Role::Administrator), above.id).await.is_err());
    let told = told(&context, &clock).await;
    assert!(told.len() == 1 && told[0].0.contains("Otto@example.org"), "{told:?}");
    assert!(!browser.get("/audit").await.body.contains("not seen"));
}
