//! Lists over 100,000 students.

use std::time::{Duration, Instant};

use backend::roll::addresses::add;
use backend::roll::list::list;
use domain::ids::PersonId;
use domain::roll::address::AddressKind;
use domain::roll::filter::RollFilter;
use uuid::Uuid;

use crate::report::Line;
use crate::scene::Scene;

const TARGET: Duration = Duration::from_millis(20);

/// First pages of different searches; and the whole list, each time just after a change to a student.
pub async fn hundred_thousand() -> Vec<Line> {
    let scene = Scene::with_students(100_000).await;
    // The first one reads the roll into memory.
    page(&scene, &RollFilter::default()).await;
    vec![
        Line::p95("a search over 100,000, p95 of 200", searches(&scene).await, TARGET),
        Line::p95(
            "a list over 100,000 right after a change, p95 of 100",
            after_changes(&scene).await,
            TARGET,
        ),
    ]
}

async fn searches(scene: &Scene) -> Vec<Duration> {
    let mut took = Vec::new();
    for n in 0..200 {
        let filter = RollFilter { q: format!("family{} g", n * 37), ..RollFilter::default() };
        took.push(page(scene, &filter).await);
    }
    took
}

async fn after_changes(scene: &Scene) -> Vec<Duration> {
    let people: Vec<Uuid> = sqlx::query_scalar("SELECT id FROM people ORDER BY id LIMIT 100")
        .fetch_all(scene.backend.database.raw())
        .await
        .unwrap();
    let mut took = Vec::new();
    for person in people {
        let address = format!("new.{person}@post.example");
        add(&scene.backend, &scene.actor, PersonId(person), AddressKind::Email, &address).await.unwrap();
        took.push(page(scene, &RollFilter::default()).await);
    }
    took
}

async fn page(scene: &Scene, filter: &RollFilter) -> Duration {
    let Scene { backend, actor, school } = scene;
    let start = Instant::now();
    list(backend, actor, school.school, filter, None).await.unwrap();
    start.elapsed()
}
