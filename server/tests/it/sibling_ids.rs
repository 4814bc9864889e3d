//! What one school answers about ids of another: the same as about ids that nobody has.

use app::guard::endpoints;
use axum::http::StatusCode;
use backend::testing::{TestSchool, active_account, member_of_staff, staff_role, student};
use domain::authorization::role::Role;
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use crate::browser::{Browser, PageAnswer};
use crate::scene::{PASSWORD, Scene};

/// A page without the id it was asked for and without what is new in each answer.
fn without_nonce(page: &PageAnswer, id: &str) -> String {
    let nonce = page.body.split("nonce=\"").nth(1).and_then(|rest| rest.split('"').next());
    let body = page.body.replace(id, "");
    nonce.map_or(body.clone(), |nonce| body.replace(nonce, ""))
}

/// What one school answers about ids of another tells nobody which exist there.
#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn an_id_of_a_sibling_school_is_like_one_that_nobody_has(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let backend = &scene.backend;
    let sibling = TestSchool { organisation: scene.school.organisation, school: backend.new_id() };
    sqlx::query(
        "INSERT INTO schools (id, organisation_id, code, name, created_at) VALUES ($1, $2, 'SIB', 'Sibling School', $3)",
    )
    .bind(sibling.school.0)
    .bind(sibling.organisation.0)
    .bind(backend.now())
    .execute(backend.database.raw())
    .await
    .unwrap();
    let theirs = student(backend, &sibling, "Chidera", "Obi", "1", Some("chi@example.org")).await;
    active_account(backend, &sibling, theirs, "c.obi", PASSWORD).await;
    let person = student(backend, &scene.school, "Milo", "Ross", "2", None).await;
    active_account(backend, &scene.school, person, "m.ross", PASSWORD).await;
    staff_role(backend, &scene.school, person, Role::Administrator).await;
    let mut milo = Browser::new(backend);
    milo.sign_in("m.ross", PASSWORD).await;
    let (theirs, nobody) = (theirs.to_string(), Uuid::from_u128(7).to_string());
    // Staff and guardians have no enrolment, at this school or another.
    let tutor = member_of_staff(backend, &sibling, "Tessa", "Oak", "OAK", Some("tess@example.org")).await;
    active_account(backend, &sibling, tutor, "t.oak", PASSWORD).await;
    staff_role(backend, &sibling, tutor, Role::AccountManager).await;
    let guardian = student(backend, &sibling, "Pat", "Obi", "8", Some("pat@example.org")).await;
    sqlx::query("DELETE FROM enrolments WHERE person_id = $1")
        .bind(guardian.0)
        .execute(backend.database.raw())
        .await
        .unwrap();
    active_account(backend, &sibling, guardian, "p.obi", PASSWORD).await;
    for theirs in [theirs, tutor.to_string(), guardian.to_string()] {
        for path in ["/students/ID", "/students/ID/preview", "/roles/people/ID", "/staff/ID"] {
            let of = [&theirs, &nobody].map(|id| path.replace("ID", id));
            let (one, other) = (milo.get(&of[0]).await, milo.get(&of[1]).await);
            assert_eq!(one.status, other.status, "{path}");
            assert_eq!(without_nonce(&one, &theirs), without_nonce(&other, &nobody), "{path}");
        }
        for form in ["/roles/people/ID/second-factors", "/roles/people/ID"] {
            let of = [&theirs, &nobody].map(|id| form.replace("ID", id));
            let role = [("role", "tutor"), ("place", "all")];
            let (one, other) = (milo.post(&of[0], &role).await, milo.post(&of[1], &role).await);
            assert_eq!((one.status, one.location()), (other.status, other.location()), "{form}");
        }
        for endpoint in endpoints().map(|endpoint| endpoint.path) {
            // What the endpoints take beside an id; the others do not parse, for either.
            let with = |id: &str| {
                json!({
                    "person": id, "school": id, "account": id, "batch": id, "import": id, "operation": id, "address": id,
                    "handout": "shown", "ending": { "which": "others" }, "kind": "email", "typed": "new@example.org",
                })
            };
            let (one, other) =
                (milo.call(endpoint, &with(&theirs)).await, milo.call(endpoint, &with(&nobody)).await);
            assert_eq!((one.status, one.body), (other.status, other.body), "{endpoint}");
        }
    }
    for endpoint in [
        "recovery/make_code",
        "factors/remove_factors",
        "single_sign_on/remove_identities",
        "sessions/end_sessions",
        "record/read",
        "roll/add_address",
    ] {
        let with = json!({
            "person": tutor, "handout": "shown", "ending": { "which": "others" }, "kind": "email", "typed": "new@example.org",
        });
        let answer = milo.call(endpoint, &with).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{endpoint}: {}", answer.body);
    }
}
