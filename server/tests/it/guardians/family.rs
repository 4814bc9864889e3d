//! A guardian's home and their children's pages.

use axum::http::StatusCode;
use backend::testing::{self, TestSchool, active_account, grant, guardian, staff_role, student};
use domain::authorization::role::Role;
use domain::ids::PersonId;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::scene::{PASSWORD, Scene};

struct Family {
    scene: Scene,
    other: TestSchool,
    mother: PersonId,
    children: [PersonId; 2],
    stranger: PersonId,
}

impl Family {
    async fn new(pool: PgPool) -> Self {
        let scene = Scene::new(pool).await;
        let (backend, school) = (&scene.backend, &scene.school);
        let other = school.sibling(backend, "OTHER", "Little Quillmere").await;
        let chidera = student(backend, school, "Chidera", "Obi", "2001", None).await;
        let tobenna = student(backend, &other, "Tobenna", "Obi", "2002", None).await;
        let stranger = student(backend, school, "Bo", "Brant", "2003", None).await;
        let children = [chidera, tobenna];
        let mother = guardian(backend, school, "Nkechi", "Obi", None, &children).await;
        for child in children {
            grant(backend, school, mother, child).await;
        }
        active_account(backend, school, mother, "n.obi", PASSWORD).await;
        Self { scene, other, mother, children, stranger }
    }

    async fn browser(&self) -> Browser {
        let mut browser = Browser::new(&self.scene.backend);
        browser.sign_in("n.obi", PASSWORD).await;
        browser
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn each_child_has_a_page_and_a_switch_to_the_others(pool: PgPool) {
    let family = Family::new(pool).await;
    let mut browser = family.browser().await;
    let [chidera, tobenna] = family.children;
    let page = browser.get(&format!("/portal/children/{chidera}")).await;
    assert_eq!(page.status, StatusCode::OK);
    for shown in ["Chidera Obi", "Quillmere School", "7A", "This is not my child"] {
        assert!(page.body.contains(shown), "{shown}: {}", page.body);
    }
    assert!(page.body.contains(&format!("href=\"/portal/children/{tobenna}\"")));
    assert!(page.body.contains("href=\"/portal\""));
    assert_eq!(page.body.matches("<h1").count(), 1);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_stranger_s_child_is_not_found_whatever_is_asked_of_it(pool: PgPool) {
    let family = Family::new(pool).await;
    let mut browser = family.browser().await;
    let invented: PersonId = family.scene.backend.new_id();
    for id in [family.stranger.to_string(), family.mother.to_string(), invented.to_string(), "x".to_owned()] {
        let page = browser.get(&format!("/portal/children/{id}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{id}");
        assert!(
            page.body.contains("Page not found") && !page.body.contains("Brant"),
            "nothing tells which ids exist"
        );
        assert_eq!(
            browser.get(&format!("/portal/children/{id}/not-mine")).await.status,
            StatusCode::NOT_FOUND
        );
        assert_eq!(
            browser.post(&format!("/portal/children/{id}/not-mine"), &[]).await.status,
            StatusCode::NOT_FOUND
        );
    }
    let mut nobody = Browser::new(&family.scene.backend);
    let away = nobody.get(&format!("/portal/children/{}", family.children[0])).await;
    assert!(away.location().unwrap().starts_with("/sign-in"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_child_who_is_not_theirs_is_asked_about_once_more_and_then_gone(pool: PgPool) {
    let family = Family::new(pool).await;
    let mut browser = family.browser().await;
    let [chidera, tobenna] = family.children;
    let which = browser.get("/portal/not-mine").await;
    assert!(
        which.body.contains("Who is not your child?") && which.body.contains("Tobenna"),
        "{}",
        which.body
    );
    let path = format!("/portal/children/{chidera}/not-mine");
    let sure = browser.get(&path).await;
    assert!(sure.body.contains("Is Chidera not your child?"), "{}", sure.body);
    let gone = browser.post(&path, &[]).await;
    assert_eq!(gone.location(), Some("/portal?done=not-mine"));
    let home = browser.get("/portal?done=not-mine").await;
    assert!(
        home.body.contains("You no longer see this child.") && !home.body.contains("Chidera"),
        "{}",
        home.body
    );
    assert_eq!(browser.get(&format!("/portal/children/{chidera}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get(&format!("/portal/children/{tobenna}")).await.status, StatusCode::OK);
    let only = browser.get("/portal/not-mine").await;
    assert_eq!(only.location(), Some(format!("/portal/children/{tobenna}/not-mine").as_str()));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn staff_preview_a_guardian_s_home_and_children_and_can_change_nothing(pool: PgPool) {
    let family = Family::new(pool).await;
    let backend = &family.scene.backend;
    let clerk = student(backend, &family.scene.school, "Ines", "Marchetti", "9001", None).await;
    active_account(backend, &family.scene.school, clerk, "i.marchetti", PASSWORD).await;
    staff_role(backend, &family.scene.school, clerk, Role::AccountManager).await;
    staff_role(backend, &family.other, clerk, Role::AccountManager).await;
    let mut office = Browser::new(backend);
    office.sign_in("i.marchetti", PASSWORD).await;
    let path = format!("/guardians/{}/preview", family.mother);
    assert!(office.get(&path).await.body.contains("Why are you opening it?"));
    let begun = office.post(&path, &[("reason", "helping")]).await;
    let preview = begun.location().unwrap().to_owned();
    assert!(preview.starts_with(&path), "{preview}");
    let home = office.get(&preview).await;
    assert!(home.body.contains("Preview of Nkechi Obi") && home.body.contains("Tobenna"), "{}", home.body);
    let child = format!("{preview}/children/{}", family.children[1]);
    assert!(home.body.contains(&child), "the children's pages stay inside the preview: {}", home.body);
    let page = office.get(&child).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Tobenna Obi") && page.body.contains("Close preview"));
    for shown in [&home.body, &page.body] {
        assert!(!shown.contains("<form") && !shown.contains("\"/portal/"), "{shown}");
    }
    let other = format!("{preview}/children/{}", family.stranger);
    assert_eq!(
        office.get(&other).await.status,
        StatusCode::NOT_FOUND,
        "the guardian's grants, not the staff's"
    );
    let mut mother = family.browser().await;
    assert!(mother.get("/portal").await.body.contains("Ines Marchetti, at the school office"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn staff_who_are_parents_go_to_the_office_and_back(pool: PgPool) {
    let family = Family::new(pool).await;
    testing::staff_role(&family.scene.backend, &family.scene.school, family.mother, Role::AccountManager)
        .await;
    let mut browser = family.browser().await;
    let home = browser.get("/portal").await;
    assert!(home.body.contains("Tobenna"), "{}", home.body);
    let book = &home.body[home.body.find("<header").unwrap()..];
    assert!(book.contains("<a href=\"/\" class=\"tool\">"), "the way to the office: {book}");
    let office = browser.get("/guardians/missing").await;
    assert!(office.body.contains("href=\"/portal\""), "and the way back: {}", office.body);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn what_a_guardian_sees_never_depends_on_the_child_having_an_account(pool: PgPool) {
    let family = Family::new(pool).await;
    let [chidera, _] = family.children;
    let path = format!("/portal/children/{chidera}");
    let mut browser = family.browser().await;
    assert_eq!(browser.get(&path).await.status, StatusCode::OK, "no account");
    let account =
        active_account(&family.scene.backend, &family.scene.school, chidera, "c.obi", PASSWORD).await;
    for state in ["active", "suspended", "locked", "closed"] {
        family.scene.set_state(account, state).await;
        assert_eq!(browser.get(&path).await.status, StatusCode::OK, "{state}");
        assert!(browser.get("/portal").await.body.contains("Chidera"), "{state}");
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_child_s_page_leads_to_what_the_guardian_sees_and_names_no_other_adult(pool: PgPool) {
    let family = Family::new(pool).await;
    let [chidera, _] = family.children;
    let email = Some("emeka@example.org");
    let father =
        guardian(&family.scene.backend, &family.scene.school, "Emeka", "Obi", email, &[chidera]).await;
    grant(&family.scene.backend, &family.scene.school, father, chidera).await;
    let mut browser = family.browser().await;
    let access = format!("/portal/children/{chidera}/access");
    for page in ["/portal".to_owned(), format!("/portal/children/{chidera}"), access.clone()] {
        let shown = browser.get(&page).await;
        assert_eq!(shown.status, StatusCode::OK, "{page}");
        assert!(!shown.body.contains("Emeka") && !shown.body.contains("emeka@"), "{page}: {}", shown.body);
    }
    let child = browser.get(&format!("/portal/children/{chidera}")).await;
    assert!(child.body.contains(&format!("href=\"{access}\"")), "{}", child.body);
}
