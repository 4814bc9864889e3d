//! The preview of a student's portal, through the router.

use axum::http::StatusCode;
use backend::Backend;
use backend::testing::{self, TestSchool, active_account, staff_role, student};
use domain::authorization::role::Role;
use domain::ids::PersonId;
use sqlx::PgPool;

use crate::browser::{Browser, PageAnswer};

const PASSWORD: &str = "copper ladder fog";

struct Scene {
    backend: Backend,
    school: TestSchool,
    student: PersonId,
}

impl Scene {
    async fn new(pool: PgPool) -> Self {
        let (backend, _) = testing::backend(pool);
        let school = TestSchool::new(&backend).await;
        let person = student(&backend, &school, "Adaeze", "Okoronta", "1042", Some("ada@example.org")).await;
        active_account(&backend, &school, person, "a.okoronta", PASSWORD).await;
        Self { backend, school, student: person }
    }

    /// A member of this school's staff, signed in.
    async fn staff(&self, school: &TestSchool, username: &str, role: Role) -> Browser {
        let person = student(&self.backend, school, "Ines", "Marchetti", username, None).await;
        active_account(&self.backend, school, person, username, PASSWORD).await;
        staff_role(&self.backend, school, person, role).await;
        let mut browser = Browser::new(&self.backend);
        browser.sign_in(username, PASSWORD).await;
        browser
    }

    fn preview(&self) -> String {
        format!("/students/{}/preview", self.student)
    }

    /// Gives a reason, and follows the redirect to the page.
    async fn look(&self, browser: &mut Browser, reason: &str) -> PageAnswer {
        let begun = browser.post(&self.preview(), &[("reason", reason)]).await;
        assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.body);
        let shown = browser.get(begun.location().unwrap()).await;
        assert_eq!(shown.status, StatusCode::OK);
        shown
    }

    async fn visits(&self) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM audit_events WHERE action = 'account_previewed'")
            .fetch_one(self.backend.database.raw())
            .await
            .expect("count")
    }
}

/// The part between the tags around the page itself.
fn book(body: &str) -> &str {
    let start = body.find("<main").expect("a page");
    &body[start..body.find("</main>").expect("a whole page")]
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_preview_asks_for_a_reason_and_then_shows_what_the_student_sees(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut office = scene.staff(&scene.school, "i.marchetti", Role::AccountManager).await;
    let asked = office.get(&scene.preview()).await;
    assert!(asked.body.contains("Why are you opening it?"));
    let without = office.post(&scene.preview(), &[]).await;
    assert!(without.body.contains("Choose a reason for the preview."));
    assert_eq!(scene.visits().await, 0);

    let shown = scene.look(&mut office, "helping").await;
    assert!(
        shown.body.contains("Preview of Adaeze Okoronta\u{2019}s account.")
            && shown.body.contains("Close preview")
    );
    assert_eq!(scene.visits().await, 1);

    let mut student = Browser::new(&scene.backend);
    student.sign_in("a.okoronta", PASSWORD).await;
    let own = student.get("/portal").await;
    // A preview contains no other links.
    let ways = [
        "/portal/access",
        "/portal/visits",
        "/account/password",
        "/account/email",
        "/account/security",
        "/account/sessions",
    ];
    let same = ways.iter().fold(book(&own.body).to_owned(), |page, way| page.replace(way, "#main"));
    assert_eq!(book(&shown.body), same, "the student sees the same page, the visit included");
    assert!(student.get("/portal/visits").await.body.contains("Ines Marchetti, at the school office"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn nothing_in_a_preview_can_be_sent(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut office = scene.staff(&scene.school, "i.marchetti", Role::AccountManager).await;
    let shown = scene.look(&mut office, "checking").await;
    assert!(!shown.body.contains("<form"), "{}", shown.body);
    assert!(shown.body.contains("popovertarget") && shown.body.contains("Not available in a preview"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_preview_leaves_the_students_sign_in_record_alone(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut office = scene.staff(&scene.school, "i.marchetti", Role::AccountManager).await;
    scene.look(&mut office, "checking").await;
    let (last, sessions): (Option<chrono::DateTime<chrono::Utc>>, i64) = sqlx::query_as(
        "SELECT a.last_sign_in_at, (SELECT count(*) FROM sessions s WHERE s.account_id = a.id)
         FROM accounts a WHERE a.username = 'a.okoronta'",
    )
    .fetch_one(scene.backend.database.raw())
    .await
    .unwrap();
    assert_eq!((last, sessions), (None, 0));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn only_staff_of_the_students_school_with_the_right_role_get_a_preview(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut stranger = Browser::new(&scene.backend);
    assert!(stranger.get(&scene.preview()).await.location().unwrap().starts_with("/sign-in?next="));
    assert_eq!(
        stranger.post(&scene.preview(), &[("reason", "helping")]).await.status,
        StatusCode::UNAUTHORIZED
    );

    let mut student = Browser::new(&scene.backend);
    student.sign_in("a.okoronta", PASSWORD).await;
    let viewer = scene.staff(&scene.school, "o.viewer", Role::OfficeViewer).await;
    let other = TestSchool::new(&scene.backend).await;
    let elsewhere = scene.staff(&other, "i.elsewhere", Role::Administrator).await;
    for (mut browser, status) in [
        (student, StatusCode::FORBIDDEN),
        (viewer, StatusCode::FORBIDDEN),
        (elsewhere, StatusCode::NOT_FOUND),
    ] {
        assert_eq!(browser.get(&scene.preview()).await.status, status);
        assert_eq!(browser.post(&scene.preview(), &[("reason", "helping")]).await.status, status);
    }
    let mut manager = scene.staff(&scene.school, "i.marchetti", Role::AccountManager).await;
    assert_eq!(manager.get("/students/nobody/preview").await.status, StatusCode::NOT_FOUND);
    assert_eq!(scene.visits().await, 0);
}
