//! `./dev bench`: each figure beside its target or its floor, and their ratio, on the PostgreSQL that `DATABASE_URL`
//! names. The floor of making accounts is the COPY of the very rows that were made, in the same run. The last results
//! are kept in `docs/benchmarks.md`.

#![expect(clippy::unwrap_used, reason = "a bench that cannot go on has failed, and says where")]

use std::fmt::Write as _;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use backend::Backend;
use backend::accounts::save::{Expected, save};
use backend::invitations::send::send;
use backend::testing::{SmtpSink, TestSchool, backend};
use domain::access::actor::Actor;
use domain::accounts::batch::SaveOutcome;
use domain::accounts::naming::Naming;
use domain::invitations::views::Recipients;
use domain::roll::filter::RollFilter;
use domain::selection::Selection;
use futures_util::TryStreamExt as _;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};

/// The tables that making and inviting accounts fills, in the order of their references.
const TABLES: [(&str, &str, &str); 4] = [
    ("usernames", "COPY usernames TO STDOUT", "COPY usernames FROM STDIN"),
    ("accounts", "COPY accounts TO STDOUT", "COPY accounts FROM STDIN"),
    ("invitations", "COPY invitations TO STDOUT", "COPY invitations FROM STDIN"),
    ("deliveries", "COPY deliveries TO STDOUT", "COPY deliveries FROM STDIN"),
];

/// One line of the report.
struct Line {
    what: &'static str,
    took: Duration,
    beside: &'static str,
    measure: Duration,
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let lines = runtime.block_on(measure());
    let mut report = String::from("| what | took | beside | ratio |\n|---|---|---|---|\n");
    for Line { what, took, beside, measure } in lines {
        let ratio = took.as_secs_f64() / measure.as_secs_f64();
        writeln!(report, "| {what} | {took:.1?} | {beside} {measure:.1?} | {ratio:.2} |").unwrap();
    }
    println!("{report}");
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/benchmarks.md");
    let cores = std::thread::available_parallelism().unwrap();
    let head = format!(
        "# The last run of `./dev bench`\n\nOn a machine with {cores} cores and PostgreSQL with its durable defaults. A target is a time that the ratio should \
         stay under 1 of; a COPY is that of the same rows in the same run, and the ratio should stay under 2.\n\n"
    );
    std::fs::write(file, head + &report).unwrap();
}

async fn measure() -> Vec<Line> {
    let mut lines = Vec::new();
    for (size, what) in
        [(1_000, "1,000 accounts made and invited"), (100_000, "100,000 accounts made and invited")]
    {
        let (context, school) = school_of(size).await;
        let actor = Actor::system(school.organisation);
        let took = make_and_invite(&context, &actor, &school).await;
        let copy = copy_again(&context.pool).await;
        lines.push(Line { what, took, beside: "COPY", measure: copy });
        if size == 1_000 {
            lines.push(Line { what, took, beside: "target", measure: Duration::from_millis(250) });
            let sent = deliver(&context).await;
            lines.push(Line {
                what: "1,000 mails sent",
                took: sent,
                beside: "target",
                measure: Duration::from_secs(2),
            });
        } else {
            let p95 = search(&context, &actor, &school).await;
            let what = "a page of a search over 100,000, p95";
            lines.push(Line { what, took: p95, beside: "target", measure: Duration::from_millis(20) });
        }
    }
    lines
}

/// A database of its own with so many students on the roll.
async fn school_of(size: i32) -> (Backend, TestSchool) {
    let url = std::env::var_os("DATABASE_URL").unwrap().into_string().unwrap();
    let options = PgConnectOptions::from_str(&url).unwrap();
    let admin = PgPool::connect_with(options.clone()).await.unwrap();
    sqlx::query("DROP DATABASE IF EXISTS greencap_bench WITH (FORCE)").execute(&admin).await.unwrap();
    sqlx::query("CREATE DATABASE greencap_bench").execute(&admin).await.unwrap();
    let pool = PgPoolOptions::new().connect_with(options.database("greencap_bench")).await.unwrap();
    backend::db::MIGRATOR.run(&pool).await.unwrap();
    let (context, _) = backend(pool);
    let school = TestSchool::new(&context).await;
    sqlx::query(
        "WITH made AS (
             INSERT INTO people (id, organisation_id, given_name, family_name, search_key, sort_key, created_at, updated_at)
             SELECT gen_random_uuid(), $1, 'Given' || n % 977, 'Family' || n % 7919,
                    ' given' || n % 977 || ' family' || n % 7919 || ' ' || n, 'family' || n % 7919 || ' given' || n % 977, $3, $3
             FROM generate_series(1, $4) n RETURNING id, search_key
         ), enrolled AS (
             INSERT INTO enrolments (id, organisation_id, school_id, person_id, admission_number, year_group, starts_on, created_at, updated_at)
             SELECT gen_random_uuid(), $1, $2, id, id::text, '7', '2026-09-01', $3, $3 FROM made
         )
         INSERT INTO addresses (id, organisation_id, person_id, kind, value, comparable, is_primary, created_at)
         SELECT gen_random_uuid(), $1, id, 'email', id || '@post.example', id || '@post.example', true, $3 FROM made",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(context.now())
    .bind(size)
    .execute(&context.pool)
    .await
    .unwrap();
    sqlx::query("ANALYZE").execute(&context.pool).await.unwrap();
    (context, school)
}

async fn make_and_invite(context: &Backend, actor: &Actor, school: &TestSchool) -> Duration {
    let everyone = Selection::Matching { filter: RollFilter::default() };
    let naming = Naming::default();
    let start = Instant::now();
    let saved =
        save(context, actor, school.school, &everyone, &naming, Expected::WhateverIsReady).await.unwrap();
    let SaveOutcome::Saved(batch) = saved else { unreachable!("nobody else is at work") };
    let batch = batch.id.unwrap();
    let sent = send(context, actor, school.school, Recipients::Batch { batch }).await.unwrap();
    let took = start.elapsed();
    let rows: i64 =
        sqlx::query_scalar("SELECT count(*) FROM deliveries").fetch_one(&context.pool).await.unwrap();
    assert_eq!(i64::from(sent.queued), rows);
    took
}

/// Takes the rows out and loads them once more by COPY, in one transaction.
async fn copy_again(pool: &PgPool) -> Duration {
    let mut connection = pool.acquire().await.unwrap();
    let mut held = Vec::new();
    for (_, out, _) in TABLES {
        let parts: Vec<_> = connection.copy_out_raw(out).await.unwrap().try_collect().await.unwrap();
        held.push(parts.concat());
    }
    sqlx::query("TRUNCATE usernames, accounts, invitations, deliveries CASCADE")
        .execute(&mut *connection)
        .await
        .unwrap();
    let start = Instant::now();
    sqlx::query("BEGIN").execute(&mut *connection).await.unwrap();
    for ((_, _, into), rows) in TABLES.iter().zip(&held) {
        let mut copy = connection.copy_in_raw(into).await.unwrap();
        for part in rows.chunks(256 * 1024) {
            copy.send(part).await.unwrap();
        }
        copy.finish().await.unwrap();
    }
    sqlx::query("COMMIT").execute(&mut *connection).await.unwrap();
    start.elapsed()
}

/// Sends every queued mail to a server on this machine.
async fn deliver(context: &Backend) -> Duration {
    let sink = SmtpSink::start().await;
    let mut config = (*context.config).clone();
    config.smtp = Some(sink.url().parse().unwrap());
    let context = Backend { config: Arc::new(config), ..context.clone() };
    let start = Instant::now();
    while sink.received().len() < 1_000 {
        backend::jobs::worker::run_once(&context).await.unwrap();
    }
    start.elapsed()
}

/// The 95th percentile of 200 first pages of different searches.
async fn search(context: &Backend, actor: &Actor, school: &TestSchool) -> Duration {
    let mut took = Vec::new();
    for n in 0..201 {
        let filter = RollFilter { q: format!("family{} g", n * 37), ..RollFilter::default() };
        let start = Instant::now();
        backend::roll::list::list(context, actor, school.school, &filter, None).await.unwrap();
        took.push(start.elapsed());
    }
    // The first one reads the roll into memory.
    took.remove(0);
    took.sort_unstable();
    took[took.len() * 95 / 100]
}
