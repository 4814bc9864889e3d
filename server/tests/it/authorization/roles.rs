//! The pages about roles, through the router.

use axum::http::{Method, StatusCode};
use backend::Backend;
use backend::authorization::roles::give::{RoleForm, give};
use backend::testing::{TestSchool, active_account, backend, staff_role, student};
use domain::authorization::actor::Actor;
use domain::authorization::role::Role;
use domain::ids::PersonId;
use server::http::{Access, declared};
use sqlx::PgPool;

use crate::browser::Browser;

const PASSWORD: &str = "three green caps fly";

struct Scene {
    context: Backend,
    school: TestSchool,
    ada: PersonId,
    head: Browser,
}

impl Scene {
    /// A teacher without a role, and the administrator of all schools, signed in to the office.
    async fn new(pool: PgPool) -> Self {
        let (context, _) = backend(pool);
        let school = TestSchool::new(&context).await;
        let ada = student(&context, &school, "Ada", "Okoronta", "1", None).await;
        active_account(&context, &school, ada, "a.okoronta", PASSWORD).await;
        let head = student(&context, &school, "Ines", "Marchetti", "2", None).await;
        active_account(&context, &school, head, "i.marchetti", PASSWORD).await;
        let form =
            RoleForm { role: "administrator".to_owned(), place: "all".to_owned(), ..RoleForm::default() };
        give(&context, &Actor::system(school.organisation), head, &form).await.unwrap();
        let mut browser = Browser::new(&context);
        browser.sign_in("i.marchetti", PASSWORD).await;
        Self { context, school, ada, head: browser }
    }

    fn page(&self) -> String {
        format!("/roles/people/{}", self.ada)
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_role_is_found_given_explained_and_taken_with_forms_alone(pool: PgPool) {
    let mut scene = Scene::new(pool).await;
    let (page, school) = (scene.page(), scene.school.school.to_string());
    let found = scene.head.get("/roles?q=okoronta").await;
    assert!(found.body.contains(&page) && !found.body.contains(".wasm"), "{}", found.body);
    let wrong = scene.head.post(&page, &[("role", "tutor"), ("place", &school), ("until", "soon")]).await;
    assert!(wrong.body.contains("There is a problem") && wrong.body.contains("Enter the date in the format"));

    let given = scene.head.post(&page, &[("role", "tutor"), ("place", &school)]).await;
    assert_eq!(
        (given.status, given.location()),
        (StatusCode::SEE_OTHER, Some(&*format!("{page}?done=given")))
    );
    let shown = scene.head.get(given.location().unwrap()).await;
    assert!(shown.body.contains("Role given.") && shown.body.contains("Ines Marchetti"));

    let why = |action: &str| format!("/roles/why?person={}&action={action}&school={school}", scene.ada);
    let (can, cannot) = (why("preview_account"), why("manage_accounts"));
    assert!(scene.head.get(&can).await.body.contains("Ada Okoronta is Tutor at Quillmere School"));
    let answer = scene.head.get(&cannot).await.body;
    assert!(answer.contains("No, they can\u{2019}t") && answer.contains("Administrator, Account manager"));

    let id: String = sqlx::query_scalar("SELECT id::text FROM staff_roles WHERE role = 'tutor'")
        .fetch_one(scene.context.database.raw())
        .await
        .unwrap();
    let taken = scene.head.post("/roles/take", &[("id", &id)]).await;
    assert_eq!(taken.location(), Some(&*format!("{page}?done=taken")));
    assert!(scene.head.get(&page).await.body.contains("No roles."));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn what_a_role_lacks_is_neither_shown_nor_done(pool: PgPool) {
    let scene = Scene::new(pool).await;
    staff_role(&scene.context, &scene.school, scene.ada, Role::Tutor).await;
    let mut tutor = Browser::new(&scene.context);
    tutor.sign_in("a.okoronta", PASSWORD).await;
    let page = tutor.get("/accounts").await.body;
    for address in ["/roles", "/audit", "/imports", "/settings", "/accounts/new"] {
        assert!(!page.contains(&format!("href=\"{address}\"")), "{address}");
        assert_eq!(tutor.get(address).await.status, StatusCode::FORBIDDEN, "{address}");
    }
    let refused = tutor.post(&scene.page(), &[("role", "administrator"), ("place", "all")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn who_works_here_and_has_a_portal_switches_between_the_two(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut both = Browser::new(&scene.context);
    both.sign_in("a.okoronta", PASSWORD).await;
    assert!(!both.get("/portal").await.body.contains(">Office<"));
    staff_role(&scene.context, &scene.school, scene.ada, Role::OfficeViewer).await;
    assert!(both.get("/portal").await.body.contains(">Office<"));
    assert_eq!(both.get("/").await.location(), Some("/accounts"));
    assert!(both.get("/accounts").await.body.contains("My own portal"));
}

/// OWASP ASVS 5.0, V8.2.2 and V8.4.1: what belongs to another organisation is not found, however it is
/// requested.
#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn an_administrator_of_another_organisation_finds_nothing_by_id(pool: PgPool) {
    let mut scene = Scene::new(pool).await;
    let other = TestSchool::new(&scene.context).await;
    let stranger = student(&scene.context, &other, "Olu", "Bright", "1", None).await;
    active_account(&scene.context, &other, stranger, "o.bright", PASSWORD).await;
    let form = RoleForm { role: "administrator".to_owned(), place: "all".to_owned(), ..RoleForm::default() };
    give(&scene.context, &Actor::system(other.organisation), stranger, &form).await.unwrap();
    let mut elsewhere = Browser::new(&scene.context);
    elsewhere.sign_in("o.bright", PASSWORD).await;
    let own = scene.head.get(&scene.page()).await;
    assert_eq!(own.status, StatusCode::OK);

    for route in declared(&scene.context) {
        let Access::Holds(_) = route.requires.access else { continue };
        let names: Vec<&str> = route.path.split('/').filter(|part| part.starts_with('{')).collect();
        let id = match names.as_slice() {
            ["{person}" | "{id}"] | ["{person}", _] => scene.ada.to_string(),
            ["{school}"] => scene.school.school.to_string(),
            _ => continue,
        };
        let path: Vec<&str> = route
            .path
            .split('/')
            .map(|part| if part.starts_with('{') { id.as_str() } else { part })
            .collect();
        let path = path.join("/");
        for method in [Method::GET, Method::POST] {
            let same_site = &[("sec-fetch-site", "same-origin")];
            let form = [("role", "tutor"), ("place", "all"), ("reason", "helping"), ("name", "x")];
            let answer = elsewhere.send(method.clone(), &path, Some(&form), same_site).await;
            assert!(!answer.body.contains("Okoronta"), "{method} {path}: {}", answer.status);
        }
    }
    let roles: i64 = sqlx::query_scalar("SELECT count(*) FROM staff_roles WHERE person_id = $1")
        .bind(scene.ada.0)
        .fetch_one(scene.context.database.raw())
        .await
        .unwrap();
    assert_eq!(roles, 0);
}

/// OWASP ASVS 5.0, V15.3.3: fields that the form does not have change nothing.
#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn fields_that_a_form_does_not_have_change_nothing(pool: PgPool) {
    let mut scene = Scene::new(pool).await;
    let (page, school) = (scene.page(), scene.school.school.to_string());
    let smuggled = [
        ("role", "office_viewer"),
        ("place", school.as_str()),
        ("permissions", "manage_roles"),
        ("is_admin", "true"),
        ("organisation_id", "00000000-0000-7000-8000-000000000001"),
        ("given_by", "00000000-0000-7000-8000-000000000001"),
    ];
    scene.head.post(&page, &smuggled).await;
    let (role, custom, by): (Option<String>, Option<String>, Option<String>) = sqlx::query_as(
        "SELECT r.role, r.custom_role_id::text, a.username FROM staff_roles r LEFT JOIN accounts a ON a.id = r.given_by
         WHERE r.person_id = $1",
    )
    .bind(scene.ada.0)
    .fetch_one(scene.context.database.raw())
    .await
    .unwrap();
    assert_eq!((role.as_deref(), custom, by.as_deref()), (Some("office_viewer"), None, Some("i.marchetti")));
}
