//! Refused sign-ins, in every state.

use backend::sign_in::sign_in::{SignInOutcome, sign_in};
use backend::testing::active_account;
use domain::ids::PersonId;
use uuid::Uuid;

use crate::access::{PASSWORD, visitor};
use crate::report::Line;
use crate::scene::Scene;
use crate::timing::{State, beside_unknown};

/// The number of names per state, so that none is tried often enough for a limit to apply.
const NAMES: usize = 200;
/// The number of concurrent requests: few enough that their hashes together take less than the interval at
/// which responses are sent.
const AT_ONCE: usize = 8;

const STATES: [State; 6] = [
    ("unknown", ""),
    ("wrong", "time of a refusal: wrong password, D against an unknown name"),
    ("suspended", "time of a refusal: suspended, D against an unknown name"),
    ("uninvited", "time of a refusal: not yet activated, D against an unknown name"),
    ("locked", "time of a refusal: locked, D against an unknown name"),
    ("provider", "time of a refusal: single sign-on only, D against an unknown name"),
];

/// A line for each state but the first.
pub async fn lines(scene: &Scene) -> Vec<Line> {
    prepare(scene).await;
    let backend = scene.backend.clone();
    beside_unknown(&STATES, AT_ONCE, move |state, n| {
        let backend = backend.clone();
        async move {
            let password = if state == "wrong" { "not this one" } else { PASSWORD };
            let name = format!("{state}.{}", n % NAMES);
            let end = sign_in(&backend, &visitor(n), &name, password).await.unwrap();
            assert!(matches!(end, SignInOutcome::Refused));
        }
    })
    .await
}

/// Accounts in every state. Where the state alone should cause the refusal, the right password is typed.
async fn prepare(scene: &Scene) {
    let database = scene.backend.database.raw();
    let first: Uuid = sqlx::query_scalar("SELECT id FROM people ORDER BY id DESC LIMIT 1")
        .fetch_one(database)
        .await
        .unwrap();
    let model =
        active_account(&scene.backend, &scene.school, PersonId(first), "model.account", PASSWORD).await;
    sqlx::query(
        "WITH chosen AS (
             SELECT p.id, state.name, state.kept, row_number() OVER (PARTITION BY state.name ORDER BY p.id) - 1 AS number
             FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM people
                   WHERE NOT EXISTS (SELECT FROM accounts WHERE person_id = people.id)) p
             JOIN unnest(ARRAY['wrong', 'suspended', 'uninvited', 'locked', 'provider'],
                         ARRAY['active', 'suspended', 'created', 'locked', 'active']) WITH ORDINALITY AS state (name, kept, at)
               ON p.n / $3 = state.at - 1
         ), opened AS (
             INSERT INTO accounts (id, organisation_id, person_id, username, state, created_at)
             SELECT gen_random_uuid(), $1, id, name || '.' || number, kept, $2 FROM chosen RETURNING id, state
         )
         INSERT INTO passwords (organisation_id, account_id, hash, changed_at)
         SELECT $1, opened.id, model.hash, $2 FROM opened, passwords model
         WHERE model.account_id = $4 AND opened.state <> 'created'",
    )
    .bind(scene.school.organisation.0)
    .bind(scene.backend.now())
    .bind(i64::try_from(NAMES).unwrap())
    .bind(model.0)
    .execute(database)
    .await
    .unwrap();
    scene.let_in_by_provider_alone("provider.%").await;
}
