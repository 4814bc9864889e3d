//! Restricting a guardian whose page is open in another browser, and "This is not my child" from a message.

use std::time::Duration;

use axum::http::StatusCode;
use backend::guardians::access::not_mine::link::link;
use domain::authorization::role::Role;
use sqlx::PgPool;

use super::Families;
use crate::browser::Browser;

/// The stamp of a page.
fn stamp(page: &str) -> &str {
    page.split("data-stamp=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap()
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_restriction_ends_the_session_that_is_open_elsewhere_and_its_page_hears_of_it(pool: PgPool) {
    let families = Families::new(pool).await;
    let mut mara = families.signed_in("m.varga").await;
    let open = mara.get(&format!("/portal/children/{}/access", families.ben)).await;
    assert!(open.status == StatusCode::OK && open.body.contains("What you see of Ben"), "{}", open.body);
    let address = format!("/session/ended?stamp={}", stamp(&open.body));
    let mut waiting = mara.clone();
    let waits = tokio::spawn(async move { waiting.get(&address).await });

    let mut office = families.staff(&families.school, "m.manager", Role::AccountManager).await;
    let path = format!("/students/{}/access/restrict", families.ben);
    let adult = families.mara.to_string();
    let form = [
        ("whom", "one"),
        ("adult", &*adult),
        ("scopes", "profile"),
        ("reason", "court_order"),
        ("reference", "FD26P00400"),
    ];
    let recorded = office.post(&path, &form).await;
    let back = recorded.location().map_or_else(|| panic!("{}", recorded.body), str::to_owned);
    let told = office.get(&back).await.body;
    assert!(told.contains("1 session ended.") && told.contains("FD26P00400"), "{told}");

    let heard = tokio::time::timeout(Duration::from_secs(20), waits).await.unwrap().unwrap();
    assert!(heard.body.contains("event: ended"), "{}", heard.body);
    assert!(mara.get("/portal").await.location().unwrap().starts_with("/sign-in"));
    // Signed in again, Ben is like a child that nobody has.
    mara.sign_in("m.varga", crate::scene::PASSWORD).await;
    let gone = mara.get(&format!("/portal/children/{}/access", families.ben)).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    // Who may not see restrictions is told that there is one, and no more.
    let mut viewer = families.staff(&families.school, "o.viewer", Role::OfficeViewer).await;
    let map = viewer.get(&format!("/students/{}/access", families.ben)).await.body;
    assert!(map.contains("Access is restricted") && !map.contains("FD26P00400"), "{map}");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_page_without_its_own_stamp_is_not_kept_waiting(pool: PgPool) {
    let families = Families::new(pool).await;
    let mut ben = families.signed_in("b.okafor").await;
    let stamp = stamp(&families.signed_in("m.varga").await.get("/portal").await.body).to_owned();
    for address in ["/session/ended".to_owned(), format!("/session/ended?stamp={stamp}")] {
        assert_eq!(ben.get(&address).await.status, StatusCode::NO_CONTENT);
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_link_in_a_message_asks_with_a_button_and_needs_no_sign_in(pool: PgPool) {
    let families = Families::new(pool).await;
    let link = link(&families.backend, families.mara, families.ben);
    let path = link.strip_prefix("http://localhost:3000").unwrap();
    let mut stranger = Browser::new(&families.backend);
    let asked = stranger.get(path).await;
    assert!(asked.body.contains("Ben") && asked.body.contains("This is not my child"), "{}", asked.body);
    assert!(!asked.body.contains("Okafor"), "the given name is enough");
    let pressed = stranger.post(path, &[]).await;
    assert_eq!((pressed.status, pressed.location()), (StatusCode::SEE_OTHER, Some(path)));
    assert!(stranger.get(path).await.body.contains("You do not see this student"));
    let mut mara = families.signed_in("m.varga").await;
    let gone = mara.get(&format!("/portal/children/{}/access", families.ben)).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    let mut office = families.staff(&families.school, "m.manager", Role::AccountManager).await;
    let tasks = office.get("/guardians/tasks").await.body;
    assert!(tasks.contains("Mara Varga") && tasks.contains("This is not my child"), "{tasks}");
    for cut in ["/not-mine/nonsense", path.get(..path.len() - 1).unwrap()] {
        let cut = stranger.get(cut).await;
        assert_eq!(cut.status, StatusCode::NOT_FOUND);
        assert!(cut.body.contains("This link is not complete"), "{}", cut.body);
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_office_ticks_what_an_adult_sees_and_a_school_what_adults_see_by_default(pool: PgPool) {
    let families = Families::new(pool).await;
    let mut office = families.staff(&families.school, "a.dmin", Role::Administrator).await;
    let page = format!("/guardians/{}/access?child={}", families.mara, families.ben);
    let shown = office.get(&page).await;
    assert!(shown.body.contains("What Mara Varga sees"), "{}", shown.body);
    let (adult, child) = (families.mara, families.ben.to_string());
    let form = [
        ("child", &*child),
        ("see-grades", "on"),
        ("ground-grades", "relation"),
        ("from-grades", "2026-12-02"),
        ("until-grades", "2026-12-01"),
    ];
    let path = format!("/guardians/{adult}/access");
    let refused = office.post(&path, &form).await;
    assert!(refused.body.contains("the last day is before the first day"), "{}", refused.body);
    let saved = office.post(&path, &form[..3]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let map = office.get(&format!("/students/{child}/access")).await.body;
    assert!(map.contains("Grades") && !map.contains("Profile"), "{map}");

    let ticks = [("responsible-profile", "on"), ("others-messages", "on")];
    let set = office.post("/settings/guardian-access", &ticks).await;
    assert_eq!(set.location(), Some("/settings/guardian-access?done=saved"), "{}", set.body);
    let page = office.get("/settings/guardian-access").await.body;
    let ticked = |name: &str| {
        let input = page.split("<input ").find(|input| input.contains(&format!("name=\"{name}\"")));
        input.and_then(|input| input.split('>').next()).is_some_and(|input| input.contains(" checked"))
    };
    assert!(ticked("responsible-profile") && ticked("others-messages"), "{page}");
    assert!(!ticked("responsible-grades") && !ticked("parents-profile"), "{page}");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn every_settings_page_opens_and_the_pattern_for_guardians_is_saved(pool: PgPool) {
    let families = Families::new(pool).await;
    let mut office = families.staff(&families.school, "m.admin", Role::Administrator).await;
    for page in domain::registry::SETTINGS_PAGES {
        assert_eq!(office.get(page.path).await.status, StatusCode::OK, "{}", page.path);
    }
    let path = "/settings/guardian-usernames";
    let wrong = office.post(path, &[("guardian_username_template", "{given")]).await;
    assert!(
        wrong.body.contains("Error: Usernames of guardians") && wrong.body.contains("{given"),
        "{}",
        wrong.body
    );
    let saved = office.post(path, &[("guardian_username_template", "{family}.{given}")]).await;
    assert_eq!(saved.location(), Some("/settings/guardian-usernames?done=saved"), "{}", saved.body);
    assert!(office.get(path).await.body.contains("value=\"{family}.{given}\""));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_operator_lifts_a_restriction_where_nobody_else_can_approve(pool: PgPool) {
    let families = Families::new(pool.clone()).await;
    let mut office = families.staff(&families.school, "m.manager", Role::AccountManager).await;
    let map = office.get(&format!("/students/{}/access", families.lio)).await.body;
    let named =
        map.split("greencap guardians lift ").nth(1).map(|rest| rest.chars().take(36).collect::<String>());
    let id = named.unwrap_or_else(|| panic!("{map}"));
    let lift = async || crate::command::greencap(&pool, &["guardians", "lift", id.as_str()]).await;
    let lifted = lift().await;
    assert_eq!(lifted.status, Some(0), "{}", lifted.stderr);
    let mut mara = families.signed_in("m.varga").await;
    assert_eq!(mara.get(&format!("/portal/children/{}", families.lio)).await.status, StatusCode::OK);
    let again = lift().await;
    assert!(again.status == Some(2) && again.stderr.contains("lifted already"), "{}", again.stderr);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_restriction_is_changed_on_its_page_and_what_would_open_something_waits(pool: PgPool) {
    let families = Families::new(pool).await;
    let mut office = families.staff(&families.school, "m.manager", Role::AccountManager).await;
    families.staff(&families.school, "n.other", Role::AccountManager).await;
    let map = format!("/students/{}/access", families.lio);
    let shown = office.get(&map).await.body;
    assert!(shown.contains("Who can: Office n.other."), "{shown}");
    let change = format!("/students/{}/access/change", families.lio);
    let after = shown
        .split(&format!("{change}?restriction="))
        .nth(1)
        .map(|rest| rest.chars().take(36).collect::<String>());
    let id = after.unwrap_or_else(|| panic!("{shown}"));
    let form = office.get(&format!("{change}?restriction={id}")).await;
    assert!(form.body.contains("FD26P00321") && form.body.contains("Mara Varga"), "{}", form.body);
    let typed = |until: &'static str, reference: &'static str| {
        let parts = ["profile", "grades", "attendance", "timetable", "assignments", "fees", "messages"];
        let mut fields: Vec<(&str, &str)> = parts.map(|part| ("scopes", part)).into();
        fields.extend([("hides", "yes"), ("reason", "court_order"), ("from", "2026-09-01")]);
        fields.extend([("until", until), ("reference", reference)]);
        fields
    };
    let send = |until, reference| [typed(until, reference), vec![("restriction", id.as_str())]].concat();
    let past = office.post(&change, &send("2026-09-02", "FD26P00322")).await;
    assert!(past.body.contains("A restriction in the past restricts nobody"), "{}", past.body);
    let saved = office.post(&change, &send("", "FD26P00322")).await;
    assert_eq!(saved.location(), Some(format!("{map}?done=changed").as_str()), "{}", saved.body);
    let waits = office.post(&change, &send("2099-01-01", "FD26P00322")).await;
    assert_eq!(waits.location(), Some(format!("{map}?done=asked").as_str()), "{}", waits.body);
    let shown = office.get(&map).await.body;
    assert!(shown.contains("FD26P00322") && !shown.contains("2099"), "{shown}");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_restriction_says_where_its_lifting_stands_instead_of_asking_again(pool: PgPool) {
    let families = Families::new(pool).await;
    let mut office = families.staff(&families.school, "m.manager", Role::AccountManager).await;
    let mut other = families.staff(&families.school, "n.other", Role::AccountManager).await;
    let map = format!("/students/{}/access", families.lio);
    let shown = office.get(&map).await.body;
    let named = shown.split("name=\"restriction\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let id = named.unwrap_or_else(|| panic!("{shown}"));
    let asked = office.post(&format!("{map}/lift"), &[("restriction", id)]).await;
    assert_eq!(asked.location(), Some(format!("{map}?done=asked").as_str()), "{}", asked.body);
    let waits = office.get(&map).await.body;
    assert!(
        waits.contains("Asked to lift it today at ") && waits.contains("Waits for a second person."),
        "{waits}"
    );
    assert!(
        !waits.contains("Ask to lift") && waits.contains("<a href=\"/approvals\">Approvals</a>"),
        "{waits}"
    );

    let approval: String =
        sqlx::query_scalar("SELECT id::text FROM operations WHERE kind = 'lift_restriction'")
            .fetch_one(families.backend.database.raw())
            .await
            .unwrap();
    let decided = other.post(&format!("/approvals/{approval}/decide"), &[("decision", "approve")]).await;
    assert_eq!(decided.location(), Some("/approvals?done=decided"), "{}", decided.body);
    assert!(office.get(&map).await.body.contains("Approved. Choose Lift under "));
    assert!(other.get(&map).await.body.contains("Approved. The person who asked chooses Lift under "));
}
