//! The page of a member of staff, through the router.

use axum::http::StatusCode;
use backend::jobs::worker::run_once;
use backend::testing::{active_account, member_of_staff, staff_role, student};
use domain::authorization::role::Role;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::scene::{PASSWORD, Scene};

/// Somebody with a role at the school, at the desk.
async fn at_desk(scene: &Scene, username: &str, role: Role) -> Browser {
    let person = student(&scene.backend, &scene.school, username, "Desk", username, None).await;
    active_account(&scene.backend, &scene.school, person, username, PASSWORD).await;
    staff_role(&scene.backend, &scene.school, person, role).await;
    let mut browser = Browser::new(&scene.backend);
    browser.sign_in(username, PASSWORD).await;
    browser
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn staff_get_an_account_an_invitation_and_a_role_with_forms_alone(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let email = Some("otis@post.example");
    let otis = member_of_staff(&scene.backend, &scene.school, "Otis", "Warrender", "WAR", email).await;
    let mut head = at_desk(&scene, "head", Role::Administrator).await;
    let page = format!("/staff/{otis}");
    let listed = head.get("/staff").await.body;
    assert!(listed.contains(&format!("href=\"{page}\"")), "{listed}");

    let shown = head.get(&page).await.body;
    assert!(shown.contains("Create account") && !shown.contains(".wasm"), "{shown}");
    assert!(!shown.contains("Send invitation code email") && shown.contains("Create an account first."));
    let (account, invitation) = (format!("{page}/account"), format!("{page}/invitation"));
    let wrong = head.post(&account, &[("username", "a b")]).await;
    assert!(wrong.body.contains("There is a problem"), "{}", wrong.body);
    // What has to be looked at is accepted when it is sent a second time.
    let review = head.post(&account, &[("username", "admin")]).await;
    assert!(
        review.body.contains("Accept it or change it")
            && review.body.contains("name=\"reviewed\" value=\"admin\"")
    );
    assert_eq!(head.post(&invitation, &[]).await.status, StatusCode::NOT_FOUND, "no account");
    let created = head.post(&account, &[("username", "o.warrender"), ("reviewed", "admin")]).await;
    assert_eq!(created.location(), Some(&*format!("{page}?done=created")), "{}", created.body);
    let again = head.post(&account, &[("username", "another")]).await;
    assert!(again.body.contains("Nothing was changed"), "{}", again.body);

    let shown = head.get(created.location().unwrap()).await.body;
    assert!(shown.contains("Account created.") && shown.contains("o.warrender"), "{shown}");
    let invited = head.post(&invitation, &[]).await;
    assert_eq!(invited.location(), Some(&*format!("{page}?done=invited")), "{}", invited.body);
    // While it is on its way there is nothing to press, and a press of an old page sends nothing.
    let waiting = head.get(&page).await.body;
    assert!(
        waiting.contains("An invitation code is on its way to otis@post.example, queued today at")
            && !waiting.contains("Send invitation code email")
            && !waiting.contains("Send again"),
        "{waiting}"
    );
    let twice = head.post(&invitation, &[]).await;
    assert!(
        twice.body.contains("An invitation is already on its way. No second one was sent."),
        "{}",
        twice.body
    );
    let messages = "SELECT count(*) FROM messages WHERE kind = 'invitation'";
    assert_eq!(scene.count(messages).await, 1);
    // Once it was sent, another is the second choice, and has to be asked for.
    run_once(&scene.backend).await.unwrap();
    let sent = head.get(&page).await.body;
    assert!(
        sent.contains("An invitation code was sent to otis@post.example today at")
            && sent.contains("<button class=\"btn\" type=\"submit\">Send again</button>"),
        "{sent}"
    );
    let old = head.post(&invitation, &[]).await;
    assert!(old.body.contains("Choose Send again to send another."), "{}", old.body);
    let again = head.post(&invitation, &[("again", "yes")]).await;
    assert_eq!(again.location(), Some(&*format!("{page}?done=invited")), "{}", again.body);
    assert_eq!(scene.count(messages).await, 2);
    let roles = format!("/roles/people/{otis}");
    assert!(head.get(&page).await.body.contains(&format!("href=\"{roles}\"")));
    let school = scene.school.school.to_string();
    let given = head.post(&roles, &[("role", "tutor"), ("place", &school)]).await;
    assert_eq!(given.location(), Some(&*format!("{roles}?done=given")), "{}", given.body);
    let shown = head.get(&page).await.body;
    assert!(shown.contains("<dt>Tutor<") && shown.contains("No end date"), "{shown}");

    let mut viewer = at_desk(&scene, "viewer", Role::OfficeViewer).await;
    let shown = viewer.get(&page).await.body;
    assert!(
        shown.contains("o.warrender") && !shown.contains("<form method=\"post\" action=\"/staff"),
        "{shown}"
    );
    for form in [&account, &invitation] {
        assert_eq!(viewer.post(form, &[("username", "another")]).await.status, StatusCode::FORBIDDEN);
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn staff_without_an_address_are_not_invited_and_it_is_said(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let otis = member_of_staff(&scene.backend, &scene.school, "Otis", "Warrender", "WAR", None).await;
    let mut head = at_desk(&scene, "head", Role::Administrator).await;
    head.post(&format!("/staff/{otis}/account"), &[("username", "o.warrender")]).await;
    assert!(head.get(&format!("/staff/{otis}")).await.body.contains("There is no email address"));
    let refused = head.post(&format!("/staff/{otis}/invitation"), &[]).await;
    assert!(
        refused.body.contains("Nothing was changed") && refused.body.contains("No email address."),
        "{}",
        refused.body
    );
    let nobody = head.get("/staff/somebody").await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
}
