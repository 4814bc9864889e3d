//! What becomes of work when a session ends, or when someone else is signed in by then.

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use serde_json::json;
use server::http::{Access, declared};
use sqlx::PgPool;
use uuid::Uuid;

use crate::browser::{Browser, PageAnswer};
use crate::recovery::forgetting::person_of;
use crate::scene::{PASSWORD, Scene, administrator_of_all};

pub const NEW_SCHOOL: &str = "/settings/schools/new";
pub const TYPED: [(&str, &str); 3] =
    [("code", "HILL"), ("name", "Hill \"Top\" & <Co>"), ("office_phone", "1")];

/// An administrator of all schools, signed in.
pub async fn ines(scene: &Scene) -> Browser {
    administrator_of_all(&scene.backend, &scene.school, "Ines", "Marchetti", ("2000", "i.marchetti")).await;
    let mut browser = Browser::new(&scene.backend);
    browser.sign_in("i.marchetti", PASSWORD).await;
    browser
}

/// A second administrator.
pub async fn amira(scene: &Scene) {
    administrator_of_all(&scene.backend, &scene.school, "Amira", "Khan", ("2001", "a.khan")).await;
}

/// The stamp of a page's form.
pub fn stamp(page: &PageAnswer, action: &str) -> String {
    let form = page.body.split(&format!("action=\"{action}\"")).nth(1);
    let form = form.unwrap_or_else(|| panic!("no form for {action}: {}", page.body));
    value_of(form, "page-stamp").unwrap_or_else(|| panic!("no stamp: {form}"))
}

pub fn value_of(html: &str, name: &str) -> Option<String> {
    let value = html.split(&format!("name=\"{name}\" value=\"")).nth(1)?;
    value.split('"').next().map(str::to_owned)
}

/// Opens a page and sends its form, as a browser does; in between, something happens.
pub async fn send_after(
    browser: &mut Browser,
    page: &str,
    typed: &[(&str, &str)],
    between: impl AsyncFnOnce(&mut Browser),
) -> PageAnswer {
    let stamp = stamp(&browser.get(page).await, page);
    between(browser).await;
    let form = [typed, &[("page-stamp", &stamp)]].concat();
    browser.post(page, &form).await
}

/// Signs in on the page that a redirect leads to, and returns where that leads.
pub async fn sign_in_at(browser: &mut Browser, sign_in: &str, name: &str) -> String {
    let page = browser.get(sign_in).await;
    let next = value_of(&page.body, "next").unwrap_or_else(|| panic!("no next: {}", page.body));
    let next = next.replace("&amp;", "&");
    let form = [("name", name), ("password", PASSWORD), ("next", next.as_str())];
    let answer = browser.post("/sign-in", &form).await;
    answer.location().unwrap_or_else(|| panic!("not signed in: {}", answer.body)).to_owned()
}

pub async fn count(scene: &Scene, table: &'static str) -> i64 {
    let statement = match table {
        "schools" => "SELECT count(*) FROM schools",
        "interrupted_forms" => "SELECT count(*) FROM interrupted_forms",
        other => panic!("{other}"),
    };
    sqlx::query_scalar(statement).fetch_one(scene.backend.database.raw()).await.unwrap()
}

/// The contents of the only kept form.
async fn kept(scene: &Scene) -> String {
    let (id, form): (Uuid, Vec<u8>) = sqlx::query_as("SELECT id, form FROM interrupted_forms")
        .fetch_one(scene.backend.database.raw())
        .await
        .unwrap();
    scene.backend.keys.interrupted_forms.open(id, &form).unwrap()
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_form_whose_session_ended_stands_on_its_page_again_after_signing_in(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = ines(&scene).await;
    let ended = async |_: &mut Browser| scene.clock.advance(TimeDelta::hours(3));
    let answer = send_after(&mut browser, NEW_SCHOOL, &TYPED, ended).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let sign_in = answer.location().unwrap().to_owned();
    let page = browser.get(&sign_in).await.body;
    assert!(page.contains("Your session ended. Nothing was saved yet. Sign in to continue"), "{page}");
    assert!(!page.contains("HILL") && !sign_in.contains("HILL"));

    let to = sign_in_at(&mut browser, &sign_in, "i.marchetti").await;
    assert!(to.starts_with(&format!("{NEW_SCHOOL}?pending=")), "{to}");
    for _ in 0..2 {
        // Reloading keeps it.
        let page = browser.get(&to).await;
        assert!(page.body.contains("Your session ended. Nothing was saved yet."), "{}", page.body);
        assert!(page.body.contains("What you entered is below. Check it, then send it."), "{}", page.body);
        assert!(page.body.contains("value=\"HILL\""), "{}", page.body);
        assert!(page.body.contains("value=\"Hill &quot;Top&quot; &amp; &lt;Co&gt;\""), "{}", page.body);
    }
    assert_eq!(count(&scene, "schools").await, 1, "nothing is sent without a click");
    let again = stamp(&browser.get(&to).await, NEW_SCHOOL);
    let form = [("code", "HILL"), ("name", "Hill Top"), ("page-stamp", &again)];
    let saved = browser.post(NEW_SCHOOL, &form).await;
    assert_eq!(saved.location(), Some("/settings/schools?done=added"), "{}", saved.body);
    assert_eq!((count(&scene, "schools").await, count(&scene, "interrupted_forms").await), (2, 0));
    let gone = browser.get(&to).await;
    assert_eq!(gone.status, StatusCode::OK);
    assert!(gone.body.contains("What you entered is no longer here"), "{}", gone.body);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn families_find_their_form_again_too(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = Browser::new(&scene.backend);
    browser.sign_in("a.okoronta", PASSWORD).await;
    let ended = async |_: &mut Browser| scene.clock.advance(TimeDelta::days(8));
    let answer = send_after(&mut browser, "/account/email", &[("email", "new@example.org")], ended).await;
    let to = sign_in_at(&mut browser, answer.location().unwrap(), "a.okoronta").await;
    let page = browser.get(&to).await.body;
    assert!(page.contains("value=\"new@example.org\"") && page.contains("Nothing was saved yet."), "{page}");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_new_username_is_in_its_field_again_though_that_stands_outside_the_form(pool: PgPool) {
    const CHANGE: &str = "/accounts/rename/change";
    let scene = Scene::new(pool).await;
    let mut browser = ines(&scene).await;
    let person = person_of(&scene, "a.okoronta").await;
    let page = format!("/accounts/rename?person={person}");
    let asked = browser.get(&page).await;
    let field = format!("u-{person}");
    let hidden = ["school", "selection", "among", "hash"]
        .map(|name| (name, value_of(&asked.body, name).unwrap().replace("&quot;", "\"")));
    let stamp = stamp(&asked, CHANGE);
    let typed = [(&*field, "ade.voss"), ("days", "12"), ("page-stamp", &*stamp)];
    let form: Vec<_> = hidden.iter().map(|(name, value)| (*name, value.as_str())).chain(typed).collect();
    scene.clock.advance(TimeDelta::hours(3));
    let answer = browser.post(CHANGE, &form).await;
    let to = sign_in_at(&mut browser, answer.location().unwrap(), "i.marchetti").await;
    assert!(to.starts_with(&page), "{to}");
    let again = browser.get(&to).await.body;
    let said = again.find("What you entered is below.").unwrap_or_else(|| panic!("{again}"));
    let new = again.find("form=\"rename\" value=\"ade.voss\"").unwrap_or_else(|| panic!("{again}"));
    assert!(said < new && again.contains("value=\"12\""), "{again}");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn nothing_is_saved_in_the_name_of_someone_else_who_is_signed_in_by_then(pool: PgPool) {
    let scene = Scene::new(pool).await;
    amira(&scene).await;
    let mut browser = ines(&scene).await;
    let changes = async |browser: &mut Browser| {
        browser.post("/sign-out", &[]).await;
        browser.sign_in("a.khan", PASSWORD).await;
    };
    let refused = send_after(&mut browser, NEW_SCHOOL, &TYPED, changes).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.body.contains("Amira Khan is now using this browser"), "{}", refused.body);
    assert!(refused.body.contains("Nothing was saved."), "{}", refused.body);
    assert!(!refused.body.contains("Ines") && !refused.body.contains("HILL"), "{}", refused.body);
    assert_eq!(count(&scene, "schools").await, 1);

    // Nor does she find it under her name.
    let next = value_of(&refused.body, "next").unwrap();
    let told = browser.get(&next).await;
    assert_eq!(told.status, StatusCode::CONFLICT);
    assert!(
        told.body.contains("Amira Khan is now using this browser") && !told.body.contains("HILL"),
        "{}",
        told.body
    );

    // "Sign in as someone else" ends her session and leads its owner there.
    let out = browser.post("/sign-out", &[("next", &next)]).await;
    let to = sign_in_at(&mut browser, out.location().unwrap(), "i.marchetti").await;
    assert!(browser.get(&to).await.body.contains("value=\"HILL\""));
    assert_eq!(count(&scene, "schools").await, 1);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_person_who_signs_in_instead_is_told_that_a_form_of_someone_else_waits(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = ines(&scene).await;
    let ended = async |_: &mut Browser| scene.clock.advance(TimeDelta::hours(3));
    let answer = send_after(&mut browser, NEW_SCHOOL, &TYPED, ended).await;
    let sign_in = answer.location().unwrap().to_owned();
    // A student, who may not open the page at all.
    let to = sign_in_at(&mut browser, &sign_in, "a.okoronta").await;
    let told = browser.get(&to).await;
    assert_eq!(told.status, StatusCode::CONFLICT);
    assert!(told.body.contains("Adaeze Okoronta is now using this browser"), "{}", told.body);
    assert!(!told.body.contains("HILL") && !told.body.contains("Marchetti"), "{}", told.body);
    assert_eq!(count(&scene, "interrupted_forms").await, 1, "its owner can still come back");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_call_of_a_page_is_carried_out_for_the_person_it_was_drawn_for_alone(pool: PgPool) {
    let scene = Scene::new(pool).await;
    amira(&scene).await;
    let mut browser = ines(&scene).await;
    let of_ines = stamp(&browser.get(NEW_SCHOOL).await, NEW_SCHOOL);
    browser.sign_in("a.khan", PASSWORD).await;
    let of_amira = stamp(&browser.get(NEW_SCHOOL).await, NEW_SCHOOL);
    let body = json!({ "school": scene.school.school, "search": "", "after": null }).to_string();
    let mut call = async |stamp: &str| {
        let headers =
            [("sec-fetch-site", "same-origin"), ("content-type", "application/json"), ("page-stamp", stamp)];
        browser.exchange(Method::POST, "/api/accounts/batches", &headers, body.clone()).await
    };
    let refused = call(&of_ines).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.body.contains("Amira Khan is now signed in on this browser."), "{}", refused.body);
    assert_eq!(call(&of_amira).await.status, StatusCode::OK);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_form_is_kept_for_an_hour_in_its_browser_and_for_a_true_stamp(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = ines(&scene).await;
    let stamp = stamp(&browser.get(NEW_SCHOOL).await, NEW_SCHOOL);
    scene.clock.advance(TimeDelta::hours(3));
    // Changed, or made up.
    for wrong in
        [stamp.replacen(&stamp[..1], if stamp.starts_with('A') { "B" } else { "A" }, 1), String::new()]
    {
        let form = [TYPED.as_slice(), &[("page-stamp", &wrong)]].concat();
        let answer = browser.post(NEW_SCHOOL, &form).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert!(answer.body.contains("Nothing was saved. Sign in and enter it again."), "{}", answer.body);
        assert!(answer.body.contains("href=\"/sign-in"), "{}", answer.body);
    }
    assert_eq!(count(&scene, "interrupted_forms").await, 0);

    let form = [TYPED.as_slice(), &[("page-stamp", &stamp)]].concat();
    let answer = browser.post(NEW_SCHOOL, &form).await;
    let to = sign_in_at(&mut browser, answer.location().unwrap(), "i.marchetti").await;
    let mut elsewhere = Browser::new(&scene.backend);
    elsewhere.sign_in("i.marchetti", PASSWORD).await;
    let page = elsewhere.get(&to).await;
    assert!(page.body.contains("no longer here") && !page.body.contains("HILL"), "{}", page.body);
    scene.clock.advance(TimeDelta::hours(1));
    let page = browser.get(&to).await;
    assert!(page.body.contains("no longer here") && !page.body.contains("HILL"), "{}", page.body);
    let made_up = format!("{NEW_SCHOOL}?pending={}", Uuid::from_u128(7));
    assert!(browser.get(&made_up).await.body.contains("no longer here"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn passwords_and_codes_are_not_kept(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = ines(&scene).await;
    let new = browser.get("/settings/single-sign-on/new").await;
    let new = new.location().unwrap();
    let typed = [("name", "Entra"), ("issuer", "https://issuer.example"), ("client_secret", "hush")];
    let ended = async |_: &mut Browser| scene.clock.advance(TimeDelta::hours(3));
    let answer = send_after(&mut browser, new, &typed, ended).await;
    assert!(answer.location().unwrap().contains("said=kept"));
    let form = kept(&scene).await;
    assert!(
        form.contains("issuer.example") && !form.contains("hush") && !form.contains("page-stamp"),
        "{form}"
    );
    let to = sign_in_at(&mut browser, answer.location().unwrap(), "i.marchetti").await;
    let page = browser.get(&to).await.body;
    assert!(page.contains("Passwords and codes were not kept: enter them again."), "{page}");

    // A form with nothing but passwords is not kept at all: its page is enough.
    let typed = [("present", PASSWORD), ("password", "a new one for me")];
    let ended = async |_: &mut Browser| scene.clock.advance(TimeDelta::hours(3));
    let answer = send_after(&mut browser, "/account/password", &typed, ended).await;
    assert!(answer.location().unwrap().contains("said=unsent"), "{:?}", answer.location());
    assert_eq!(count(&scene, "interrupted_forms").await, 1, "only the other one");
    assert_eq!(
        sign_in_at(&mut browser, answer.location().unwrap(), "i.marchetti").await,
        "/account/password"
    );
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_form_that_is_too_large_is_refused_with_a_sentence(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = Browser::new(&scene.backend);
    browser.sign_in("a.okoronta", PASSWORD).await;
    let long = "x".repeat(20_000);
    let ended = async |_: &mut Browser| scene.clock.advance(TimeDelta::days(8));
    let answer = send_after(&mut browser, "/account/email", &[("email", &long)], ended).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.body.contains("What was sent is too large."), "{}", answer.body);
    assert_eq!(count(&scene, "interrupted_forms").await, 0);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_form_that_waits_for_a_step_up_outlives_its_session(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = ines(&scene).await;
    let late = async |_: &mut Browser| scene.clock.advance(TimeDelta::minutes(20));
    let asked = send_after(&mut browser, NEW_SCHOOL, &TYPED, late).await;
    let form = value_of(&asked.body, "form").unwrap();
    let stamp = stamp(&asked, "/account/step-up");
    scene.clock.advance(TimeDelta::minutes(30));
    browser.cookies.remove("greencap");
    let sent = [("proof", PASSWORD), ("form", form.as_str()), ("page-stamp", stamp.as_str())];
    let answer = browser.post("/account/step-up", &sent).await;
    let to = sign_in_at(&mut browser, answer.location().unwrap(), "i.marchetti").await;
    assert_eq!(to, format!("/account/step-up?form={form}"));
    let page = browser.get(&to).await.body;
    assert!(page.contains(&format!("action=\"{NEW_SCHOOL}?pending={form}\"")), "{page}");
}

/// Every page that is added has this: its forms carry a stamp.
#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn every_form_of_a_page_for_someone_signed_in_says_for_whom_it_was_drawn(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = ines(&scene).await;
    let mut forms = 0;
    for route in declared(&scene.backend) {
        let is_plain = route.requires.access != Access::Everybody && !route.path.contains('{');
        let page = browser.get(&route.path).await;
        // Hydrated pages are stamped by their script: a form that the server added would not be theirs.
        if !is_plain || page.status != StatusCode::OK || page.body.contains("__RESOLVED_RESOURCES") {
            continue;
        }
        for form in page.body.split("<form ").skip(1) {
            let start = form.split('>').next().unwrap_or_default();
            let is_stamped = form.contains('>')
                && form[start.len()..].starts_with("><input type=\"hidden\" name=\"page-stamp\"");
            assert_eq!(is_stamped, start.contains("method=\"post\""), "{}: {form}", route.path);
            forms += usize::from(is_stamped);
        }
    }
    assert!(forms > 20, "{forms}");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_form_without_a_session_is_answered_with_a_page_that_leads_back(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = Browser::new(&scene.backend);
    let from = [("sec-fetch-site", "same-origin"), ("referer", "http://localhost:3000/settings/schools/new")];
    let answer = browser.send(Method::POST, NEW_SCHOOL, Some(&TYPED), &from).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.body.contains("href=\"/sign-in?next=%2Fsettings%2Fschools%2Fnew\""), "{}", answer.body);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn an_open_page_asks_whether_its_person_is_still_signed_in_and_does_not_prolong_the_session(
    pool: PgPool,
) {
    let scene = Scene::new(pool).await;
    amira(&scene).await;
    let mut browser = ines(&scene).await;
    for page in [NEW_SCHOOL, "/students", "/account/email"] {
        let body = browser.get(page).await.body;
        assert_eq!(body.matches("data-stamp=\"").count(), 1, "{page}: {body}");
    }
    let page = browser.get("/students").await.body;
    let stamp = page.split("data-stamp=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let address = format!("/session?stamp={stamp}");
    let same = browser.get(&address).await;
    assert_eq!(same.body, "{\"state\":\"same\"}");
    assert_eq!(same.headers["cache-control"], "no-store");
    for _ in 0..3 {
        scene.clock.advance(TimeDelta::minutes(40));
        let asked = browser.get(&address).await;
        assert!(!asked.headers.contains_key("clear-site-data"));
    }
    let ended = browser.get(&address).await.body;
    assert!(ended.contains("\"state\":\"ended\"") && ended.contains("Your session ended"), "{ended}");
    assert!(!ended.contains("Ines"), "{ended}");

    browser.sign_in("a.khan", PASSWORD).await;
    let other = browser.get(&address).await.body;
    assert!(other.contains("\"state\":\"other\""), "{other}");
    assert!(other.contains("Amira Khan is now using this browser") && !other.contains("Ines"), "{other}");
    browser.sign_in("i.marchetti", PASSWORD).await;
    assert_eq!(browser.get(&address).await.body, "{\"state\":\"same\"}");
    // The tab that was opened for signing in leads back to the one with the work.
    let signed_in = browser.get("/account/signed-in").await.body;
    assert!(signed_in.contains("Go back to your other tab. You can close this one."), "{signed_in}");
}
