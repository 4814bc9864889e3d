//! Parents who live apart: two accounts, of which nothing of one is seen, mailed or ended by the other.

use axum::http::StatusCode;
use backend::testing::{active_account, grant, guardian, staff_role, student};
use domain::authorization::role::Role;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::recovery::forgetting::{links, mailbox};
use crate::scene::{PASSWORD, Scene};

const CHOSEN: &str = "kettle orbit mustard";

/// Ilse's parents, each with these addresses and an account.
async fn parents(scene: &Scene, emails: [&str; 2]) {
    let (backend, school) = (&scene.backend, &scene.school);
    let ilse = student(backend, school, "Ilse", "Varga", "A100", None).await;
    for (given, email, username) in [("Mara", emails[0], "m.varga"), ("Piotr", emails[1], "p.varga")] {
        let adult = guardian(backend, school, given, "Varga", Some(email), &[ilse]).await;
        grant(backend, school, adult, ilse).await;
        active_account(backend, school, adult, username, PASSWORD).await;
    }
}

// C4
#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_reset_by_one_parent_reaches_nothing_of_the_other(pool: PgPool) {
    let scene = Scene::new(pool).await;
    parents(&scene, ["mara@example.test", "piotr@example.test"]).await;
    let mut mara = Browser::new(&scene.backend);
    mara.sign_in("m.varga", PASSWORD).await;

    let mut piotr = Browser::new(&scene.backend);
    piotr.post("/forgotten/password", &[("name", "p.varga")]).await;
    let sent = mailbox(&scene).await;
    let [(recipient, _, text)] = sent.as_slice() else { panic!("{sent:?}") };
    assert!(recipient.contains("piotr@example.test") && !text.contains("Mara"), "{text}");
    piotr.get(&links(text).pop().unwrap()).await;
    assert_eq!(piotr.post("/reset", &[("password", CHOSEN)]).await.location(), Some("/portal"));

    assert_eq!(mara.get("/portal").await.status, StatusCode::OK, "her session goes on");
    Browser::new(&scene.backend).sign_in("m.varga", PASSWORD).await;
    for (recipient, _, text) in mailbox(&scene).await {
        assert!(recipient.contains("piotr@example.test") && !text.contains("Mara"), "{recipient}: {text}");
    }
    for (own, other, address) in
        [(&mut mara, "Piotr", "piotr@example.test"), (&mut piotr, "Mara", "mara@example.test")]
    {
        for page in ["/portal", "/portal/access", "/portal/account"] {
            let shown = own.get(page).await.body;
            assert!(!shown.contains(other) && !shown.contains(address), "{page} tells of {other}: {shown}");
        }
    }

    // What the office does to one account does nothing to the other either.
    let clerk = student(&scene.backend, &scene.school, "Clerk", "Desk", "9100", None).await;
    active_account(&scene.backend, &scene.school, clerk, "clerk", PASSWORD).await;
    staff_role(&scene.backend, &scene.school, clerk, Role::AccountManager).await;
    let mut clerk = Browser::new(&scene.backend);
    clerk.sign_in("clerk", PASSWORD).await;
    let piotr_id = crate::recovery::forgetting::person_of(&scene, "p.varga").await;
    clerk.post(&format!("/guardians/{piotr_id}/state"), &[("action", "disable")]).await;
    assert_eq!(piotr.get("/portal").await.status, StatusCode::SEE_OTHER);
    assert_eq!(mara.get("/portal").await.status, StatusCode::OK);
}

// C3, C4
#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn one_mailbox_of_two_parents_gets_a_link_for_each_and_each_changes_one_password(pool: PgPool) {
    let scene = Scene::new(pool).await;
    parents(&scene, ["home@example.test", "HOME@example.test"]).await;
    let mut mara = Browser::new(&scene.backend);
    mara.sign_in("m.varga", PASSWORD).await;
    // The password of both: the mailbox alone names nobody.
    let asked = Browser::new(&scene.backend)
        .post("/sign-in", &[("name", "home@example.test"), ("password", PASSWORD)])
        .await;
    assert_ne!(asked.location(), Some("/portal"), "{}", asked.body);

    let mut piotr = Browser::new(&scene.backend);
    piotr.post("/forgotten/password", &[("name", "home@example.test")]).await;
    let sent = mailbox(&scene).await;
    let [(_, _, text)] = sent.as_slice() else { panic!("{sent:?}") };
    let both = links(text);
    assert_eq!(both.len(), 2, "{text}");
    piotr.get(&both[1]).await;
    let form = piotr.get("/reset").await.body;
    assert!(form.contains("Piotr Varga") && !form.contains("Mara"), "{form}");
    piotr.post("/reset", &[("password", CHOSEN)]).await;
    assert_eq!(mara.get("/portal").await.status, StatusCode::OK, "her session goes on");
    Browser::new(&scene.backend).sign_in("m.varga", PASSWORD).await;
    Browser::new(&scene.backend).sign_in("p.varga", CHOSEN).await;
}
