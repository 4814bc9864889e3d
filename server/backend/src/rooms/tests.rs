//! Old rows are deleted and newer ones kept, in every organisation, and nothing is deleted that someone can
//! still use.

use chrono::{DateTime, TimeDelta, Utc};
use domain::authorization::actor::Actor;
use domain::imports::KEPT_FOR as IMPORTS_KEPT_FOR;
use domain::invitations::views::Recipients;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use sqlx::PgPool;
use uuid::Uuid;

use super::*;
use crate::Backend;
use crate::invitations::send::send;
use crate::jobs::retention::{ASKED_ABOUT, AT_ONCE, BATCH};
use crate::jobs::worker::run_once;
use crate::mailbox;
use crate::sessions::visitor::KNOWN_FOR;
use crate::testing::{TestSchool, account, backend, student};

/// The daily clean-up and no other job.
static CLEANING: Rooms = Rooms {
    operations: &[],
    jobs: &[JobKind::of::<DailyCleanUp>()],
    standing: &[],
    messages: ROOMS.messages,
    imports: &[],
    given_out: &[],
    after_move: &[],
    retention: RETENTION,
};

/// Runs the daily clean-up if it is due.
async fn clean(backend: &Backend) {
    run_once(&Backend { rooms: &CLEANING, ..backend.clone() }).await.unwrap();
}

/// A row in each table that expires, which ended at `$4`. `$1` is its organisation, `$2` an account there,
/// and `$3` its own id or secret, by which it is counted.
struct Sample {
    table: &'static str,
    made: &'static str,
    left: &'static str,
    kept: TimeDelta,
}

const SAMPLES: [Sample; 19] = [
    Sample {
        table: "jobs that are over",
        made: "INSERT INTO jobs (id, organisation_id, name, subject, priority, scheduled, state, due_at, created_at, ended_at)
               VALUES ($3, $1, 'x', $2, 1, false, 'done', $4, $4, $4)",
        left: "SELECT id FROM jobs WHERE name = 'x'",
        kept: ASKED_ABOUT,
    },
    Sample {
        table: "recovery_requests that nobody looked up",
        made: "INSERT INTO recovery_requests (id, kind, name, asked_at)
               SELECT $3, 'links', '', $4 WHERE $1 IS NOT NULL AND $2 IS NOT NULL",
        left: "SELECT id FROM recovery_requests",
        kept: TimeDelta::hours(1),
    },
    Sample {
        table: "sessions, left alone",
        made: "INSERT INTO sessions (id, organisation_id, account_id, token_hash, created_at, proven_at, last_seen_at, idle_ends_at, ends_at)
               VALUES ($3, $1, $2, sha256($3::text::bytea), $4, $4, $4, $4, $4 + interval '10 days')",
        left: "SELECT id FROM sessions WHERE idle_ends_at < ends_at",
        kept: AT_ONCE,
    },
    Sample {
        table: "sessions, used until their end",
        made: "INSERT INTO sessions (id, organisation_id, account_id, token_hash, created_at, proven_at, last_seen_at, idle_ends_at, ends_at)
               VALUES ($3, $1, $2, sha256($3::text::bytea), $4, $4, $4, $4 + interval '10 days', $4)",
        left: "SELECT id FROM sessions WHERE idle_ends_at > ends_at",
        kept: AT_ONCE,
    },
    Sample {
        table: "pending_sign_ins",
        made: "INSERT INTO pending_sign_ins (token_hash, organisation_id, account_id, begun_at, expires_at)
               VALUES ($3::text::bytea, $1, $2, $4, $4)",
        left: "SELECT encode(token_hash, 'escape')::uuid FROM pending_sign_ins",
        kept: AT_ONCE,
    },
    Sample {
        table: "interrupted_forms",
        made: "INSERT INTO interrupted_forms (id, organisation_id, account_id, address, form, expires_at)
               VALUES ($3, $1, $2, '/x', '', $4)",
        left: "SELECT id FROM interrupted_forms",
        kept: AT_ONCE,
    },
    Sample {
        table: "setup_links",
        made: "INSERT INTO setup_links (token_hash, organisation_id, created_at, expires_at)
               SELECT $3::text::bytea, $1, $4, $4 WHERE $2 IS NOT NULL",
        left: "SELECT encode(token_hash, 'escape')::uuid FROM setup_links",
        kept: AT_ONCE,
    },
    Sample {
        table: "attempts",
        made: "INSERT INTO attempts (key, forgotten_at) SELECT $3::text::bytea, $4 WHERE $1 IS NOT NULL AND $2 IS NOT NULL",
        left: "SELECT encode(key, 'escape')::uuid FROM attempts",
        kept: AT_ONCE,
    },
    Sample {
        table: "passkey_challenges",
        made: "INSERT INTO passkey_challenges (token_hash, ceremony, expires_at)
               SELECT $3::text::bytea, '{}', $4 WHERE $1 IS NOT NULL AND $2 IS NOT NULL",
        left: "SELECT encode(token_hash, 'escape')::uuid FROM passkey_challenges",
        kept: AT_ONCE,
    },
    Sample {
        table: "provider_visits",
        made: "INSERT INTO provider_visits (state_hash, organisation_id, provider_id, browser_hash, expires_at)
               SELECT $3::text::bytea, $1, id, '', $4 FROM identity_providers WHERE organisation_id = $1 AND $2 IS NOT NULL",
        left: "SELECT encode(state_hash, 'escape')::uuid FROM provider_visits",
        kept: AT_ONCE,
    },
    Sample {
        table: "unlinked_identities",
        made: "INSERT INTO unlinked_identities (token_hash, organisation_id, provider_id, issuer, subject, address, verified, second_factor_shown, expires_at)
               SELECT $3::text::bytea, $1, id, '', '', '', true, false, $4 FROM identity_providers WHERE organisation_id = $1 AND $2 IS NOT NULL",
        left: "SELECT encode(token_hash, 'escape')::uuid FROM unlinked_identities",
        kept: AT_ONCE,
    },
    Sample {
        table: "known_devices",
        made: "INSERT INTO known_devices (device_hash, organisation_id, account_id, last_sign_in_at) VALUES ($3::text::bytea, $1, $2, $4)",
        left: "SELECT encode(device_hash, 'escape')::uuid FROM known_devices",
        kept: KNOWN_FOR,
    },
    Sample {
        table: "password_resets, expired",
        made: "INSERT INTO password_resets (id, organisation_id, account_id, kind, secret_hash, created_at, expires_at)
               VALUES ($3, $1, $2, 'link', $3::text::bytea, $4, $4)",
        left: "SELECT id FROM password_resets WHERE kind = 'link'",
        kept: ASKED_ABOUT,
    },
    Sample {
        table: "password_resets, used",
        made: "INSERT INTO password_resets (id, organisation_id, account_id, kind, secret_hash, created_at, expires_at, used_at)
               VALUES ($3, $1, $2, 'code', $3::text::bytea, $4, $4 + interval '3 days', $4)",
        left: "SELECT id FROM password_resets WHERE kind = 'code'",
        kept: ASKED_ABOUT,
    },
    Sample {
        table: "address_changes",
        made: "INSERT INTO address_changes (id, organisation_id, account_id, new_value, confirm_hash, undo_hash, created_at, expires_at, undo_until)
               VALUES ($3, $1, $2, 'x@example.org', $3::text::bytea, $3::text::bytea, $4, $4 - interval '6 days', $4)",
        left: "SELECT id FROM address_changes",
        kept: ASKED_ABOUT,
    },
    Sample {
        table: "operations",
        made: "INSERT INTO operations (id, organisation_id, school_id, kind, account_id, created_at, input, plan_hash, size, forget_at)
               SELECT $3, $1, id, 'make_codes', $2, $4, '{}', '', 1, $4 FROM schools WHERE organisation_id = $1",
        left: "SELECT id FROM operations",
        kept: AT_ONCE,
    },
    Sample {
        table: "messages with their copies",
        made: "WITH message AS (
                   INSERT INTO messages (id, organisation_id, kind, channel, priority, subject, state, due_at, created_at)
                   VALUES ($3, $1, 'password', 'email', 1, $2, 'sent', $4, $4))
               INSERT INTO mailbox (message_id, organisation_id, recipient, subject, body_text, body_html, created_at, people)
               VALUES ($3, $1, '', '', '', '', $4, '{}')",
        left: "SELECT coalesce(m.id, c.message_id) FROM messages m FULL JOIN mailbox c ON c.message_id = m.id",
        kept: ASKED_ABOUT,
    },
    Sample {
        table: "imports that went to the roll",
        made: "WITH made AS (
                   INSERT INTO imports (id, organisation_id, school_id, file_name, state, columns, mapping, row_count, created_at, committed_at)
                   SELECT $3, $1, id, 'a.csv', 'committed', '[]', '[]', 1, $4 - interval '9 days', $4
                   FROM schools WHERE organisation_id = $1 AND $2 IS NOT NULL
               ), written AS (
                   INSERT INTO import_writes (organisation_id, import_id, kind, id, person_id, left_as) VALUES ($1, $3, 'person', $3, $3, 0))
               INSERT INTO import_parts (organisation_id, import_id, first_row, last_row, rows) VALUES ($1, $3, 2, 2, '[[2, []]]')",
        left: "SELECT i.id FROM imports i LEFT JOIN import_parts r ON r.import_id = i.id LEFT JOIN import_writes w ON w.import_id = i.id
               WHERE i.committed_at IS NOT NULL AND num_nonnulls(r.import_id, w.import_id) > 0",
        kept: IMPORTS_KEPT_FOR,
    },
    Sample {
        table: "imports that did not",
        made: "WITH made AS (
                   INSERT INTO imports (id, organisation_id, school_id, file_name, state, columns, mapping, row_count, created_at)
                   SELECT $3, $1, id, 'a.csv', 'planned', '[]', '[]', 1, $4 FROM schools WHERE organisation_id = $1 AND $2 IS NOT NULL)
               INSERT INTO import_parts (organisation_id, import_id, first_row, last_row, rows) VALUES ($1, $3, 2, 2, '[[2, []]]')",
        left: "SELECT import_id FROM import_parts WHERE import_id IN (SELECT id FROM imports WHERE state = 'planned')",
        kept: IMPORTS_KEPT_FOR,
    },
];

/// An organisation with one account and a single sign-on provider.
async fn organisation(backend: &Backend) -> (Uuid, Uuid) {
    let school = TestSchool::new(backend).await;
    let person = student(backend, &school, "Ann", "Lee", "1", Some("ann@example.org")).await;
    let account = account(backend, &school, person, "a.lee").await;
    sqlx::query(
        "INSERT INTO identity_providers (id, organisation_id, kind, name, issuer, client_id, client_secret, created_at)
         VALUES ($1, $1, 'other', 'School', '', '', '', $2)",
    )
    .bind(school.organisation.0)
    .bind(backend.now())
    .execute(backend.database.raw())
    .await
    .unwrap();
    (school.organisation.0, account.0)
}

async fn make(backend: &Backend, sample: &Sample, of: (Uuid, Uuid), at: DateTime<Utc>) -> Uuid {
    let id: Uuid = backend.new_id();
    let query = sqlx::query(sample.made).bind(of.0).bind(of.1).bind(id).bind(at);
    query.execute(backend.database.raw()).await.unwrap_or_else(|error| panic!("{}: {error}", sample.table));
    id
}

async fn left(backend: &Backend, sample: &Sample) -> Vec<Uuid> {
    let mut left: Vec<Uuid> =
        sqlx::query_scalar(sample.left).fetch_all(backend.database.raw()).await.unwrap();
    left.sort_unstable();
    left
}

async fn all_left(backend: &Backend) -> Vec<Vec<Uuid>> {
    let mut all = Vec::new();
    for sample in &SAMPLES {
        all.push(left(backend, sample).await);
    }
    all
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_is_younger_stays_and_what_is_older_goes_in_every_organisation(pool: PgPool) {
    let (backend, clock) = backend(pool);
    let organisations = [organisation(&backend).await, organisation(&backend).await];
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let now = backend.now();
    let mut expected = Vec::new();
    for sample in &SAMPLES {
        // The exact moment, one second to either side, and random ages.
        let ages = [-1, 0, 1].map(|seconds| sample.kept + TimeDelta::seconds(seconds));
        let others: Vec<_> = (0..8)
            .map(|_| TimeDelta::seconds(random.random_range(-90_000..2 * KNOWN_FOR.num_seconds())))
            .collect();
        let mut stay = Vec::new();
        for age in ages.into_iter().chain(others) {
            for of in organisations {
                let id = make(&backend, sample, of, now - age).await;
                if age < sample.kept {
                    stay.push(id);
                }
            }
        }
        stay.sort_unstable();
        expected.push(stay);
    }
    clean(&backend).await;
    for (sample, stay) in SAMPLES.iter().zip(&expected) {
        assert_eq!(left(&backend, sample).await, *stay, "{}", sample.table);
    }
    let discarded: i64 =
        sqlx::query_scalar("SELECT count(*) FROM imports WHERE state = 'discarded' AND committed_at IS NULL")
            .fetch_one(backend.database.raw())
            .await
            .unwrap();
    assert!(discarded > 0, "and an import says that it is given up");

    // Running it again at the same moment deletes nothing, and it does not run again within a day.
    let before = all_left(&backend).await;
    sqlx::query("UPDATE jobs SET due_at = due_at - interval '1 day' WHERE scheduled")
        .execute(backend.database.raw())
        .await
        .unwrap();
    clean(&backend).await;
    assert_eq!(all_left(&backend).await, before);
    clock.advance(TimeDelta::days(1) - TimeDelta::seconds(1));
    clean(&backend).await;
    assert_eq!(all_left(&backend).await, before);
    clock.advance(TimeDelta::seconds(1));
    clean(&backend).await;
    assert_ne!(all_left(&backend).await, before);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn nothing_goes_that_can_still_be_used_or_that_staff_look_up(pool: PgPool) {
    let (backend, clock) = backend(pool);
    let school = TestSchool::new(&backend).await;
    let system = Actor::system(school.organisation);
    let person = student(&backend, &school, "Ann", "Lee", "1", Some("ann@example.org")).await;
    let account = account(&backend, &school, person, "a.lee").await;
    let raw = backend.database.raw();
    sqlx::query("UPDATE schools SET invitation_days = 365").execute(raw).await.unwrap();
    send(&backend, &system, school.school, Recipients::Accounts { ids: vec![account], again: true })
        .await
        .unwrap();
    run_once(&backend).await.unwrap();
    sqlx::query("UPDATE messages SET error_detail = '250 ok for ann@example.org'")
        .execute(raw)
        .await
        .unwrap();
    // A message that waits for a mail server.
    sqlx::query(
        "INSERT INTO messages (id, organisation_id, kind, channel, priority, subject, state, due_at, created_at, error_detail)
         VALUES ($2, $1, 'password', 'email', 1, $3, 'queued', $4, $4, 'away')",
    )
    .bind(school.organisation.0)
    .bind(backend.new_id::<Uuid>())
    .bind(account.0)
    .bind(backend.now())
    .execute(raw)
    .await
    .unwrap();
    let messages_left = async || -> Vec<(String, Option<String>)> {
        sqlx::query_as("SELECT state, error_detail FROM messages ORDER BY state")
            .fetch_all(raw)
            .await
            .unwrap()
    };
    let line = |state: &str, detail: Option<&str>| (state.to_owned(), detail.map(str::to_owned));

    // More than are deleted in one statement.
    sqlx::query("INSERT INTO attempts SELECT n::text::bytea, $1 FROM generate_series(1, 2 * $2 + 1) AS n")
        .bind(backend.now())
        .bind(BATCH)
        .execute(raw)
        .await
        .unwrap();

    clock.advance(TimeDelta::days(364));
    clean(&backend).await;
    let messages = mailbox::list(&backend, &system, "", None).await.unwrap().rows;
    let attempts: i64 = sqlx::query_scalar("SELECT count(*) FROM attempts").fetch_one(raw).await.unwrap();
    assert_eq!(attempts, 0);
    assert_eq!(messages.len(), 1, "the invitation in it works for one more day");
    assert!(mailbox::open(&backend, &system, messages[0].id).await.unwrap().text.contains("/i/"));
    assert_eq!(messages_left().await, [line("queued", Some("away")), line("sent", None)]);

    // It works until the end of its last day.
    clock.advance(TimeDelta::days(32));
    clean(&backend).await;
    assert_eq!(mailbox::list(&backend, &system, "", None).await.unwrap().rows, []);
    assert_eq!(messages_left().await, [line("queued", Some("away")), line("sent", None)]);
    let told: String = sqlx::query_scalar(
        "SELECT m.state FROM invitations i JOIN messages m ON m.id = i.id WHERE i.current",
    )
    .fetch_one(raw)
    .await
    .unwrap();
    assert_eq!(told, "sent");
    let logged: i64 = sqlx::query_scalar("SELECT count(*) FROM audit_events").fetch_one(raw).await.unwrap();
    assert!(logged > 0);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn of_every_table_it_is_said_how_long_it_is_kept(pool: PgPool) {
    let mut tables: Vec<String> = sqlx::query_scalar(
        "SELECT relname::text FROM pg_class
         WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relname <> '_sqlx_migrations'",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    tables.sort_unstable();
    let mut said: Vec<&str> = RETENTION
        .iter()
        .flat_map(|kept| {
            kept.rules.iter().map(|rule| rule.table).chain(kept.stays.iter().map(|kept| kept.table))
        })
        .collect();
    said.sort_unstable();
    said.dedup();
    assert_eq!(tables, said);
}
