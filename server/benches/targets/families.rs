//! The home of guardians with three children each, at 300 requests a second through the whole router; and the board of
//! students without an adult over 20,000 students.

use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::header::{COOKIE, HOST};
use axum::http::{Request, StatusCode};
use backend::guardians::coverage::board::{BoardFilter, board};
use backend::sign_in::sign_in::{SignInOutcome, sign_in};
use backend::testing::{active_account, grant, guardian};
use domain::ids::PersonId;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::access::{PASSWORD, visitor};
use crate::report::Line;
use crate::scene::Scene;

const STUDENTS: i32 = 20_000;
const GUARDIANS: usize = 100;
const CHILDREN: usize = 3;
/// Requests a second.
const RATE: u32 = 300;
const SECONDS: u32 = 10;

/// Measures both.
pub async fn all() -> Vec<Line> {
    let scene = Scene::with_students(STUDENTS).await;
    let tokens = guardians(&scene).await;
    vec![
        Line::p99(
            "a home with three children, 300 requests a second, p99",
            homes(&scene, &tokens).await,
            Duration::from_millis(50),
        ),
        Line::target("the board over 20,000 students", &boards(&scene).await, Duration::from_millis(1500)),
    ]
}

/// Guardians who are signed in, by their sessions.
async fn guardians(scene: &Scene) -> Vec<String> {
    let students: Vec<Uuid> =
        sqlx::query_scalar("SELECT person_id FROM enrolments ORDER BY person_id LIMIT $1")
            .bind(i64::try_from(GUARDIANS * CHILDREN).unwrap())
            .fetch_all(scene.backend.database.raw())
            .await
            .unwrap();
    let mut tokens = Vec::new();
    for (n, children) in students.chunks(CHILDREN).enumerate() {
        let children: Vec<PersonId> = children.iter().copied().map(PersonId).collect();
        let adult = guardian(&scene.backend, &scene.school, "Given", "Family", None, &children).await;
        for child in children {
            grant(&scene.backend, &scene.school, adult, child).await;
        }
        let username = format!("guardian.{n}");
        active_account(&scene.backend, &scene.school, adult, &username, PASSWORD).await;
        let end = sign_in(&scene.backend, &visitor(n), &username, PASSWORD).await.unwrap();
        let SignInOutcome::Entered(session) = end else { panic!("not let in") };
        tokens.push(session.token);
    }
    // The other students have a contact each, as a school has.
    sqlx::query(
        "WITH adults AS (
             INSERT INTO people (id, organisation_id, given_name, family_name, search_key, sort_key, created_at, updated_at)
             SELECT gen_random_uuid(), $1, 'Adult' || n, 'Family', ' adult' || n || ' family', 'family adult' || n, $2, $2
             FROM generate_series(1, $3) n RETURNING id
         ), numbered AS (SELECT id, row_number() OVER () AS n FROM adults),
         children AS (SELECT person_id, row_number() OVER (ORDER BY person_id) AS n FROM enrolments)
         INSERT INTO contacts (id, organisation_id, adult_id, child_id, relationship, starts_on, created_at, updated_at)
         SELECT gen_random_uuid(), $1, a.id, c.person_id, 'mother', '2026-09-01', $2, $2
         FROM numbered a JOIN children c ON c.n = a.n",
    )
    .bind(scene.school.organisation.0)
    .bind(scene.backend.now())
    .bind(STUDENTS)
    .execute(scene.backend.database.raw())
    .await
    .unwrap();
    sqlx::query("ANALYZE").execute(scene.backend.database.raw()).await.unwrap();
    tokens
}

/// How long each request took from the moment it was due: one that waits for others is not excused. A server that has just
/// started has planned no statement on any connection yet; the seconds before are not measured.
async fn homes(scene: &Scene, tokens: &[String]) -> Vec<Duration> {
    let router = server::http::router(scene.backend.clone());
    requests(&router, tokens, 3).await;
    requests(&router, tokens, SECONDS).await
}

/// Asks for homes at an even rate, whatever becomes of earlier requests.
async fn requests(router: &Router, tokens: &[String], seconds: u32) -> Vec<Duration> {
    let start = Instant::now();
    let requests: Vec<_> = (0..RATE * seconds)
        .map(|n| {
            let (router, token) = (router.clone(), tokens[n as usize % tokens.len()].clone());
            tokio::spawn(async move {
                let due = start + Duration::from_secs(1) * n / RATE;
                tokio::time::sleep_until(due.into()).await;
                home(router, token).await;
                due.elapsed()
            })
        })
        .collect();
    let mut took = Vec::new();
    for request in requests {
        took.push(request.await.unwrap());
    }
    took
}

async fn home(router: Router, token: String) {
    let mut request = Request::get("/portal")
        .header(HOST, "localhost:3000")
        .header(COOKIE, format!("greencap={token}"))
        .body(Body::empty())
        .unwrap();
    request.extensions_mut().insert(ConnectInfo(std::net::SocketAddr::from(([192, 0, 2, 1], 40_000))));
    let response = router.oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let links = String::from_utf8_lossy(&body).matches("/portal/children/").count();
    assert_eq!(links, CHILDREN * 2, "each child in the switch and in the list");
}

async fn boards(scene: &Scene) -> Vec<Duration> {
    let mut took = Vec::new();
    for _ in 0..5 {
        let start = Instant::now();
        let found =
            board(&scene.backend, &scene.actor, scene.school.school, &BoardFilter::default()).await.unwrap();
        took.push(start.elapsed());
        assert_eq!(found.coverage.students, STUDENTS.unsigned_abs());
    }
    took
}
