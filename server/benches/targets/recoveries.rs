//! "Forgotten your password?", requested through the router for people in every state.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::{Request, StatusCode};
use backend::invitations::send::send;
use domain::invitations::views::Recipients;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use crate::access::visitor;
use crate::report::Line;
use crate::scene::Scene;
use crate::timing::{SAMPLES, State, beside_unknown};

/// The number of concurrent requests.
const AT_ONCE: usize = 16;

const STATES: [State; 10] = [
    ("unknown", ""),
    ("known", "time of a request for a link: known, D against an unknown name"),
    ("shared", "time of a request for a link: an address that two share, D against an unknown name"),
    ("invited", "time of a request for a link: not yet activated, D against an unknown name"),
    ("uninvited", "time of a request for a link: not yet invited, D against an unknown name"),
    ("suspended", "time of a request for a link: suspended, D against an unknown name"),
    ("closed", "time of a request for a link: closed, D against an unknown name"),
    ("locked", "time of a request for a link: locked, D against an unknown name"),
    ("unmailed", "time of a request for a link: no email address, D against an unknown name"),
    ("provider", "time of a request for a link: single sign-on only, D against an unknown name"),
];

/// A line for each state but the first. Each name is requested once, because repeated requests are slowed.
pub async fn lines() -> Vec<Line> {
    let scene = Scene::with_students(12_000).await;
    prepare(&scene).await;
    let router = server::http::router(scene.backend.clone());
    beside_unknown(&STATES, AT_ONCE, move |state, n| {
        let at = if state == "shared" { "%40post.example" } else { "" };
        ask(router.clone(), format!("name={state}.{n}{at}"), n)
    })
    .await
}

async fn ask(router: Router, form: String, n: usize) {
    let source = visitor(n).source.unwrap();
    let mut request = Request::post("/forgotten/password")
        .header(HOST, "localhost:3000")
        .header("sec-fetch-site", "same-origin")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form))
        .unwrap();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from((source, 40_000))));
    let answer = router.oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    answer.into_body().collect().await.unwrap();
}

/// A thousand accounts in every state; those that are invited were invited a day ago.
async fn prepare(scene: &Scene) {
    let database = scene.backend.database.raw();
    sqlx::query(
        "WITH chosen AS (
             SELECT p.id, state.name, state.kept, row_number() OVER (PARTITION BY state.name ORDER BY p.id) - 1 AS number
             FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM people) p
             JOIN unnest(ARRAY['known', 'shared', 'sharing', 'invited', 'uninvited', 'suspended', 'closed', 'locked', 'unmailed', 'provider'],
                         ARRAY['active', 'active', 'active', 'created', 'created', 'suspended', 'closed', 'locked', 'active', 'active'])
                  WITH ORDINALITY AS state (name, kept, at) ON p.n / $3 = state.at - 1
         ), together AS (
             UPDATE addresses m SET value = 'shared.' || number || '@post.example', comparable = 'shared.' || number || '@post.example'
             FROM chosen WHERE chosen.name IN ('shared', 'sharing') AND m.person_id = chosen.id
         ), without AS (
             DELETE FROM addresses m USING chosen WHERE chosen.name = 'unmailed' AND m.person_id = chosen.id
         )
         INSERT INTO accounts (id, organisation_id, person_id, username, state, created_at)
         SELECT gen_random_uuid(), $1, id, name || '.' || number, kept, $2 FROM chosen",
    )
    .bind(scene.school.organisation.0)
    .bind(scene.backend.now())
    .bind(i64::try_from(SAMPLES).unwrap())
    .execute(database)
    .await
    .unwrap();
    scene.let_in_by_provider_alone("provider.%").await;
    let ids = sqlx::query_scalar("SELECT id FROM accounts WHERE username LIKE 'invited.%'")
        .fetch_all(database)
        .await
        .unwrap()
        .into_iter()
        .map(domain::ids::AccountId)
        .collect();
    send(&scene.backend, &scene.actor, scene.school.school, Recipients::Accounts { ids, again: true })
        .await
        .unwrap();
    sqlx::query("UPDATE invitations SET created_at = created_at - interval '1 day'")
        .execute(database)
        .await
        .unwrap();
    sqlx::query("ANALYZE").execute(database).await.unwrap();
}
