//! What arrives broken: characters that cannot be stored, forms and calls that do not parse, hosts that are not
//! ours. Each is answered with a sentence, and nothing behind it fails.

use app::guard::endpoints;
use axum::http::{Method, StatusCode};
use backend::authorization::roles::give::{RoleForm, give};
use backend::invitations::send::send;
use backend::jobs::worker::run_once;
use backend::testing::{account, active_account, group, student};
use chrono::TimeDelta;
use domain::authorization::actor::Actor;
use domain::invitations::views::Recipients;
use server::http::declared;
use sqlx::PgPool;
use uuid::Uuid;

use crate::browser::{Browser, PageAnswer};
use crate::recovery::forgetting::mailbox;
use crate::scene::{PASSWORD, Scene, administrator_of_all};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const OWN: (&str, &str) = ("sec-fetch-site", "same-origin");

/// An administrator, signed in to the office.
async fn head(scene: &Scene) -> Browser {
    administrator_of_all(&scene.backend, &scene.school, "Ines", "Marchetti", ("2000", "i.marchetti")).await;
    let mut browser = Browser::new(&scene.backend);
    browser.sign_in("i.marchetti", PASSWORD).await;
    browser
}

async fn send_form(browser: &mut Browser, path: &str, body: &str) -> PageAnswer {
    browser.exchange(Method::POST, path, &[OWN, FORM], body.to_owned()).await
}

/// Whether it is a page with a sentence.
fn is_a_page(answer: &PageAnswer) -> bool {
    answer.body.starts_with("<!DOCTYPE html>") && answer.body.contains("There is a problem")
}

/// A stranger's request that can never be looked up delayed all mail by a minute.
#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_stranger_cannot_hold_mail_back(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, &scene.school);
    for path in ["/activate/resend", "/forgotten/password", "/forgotten/username"] {
        for field in ["username", "name"] {
            let answer = send_form(&mut Browser::new(backend), path, &format!("{field}=x%00")).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path} {field}");
            assert!(is_a_page(&answer), "{path}: {}", answer.body);
        }
    }
    let waiting: i64 = sqlx::query_scalar("SELECT count(*) FROM recovery_requests")
        .fetch_one(backend.database.raw())
        .await
        .unwrap();
    assert_eq!(waiting, 0, "nothing is kept to be looked up");
    // Requests that got in before, and fail every time.
    for (number, kind) in (1_u128 << 100..).take(14).zip(["links", "invitation"].into_iter().cycle()) {
        let id = Uuid::from_u128(number);
        sqlx::query("INSERT INTO recovery_requests (id, kind, name, asked_at) VALUES ($1, $2, $3, $4)")
            .bind(id)
            .bind(kind)
            .bind(backend.keys.recovery_requests.seal(&*backend.random, id, "x\0").unwrap())
            .bind(backend.now())
            .execute(backend.database.raw())
            .await
            .unwrap();
        sqlx::query(
            "INSERT INTO jobs (id, name, priority, scheduled, state, due_at, created_at, subject)
             VALUES ($1, 'recovery_request', 2, false, 'queued', $2, $2, $3)",
        )
        .bind(Uuid::from_u128(number << 1))
        .bind(backend.now())
        .bind(id)
        .execute(backend.database.raw())
        .await
        .unwrap_or_else(|error| panic!("{number} {kind} {error}"));
    }
    let person = student(backend, school, "Chidera", "Obi", "1043", Some("chi@example.org")).await;
    let account = account(backend, school, person, "c.obi").await;
    let recipients = Recipients::Accounts { ids: vec![account], again: true };
    send(backend, &Actor::system(school.organisation), school.school, recipients).await.unwrap();
    run_once(backend).await.expect("what fails every time is logged and left");
    assert_eq!(mailbox(&scene).await.len(), 1, "the invitation went out at once");
    let waiting: i64 = sqlx::query_scalar("SELECT count(*) FROM recovery_requests")
        .fetch_one(backend.database.raw())
        .await
        .unwrap();
    assert_eq!(waiting, 0, "and nothing is tried again");
}

/// The answer waits for no look-up: with the tables of accounts and invitations away, the page is the same.
#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn nothing_is_looked_up_before_a_request_is_answered(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = Browser::new(&scene.backend);
    browser.cookies.insert("greencap-activation".to_owned(), "A".repeat(43));
    let usual = send_form(&mut browser, "/activate/resend", "username=").await;
    let mut connection = scene.backend.database.raw().acquire().await.unwrap();
    for statement in ["RESET ROLE", "ALTER TABLE invitations RENAME TO away"] {
        sqlx::query(statement).execute(&mut *connection).await.unwrap();
    }
    drop(connection);
    let answer = send_form(&mut browser, "/activate/resend", "username=").await;
    assert_eq!((usual.status, usual.body), (answer.status, answer.body));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn nul_passes_no_edge(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut head = head(&scene).await;
    scene.clock.advance(TimeDelta::seconds(1));
    for route in declared(&scene.backend) {
        if route.path == "/health" || route.path == "/sign-out" {
            continue;
        }
        let path = route.path.replace(['{', '}'], "");
        for path in [format!("{path}?after=x%00"), format!("{path}%00")] {
            let answer = head.clone().get(&path).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "GET {path}");
            assert!(is_a_page(&answer), "{path}: {}", answer.body);
        }
        // A route that takes no form answers 404, 405 or a redirect; none fails.
        let form = "name=x%00&username=x%00&password=%00&code=%00&reason=%00&role=%00&id=%00";
        let answer = send_form(&mut head.clone(), &path, form).await;
        assert!(!answer.status.is_server_error(), "POST {path}: {}", answer.status);
    }
    for endpoint in endpoints().map(|endpoint| endpoint.path) {
        let headers = [OWN, ("content-type", "application/json")];
        let body = "{\"x\":\"\\u0000\"}".to_owned();
        let answer = head.exchange(Method::POST, &format!("/api/{endpoint}"), &headers, body).await;
        assert!(
            answer.status == StatusCode::BAD_REQUEST && answer.body.contains("unusable_character")
                || [StatusCode::PRECONDITION_REQUIRED, StatusCode::FORBIDDEN].contains(&answer.status),
            "{endpoint}: {} {}",
            answer.status,
            answer.body
        );
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_call_that_does_not_parse_is_the_callers_mistake(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut head = head(&scene).await;
    for endpoint in endpoints().map(|endpoint| endpoint.path) {
        for body in ["{", "", "[]", "{\"nothing\":", "\u{fffd}"] {
            let headers = [OWN, ("content-type", "application/json")];
            let answer =
                head.exchange(Method::POST, &format!("/api/{endpoint}"), &headers, body.to_owned()).await;
            assert!(!answer.status.is_server_error(), "{endpoint} {body:?}: {}", answer.status);
        }
    }
    let answer = head
        .exchange(Method::POST, "/api/roll/list", &[OWN, ("content-type", "application/json")], "{".into())
        .await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.body.contains("Reload it and try again."), "{}", answer.body);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn what_cannot_be_read_is_answered_with_a_page_and_a_sentence(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut head = head(&scene).await;
    for (path, headers, body) in [
        ("/account/sessions/end", vec![OWN, ("content-type", "text/plain")], "which=others"),
        ("/audit/alerts/seen", vec![OWN, FORM], "until=soon"),
        ("/exports/students", vec![OWN, FORM], "x"),
        ("/imports/upload", vec![OWN, FORM], "file=x"),
        (
            "/imports/upload",
            vec![OWN, ("content-type", "multipart/form-data; boundary=x")],
            "--x\r\nno headers",
        ),
        ("/imports/upload", vec![OWN], ""),
    ] {
        let answer = head.exchange(Method::POST, path, &headers, body.to_owned()).await;
        let raw = answer.headers.get("content-type").is_some_and(|kind| kind == "text/plain; charset=utf-8");
        assert!(
            !raw && answer.body.starts_with("<!DOCTYPE html>"),
            "{path} {}: {}",
            answer.status,
            answer.body
        );
    }
    let answer = head.exchange(Method::POST, "/audit/alerts/seen", &[OWN, FORM], "until=soon".into()).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("could not read what was sent"), "{}", answer.body);
    for wrong in ["-4713-01-01", "%2B262142-12-31", "0000-00-00", "soon"] {
        for field in ["from", "until"] {
            let answer = head.get(&format!("/audit?{field}={wrong}")).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}={wrong}");
            assert!(answer.body.contains("format 2026-09-01"), "{}", answer.body);
        }
    }
    let far = format!("/audit?after=-9000000000000000000.{}", Uuid::nil());
    assert_eq!(head.get(&far).await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_request_names_one_host_and_it_is_ours(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = Browser::new(&scene.backend);
    let mut of = async |path: &str, hosts: &[&str]| {
        let hosts: Vec<(&str, &str)> = hosts.iter().map(|host| ("host", *host)).collect();
        browser.exchange(Method::GET, path, &hosts, String::new()).await.status
    };
    assert_eq!(of("/sign-in", &["localhost:3000"]).await, StatusCode::OK);
    for twice in [["localhost:3000", "localhost:3000"], ["localhost:3000", "evil.example"]] {
        assert_eq!(of("/sign-in", &twice).await, StatusCode::BAD_REQUEST, "{twice:?}");
        assert_eq!(of("/health", &twice).await, StatusCode::BAD_REQUEST, "{twice:?}");
    }
    for none in ["", "a b", "me@localhost:3000", "/"] {
        assert_eq!(of("/sign-in", &[none]).await, StatusCode::BAD_REQUEST, "{none:?}");
    }
    assert_eq!(of("/sign-in", &["evil.example"]).await, StatusCode::MISDIRECTED_REQUEST);
    assert_eq!(of("/api/roll/list", &["localhost.evil.example"]).await, StatusCode::MISDIRECTED_REQUEST);
    assert_eq!(of("/health", &["10.0.0.1"]).await, StatusCode::OK, "machines may ask by any name");
}

/// U+212A, the Kelvin sign, is lowered to k by Unicode.
#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_letter_that_looks_like_another_is_another(pool: PgPool) {
    let scene = Scene::new(pool).await;
    for typed in ["a.o\u{212a}oronta", "A.O\u{212a}ORONTA"] {
        let form = [("name", typed), ("password", PASSWORD)];
        let answer = Browser::new(&scene.backend).post("/sign-in", &form).await;
        assert_eq!(answer.status, StatusCode::OK, "{typed}");
    }
    Browser::new(&scene.backend).sign_in("A.OKORONTA", PASSWORD).await;
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_browser_forgets_the_roll_when_its_session_has_ended(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut head = head(&scene).await;
    assert!(!head.get("/students").await.headers.contains_key("clear-site-data"));
    scene.clock.advance(TimeDelta::hours(13));
    let answer = head.get("/students").await;
    assert_eq!(answer.headers["clear-site-data"], "\"cache\"", "what was typed stays");
}

/// A part of the roll that was made for one reader is not stored.
#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_personal_roll_is_stored_nowhere(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let backend = &scene.backend;
    let ada = crate::recovery::forgetting::person_of(&scene, "a.okoronta").await;
    let class = group(backend, &scene.school, "7A", &[ada]).await;
    let person = student(backend, &scene.school, "Tessa", "Lind", "3", None).await;
    active_account(backend, &scene.school, person, "t.lind", PASSWORD).await;
    let form = RoleForm { role: "tutor".to_owned(), place: format!("group:{class}"), ..RoleForm::default() };
    give(backend, &Actor::system(scene.school.organisation), person, &form).await.unwrap();
    let snapshot = format!("/roll/{}/snapshot", scene.school.school);
    let cached = async |browser: &mut Browser| {
        browser.get(&snapshot).await.headers["cache-control"].to_str().unwrap().to_owned()
    };
    let mut tutor = Browser::new(backend);
    tutor.sign_in("t.lind", PASSWORD).await;
    assert_eq!(cached(&mut tutor).await, "no-store");
    assert_eq!(cached(&mut head(&scene).await).await, "private, no-cache");
}

/// Messages break links, and people copy half of them.
#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_link_that_was_cut_off_is_said_to_be_and_replaces_nothing(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = Browser::new(&scene.backend);
    let (short, long) = ("A".repeat(42), "A".repeat(44));
    for door in ["/i", "/reset", "/email/confirm", "/email/undo"] {
        for token in ["nonsense", "x%0d%0aset-cookie:a=b", "%2e%2e", "\u{661}%F0%9F%98%80", &short, &long] {
            let path: String = format!("{door}/{token}").replace('\u{661}', "%D9%A1");
            for method in [Method::GET, Method::HEAD] {
                let answer = browser.exchange(method, &path, &[], String::new()).await;
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
                assert!(!answer.headers.contains_key("set-cookie"), "{path}");
            }
            let said = browser.get(&path).await.body;
            assert!(
                said.contains("This link is not complete") && said.contains("copy all of it"),
                "{path}: {said}"
            );
        }
        // One that is whole, and nobody's, is told from a good one by the next page.
        let answer = browser.get(&format!("{door}/{}", "A".repeat(43))).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{door}");
    }
    for (page, said) in [
        ("/activate/check", "no longer works"),
        ("/reset", "no longer works"),
        ("/email/undo", "no longer works"),
    ] {
        let answer = browser.get(page).await;
        assert_eq!(answer.status, StatusCode::OK, "{page}");
        assert!(answer.body.contains(said), "{page}: {}", answer.body);
    }
    let setup = browser.get("/setup/nonsense").await;
    assert_eq!(setup.status, StatusCode::GONE);
    for path in ["/sign-in/with/nonsense", "/sign-in/with/nonsense/back?code=x&state=y"] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_name_longer_than_any_file_has_is_not_found(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let compressed = [("accept-encoding", "br, gzip")];
    for folder in ["/pkg", "/fonts"] {
        for name in ["a".repeat(254), "a".repeat(5000), "a/".repeat(2500)] {
            let path = format!("{folder}/{name}");
            let mut browser = Browser::new(&scene.backend);
            let answer = browser.exchange(Method::GET, &path, &compressed, String::new()).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{folder}, {} bytes", name.len());
        }
    }
}

/// A phone opens yesterday's tabs again by their addresses.
#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_page_that_answers_a_form_says_so_when_it_is_opened_by_its_address(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut head = head(&scene).await;
    let mut stranger = Browser::new(&scene.backend);
    let browser = [("accept", "text/html,application/xhtml+xml,*/*;q=0.8")];
    for path in ["/activate/not-me", "/accounts/rename/change", "/accounts/export"] {
        let visitor = if path.starts_with("/accounts") { &mut head } else { &mut stranger };
        let answer = visitor.exchange(Method::GET, path, &browser, String::new()).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert_eq!(answer.headers["allow"], "POST", "{path}");
        assert!(answer.body.contains("This page cannot be opened again"), "{path}: {}", answer.body);
        assert!(answer.body.contains("href=\"/\""), "{path}: {}", answer.body);
        // A program gets the status alone.
        let answer = visitor.get(path).await;
        assert_eq!((answer.status, &*answer.body), (StatusCode::METHOD_NOT_ALLOWED, ""), "{path}");
    }
    let sent = [("accept", "text/html"), ("sec-fetch-site", "same-origin")];
    let answer = stranger.exchange(Method::POST, "/robots.txt", &sent, String::new()).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(answer.body.contains("could not read what was sent"), "{}", answer.body);
}
