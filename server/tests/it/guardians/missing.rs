//! Every child has an adult: the board.

use axum::http::StatusCode;
use backend::testing::{account, active_account, grant, guardian, staff_role, student};
use domain::authorization::role::Role;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::scene::{PASSWORD, Scene, administrator_of_all};

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_board_names_students_reasons_and_what_to_do(pool: PgPool) {
    let scene = Scene::new(pool).await;
    administrator_of_all(&scene.backend, &scene.school, "Ines", "Marchetti", ("9001", "i.marchetti")).await;
    let mut office = Browser::new(&scene.backend);
    office.sign_in("i.marchetti", PASSWORD).await;
    let page = office.get("/guardians/missing?reason=no_contact&group=7A").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    for shown in [
        "Every child has an adult",
        "0 of 2 current students",
        "Adaeze Okoronta",
        "No contact",
        "Add a contact",
        "English",
    ] {
        assert!(page.body.contains(shown), "{shown}: {}", page.body);
    }
    let none = office.get("/guardians/missing?reason=bounced").await;
    assert!(none.body.contains("No students match."), "{}", none.body);
    let unticked = office.post("/guardians/missing/invite", &[("reason", "not_invited"), ("all", "")]).await;
    assert!(unticked.body.contains("Nothing was done."), "{}", unticked.body);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn who_has_no_email_is_printed_a_code_from_the_board(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, &scene.school);
    let ilse = student(backend, school, "Ilse", "Varga", "A100", None).await;
    let piotr = guardian(backend, school, "Piotr", "Varga", None, &[ilse]).await;
    grant(backend, school, piotr, ilse).await;
    account(backend, school, piotr, "p.varga").await;
    administrator_of_all(backend, school, "Ines", "Marchetti", ("9001", "i.marchetti")).await;
    let mut office = Browser::new(backend);
    office.sign_in("i.marchetti", PASSWORD).await;
    let board = office.get("/guardians/missing").await.body;
    assert!(board.contains("No email, no code on paper") && board.contains("Print codes"), "{board}");
    let all = [("all", "yes")];
    let asked = office.post("/guardians/missing/print", &all).await.body;
    assert!(asked.contains("Print 1 invitation code?") && asked.contains(&piotr.to_string()), "{asked}");
    let print = [("guardian", &*piotr.to_string()), ("action", "print")];
    let slips = office.post("/guardians/bulk/accounts", &print).await.body;
    assert!(slips.contains("p.varga"), "{slips}");
    let board = office.get("/guardians/missing?reason=on_paper").await.body;
    assert!(board.contains("Code on paper, not used yet") && board.contains("Ilse Varga"), "{board}");
    let nobody = office.post("/guardians/missing/print", &[("all", "yes"), ("reason", "no_contact")]).await;
    assert!(nobody.body.contains("needs a code on paper"), "{}", nobody.body);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn guardians_are_invited_after_a_question_with_their_number(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, &scene.school);
    let ilse = student(backend, school, "Ilse", "Varga", "A100", None).await;
    for (given, username) in [("Piotr", "p.varga"), ("Mara", "m.varga")] {
        let email = format!("{given}@example.test").to_lowercase();
        let adult = guardian(backend, school, given, "Varga", Some(&email), &[ilse]).await;
        grant(backend, school, adult, ilse).await;
        account(backend, school, adult, username).await;
    }
    administrator_of_all(backend, school, "Ines", "Marchetti", ("9001", "i.marchetti")).await;
    let mut office = Browser::new(backend);
    office.sign_in("i.marchetti", PASSWORD).await;
    let sent = "SELECT count(*) FROM invitations";
    let asked = office.post("/guardians/missing/invite", &[("all", "yes"), ("reason", "not_invited")]).await;
    assert!(asked.body.contains("Send 2 invitation codes?"), "{}", asked.body);
    assert_eq!(scene.count(sent).await, 0);
    let form = [("all", "yes"), ("reason", "not_invited"), ("sure", "yes")];
    let done = office.post("/guardians/missing/invite", &form).await;
    assert_eq!(done.location(), Some("/guardians/missing?done=invited"), "{}", done.body);
    assert_eq!(scene.count(sent).await, 2);
    let nobody = office.post("/guardians/missing/enable", &[("all", "yes")]).await;
    assert!(nobody.body.contains("whose account is disabled"), "{}", nobody.body);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn families_and_viewers_get_neither_the_board_nor_its_file(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut family = Browser::new(&scene.backend);
    family.sign_in("a.okoronta", PASSWORD).await;
    assert_eq!(family.get("/guardians/missing").await.status, StatusCode::FORBIDDEN);
    let tutor = student(&scene.backend, &scene.school, "Ola", "Brant", "9002", None).await;
    active_account(&scene.backend, &scene.school, tutor, "o.brant", PASSWORD).await;
    staff_role(&scene.backend, &scene.school, tutor, Role::OfficeViewer).await;
    let mut viewer = Browser::new(&scene.backend);
    viewer.sign_in("o.brant", PASSWORD).await;
    assert_eq!(viewer.post("/guardians/missing/export", &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        viewer.post("/guardians/missing/invite", &[("all", "yes")]).await.status,
        StatusCode::FORBIDDEN
    );
}
