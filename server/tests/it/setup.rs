//! Set-up: the first administrator, the organisation, its first school.

use axum::http::StatusCode;
use backend::roll::organisation;
use backend::setup::link;
use backend::testing::{self, TestSchool, active_account, staff_role, student};
use chrono::{NaiveDate, TimeDelta};
use domain::authorization::role::Role;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::command::greencap;
use crate::scene::{PASSWORD, Scene};

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_first_administrator_makes_their_account_and_the_link_is_spent(pool: PgPool) {
    let (backend, _) = testing::backend(pool);
    let link = link::link(&backend).await.unwrap().unwrap();
    let path = link.strip_prefix("http://localhost:3000").unwrap();
    let mut browser = Browser::new(&backend);
    assert_eq!(browser.get(path).await.status, StatusCode::OK);

    let wrong = [("given", "Halima"), ("email", "h"), ("username", "h.voss"), ("password", "short")];
    let answer = browser.post(path, &wrong).await;
    assert!(answer.body.contains(r#"id="email-error""#) && answer.body.contains(r#"id="password-error""#));
    assert!(answer.body.contains(r#"value="Halima""#) && !answer.body.contains("value=\"short\""));

    let right = [
        ("given", "Halima"),
        ("family", "Voss"),
        ("email", "h.voss@quillmere.example"),
        ("username", "h.voss"),
        ("password", "kettle orbit mustard"),
    ];
    let answer = browser.post(path, &right).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, Some("/")));
    assert!(browser.cookies.contains_key("greencap"));

    let mut late = Browser::new(&backend);
    assert_eq!(late.get(path).await.status, StatusCode::GONE);
    assert_eq!(late.post(path, &right).await.status, StatusCode::GONE);
    assert!(late.cookies.is_empty());
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn of_fifty_who_send_the_form_at_once_one_becomes_administrator(pool: PgPool) {
    let (backend, _) = testing::backend(pool);
    let link = link::link(&backend).await.unwrap().unwrap();
    let path = link.strip_prefix("http://localhost:3000").unwrap().to_owned();
    let tasks: Vec<_> = (0..50)
        .map(|n| {
            let (mut browser, path) = (Browser::new(&backend), path.clone());
            tokio::spawn(async move {
                let (email, username) = (format!("h{n}@quillmere.example"), format!("h.voss{n}"));
                let form = [
                    ("given", "Halima"),
                    ("family", "Voss"),
                    ("email", &*email),
                    ("username", &*username),
                    ("password", "kettle orbit mustard"),
                ];
                let answer = browser.post(&path, &form).await;
                (answer.status, browser.cookies.contains_key("greencap"))
            })
        })
        .collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    let came_in = answers.iter().filter(|(_, signed_in)| *signed_in).count();
    assert_eq!(came_in, 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|(status, _)| *status == StatusCode::SEE_OTHER).count(), 1);
    let made: (i64, i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM accounts), (SELECT count(*) FROM staff_roles), (SELECT count(*) FROM people)",
    )
    .fetch_one(backend.database.raw())
    .await
    .unwrap();
    assert_eq!(made, (1, 1, 1));
}

/// The page where a chain of redirects ends.
async fn follow(browser: &mut Browser, path: &str) -> (String, String) {
    let mut path = path.to_owned();
    for _ in 0..5 {
        let answer = browser.get(&path).await;
        match answer.location() {
            Some(next) => next.clone_into(&mut path),
            None => return (path, answer.body),
        }
    }
    panic!("{path} never ends");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_pages_alone_lead_from_the_link_to_the_list_of_accounts(pool: PgPool) {
    let (backend, _) = testing::backend(pool);
    let link = link::link(&backend).await.unwrap().unwrap();
    let path = link.strip_prefix("http://localhost:3000").unwrap();
    let mut browser = Browser::new(&backend);
    // Before that, the sign-in page says what to do.
    assert!(browser.get("/sign-in").await.body.contains("Nobody has an account here yet."));
    assert!(browser.get(path).await.body.contains("Step 1 of 3"));
    let you = [
        ("given", "Halima"),
        ("family", "Voss"),
        ("email", "h.voss@quillmere.example"),
        ("username", "h.voss"),
        ("password", "kettle orbit mustard"),
    ];
    assert_eq!(browser.post(path, &you).await.location(), Some("/"));

    // Wherever they go, the next step is there until it is done.
    for start in ["/", "/students", "/settings/schools", "/setup/school"] {
        let (at, page) = follow(&mut browser, start).await;
        assert_eq!(at, "/setup/organisation", "{start}");
        assert!(
            page.contains("Step 2 of 3") && !page.contains("selected"),
            "no time zone is guessed: {page}"
        );
    }
    let wrong =
        [("name", ""), ("time_zone", "Europe/Quillmere"), ("office_phone", ""), ("office_email", "x")];
    let page = browser.post("/setup/organisation", &wrong).await.body;
    for field in ["name", "time_zone", "office_email"] {
        assert!(page.contains(&format!("id=\"{field}-error\"")), "{field}");
    }
    let bare = [("name", "Quillmere Trust"), ("time_zone", "Pacific/Auckland")];
    assert!(browser.post("/setup/organisation", &bare).await.body.contains("id=\"office_phone-error\""));
    let right = [&bare[..], &[("office_phone", "09 555 0100"), ("office_email", "office@quillmere.example")]]
        .concat();
    assert_eq!(browser.post("/setup/organisation", &right).await.location(), Some("/setup/school"));

    let (at, page) = follow(&mut browser, "/").await;
    assert_eq!(at, "/setup/school");
    assert!(
        page.contains("Step 3 of 3")
            && page.contains("Back to your organisation")
            && page.contains("value=\"Quillmere Trust\"")
            && page.contains("value=\"QT\"")
    );
    let refused = browser.post("/setup/school", &[("name", ""), ("code", "a b")]).await.body;
    assert!(refused.contains("id=\"name-error\"") && refused.contains("id=\"code-error\""));
    let school = [("name", "Quillmere School"), ("code", "quill")];
    assert_eq!(browser.post("/setup/school", &school).await.location(), Some("/accounts"));

    let (at, page) = follow(&mut browser, "/").await;
    assert_eq!(at, "/accounts");
    assert!(page.contains("What to do next") && page.contains("Import your students"), "{page}");
    // Set-up is over: its pages change nothing any more.
    for (step, form) in [("/setup/organisation", &right[..]), ("/setup/school", &school[..])] {
        assert_eq!(browser.get(step).await.location(), Some("/accounts"));
        assert_eq!(browser.post(step, form).await.location(), Some("/accounts"));
    }
    let schools: i64 =
        sqlx::query_scalar("SELECT count(*) FROM schools").fetch_one(backend.database.raw()).await.unwrap();
    assert_eq!(schools, 1);

    let mut stranger = Browser::new(&backend);
    let page = stranger.get("/sign-in").await.body;
    assert!(page.contains("Quillmere Trust") && !page.contains("Quillmere School"));
    assert!(!page.contains("Nobody has an account here yet."));
    assert!(page.contains("tel:095550100") && page.contains("mailto:office@quillmere.example"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn who_may_not_set_up_is_told_whom_to_ask(pool: PgPool) {
    let scene = Scene::new(pool).await;
    staff_role(&scene.backend, &scene.school, person(&scene, "a.okoronta").await, Role::AccountManager).await;
    let mut office = Browser::new(&scene.backend);
    office.sign_in("a.okoronta", PASSWORD).await;
    for path in ["/setup/organisation", "/setup/school", "/settings/schools/new", "/settings/organisation"] {
        assert_eq!(office.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(office.post(path, &[("name", "Mine")]).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

async fn person(scene: &Scene, username: &str) -> domain::ids::PersonId {
    let id = sqlx::query_scalar("SELECT person_id FROM accounts WHERE username = $1")
        .bind(username)
        .fetch_one(scene.backend.database.raw())
        .await
        .unwrap();
    domain::ids::PersonId(id)
}

/// Signs in an administrator of all schools.
async fn administrator(scene: &Scene) -> Browser {
    let (backend, school) = (&scene.backend, &scene.school);
    let ines = student(backend, school, "Ines", "Marchetti", "2", None).await;
    active_account(backend, school, ines, "i.marchetti", PASSWORD).await;
    sqlx::query(
        "INSERT INTO staff_roles (id, organisation_id, person_id, role, created_at) VALUES (gen_random_uuid(), $1, $2, 'administrator', now())",
    )
    .bind(school.organisation.0)
    .bind(ines.0)
    .execute(backend.database.raw())
    .await
    .unwrap();
    let mut browser = Browser::new(backend);
    browser.sign_in("i.marchetti", PASSWORD).await;
    browser
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn in_auckland_today_is_the_day_there(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut head = administrator(&scene).await;
    // 21 November, 13:00 in London, is 22 November, 02:00 in Auckland.
    scene.clock.advance(TimeDelta::hours(4));
    head.sign_in("i.marchetti", PASSWORD).await;
    sqlx::query("UPDATE enrolments SET starts_on = '2026-11-22' WHERE admission_number = '1042'")
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
    let day = |day| NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
    let today = async || organisation::today(&scene.backend, scene.school.organisation).await.unwrap();
    assert_eq!(today().await, day(21));
    let list = json(&mut head, &scene.school).await;
    assert!(list.contains("future"), "{list}");
    let form =
        [("name", "Quillmere Trust"), ("time_zone", "Pacific/Auckland"), ("office_phone", "09 555 0100")];
    let saved = head.post("/settings/organisation", &form).await;
    assert_eq!(saved.location(), Some("/settings/organisation?done=saved"), "{}", saved.body);
    assert_eq!(today().await, day(22));
    let list = json(&mut head, &scene.school).await;
    assert!(!list.contains("future"), "{list}");
}

/// The record of Adaeze as the office reads it.
async fn json(browser: &mut Browser, school: &TestSchool) -> String {
    browser.get(&format!("/roll/{}/snapshot", school.school)).await.body
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn schools_are_added_listed_and_renamed_in_settings_and_on_the_command_line(pool: PgPool) {
    let scene = Scene::new(pool.clone()).await;
    let mut head = administrator(&scene).await;
    let twice = head.post("/settings/schools/new", &[("name", "Mereside"), ("code", "quill")]).await;
    assert!(twice.body.contains("There is already a school with the code QUILL"), "{}", twice.body);
    let added = head.post("/settings/schools/new", &[("name", "Mereside"), ("code", "mere")]).await;
    assert_eq!(added.location(), Some("/settings/schools?done=added"));
    let renamed = head
        .post("/settings/schools/MERE", &[("name", "Mereside High"), ("office_phone", "020 7946 0001")])
        .await;
    assert_eq!(renamed.location(), Some("/settings/schools?done=saved"));
    let list = head.get("/settings/schools").await.body;
    assert!(
        list.contains("Mereside High") && list.contains("020 7946 0001") && list.contains("QUILL"),
        "{list}"
    );

    let renamed = greencap(&pool, &["schools", "rename", "MERE", "Mereside Academy", "--json"]).await;
    assert_eq!(renamed.json()["name"], "Mereside Academy", "{}", renamed.stderr);
    let listed = greencap(&pool, &["schools", "list", "--json"]).await.json();
    assert_eq!(listed[0]["code"], "MERE");
    assert_eq!(listed[0]["office"]["phone"], "020 7946 0001");
    assert_eq!(listed[1]["students"], 2);
    let missing = greencap(&pool, &["schools", "rename", "NOWHERE", "Nowhere"]).await;
    assert_eq!(missing.status, Some(2), "{}", missing.stderr);
    let set = [
        "organisation",
        "set",
        "--time-zone",
        "pacific/auckland",
        "--office-email",
        "office@quillmere.example",
        "--json",
    ];
    let set = greencap(&pool, &set).await;
    assert_eq!(set.json()["time_zone"], "Pacific/Auckland", "{}", set.stderr);
    let wrong = greencap(&pool, &["organisation", "set", "--time-zone", "Auckland"]).await;
    assert_eq!(wrong.status, Some(2), "{}", wrong.stderr);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn who_is_signing_in_names_the_school_beside_each_person(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let there = scene.school.sibling(&scene.backend, "MERE", "Mereside School").await;
    let twin = student(&scene.backend, &there, "Adaeze", "Okoronta", "7", Some("ada@example.org")).await;
    active_account(&scene.backend, &there, twin, "a.okoronta2", PASSWORD).await;
    let mut browser = Browser::new(&scene.backend);
    browser.sign_in("ada@example.org", PASSWORD).await;
    let page = browser.get("/sign-in/who").await.body;
    assert!(page.contains("Quillmere School") && page.contains("Mereside School"), "{page}");
}
