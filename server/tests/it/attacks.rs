//! Attacks that concern more than one page: secrets used in the wrong place, and unexpected fields and
//! requests. The table in docs/SECURITY.md names the tests for the others.

use std::collections::BTreeMap;

use app::guard::endpoints;
use app::page_permissions::required_permission;
use axum::http::{Method, StatusCode};
use backend::credentials::resting::LINKS_REST;
use backend::invitations::send::send;
use backend::roll::addresses;
use backend::setup::link;
use backend::single_sign_on::providers::ProviderForm;
use backend::single_sign_on::providers::save::save;
use backend::testing::{account, active_account, staff_role, student};
use domain::authorization::actor::Actor;
use domain::authorization::role::Role;
use domain::invitations::views::Recipients;
use serde_json::json;
use server::http::declared;
use sqlx::PgPool;
use uuid::Uuid;

use crate::browser::Browser;
use crate::own_account::address::address_of;
use crate::recovery::forgetting::{link, links, mailbox, person_of};
use crate::scene::{PASSWORD, Scene};

/// The invitation token of someone new at the school.
async fn invitation(scene: &Scene) -> String {
    let backend = &scene.backend;
    let person = student(backend, &scene.school, "Chidera", "Obi", "1043", Some("chi@example.org")).await;
    let account = account(backend, &scene.school, person, "c.obi").await;
    let system = Actor::system(scene.school.organisation);
    let recipients = Recipients::Accounts { ids: vec![account], again: true };
    send(backend, &system, scene.school.school, recipients).await.unwrap();
    let id: Uuid =
        sqlx::query_scalar("SELECT id FROM invitations").fetch_one(backend.database.raw()).await.unwrap();
    backend.keys.invitations.secrets(id).link
}

fn last(path: &str) -> String {
    path.rsplit('/').next().expect("a token").to_owned()
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_secret_opens_nothing_but_the_door_it_was_made_for(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let set_up = last(&link::link(&scene.backend).await.unwrap().expect("no administrator yet"));
    let reset = last(&link(&scene).await);
    let mut owner = Browser::new(&scene.backend);
    owner.sign_in("a.okoronta", PASSWORD).await;
    let session = owner.cookies["greencap"].clone();
    owner.post("/account/email", &[("email", "new@example.org")]).await;
    let sent: Vec<String> = mailbox(&scene).await.iter().flat_map(|(.., text)| links(text)).collect();
    let of = |door: &str| last(sent.iter().find(|link| link.starts_with(door)).expect("a link"));
    let secrets = [
        ("new address", of("/email/confirm/")),
        ("old address", of("/email/undo/")),
        ("invitation", invitation(&scene).await),
        ("reset", reset),
        ("setup", set_up),
        ("session", session),
    ];
    for (made_for, secret) in &secrets {
        let opens = async |door: &str| {
            let mut browser = Browser::new(&scene.backend);
            match door {
                "new address" => {
                    let mut browser = owner.clone();
                    browser.get(&format!("/email/confirm/{secret}")).await;
                    browser.get("/account/email/confirm").await.body.contains("new@example.org")
                }
                "old address" => {
                    browser.get(&format!("/email/undo/{secret}")).await;
                    browser.get("/email/undo").await.body.contains("Adaeze Okoronta")
                }
                "invitation" => {
                    browser.get(&format!("/i/{secret}")).await;
                    browser.get("/activate/check").await.body.contains("Chidera")
                }
                "reset" => {
                    browser.get(&format!("/reset/{secret}")).await;
                    browser.get("/reset").await.body.contains("a.okoronta")
                }
                "setup" => browser.get(&format!("/setup/{secret}")).await.body.contains("name=\"password\""),
                cookie => {
                    let name = if cookie == "session" { "greencap" } else { "greencap-sign-in" };
                    browser.cookies.insert(name.to_owned(), secret.clone());
                    let page = if cookie == "session" { "/portal" } else { "/sign-in/second-factor" };
                    browser.get(page).await.status == StatusCode::OK
                }
            }
        };
        for door in ["new address", "old address", "invitation", "reset", "setup", "session", "pending"] {
            assert_eq!(opens(door).await, door == *made_for, "a secret of {made_for} at {door}");
        }
    }
}

/// Someone else may read what was sent to a wrong address.
#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_reset_link_that_went_to_a_wrong_address_dies_when_the_address_is_corrected(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let twin =
        student(&scene.backend, &scene.school, "Chidera", "Okoronta", "1043", Some("ada@example.org")).await;
    active_account(&scene.backend, &scene.school, twin, "c.okoronta", PASSWORD).await;
    let works = async |link: &str| {
        let mut browser = Browser::new(&scene.backend);
        browser.get(link).await;
        browser.get("/reset").await.body.contains("name=\"password\"")
    };
    let staff = scene.school.actor(&scene.backend, Role::Administrator);
    for (username, other) in [("a.okoronta", "c.okoronta"), ("c.okoronta", "a.okoronta")] {
        // One message to the mailbox of both, with a link for each.
        Browser::new(&scene.backend).post("/forgotten/password", &[("name", "ada@example.org")]).await;
        let (.., text) = mailbox(&scene).await.pop().expect("a message");
        let links = links(&text);
        let [adaeze, chidera] = links.as_slice() else { panic!("{text}") };
        let (own, others) = if username == "a.okoronta" { (adaeze, chidera) } else { (chidera, adaeze) };
        let person = person_of(&scene, username).await;
        let address = address_of(&scene, person).await;
        addresses::edit(&scene.backend, &staff, person, address, "right@example.org").await.unwrap();
        assert!(!works(own).await, "{username}");
        assert!(works(others).await, "nothing was wrong with the address of {other}");
        addresses::edit(&scene.backend, &staff, person, address, "ada@example.org").await.unwrap();
        // Links rest after a change by staff.
        scene.clock.advance(LINKS_REST);
    }
}

/// An account whose school requires single sign-on: anyone who asks sees the same as for no account.
#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn who_comes_with_a_provider_alone_is_not_told_apart_by_password_or_recovery(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let form = ProviderForm {
        kind: "other".to_owned(),
        name: "Quill ID".to_owned(),
        issuer: "https://login.quillmere.example".to_owned(),
        client_id: "greencap".to_owned(),
        client_secret: "what they gave us".to_owned(),
        enabled: true,
        ..ProviderForm::default()
    };
    let system = Actor::system(scene.school.organisation);
    save(&scene.backend, &system, scene.backend.new_id(), &form).await.unwrap();
    let ask = async |path: &str, name: &str, password: &str| {
        let form = [("name", name), ("password", password)];
        let answer = Browser::new(&scene.backend).post(path, &form).await;
        (answer.status, answer.body.replace(name, "NAME"))
    };
    sqlx::query(
        "INSERT INTO settings (organisation_id, school_id, setting, value, changed_at)
         SELECT organisation_id, id, 'single_sign_on', '\"required\"', created_at FROM schools",
    )
    .execute(scene.backend.database.raw())
    .await
    .unwrap();
    let [refused, heard] =
        [ask("/sign-in", "x.nobodyxx", PASSWORD).await, ask("/forgotten/password", "x.nobodyxx", "").await];
    assert_eq!(ask("/sign-in", "a.okoronta", PASSWORD).await, refused);
    assert_eq!(ask("/forgotten/password", "a.okoronta", "").await, heard);
    assert_eq!(mailbox(&scene).await.len(), 0, "a link would let nobody in");
}

/// An administrator, signed in to the office.
async fn head(scene: &Scene) -> Browser {
    let person = student(&scene.backend, &scene.school, "Ines", "Marchetti", "2000", None).await;
    active_account(&scene.backend, &scene.school, person, "i.marchetti", PASSWORD).await;
    staff_role(&scene.backend, &scene.school, person, Role::Administrator).await;
    let mut browser = Browser::new(&scene.backend);
    browser.sign_in("i.marchetti", PASSWORD).await;
    browser
}

/// OWASP ASVS 5.0, V6.4.6 and V15.3.3. The request contains an account's columns, with the student's own ids.
#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn staff_set_nobodys_password_and_fields_that_nobody_asked_for_change_nothing(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut head = head(&scene).await;
    let (person, account) = (person_of(&scene, "a.okoronta").await.to_string(), scene.account.to_string());
    let (organisation, school) = (Uuid::nil().to_string(), scene.school.school.to_string());
    let fields = [
        ("person", person.as_str()),
        ("account", &account),
        ("id", &account),
        ("school", &school),
        ("organisation_id", &organisation),
        ("password", "kettle orbit mustard"),
        ("password_hash", "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$x"),
        ("username", "root"),
        ("state", "closed"),
        ("permissions", "manage_roles"),
        ("is_admin", "true"),
        ("failed_sign_ins", "0"),
    ];
    let before = kept(&scene).await;
    for endpoint in endpoints().map(|endpoint| endpoint.path) {
        head.call(endpoint, &json!(BTreeMap::from(fields))).await;
    }
    for route in declared(&scene.backend) {
        // Requests about your own account, and signing in and out, do not concern anyone else.
        if ["/account/", "/sign-", "/activate", "/reset"].iter().any(|own| route.path.starts_with(own)) {
            continue;
        }
        let path = route.path.replace("{person}", &person).replace("{school}", &school);
        head.post(&path.replace(['{', '}'], ""), &fields).await;
    }
    assert_eq!(kept(&scene).await, before);
    Browser::new(&scene.backend).sign_in("a.okoronta", PASSWORD).await;
}

/// Adaeze's account with its password, and all roles.
async fn kept(scene: &Scene) -> (String, String) {
    sqlx::query_as(
        "SELECT (SELECT concat(a.username, a.state, a.organisation_id, p.hash) FROM accounts a
                 JOIN passwords p ON p.account_id = a.id WHERE a.id = $1),
                (SELECT string_agg(r::text, ' ') FROM staff_roles r)",
    )
    .bind(scene.account.0)
    .fetch_one(scene.backend.database.raw())
    .await
    .unwrap()
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn who_is_to_work_here_has_no_rights_before_they_have_signed_in(pool: PgPool) {
    let scene = Scene::new(pool).await;
    staff_role(&scene.backend, &scene.school, person_of(&scene, "a.okoronta").await, Role::Administrator)
        .await;
    let mut early = Browser::new(&scene.backend);
    early.sign_in("a.okoronta", PASSWORD).await;
    for state in ["created", "invited", "suspended", "closed"] {
        scene.set_state(scene.account, state).await;
        for endpoint in endpoints().map(|endpoint| endpoint.path) {
            let answer = early.clone().call(endpoint, &json!({})).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{endpoint} while {state}");
        }
        assert!(early.clone().get("/accounts").await.location().is_some_and(|to| to.starts_with("/sign-in")));
    }
}

/// OWASP ASVS 5.0, V3.5.1. Every endpoint, requested in every way that another site can.
#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn no_door_opens_to_a_request_that_another_site_makes(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let head = head(&scene).await;
    // The health check is for everyone, and accepts no data.
    let routes = declared(&scene.backend).into_iter().map(|route| route.path.replace(['{', '}'], ""));
    let mut doors: Vec<String> = routes.filter(|path| path != "/health").collect();
    doors.extend(endpoints().map(|endpoint| format!("/api/{}", endpoint.path)));
    let origins: [&[(&str, &str)]; 6] = [
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site"), ("origin", "http://localhost:3000")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("sec-fetch-site", "cross-site"), ("content-type", "text/plain")],
        &[("sec-fetch-site", "cross-site"), ("x-http-method-override", "GET")],
    ];
    for door in &doors {
        for headers in origins {
            for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
                let answer = head.clone().send(method.clone(), door, None, headers).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {door} {headers:?}");
            }
        }
    }
    // A link from elsewhere changes nothing either, whatever it sends.
    let before = kept(&scene).await;
    let audited = async || -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM audit_events")
            .fetch_one(scene.backend.database.raw())
            .await
            .unwrap()
    };
    let written = audited().await;
    // Office pages are rendered by functions that only read; everything that changes something there is POST
    // only.
    for door in doors.iter().filter(|door| required_permission(door).is_none()) {
        let headers = [("sec-fetch-site", "cross-site"), ("x-http-method-override", "POST")];
        let form = [("_method", "POST"), ("role", "administrator"), ("place", "all"), ("which", "others")];
        head.clone().send(Method::GET, door, Some(&form), &headers).await;
    }
    assert_eq!((kept(&scene).await, audited().await), (before, written));
    assert_eq!(head.clone().get("/accounts").await.status, StatusCode::OK, "nobody was signed out");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_page_behind_a_token_leads_no_other_site_to_it(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let set_up = last(&link::link(&scene.backend).await.unwrap().expect("no administrator yet"));
    let (reset, invited) = (last(&link(&scene).await), invitation(&scene).await);
    for (door, token) in [("setup", set_up), ("reset", reset), ("i", invited)] {
        let mut browser = Browser::new(&scene.backend);
        let mut page = browser.get(&format!("/{door}/{token}")).await;
        let mut pages = vec![page.clone()];
        // The token leaves the URL at once, if there is a page to redirect to.
        while let Some(next) = page.location().map(str::to_owned) {
            assert!(next.starts_with('/') && !next.contains(&token), "{door}: {next}");
            page = browser.get(&next).await;
            pages.push(page.clone());
        }
        for page in pages {
            assert_eq!(page.headers["referrer-policy"], "same-origin", "{door}");
            let policy = page.headers["content-security-policy"].to_str().unwrap();
            assert!(policy.contains("default-src 'none'") && !policy.contains("http"), "{door}: {policy}");
            for from in ["src=\"", "href=\"", "action=\""] {
                for to in page.body.split(from).skip(1) {
                    assert!(to.starts_with(['/', '#']) && !to.starts_with("//"), "{door}: {from}{to:.60}");
                }
            }
        }
    }
}
