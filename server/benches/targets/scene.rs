//! A separate database for every run, with a school in it.

use std::str::FromStr as _;

use backend::Backend;
use backend::testing::{TestSchool, backend};
use domain::authorization::actor::Actor;
use sqlx::postgres::{PgConnectOptions, PgPool};

pub struct Scene {
    pub backend: Backend,
    pub actor: Actor,
    pub school: TestSchool,
}

impl Scene {
    /// A school with nobody on its roll.
    pub async fn empty() -> Self {
        let url = std::env::var_os("DATABASE_URL").unwrap().into_string().unwrap();
        let options = PgConnectOptions::from_str(&url).unwrap();
        let admin = PgPool::connect_with(options.clone()).await.unwrap();
        sqlx::query("DROP DATABASE IF EXISTS greencap_bench WITH (FORCE)").execute(&admin).await.unwrap();
        sqlx::query("CREATE DATABASE greencap_bench").execute(&admin).await.unwrap();
        let pool = backend::db::pool(options.database("greencap_bench"), 10);
        backend::db::MIGRATOR.run(&pool).await.unwrap();
        let (backend, _) = backend(pool);
        let school = TestSchool::new(&backend).await;
        Self { actor: Actor::system(school.organisation), backend, school }
    }

    /// A school with this many students, each with an email address.
    pub async fn with_students(size: i32) -> Self {
        let scene = Self::empty().await;
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
        .bind(scene.school.organisation.0)
        .bind(scene.school.school.0)
        .bind(scene.backend.now())
        .bind(size)
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
        sqlx::query("ANALYZE").execute(scene.backend.database.raw()).await.unwrap();
        scene
    }

    /// Moves the people with matching usernames (a `LIKE` pattern) to a school that requires single sign-on.
    pub async fn let_in_by_provider_alone(&self, usernames: &str) {
        sqlx::query(
            "WITH elsewhere AS (
                 INSERT INTO schools (id, organisation_id, code, name, created_at)
                 VALUES (gen_random_uuid(), $1, 'PROV', 'Provider School', $2) RETURNING id
             ), required AS (
                 INSERT INTO settings (organisation_id, school_id, setting, value, changed_at)
                 SELECT $1, id, 'single_sign_on', '\"required\"', $2 FROM elsewhere
             ), provider AS (
                 INSERT INTO identity_providers (id, organisation_id, kind, name, issuer, client_id, client_secret, created_at)
                 VALUES (gen_random_uuid(), $1, 'other', 'Somewhere', 'https://issuer.example', 'greencap', '', $2)
             ), gone AS (
                 DELETE FROM enrolments e USING accounts a WHERE a.username LIKE $3 AND e.person_id = a.person_id
             )
             INSERT INTO enrolments (id, organisation_id, school_id, person_id, admission_number, year_group, starts_on, created_at, updated_at)
             SELECT gen_random_uuid(), $1, elsewhere.id, a.person_id, a.id::text, '7', current_date, $2, $2
             FROM elsewhere, accounts a WHERE a.username LIKE $3",
        )
        .bind(self.school.organisation.0)
        .bind(self.backend.now())
        .bind(usernames)
        .execute(self.backend.database.raw())
        .await
        .unwrap();
    }
}
