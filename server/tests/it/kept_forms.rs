//! Forms that someone else left for a person: only the form of a page is kept, and nothing is carried out that its sender
//! was not shown.

use axum::http::StatusCode;
use chrono::TimeDelta;
use sqlx::PgPool;

use crate::browser::{Browser, PageAnswer};
use crate::recovery::forgetting::person_of;
use crate::scene::{PASSWORD, Scene};
use crate::sessions::{NEW_SCHOOL, TYPED, amira, count, ines, send_after, sign_in_at, stamp, value_of};

const ROLE: [(&str, &str); 4] =
    [("role", "administrator"), ("place", "all"), ("from", "2026-11-01"), ("until", "")];

/// The stamp of a page itself, as its source shows it.
async fn page_stamp(browser: &mut Browser) -> String {
    let page = browser.get("/account/email").await;
    let stamp = page.body.split("data-stamp=\"").nth(1).and_then(|rest| rest.split('"').next());
    stamp.unwrap_or_else(|| panic!("no stamp: {}", page.body)).to_owned()
}

/// The page that gives a role to someone who has none.
async fn role_page(scene: &Scene) -> String {
    format!("/roles/people/{}", person_of(scene, "a.okoronta").await)
}

/// The HTML without what the renderer puts between texts.
fn shown(page: &PageAnswer) -> String {
    page.body.replace("<!>", "")
}

async fn sign_out(browser: &mut Browser) {
    browser.post("/sign-out", &[]).await;
    assert!(!browser.cookies.contains_key("greencap") && browser.cookies.contains_key("greencap-device"));
}

/// Sends a form with this stamp, and asserts that it is not kept, whatever the answer promises.
async fn expect_not_kept(
    scene: &Scene,
    browser: &mut Browser,
    address: &str,
    form: &[(&str, &str)],
    stamp: &str,
) -> PageAnswer {
    let sent = [form, &[("page-stamp", stamp)]].concat();
    let answer = browser.post(address, &sent).await;
    let said = answer.location().unwrap_or(&answer.body);
    assert!(!said.contains("said=kept") && !said.contains("is kept") && !said.contains("step-up"), "{said}");
    assert_eq!(count(scene, "interrupted_forms").await, 0);
    answer
}

async fn schools_and_roles(scene: &Scene) -> (i64, i64) {
    (count(scene, "schools").await, scene.count("SELECT count(*) FROM staff_roles").await)
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_stamp_of_a_page_keeps_no_form_that_someone_else_made_up(pool: PgPool) {
    let scene = Scene::new(pool).await;
    amira(&scene).await;
    let mut browser = ines(&scene).await;
    let stamp = page_stamp(&mut browser).await;
    let address = role_page(&scene).await;
    let before = schools_and_roles(&scene).await;
    sign_out(&mut browser).await;
    let answer = expect_not_kept(&scene, &mut browser, &address, &ROLE, &stamp).await;
    let to = sign_in_at(&mut browser, answer.location().unwrap(), "i.marchetti").await;
    assert_eq!(to, "/");

    // Nor where somebody else is signed in.
    browser.sign_in("a.khan", PASSWORD).await;
    let refused = expect_not_kept(&scene, &mut browser, &address, &ROLE, &stamp).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(schools_and_roles(&scene).await, before);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_page_whose_script_stamped_its_form_is_where_its_person_continues(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = ines(&scene).await;
    let stamp = page_stamp(&mut browser).await;
    let address = role_page(&scene).await;
    sign_out(&mut browser).await;
    let form = format!("role=viewer&page-stamp={stamp}");
    for (referer, to) in [(&*address, &*address), ("//evil.example/", "/")] {
        let referer = format!("http://localhost:3000{referer}");
        let headers = [
            ("sec-fetch-site", "same-origin"),
            ("content-type", "application/x-www-form-urlencoded"),
            ("referer", &*referer),
        ];
        let answer = browser.exchange(axum::http::Method::POST, &address, &headers, form.clone()).await;
        let sign_in = answer.location().unwrap().to_owned();
        assert!(sign_in.contains("said=unsent"), "{sign_in}");
        assert_eq!(sign_in_at(&mut browser, &sign_in, "i.marchetti").await, to);
        sign_out(&mut browser).await;
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_stamp_of_a_form_keeps_no_other_form(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = ines(&scene).await;
    let of_email = stamp(&browser.get("/account/email").await, "/account/email");
    let of_school = stamp(&browser.get(NEW_SCHOOL).await, NEW_SCHOOL);
    let address = role_page(&scene).await;
    sign_out(&mut browser).await;
    expect_not_kept(&scene, &mut browser, &address, &ROLE, &of_email).await;
    expect_not_kept(&scene, &mut browser, &address, &ROLE, &of_school).await;
    expect_not_kept(&scene, &mut browser, NEW_SCHOOL, &TYPED, &of_email).await;
    expect_not_kept(&scene, &mut browser, &format!("{NEW_SCHOOL}?a=b"), &TYPED, &of_school).await;
    // In a browser that its page was not drawn in, and long after.
    let mut elsewhere = Browser::new(&scene.backend);
    expect_not_kept(&scene, &mut elsewhere, NEW_SCHOOL, &TYPED, &of_school).await;
    elsewhere.sign_in("a.okoronta", PASSWORD).await;
    expect_not_kept(&scene, &mut elsewhere, NEW_SCHOOL, &TYPED, &of_school).await;
    scene.clock.advance(TimeDelta::days(30));
    let late = expect_not_kept(&scene, &mut browser, NEW_SCHOOL, &TYPED, &of_school).await;
    assert_eq!(sign_in_at(&mut browser, late.location().unwrap(), "i.marchetti").await, NEW_SCHOOL);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_form_of_a_page_from_before_is_kept_and_sent_by_the_same_person(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = ines(&scene).await;
    let of_school = stamp(&browser.get(NEW_SCHOOL).await, NEW_SCHOOL);
    // Two sessions later: its page stayed open.
    for _ in 0..2 {
        sign_out(&mut browser).await;
        browser.sign_in("i.marchetti", PASSWORD).await;
    }
    sign_out(&mut browser).await;
    scene.clock.advance(TimeDelta::days(8));
    let sent = [TYPED.as_slice(), &[("page-stamp", &of_school)]].concat();
    let answer = browser.post(NEW_SCHOOL, &sent).await;
    let to = sign_in_at(&mut browser, answer.location().unwrap(), "i.marchetti").await;
    assert!(browser.get(&to).await.body.contains("value=\"HILL\""));
    // Signed in again in another tab, the page itself sends it.
    let form = [("code", "HILL"), ("name", "Hill Top"), ("page-stamp", &of_school)];
    let saved = browser.post(NEW_SCHOOL, &form).await;
    assert_eq!(saved.location(), Some("/settings/schools?done=added"), "{}", saved.body);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_step_up_shows_what_continues_after_it_and_lets_its_person_discard_it(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = ines(&scene).await;
    let address = role_page(&scene).await;
    let before = schools_and_roles(&scene).await;
    // Someone at the desk of a session whose proof is old.
    scene.clock.advance(TimeDelta::minutes(20));
    let asked = browser.post(&address, &ROLE).await;
    let form = value_of(&asked.body, "form").unwrap();
    let again = browser.get(&format!("/account/step-up?form={form}")).await;
    let wrong = browser.post("/account/step-up", &[("proof", "wrong"), ("form", &form)]).await;
    browser.sign_in("i.marchetti", PASSWORD).await;
    let continues = browser.get(&format!("/account/step-up?form={form}")).await;
    assert!(continues.body.contains("Thank you for confirming"), "{}", continues.body);
    for page in [asked, again, wrong, continues] {
        let shown = shown(&page);
        assert!(shown.contains(&format!(">{address}</dd>")), "{shown}");
        for (name, value) in
            [("Role", "administrator"), ("Place", "all"), ("From", "2026-11-01"), ("Until", "Left empty")]
        {
            let line = format!("<dt>{name}</dt><dd><bdi>{value}</bdi></dd>");
            assert!(shown.contains(&line), "{line}: {shown}");
        }
        assert!(shown.contains("If you did not enter it, discard it."), "{shown}");
    }
    let discarded = browser.post("/account/step-up/discard", &[("form", &form)]).await;
    assert_eq!((discarded.status, discarded.location()), (StatusCode::SEE_OTHER, Some("/")));
    let gone = browser.post(&format!("{address}?pending={form}"), &[]).await;
    assert_eq!(gone.status, StatusCode::CONFLICT);
    assert_eq!(schools_and_roles(&scene).await, before);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_step_up_names_the_page_and_shows_no_secret(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = ines(&scene).await;
    let new = browser.get("/settings/single-sign-on/new").await.location().unwrap().to_owned();
    let typed = [("name", "Entra <b>"), ("issuer", "https://issuer.example"), ("client_secret", "hush")];
    let late = async |_: &mut Browser| scene.clock.advance(TimeDelta::minutes(20));
    let asked = send_after(&mut browser, &new, &typed, late).await;
    let page = shown(&asked);
    assert!(page.contains("<dt>Client secret</dt><dd><bdi>Entered, not shown</bdi></dd>"), "{page}");
    assert!(page.contains("Entra &lt;b&gt;") && !page.contains("hush"), "{page}");
    assert!(page.contains(&format!("href=\"{new}\"")), "{page}");
    let form = value_of(&asked.body, "form").unwrap();
    assert_eq!(value_of(&asked.body, "next").as_deref(), Some(&*new));
    // Somebody else's button discards nothing.
    let mut student = Browser::new(&scene.backend);
    student.sign_in("a.okoronta", PASSWORD).await;
    student.post("/account/step-up/discard", &[("form", &form)]).await;
    assert_eq!(count(&scene, "interrupted_forms").await, 1);
    let discarded = browser.post("/account/step-up/discard", &[("form", &form), ("next", &new)]).await;
    assert_eq!(discarded.location(), Some(&*new));
    assert_eq!(count(&scene, "interrupted_forms").await, 0);
}
