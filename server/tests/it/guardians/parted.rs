//! Two parents with one mailbox, who have parted.

use axum::http::StatusCode;
use backend::testing::{active_account, grant, guardian, student};
use sqlx::PgPool;

use crate::browser::Browser;
use crate::recovery::forgetting::{links, mailbox};
use crate::scene::{PASSWORD, Scene};

/// Complaint C4.
#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_parent_who_resets_their_password_ends_and_sees_nothing_of_the_other(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, &scene.school);
    let home = Some("home@example.org");
    for (given, username, number) in [("Mara", "m.varga", "2001"), ("Piotr", "p.varga", "2002")] {
        let child = student(backend, school, &format!("{given}skind"), "Varga", number, None).await;
        let parent = guardian(backend, school, given, "Varga", home, &[child]).await;
        grant(backend, school, parent, child).await;
        active_account(backend, school, parent, username, PASSWORD).await;
    }
    let mut mara = Browser::new(backend);
    mara.sign_in("m.varga", PASSWORD).await;

    let mut piotr = Browser::new(backend);
    piotr.post("/forgotten/password", &[("name", "p.varga")]).await;
    let (.., text) = mailbox(&scene).await.pop().expect("a message");
    assert!(text.contains("p.varga") && !text.contains("m.varga"), "he asked for his own: {text}");
    piotr.get(&links(&text).pop().expect("a link")).await;
    let reset = piotr.post("/reset", &[("password", "kettle orbit mustard")]).await;
    assert_eq!(reset.location(), Some("/portal"), "{}", reset.body);

    let home = piotr.get("/portal").await.body;
    assert!(home.contains("Piotrskind") && !home.contains("Maraskind"), "{home}");
    let hers = mara.get("/portal").await;
    assert_eq!(hers.status, StatusCode::OK, "her session goes on");
    assert!(hers.body.contains("Maraskind") && !hers.body.contains("Piotr"), "{}", hers.body);
    Browser::new(backend).sign_in("m.varga", PASSWORD).await;
    for (.., text) in mailbox(&scene).await {
        assert!(!text.contains("m.varga"), "she is told of nothing of his: {text}");
    }
}
