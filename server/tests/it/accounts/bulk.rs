//! Changing several accounts on pages: the simulation, the change, and its undo.

use axum::http::StatusCode;
use backend::testing::{active_account, staff_role, student};
use domain::authorization::role::Role;
use domain::roll::selection::Selection;
use serde_json::json;
use sqlx::PgPool;

use crate::browser::{Browser, PageAnswer};
use crate::scene::{PASSWORD, Scene};

fn hidden(page: &PageAnswer, name: &str) -> String {
    let field = page.body.split(&format!("name=\"{name}\" value=\"")).nth(1);
    field.unwrap_or_else(|| panic!("{}", page.body)).split('"').next().unwrap().replace("&quot;", "\"")
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn accounts_are_simulated_changed_and_changed_back(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, &scene.school);
    let odo = student(backend, school, "Odo", "Voss", "1054", None).await;
    active_account(backend, school, odo, "o.voss", PASSWORD).await;
    staff_role(backend, school, odo, Role::AccountManager).await;
    let ann = student(backend, school, "Ann", "Lee", "1055", None).await;
    active_account(backend, school, ann, "a.lee", PASSWORD).await;
    let bo = student(backend, school, "Bo", "Kim", "1056", None).await;
    let mut office = Browser::new(backend);
    office.sign_in("o.voss", PASSWORD).await;

    let selection = json!(Selection::People { ids: vec![ann, bo] }).to_string();
    let school = school.school.to_string();
    let whom = [("school", school.as_str()), ("selection", selection.as_str()), ("among", "students")];
    let choice = office.post("/accounts/bulk", &whom).await;
    assert!(choice.body.contains("What do you want to do with 2 accounts?"), "{}", choice.body);
    let wanted = [&whom[..], &[("change", "disable")]].concat();
    let shown = office.post("/accounts/change", &wanted).await;
    assert!(shown.body.contains("Disable 1 account?") && shown.body.contains("Ann Lee"), "{}", shown.body);
    assert!(shown.body.contains("1: no account.") && shown.body.contains("Bo Kim"), "{}", shown.body);
    let seen = hidden(&shown, "seen");
    let states = "SELECT count(*) FROM accounts WHERE username = 'a.lee' AND state = 'suspended'";
    assert_eq!(scene.count(states).await, 0, "a simulation changes nothing");

    let made =
        office.post("/accounts/change/make", &[&wanted[..], &[("seen", seen.as_str())]].concat()).await;
    assert_eq!((made.status, scene.count(states).await), (StatusCode::SEE_OTHER, 1));
    let page = made.location().unwrap().to_owned();
    assert!(office.get("/accounts/changes").await.body.contains("1 account disabled"));
    assert!(office.get(&page).await.body.contains("Ann Lee"));
    let again =
        office.post("/accounts/change/make", &[&wanted[..], &[("seen", seen.as_str())]].concat()).await;
    assert!(again.body.contains("The accounts changed while you were here"), "{}", again.body);

    let undone = office.post(&format!("{page}/undo"), &[]).await;
    assert_eq!((undone.location(), scene.count(states).await), (Some(page.as_str()), 0));
    let twice = office.post(&format!("{page}/undo"), &[]).await;
    assert!(twice.body.contains("This has already been undone."), "{}", twice.body);
}
