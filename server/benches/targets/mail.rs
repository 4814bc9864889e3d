//! Sending queued messages to a mail server on this machine.

use std::sync::Arc;
use std::time::{Duration, Instant};

use backend::Backend;
use backend::testing::SmtpSink;

use crate::accounts::make_and_invite;
use crate::report::Line;
use crate::scene::Scene;

/// 1,000 messages.
pub async fn thousand() -> Vec<Line> {
    let mut runs = Vec::new();
    for _ in 0..5 {
        let scene = Scene::with_students(1_000).await;
        // Runs the daily clean-up first, so that it is not measured.
        backend::jobs::worker::run_once(&scene.backend).await.unwrap();
        make_and_invite(&scene).await;
        runs.push(deliver(&scene.backend).await);
    }
    vec![Line::target("1,000 mails sent", &runs, Duration::from_secs(2))]
}

async fn deliver(backend: &Backend) -> Duration {
    let sink = SmtpSink::start().await;
    let mut config = (*backend.config).clone();
    config.smtp = Some(sink.url().parse().unwrap());
    let backend = Backend { config: Arc::new(config), ..backend.clone() };
    let start = Instant::now();
    backend::jobs::worker::run_once(&backend).await.unwrap();
    let took = start.elapsed();
    assert_eq!(sink.received().len(), 1_000);
    took
}
