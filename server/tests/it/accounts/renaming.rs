//! Changing usernames, and what an old one still does.

use axum::http::StatusCode;
use backend::accounts::create::Among;
use backend::accounts::old_username::stop_old_usernames;
use backend::testing::{active_account, member_of_staff, staff_role, student};
use backend::{Backend, Error};
use chrono::TimeDelta;
use domain::authorization::actor::Actor;
use domain::authorization::role::Role;
use domain::ids::PersonId;
use domain::roll::selection::Selection;
use serde_json::json;
use sqlx::PgPool;

use crate::browser::{Browser, PageAnswer};
use crate::command::greencap;
use crate::recovery::forgetting::{mailbox, person_of};
use crate::scene::{PASSWORD, Scene};

async fn manager(scene: &Scene) -> Browser {
    let person = student(&scene.backend, &scene.school, "Odo", "Voss", "1054", None).await;
    active_account(&scene.backend, &scene.school, person, "o.voss", PASSWORD).await;
    staff_role(&scene.backend, &scene.school, person, Role::AccountManager).await;
    let mut browser = Browser::new(&scene.backend);
    browser.sign_in("o.voss", PASSWORD).await;
    browser
}

async fn marry(backend: &Backend, person: PersonId, family: &str) {
    sqlx::query("UPDATE people SET family_name = $2 WHERE id = $1")
        .bind(person.0)
        .bind(family)
        .execute(backend.database.raw())
        .await
        .unwrap();
}

/// The value of a hidden field.
fn hidden(page: &PageAnswer, name: &str) -> String {
    let field = page
        .body
        .split(&format!("name=\"{name}\" value=\""))
        .nth(1)
        .unwrap_or_else(|| panic!("{}", page.body));
    field.split('"').next().unwrap().replace("&quot;", "\"")
}

/// Sends the page's form with these fields.
async fn change(browser: &mut Browser, page: &PageAnswer, fields: &[(&str, &str)]) -> PageAnswer {
    let kept = ["school", "selection", "among", "hash"].map(|name| (name, hidden(page, name)));
    let kept = kept.iter().map(|(name, value)| (*name, value.as_str()));
    let form: Vec<(&str, &str)> = kept.chain(fields.iter().copied()).collect();
    browser.post("/accounts/rename/change", &form).await
}

/// Whether a sign-in with this name is let in.
async fn signs_in(scene: &Scene, name: &str) -> bool {
    let form = [("name", name), ("password", PASSWORD)];
    Browser::new(&scene.backend).post("/sign-in", &form).await.status == StatusCode::SEE_OTHER
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_typed_username_is_used_at_once_and_the_old_one_signs_in_for_thirty_days_and_never_again(
    pool: PgPool,
) {
    let scene = Scene::new(pool).await;
    let mut office = manager(&scene).await;
    let person = person_of(&scene, "a.okoronta").await;
    let page = office.get(&format!("/accounts/rename?person={person}")).await;
    assert!(page.body.contains("Change the username of Adaeze Okoronta"), "{}", page.body);
    let field = format!("u-{person}");
    let refused = change(&mut office, &page, &[(&field, "o.voss"), ("days", "30")]).await;
    assert!(refused.body.contains("o.voss is taken by Odo Voss"), "{}", refused.body);
    let same = change(&mut office, &page, &[(&field, "a.okoronta"), ("days", "x")]).await;
    for sentence in ["This is already their username", "Enter a whole number of days from 0 to 365."] {
        assert!(same.body.contains(sentence), "{sentence}: {}", same.body);
    }
    let done = change(&mut office, &page, &[(&field, "Ade.Voss"), ("days", "30"), ("tell", "yes")]).await;
    let shown = office.get(done.location().unwrap_or_else(|| panic!("{}", done.body))).await;
    assert!(
        shown.body.contains("Username of Adaeze Okoronta changed") && shown.body.contains("ade.voss"),
        "{}",
        shown.body
    );
    assert!(!shown.body.contains("a.okoronta"), "an account manager may not see former usernames");

    let mails = mailbox(&scene).await;
    let [(_, _, text)] = mails.as_slice() else { panic!("{mails:?}") };
    assert!(text.contains("ade.voss") && !text.contains("a.okoronta"), "{text}");

    let mut own = Browser::new(&scene.backend);
    own.sign_in("a.okoronta", PASSWORD).await;
    let home = own.get("/portal").await;
    assert!(home.body.contains("ade.voss") && !home.body.contains("a.okoronta"), "{}", home.body);
    assert!(signs_in(&scene, "ade.voss").await);

    scene.clock.advance(TimeDelta::days(31));
    assert!(!signs_in(&scene, "a.okoronta").await);
    assert!(signs_in(&scene, "ade.voss").await);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn an_old_username_that_is_not_wanted_stops_at_once_and_undoing_brings_it_back(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut office = manager(&scene).await;
    let person = person_of(&scene, "a.okoronta").await;
    let page = office.get(&format!("/accounts/rename?person={person}")).await;
    let done = change(&mut office, &page, &[(&format!("u-{person}"), "ade.voss"), ("days", "0")]).await;
    let path = done.location().unwrap().to_owned();
    assert!(!signs_in(&scene, "a.okoronta").await && signs_in(&scene, "ade.voss").await);
    assert_eq!(mailbox(&scene).await.len(), 0, "nobody is told who should not be");
    office.post(&format!("{path}/undo"), &[]).await;
    assert!(signs_in(&scene, "a.okoronta").await && !signs_in(&scene, "ade.voss").await);
    assert!(office.get(&path).await.body.contains("This change was undone"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn an_old_username_is_stopped_early_and_that_is_undone_and_logged(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut office = manager(&scene).await;
    let person = person_of(&scene, "a.okoronta").await;
    let page = office.get(&format!("/accounts/rename?person={person}")).await;
    change(&mut office, &page, &[(&format!("u-{person}"), "ade.voss"), ("days", "30")]).await;
    assert!(signs_in(&scene, "a.okoronta").await);
    let record = format!("/students/{person}?tab=access");
    let school = scene.school.school;
    let stop = async |office: &mut Browser, stop: bool| {
        let asked = json!({ "school": school, "person": person, "stop": stop });
        office.call("accounts/stop_old_usernames", &asked).await
    };
    let offered = office.get(&record).await.body;
    assert!(offered.contains("Stop the old username now") && !offered.contains("sign in again"), "{offered}");
    let stopped = stop(&mut office, true).await;
    assert_eq!(stopped.status, StatusCode::OK, "{}", stopped.body);
    assert!(!signs_in(&scene, "a.okoronta").await && signs_in(&scene, "ade.voss").await);
    let again = stop(&mut office, true).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.body);
    let offered = office.get(&record).await.body;
    assert!(offered.contains("Let the old username sign in again"), "{offered}");
    assert!(offered.contains("Sign-in by the old username stopped"), "its history says so: {offered}");
    stop(&mut office, false).await;
    assert!(signs_in(&scene, "a.okoronta").await);
    // After its time there is nothing to undo.
    stop(&mut office, true).await;
    scene.clock.advance(TimeDelta::days(31));
    let system = Actor::system(scene.school.organisation);
    let late = stop_old_usernames(&scene.backend, &system, school, (Among::Students, person), false).await;
    assert!(matches!(late, Err(Error::Conflict { .. })), "{late:?}");
    assert!(!signs_in(&scene, "a.okoronta").await);
    for action in ["old_username_stopped", "old_username_allowed"] {
        let told: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM audit_events WHERE action = $1 AND person_id = $2 AND details::text NOT LIKE '%okoronta%'",
        )
        .bind(action)
        .bind(person.0)
        .fetch_one(scene.backend.database.raw())
        .await
        .unwrap();
        assert!(told > 0, "{action}");
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_old_username_of_staff_is_stopped_on_their_page_and_by_command(pool: PgPool) {
    let scene = Scene::new(pool.clone()).await;
    let mut office = manager(&scene).await;
    let otis = member_of_staff(&scene.backend, &scene.school, "Otis", "Lind", "T1", None).await;
    active_account(&scene.backend, &scene.school, otis, "o.lind", PASSWORD).await;
    let page = office.get(&format!("/accounts/rename?person={otis}&among=staff")).await;
    change(&mut office, &page, &[(&format!("u-{otis}"), "o.lindqvist"), ("days", "30")]).await;
    let (page, form) = (format!("/staff/{otis}"), format!("/staff/{otis}/old-username"));
    let shown = office.get(&page).await.body;
    assert!(
        shown.contains("Stop the old username now")
            && shown.contains("If you stop it, nobody can sign in with it."),
        "{shown}"
    );
    let stopped = office.post(&form, &[]).await;
    assert_eq!(stopped.location(), Some(&*format!("{page}?done=stopped")), "{}", stopped.body);
    assert!(!signs_in(&scene, "o.lind").await && signs_in(&scene, "o.lindqvist").await);
    let command = ["accounts", "stop-old-username", "--school", "QUILL", "--person", "T1", "--json"];
    let refused = greencap(&pool, &command).await;
    assert_eq!(refused.status, Some(1), "{}{}", refused.stdout, refused.stderr);
    let undone = greencap(&pool, &[&command[..], &["--undo"]].concat()).await.json();
    assert_eq!(undone, json!({ "key": "T1", "stopped": false, "updated": 1 }));
    assert!(signs_in(&scene, "o.lind").await);
    let allowed = office.post(&form, &[("undo", "yes")]).await;
    assert!(allowed.body.contains("Nothing was changed"), "{}", allowed.body);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn past_changes_are_listed_with_who_when_and_how_many_and_undone_there(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut office = manager(&scene).await;
    let empty = office.get("/accounts/renames").await.body;
    assert!(empty.contains("No username has been changed yet"), "{empty}");
    let person = person_of(&scene, "a.okoronta").await;
    let page = office.get(&format!("/accounts/rename?person={person}")).await;
    let done = change(&mut office, &page, &[(&format!("u-{person}"), "ade.voss"), ("days", "0")]).await;
    let path = done.location().unwrap().to_owned();
    let listed = office.get("/accounts/renames").await.body;
    let undo = format!("{path}/undo");
    for part in [&*format!("href=\"{path}\""), ">Adaeze Okoronta<", "Odo Voss", &*format!("href=\"{undo}\"")]
    {
        assert!(listed.contains(part), "{part}: {listed}");
    }
    let asked = office.get(&undo).await.body;
    for part in ["Undo the username change of Adaeze Okoronta?", &*format!("action=\"{undo}\"")] {
        assert!(asked.contains(part), "{part}: {asked}");
    }
    let undone = office.post(&undo, &[]).await;
    assert_eq!(undone.location(), Some(&*path), "{}", undone.body);
    let shown = office.get(&path).await.body;
    for part in ["Username of Adaeze Okoronta changed back", "Adaeze Okoronta has the former username again."]
    {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert_eq!(office.get(&undo).await.location(), Some(&*path), "there is nothing to ask any more");
    let listed = office.get("/accounts/renames").await.body;
    assert!(
        listed.contains("Undone Today")
            && listed.contains(">Adaeze Okoronta<")
            && !listed.contains("/undo\""),
        "{listed}"
    );
    assert!(office.get("/accounts/batches").await.body.contains("href=\"/accounts/renames\""));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn many_change_by_the_pattern_and_a_roll_that_changes_meanwhile_is_shown_again(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut office = manager(&scene).await;
    let people = [person_of(&scene, "a.okoronta").await, person_of(&scene, "o.voss").await];
    marry(&scene.backend, people[0], "Lind").await;
    let selection = serde_json::to_string(&Selection::People { ids: people.to_vec() }).unwrap();
    let school = scene.school.school.to_string();
    let form = [("school", school.as_str()), ("selection", &selection)];
    let page = office.post("/accounts/rename", &form).await;
    for sentence in ["Change 1 username?", "1 already fit the pattern", "a.lind"] {
        assert!(page.body.contains(sentence), "{sentence}: {}", page.body);
    }
    marry(&scene.backend, people[0], "Lund").await;
    let moved = change(&mut office, &page, &[("days", "30")]).await;
    assert!(moved.body.contains("The roll changed") && moved.body.contains("a.lund"), "{}", moved.body);
    let done = change(&mut office, &moved, &[("days", "30")]).await;
    assert!(done.location().is_some(), "{}", done.body);
    assert!(signs_in(&scene, "a.lund").await);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_script_renames_one_person_or_everyone_who_no_longer_fits(pool: PgPool) {
    let scene = Scene::new(pool.clone()).await;
    let person = person_of(&scene, "a.okoronta").await;
    marry(&scene.backend, person, "Lind").await;
    let rename = ["accounts", "rename", "--school", "QUILL", "--json"];
    let simulated = greencap(&pool, &[&rename[..], &["--template", "--simulate"]].concat()).await;
    let line = json!([{ "key": "1042", "name": "Adaeze Lind", "from": "a.okoronta", "username": "a.lind" }]);
    assert_eq!((simulated.status, &simulated.json()["accounts"]), (Some(0), &line), "{}", simulated.stderr);
    assert!(!signs_in(&scene, "a.lind").await);
    let done = greencap(&pool, &[&rename[..], &["--template"]].concat()).await;
    assert_eq!((&done.json()["updated"], &done.json()["accounts"]), (&json!(1), &line));
    assert!(done.json()["operation"].is_string());
    let again = greencap(&pool, &[&rename[..], &["--template"]].concat()).await.json();
    assert_eq!((&again["updated"], &again["unchanged"]), (&json!(0), &json!(1)));

    let one = ["--person", "1042", "--username", "ade", "--old-days", "0", "--no-email"];
    let done = greencap(&pool, &[&rename[..], &one].concat()).await;
    assert_eq!(done.json()["accounts"][0]["username"], "ade", "{}", done.stderr);
    assert!(signs_in(&scene, "ade").await && !signs_in(&scene, "a.lind").await);
    for (wrong, said) in [
        (&["--person", "1042"][..], "--username"),
        (&["--person", "9999", "--username", "ade"], "not found"),
        (&["--template", "--person", "1042", "--username", "ade"], "cannot be used with"),
        (&[], "required"),
    ] {
        let ended = greencap(&pool, &[&rename[..], wrong].concat()).await;
        assert_eq!(ended.status, Some(2), "{wrong:?}");
        assert!(ended.stderr.contains(said), "{wrong:?}: {}", ended.stderr);
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn an_old_username_finds_a_forgotten_password_while_it_signs_in(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut office = manager(&scene).await;
    let person = person_of(&scene, "a.okoronta").await;
    let page = office.get(&format!("/accounts/rename?person={person}")).await;
    let done = change(&mut office, &page, &[(&format!("u-{person}"), "ade.voss"), ("days", "30")]).await;
    assert!(done.location().is_some(), "{}", done.body);
    let ask = || async {
        Browser::new(&scene.backend).post("/forgotten/password", &[("name", "a.okoronta")]).await;
        mailbox(&scene).await.len()
    };
    assert_eq!(ask().await, 1);
    scene.clock.advance(TimeDelta::days(31));
    assert_eq!(ask().await, 0, "nothing new, and the copy of the first is no longer kept");
}
