//! Uses another organisation's ids at every server function and every route that takes one (OWASP ASVS 5.0,
//! V8.2.2 and V8.4.1): the response is the same as for what does not exist.

mod ids;

use std::collections::BTreeSet;

use app::guard::endpoints;
use axum::http::Method;
use backend::testing::TestSchool;
use domain::accounts::naming::Naming;
use domain::accounts::template::UsernameTemplate;
use domain::roll::selection::Selection;
use serde_json::{Value, json};
use server::http::{Access, declared};
use sqlx::PgPool;

pub(crate) use self::ids::Ids;
use crate::browser::Browser;
use crate::scene::{PASSWORD, Scene, administrator_of_all};

/// Server functions that take no id.
const WITHOUT_IDS: [&str; 6] = [
    "factors/challenge_passkey",
    "factors/how_to_step_up",
    "factors/step_up",
    "invitations/mailbox",
    "invitations/read_mail_route",
    "lists/keep_columns",
];

/// A valid call of every server function that takes an id.
pub(crate) fn calls(ids: &Ids) -> Vec<(&'static str, Value)> {
    let Ids { school, person, account, address, batch, import, message, session, approval, .. } = ids;
    let selection = json!(Selection::People { ids: vec![person.parse().unwrap()] });
    let seen = "0".repeat(64);
    let of_person = json!({ "person": person });
    let of_school = json!({ "school": school });
    let of_batch = json!({ "school": school, "batch": batch });
    let of_import = json!({ "import": import });
    let of_address = json!({ "person": person, "address": address });
    vec![
        ("sessions/end_sessions", json!({ "person": person, "ending": { "which": "others" } })),
        (
            "sessions/end_sessions",
            json!({ "person": person, "ending": { "which": "one", "session": session } }),
        ),
        ("recovery/make_code", json!({ "person": person, "handout": "shown" })),
        ("factors/remove_factors", of_person.clone()),
        ("single_sign_on/remove_identities", of_person.clone()),
        ("accounts/batch", of_batch.clone()),
        ("accounts/batches", of_school.clone()),
        (
            "accounts/candidates",
            json!({ "school": school, "selection": selection, "naming": Naming::default() }),
        ),
        ("accounts/stop_old_usernames", json!({ "school": school, "person": person, "stop": true })),
        ("accounts/taken", json!({ "school": school, "selection": selection, "naming": Naming::default() })),
        ("accounts/change_state", json!({ "school": school, "selection": selection, "action": "close" })),
        ("accounts/count", of_school.clone()),
        (
            "accounts/grant",
            json!({ "school": school, "person": person, "username": "x.unknown", "accepted": true }),
        ),
        ("accounts/propose", json!({ "school": school, "person": person })),
        (
            "accounts/save",
            json!({ "school": school, "selection": selection, "naming": Naming::default(), "seen": seen }),
        ),
        ("accounts/paste_place", json!({ "school": school, "into": { "group": person } })),
        ("accounts/paste_check", json!({ "school": school, "into": { "group": person }, "rows": [] })),
        (
            "accounts/paste_create",
            json!({ "school": school, "into": { "group": person }, "rows": [], "seen": seen }),
        ),
        ("accounts/set_template", json!({ "school": school, "template": UsernameTemplate::default() })),
        ("accounts/template", of_school.clone()),
        ("accounts/undo", of_batch.clone()),
        ("imports/check", json!({ "import": import, "choices": [null, null, null] })),
        ("imports/commit", json!({ "import": import, "plan": "0".repeat(64) })),
        ("imports/discard", of_import.clone()),
        ("imports/list", json!({ "kind": "students", "school": school, "after": null })),
        ("imports/log", json!({ "import": import, "outcome": null, "after": null })),
        ("imports/settle", json!({ "import": import, "decision": { "about": "nothing" } })),
        ("imports/mend", json!({ "import": import, "mending": { "mend": "nothing" } })),
        ("imports/problems", of_import.clone()),
        ("imports/replace", json!({ "import": import, "replaces": true })),
        ("imports/undo", of_import.clone()),
        ("imports/view", of_import),
        ("invitations/message", json!({ "message": message })),
        ("invitations/progress", of_batch.clone()),
        ("invitations/revoke", json!({ "school": school, "accounts": [account] })),
        ("invitations/stop", of_batch),
        (
            "invitations/send",
            json!({ "school": school, "recipients": { "to": "accounts", "ids": [account] } }),
        ),
        ("invitations/send", json!({ "school": school, "recipients": { "to": "batch", "batch": batch } })),
        ("operations/cancel", json!({ "operation": approval })),
        ("operations/read", json!({ "operation": approval })),
        ("operations/running", of_school.clone()),
        ("roll/add_address", json!({ "person": person, "kind": "email", "typed": "x@example.org" })),
        ("roll/choose_address", of_address.clone()),
        ("roll/edit_address", json!({ "person": person, "address": address, "typed": "x@example.org" })),
        (
            "roll/list",
            json!({ "school": school, "after": null,
                    "filter": { "q": "", "year": "", "group": "", "roll": [], "status": [] } }),
        ),
        ("record/read", of_person),
        ("roll/remove_address", of_address.clone()),
        ("roll/restore_address", of_address),
        (
            "staff/list",
            json!({ "school": school, "words": "", "order": { "by": "name", "descending": false }, "after": null }),
        ),
    ]
}

/// The administrator of another organisation's school, signed in to the office.
async fn neighbour(scene: &Scene) -> (TestSchool, Browser) {
    let school = TestSchool::new(&scene.backend).await;
    administrator_of_all(&scene.backend, &school, "Olu", "Bright", ("1", "o.bright")).await;
    let mut browser = Browser::new(&scene.backend);
    browser.sign_in("o.bright", PASSWORD).await;
    (school, browser)
}

/// A fingerprint of everything in Adaeze's organisation.
async fn kept(scene: &Scene) -> String {
    sqlx::query_scalar(
        "SELECT md5(concat(
             (SELECT string_agg(t::text, ' ' ORDER BY t::text) FROM accounts t WHERE organisation_id = $1),
             (SELECT string_agg(t::text, ' ' ORDER BY t::text) FROM people t WHERE organisation_id = $1),
             (SELECT string_agg(t::text, ' ' ORDER BY t::text) FROM schools t WHERE organisation_id = $1),
             (SELECT string_agg(t::text, ' ' ORDER BY t::text) FROM addresses t WHERE organisation_id = $1),
             (SELECT string_agg(t::text, ' ' ORDER BY t::text) FROM operations t WHERE organisation_id = $1),
             (SELECT string_agg(t::text, ' ' ORDER BY t::text) FROM imports t WHERE organisation_id = $1),
             (SELECT string_agg(t::text, ' ' ORDER BY t::text) FROM sessions t WHERE organisation_id = $1),
             (SELECT string_agg(t::text, ' ' ORDER BY t::text) FROM custom_roles t WHERE organisation_id = $1),
             (SELECT string_agg(t::text, ' ' ORDER BY t::text) FROM identity_providers t WHERE organisation_id = $1),
             (SELECT string_agg(t::text, ' ' ORDER BY t::text) FROM previews t WHERE organisation_id = $1),
             (SELECT string_agg(t::text, ' ' ORDER BY t::text) FROM passkeys t WHERE organisation_id = $1),
             (SELECT string_agg(t::text, ' ' ORDER BY t::text) FROM alerts t WHERE organisation_id = $1),
             (SELECT string_agg(t::text, ' ' ORDER BY t::text) FROM staff_roles t WHERE organisation_id = $1),
             (SELECT string_agg(t::text, ' ' ORDER BY t::text) FROM password_resets t WHERE organisation_id = $1),
             (SELECT string_agg(t::text, ' ' ORDER BY t::text) FROM address_changes t WHERE organisation_id = $1),
             (SELECT string_agg(t::text, ' ' ORDER BY t::text) FROM messages t WHERE organisation_id = $1),
             (SELECT string_agg(t::text, ' ' ORDER BY t::text) FROM audit_events t WHERE organisation_id = $1)))",
    )
    .bind(scene.school.organisation.0)
    .fetch_one(scene.backend.database.raw())
    .await
    .unwrap()
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn server_functions_answer_a_neighbours_ids_like_those_of_nothing(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let theirs = Ids::of(&scene).await;
    let nothing = Ids::of_nothing(&scene.backend);
    let called: BTreeSet<&str> = calls(&theirs).iter().map(|(endpoint, _)| *endpoint).collect();
    let declared: BTreeSet<&str> = endpoints().map(|endpoint| endpoint.path).collect();
    assert_eq!(&called | &BTreeSet::from(WITHOUT_IDS), declared, "every one of them is called here");
    let (own, mut browser) = neighbour(&scene).await;
    let before = kept(&scene).await;
    // The neighbour's school, and their own with everything else from the neighbour.
    for school in [None, Some(own.school.to_string())] {
        let at = |ids: &Ids| Ids { school: school.clone().unwrap_or(ids.school.clone()), ..ids.clone() };
        let (theirs, nothing) = (at(&theirs), at(&nothing));
        for ((endpoint, there), (_, nowhere)) in calls(&theirs).into_iter().zip(calls(&nothing)) {
            let answer = theirs.essence(browser.call(endpoint, &there).await);
            assert!(
                !answer.1.contains("outdated_page") && !answer.1.contains("Okoronta"),
                "{endpoint}: {answer:?}"
            );
            assert_eq!(answer, nothing.essence(browser.call(endpoint, &nowhere).await), "{endpoint}");
        }
    }
    assert_eq!(kept(&scene).await, before);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn routes_answer_a_neighbours_ids_like_those_of_nothing(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let theirs = Ids::of(&scene).await;
    let nothing = Ids::of_nothing(&scene.backend);
    let (own, mut browser) = neighbour(&scene).await;
    let before = kept(&scene).await;
    let mut ask = async |ids: &Ids, path: &str, method: &Method| {
        let path = ids.fill(path);
        let form = form(ids, &own.school.to_string(), &path);
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let own_site = [("sec-fetch-site", "same-origin")];
        ids.essence(browser.send(method.clone(), &path, Some(&form), &own_site).await)
    };
    let routes = declared(&scene.backend).into_iter().filter(|route| {
        matches!(route.requires.access, Access::Holds(_) | Access::Granted(_))
            || route.requires.access == Access::SignedIn && route.path.contains('{')
    });
    for path in routes.map(|route| route.path) {
        // Exporting the audit log is recorded in it, and a second group of one name is refused, so no two responses are the
        // same; neither takes an id here.
        let twice = ["/audit/export", "/groups/new"].contains(&path.as_str());
        let asked = [(Method::GET, path.contains('{')), (Method::POST, !twice)];
        for method in asked.into_iter().filter_map(|(method, by_id)| by_id.then_some(method)) {
            let answer = ask(&theirs, &path, &method).await;
            assert!(!answer.1.contains("Okoronta"), "{method} {path}");
            assert_eq!(answer, ask(&nothing, &path, &method).await, "{method} {path}");
        }
    }
    assert_eq!(kept(&scene).await, before);
}

/// What the forms of a school ask for, with these ids.
pub(crate) fn form(ids: &Ids, school: &str, path: &str) -> [(&'static str, String); 13] {
    let selection = json!(Selection::People { ids: vec![ids.person.parse().unwrap()] }).to_string();
    [
        ("school", school.to_owned()),
        ("place", school.to_owned()),
        ("selection", selection),
        ("handout", "shown".to_owned()),
        ("format", "csv".to_owned()),
        ("role", "tutor".to_owned()),
        ("reason", "helping at the desk".to_owned()),
        ("name", "Librarian".to_owned()),
        ("view_roll", "on".to_owned()),
        ("id", if path.starts_with("/roles") { ids.given.clone() } else { ids.session.clone() }),
        ("decision", "approve".to_owned()),
        ("client_id", "greencap".to_owned()),
        ("issuer", "https://issuer.example".to_owned()),
    ]
}

/// A page without the stamps of its forms, which contain its own address.
fn without_stamps(page: &str) -> String {
    let mut parts = page.split("name=\"page-stamp\" value=\"");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |page, part| page + part.split_once('"').map_or(part, |(_, rest)| rest))
}
