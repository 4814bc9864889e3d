//! The school year through the router: nightly changes, the rollover, the periods, the days of an account.

use axum::http::StatusCode;
use backend::testing::{active_account, member_of_staff, staff_role, student};
use chrono::TimeDelta;
use domain::authorization::role::Role;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::scene::{PASSWORD, Scene};

async fn at_desk(scene: &Scene, username: &str, role: Role) -> Browser {
    let person = student(&scene.backend, &scene.school, username, "Desk", username, None).await;
    active_account(&scene.backend, &scene.school, person, username, PASSWORD).await;
    staff_role(&scene.backend, &scene.school, person, role).await;
    let mut browser = Browser::new(&scene.backend);
    browser.sign_in(username, PASSWORD).await;
    browser
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_office_sees_tomorrow_holds_it_and_changes_the_periods(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let leaver = student(&scene.backend, &scene.school, "Lena", "Gone", "7001", None).await;
    active_account(&scene.backend, &scene.school, leaver, "lena.gone", PASSWORD).await;
    sqlx::query("UPDATE enrolments SET ends_on = '2026-10-01' WHERE person_id = $1")
        .bind(leaver.0)
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
    let mut head = at_desk(&scene, "head", Role::Administrator).await;
    let seen = head.get("/school-year/nightly").await.body;
    for words in ["Lena Gone", "lena.gone", "Disable, because they left", "Do this now", "Hold for a night"] {
        assert!(seen.contains(words), "{words}: {seen}");
    }
    let wrong = head.post("/school-year/nightly/hold", &[("until", "2020-01-01")]).await;
    assert!(wrong.body.contains("This day has passed"), "{}", wrong.body);
    let held = head.post("/school-year/nightly/hold", &[("night", "next")]).await;
    assert_eq!(held.location(), Some("/school-year/nightly?done=held"));
    assert!(head.get("/school-year/nightly").await.body.contains("Held until"));
    head.post("/school-year/nightly/release", &[]).await;
    let now = head.post("/school-year/nightly/now", &[]).await;
    assert_eq!(now.location(), Some("/school-year/nightly?done=now"), "{}", now.body);
    assert_eq!(scene.count("SELECT count(*) FROM accounts WHERE state = 'suspended'").await, 1);

    let settings = head.get("/settings/school-year").await.body;
    assert!(settings.contains("Days after the last day on roll that an account is disabled"), "{settings}");
    let wrong = head.post("/settings/school-year", &[("account_opens_days_before", "soon")]).await;
    assert!(wrong.body.contains("whole number of days") && wrong.body.contains("soon"), "{}", wrong.body);
    let all = [
        ("account_opens_days_before", "7"),
        ("account_suspended_days_after", "30"),
        ("staff_account_suspended_days_after", "1"),
        ("account_closed_days_after", "90"),
        ("account_erased_days_after", "180"),
        ("nightly_stopped_share", "25"),
    ];
    let saved = head.post("/settings/school-year", &all).await;
    assert_eq!(saved.location(), Some("/settings/school-year?done=saved"), "{}", saved.body);
    assert!(head.get("/settings/school-year").await.body.contains("value=\"30\""));

    // Cards are chosen for each school too.
    let cards = head.get("/settings/cards").await.body;
    assert!(cards.contains("For Quillmere School. Each school has its own."), "{cards}");
    let saved = head.post("/settings/cards", &[("card_days", "5")]).await;
    assert_eq!(saved.location(), Some("/settings/cards?done=saved"), "{}", saved.body);
    let stored = "SELECT count(*) FROM settings WHERE setting = 'card_days' AND school_id IS NOT NULL";
    assert_eq!(scene.count(stored).await, 1);

    let mut viewer = at_desk(&scene, "viewer", Role::GroupTutor).await;
    for page in ["/school-year", "/school-year/nightly", "/school-year/rollover", "/settings/school-year"] {
        assert_eq!(viewer.get(page).await.status, StatusCode::FORBIDDEN, "{page}");
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_year_is_simulated_rolled_over_and_undone_with_forms_alone(pool: PgPool) {
    let scene = Scene::new(pool).await;
    for (number, year) in [("7101", "10"), ("7102", "11")] {
        let person = student(&scene.backend, &scene.school, "Pupil", number, number, None).await;
        sqlx::query("UPDATE enrolments SET year_group = $2 WHERE person_id = $1")
            .bind(person.0)
            .bind(year)
            .execute(scene.backend.database.raw())
            .await
            .unwrap();
    }
    let mut head = at_desk(&scene, "head", Role::Administrator).await;
    let early = head.get("/school-year/rollover?year=2026/27").await.body;
    assert!(early.contains("has not ended") && !early.contains("Roll over 2026/27"), "{early}");
    let unknown = head.get("/school-year/rollover?year=never").await.body;
    assert!(unknown.contains("There is no school year never"), "{unknown}");

    scene.clock.advance(TimeDelta::days(290));
    // A colleague who has just come: the grace without a second factor is over for others.
    let mut head = at_desk(&scene, "late", Role::Administrator).await;
    let seen = head.get("/school-year/rollover?year=2026/27").await.body;
    assert!(seen.contains("Roll over 2026/27") && seen.contains("2027/28"), "{seen}");
    let odd = head.get("/school-year/rollover?year=2026/27&stays=99").await.body;
    assert!(odd.contains("has the admission number 99") && odd.contains("value=\"99\""), "{odd}");
    assert!(!odd.contains("Roll over 2026/27"), "nothing is done of it: {odd}");
    let hash = seen.split("name=\"seen\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let done = head.post("/school-year/rollover", &[("year", "2026/27"), ("seen", hash)]).await;
    assert_eq!(done.location(), Some("/school-year?done=rolled-over"), "{}", done.body);
    assert_eq!(
        scene.count("SELECT count(*) FROM enrolments WHERE year_group = '11' AND ends_on IS NULL").await,
        1
    );
    let again = head.post("/school-year/rollover", &[("year", "2026/27"), ("seen", hash)]).await;
    assert!(again.body.contains("A year is rolled over once"), "{}", again.body);

    let listed = head.get("/school-year").await.body;
    let undo =
        listed.split("action=\"").find(|part| part.contains("/undo")).unwrap().split('"').next().unwrap();
    // The two of above, the scene's own, and the two at their desks, who are on the roll too.
    assert_eq!(scene.count("SELECT count(*) FROM rollover_students").await, 5);
    let undone = head.post(undo, &[]).await;
    assert_eq!(undone.location(), Some("/school-year?done=undone&rows=5&kept=0"), "{}", undone.body);
    let told = head.get("/school-year?done=undone&rows=2&kept=1").await.body;
    assert!(told.contains("Undone: 2 students and groups are as before. One that was changed"), "{told}");
    assert_eq!(scene.count("SELECT count(*) FROM enrolments WHERE ends_on IS NOT NULL").await, 0);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_days_of_an_account_are_told_on_the_record_and_to_its_owner(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ana = student(&scene.backend, &scene.school, "Ana", "Berg", "7201", None).await;
    active_account(&scene.backend, &scene.school, ana, "ana.berg", PASSWORD).await;
    let mut head = at_desk(&scene, "head", Role::Administrator).await;
    let page = format!("/students/{ana}/days");
    let wrong = head.post(&page, &[("from", "2027-03-02"), ("until", "2027-03-01")]).await;
    assert!(wrong.body.contains("The last day is before the first"), "{}", wrong.body);
    let saved = head.post(&page, &[("from", "2027-03-02"), ("until", "")]).await;
    assert_eq!(saved.location(), Some(&*format!("/students/{ana}")), "{}", saved.body);
    let record = head.get(&format!("/students/{ana}")).await.body;
    assert!(record.contains("From 2 March 2027"), "{record}");

    let mut pupil = Browser::new(&scene.backend);
    let told = pupil.post("/sign-in", &[("name", "ana.berg"), ("password", PASSWORD)]).await.body;
    assert!(told.contains("Your account opens on 2 March 2027"), "{told}");
    let wrong = pupil.post("/sign-in", &[("name", "ana.berg"), ("password", "not this one")]).await.body;
    assert!(!wrong.contains("2 March"), "only its owner is told: {wrong}");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_colleague_has_days_too_and_a_provider_or_an_invitation_tells_them(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let finn = member_of_staff(&scene.backend, &scene.school, "Finn", "Roe", "F1", None).await;
    active_account(&scene.backend, &scene.school, finn, "finn.roe", PASSWORD).await;
    let mut head = at_desk(&scene, "head", Role::Administrator).await;
    let record = head.get(&format!("/staff/{finn}")).await.body;
    assert!(record.contains("No limit. It can be used on every day."), "{record}");
    let page = format!("/staff/{finn}/days");
    assert!(record.contains(&page), "{record}");
    let saved = head.post(&page, &[("from", "2027-03-02"), ("until", "")]).await;
    assert_eq!(saved.location(), Some(&*format!("/staff/{finn}")), "{}", saved.body);
    assert!(head.get(&format!("/staff/{finn}")).await.body.contains("From 2 March 2027"));
    let nobody = head.get("/staff/00000000-0000-0000-0000-000000000000/days").await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);

    // What every way in leads to, with the day.
    let mut colleague = Browser::new(&scene.backend);
    let told = colleague.get("/sign-in?said=opens-2027-03-02").await.body;
    assert!(told.contains("Your account opens on 2 March 2027"), "{told}");
    assert!(colleague.get("/sign-in?said=over").await.body.contains("Your account has ended"));
    let odd = colleague.get("/sign-in?said=opens-%3Cb%3E").await;
    assert_eq!((odd.status, odd.body.contains("opens on")), (StatusCode::OK, false));
}
