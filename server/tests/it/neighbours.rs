//! Uses another organisation's ids at every server function and every route that takes one (OWASP ASVS 5.0,
//! V8.2.2 and V8.4.1): the response is the same as for what does not exist.

use std::collections::BTreeSet;

use app::guard::endpoints;
use axum::http::{Method, StatusCode};
use backend::Backend;
use backend::accounts::create::save;
use backend::authorization::roles::give::{RoleForm, give};
use backend::imports::stage::stage;
use backend::operations::ExpectedPlan;
use backend::testing::{TestSchool, student};
use domain::accounts::naming::Naming;
use domain::accounts::template::UsernameTemplate;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::imports::kind::KindSlug;
use domain::roll::import::STUDENTS;
use domain::roll::selection::Selection;
use serde_json::{Value, json};
use server::http::{Access, declared};
use sqlx::PgPool;
use uuid::Uuid;

use crate::browser::{Browser, PageAnswer};
use crate::recovery::forgetting::{link, person_of};
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

/// One id of each kind.
#[derive(Clone)]
pub(crate) struct Ids {
    pub(crate) school: String,
    pub(crate) person: String,
    pub(crate) account: String,
    pub(crate) address: String,
    pub(crate) batch: String,
    pub(crate) import: String,
    pub(crate) kind: String,
    pub(crate) message: String,
    pub(crate) session: String,
    pub(crate) provider: String,
    pub(crate) preview: String,
    pub(crate) passkey: String,
    pub(crate) given: String,
    pub(crate) approval: String,
    pub(crate) pair: String,
    pub(crate) merge: String,
    pub(crate) code: String,
}

impl Ids {
    /// The ids of what Adaeze's school has.
    async fn of(scene: &Scene) -> Self {
        let (backend, school) = (&scene.backend, &scene.school);
        link(scene).await;
        let bem = student(backend, school, "Bem", "Ade", "1050", None).await;
        let system = Actor::system(school.organisation);
        let bem = Selection::People { ids: vec![bem] };
        save(backend, &system, school.school, &bem, &Naming::default(), ExpectedPlan::WhateverIsReady)
            .await
            .unwrap();
        let rows = b"Adm No,Forename,Surname\n1060,Cleo,Ade\n".to_vec();
        stage(backend, &system, &KindSlug::from(&STUDENTS), school.school, "roll.csv", rows).await.unwrap();
        let rights = [Permission::ViewRoll].into_iter().collect();
        backend::authorization::roles::kinds::save(backend, &system, None, "Librarian", rights)
            .await
            .unwrap();
        let person = person_of(scene, "a.okoronta").await;
        let role = RoleForm { role: "tutor".to_owned(), place: "all".to_owned(), ..RoleForm::default() };
        give(backend, &system, person, &role).await.unwrap();
        // The role ended every session from before.
        Browser::new(backend).sign_in("a.okoronta", PASSWORD).await;
        let made = [
            "INSERT INTO identity_providers (id, organisation_id, kind, name, issuer, client_id, client_secret, created_at)
             SELECT gen_random_uuid(), $1, 'other', 'Okoronta Trust', 'https://issuer.example', 'greencap', '', $2",
            "INSERT INTO previews (id, organisation_id, session_id, person_id, ends_at)
             SELECT gen_random_uuid(), $1, s.id, a.person_id, $2 + interval '1 hour'
             FROM sessions s JOIN accounts a ON a.id = s.account_id",
            "INSERT INTO passkeys (id, organisation_id, account_id, name, credential_id, credential, created_at)
             SELECT gen_random_uuid(), $1, id, 'Okoronta phone', '\\x01', '{}', $2 FROM accounts WHERE username = 'a.okoronta'",
            "INSERT INTO operations (id, organisation_id, account_id, school_id, kind, input, people, plan_hash, size, second_person, created_at)
             SELECT gen_random_uuid(), $1, a.id, s.id, 'export_accounts',
                    '{\"selection\": {\"kind\": \"people\", \"ids\": []}, \"format\": \"csv\"}', ARRAY[a.person_id], '', 1, true, $2
             FROM accounts a, schools s WHERE username = 'a.okoronta' AND s.organisation_id = $1",
            "INSERT INTO person_pairs (id, organisation_id, a_id, b_id, points, evidence, verdict, found_at)
             SELECT gen_random_uuid(), $1, min(id::text)::uuid, max(id::text)::uuid, 7, '{}', 'ask', $2 FROM people
             WHERE organisation_id = $1",
            "INSERT INTO merges (id, organisation_id, kind, survivor_id, other_id, made_at)
             SELECT gen_random_uuid(), $1, 'merge', min(id::text)::uuid, max(id::text)::uuid, $2 FROM people
             WHERE organisation_id = $1",
        ];
        for made in made {
            let query = sqlx::query(made).bind(school.organisation.0).bind(backend.now());
            query.execute(backend.database.raw()).await.expect(made);
        }
        let one = async |query: &'static str| -> String {
            sqlx::query_scalar(query).fetch_one(backend.database.raw()).await.expect(query)
        };
        Self {
            school: school.school.to_string(),
            person: person.to_string(),
            account: scene.account.to_string(),
            address: one("SELECT id::text FROM addresses").await,
            batch: one("SELECT id::text FROM operations WHERE kind = 'create_accounts'").await,
            import: one("SELECT id::text FROM imports").await,
            kind: one("SELECT id::text FROM custom_roles").await,
            message: one("SELECT message_id::text FROM mailbox").await,
            session: one("SELECT id::text FROM sessions").await,
            provider: one("SELECT id::text FROM identity_providers").await,
            preview: one("SELECT id::text FROM previews").await,
            passkey: one("SELECT id::text FROM passkeys").await,
            given: one("SELECT id::text FROM staff_roles").await,
            approval: one("SELECT id::text FROM operations WHERE second_person").await,
            pair: one("SELECT id::text FROM person_pairs").await,
            merge: one("SELECT id::text FROM merges").await,
            // Both organisations have a school with this code: it names the actor's own.
            code: "QUILL".to_owned(),
        }
    }

    /// Ids of things that do not exist.
    pub(crate) fn of_nothing(backend: &Backend) -> Self {
        let new = || backend.new_id::<Uuid>().to_string();
        Self {
            school: new(),
            person: new(),
            account: new(),
            address: new(),
            batch: new(),
            import: new(),
            kind: new(),
            message: new(),
            session: new(),
            provider: new(),
            preview: new(),
            passkey: new(),
            given: new(),
            approval: new(),
            pair: new(),
            merge: new(),
            code: "QUILL".to_owned(),
        }
    }

    fn named(&self) -> [(&'static str, &str); 16] {
        [
            ("{school}", &self.school),
            ("{person}", &self.person),
            ("{account}", &self.account),
            ("{address}", &self.address),
            ("{batch}", &self.batch),
            ("{import}", &self.import),
            ("{kind}", &self.kind),
            ("{message}", &self.message),
            ("{session}", &self.session),
            ("{provider}", &self.provider),
            ("{preview}", &self.preview),
            ("{passkey}", &self.passkey),
            ("{given}", &self.given),
            ("{approval}", &self.approval),
            ("{pair}", &self.pair),
            ("{merge}", &self.merge),
        ]
    }

    /// A route with these ids as its parameters. Fails for an unknown parameter, so that no new route is left
    /// out.
    fn fill(&self, route: &str) -> String {
        let area = route.split('/').nth(1);
        let fill = |place: &str| match (place, area) {
            ("id", Some("students")) | ("person" | "child", _) => &self.person,
            ("id", Some("imports")) | ("import", _) => &self.import,
            ("school", _) => &self.school,
            ("batch", _) => &self.batch,
            ("kind", _) => &self.kind,
            ("message", _) => &self.message,
            ("provider", _) => &self.provider,
            ("preview", _) => &self.preview,
            ("passkey", _) => &self.passkey,
            ("pair", _) => &self.pair,
            ("merge", _) => &self.merge,
            ("approval" | "operation", _) | ("id", Some("operations")) => &self.approval,
            ("code", _) => &self.code,
            _ => panic!("whose id replaces {place} in {route}?"),
        };
        let parts = route.split('/').map(|part| {
            part.strip_prefix('{').and_then(|part| part.strip_suffix('}')).map_or(part, |place| fill(place))
        });
        parts.collect::<Vec<_>>().join("/")
    }

    /// A response without the requested ids, and without what differs on every page.
    pub(crate) fn essence(&self, answer: PageAnswer) -> (StatusCode, String) {
        let nonce = answer.body.split("nonce=\"").nth(1).and_then(|rest| rest.split('"').next());
        let body = nonce.map_or_else(|| answer.body.clone(), |nonce| answer.body.replace(nonce, ""));
        let body = without_stamps(&body);
        (answer.status, self.named().iter().fold(body, |body, (name, id)| body.replace(id, name)))
    }
}

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
        ("accounts/set_template", json!({ "school": school, "template": UsernameTemplate::default() })),
        ("accounts/template", of_school.clone()),
        ("accounts/undo", of_batch.clone()),
        ("imports/check", json!({ "import": import, "choices": [null, null, null] })),
        ("imports/commit", json!({ "import": import, "plan": "0".repeat(64) })),
        ("imports/discard", of_import.clone()),
        ("imports/list", json!({ "kind": "students", "school": school, "after": null })),
        ("imports/log", json!({ "import": import, "outcome": null, "after": null })),
        ("imports/settle", json!({ "import": import, "decision": { "about": "nothing" } })),
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
        let selection = json!(Selection::People { ids: vec![ids.person.parse().unwrap()] }).to_string();
        let form = [
            ("school", own.school.to_string()),
            ("place", own.school.to_string()),
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
        ];
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let own_site = [("sec-fetch-site", "same-origin")];
        ids.essence(browser.send(method.clone(), &path, Some(&form), &own_site).await)
    };
    let routes = declared(&scene.backend).into_iter().filter(|route| {
        matches!(route.requires.access, Access::Holds(_) | Access::Granted(_))
            || route.requires.access == Access::SignedIn && route.path.contains('{')
    });
    for path in routes.map(|route| route.path) {
        // Exporting the audit log is recorded in it, so no two responses are the same; it takes no id.
        let asked = [(Method::GET, path.contains('{')), (Method::POST, path != "/audit/export")];
        for method in asked.into_iter().filter_map(|(method, by_id)| by_id.then_some(method)) {
            let answer = ask(&theirs, &path, &method).await;
            assert!(!answer.1.contains("Okoronta"), "{method} {path}");
            assert_eq!(answer, ask(&nothing, &path, &method).await, "{method} {path}");
        }
    }
    assert_eq!(kept(&scene).await, before);
}

/// A page without the stamps of its forms, which contain its own address.
fn without_stamps(page: &str) -> String {
    let mut parts = page.split("name=\"page-stamp\" value=\"");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |page, part| page + part.split_once('"').map_or(part, |(_, rest)| rest))
}
