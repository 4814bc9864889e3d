//! What one school answers about ids of another: the same as about ids that nobody has.

use axum::http::StatusCode;
use backend::testing::{active_account, member_of_staff, staff_role, student};
use domain::authorization::role::Role;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::neighbours::{Ids, calls};
use crate::scene::{PASSWORD, Scene};

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn an_id_of_a_sibling_school_is_like_one_that_nobody_has(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let backend = &scene.backend;
    let sibling = scene.school.sibling(backend, "SIB", "Sibling School").await;
    let theirs = student(backend, &sibling, "Chidera", "Obi", "1", Some("chi@example.org")).await;
    active_account(backend, &sibling, theirs, "c.obi", PASSWORD).await;
    let person = student(backend, &scene.school, "Milo", "Ross", "2", None).await;
    active_account(backend, &scene.school, person, "m.ross", PASSWORD).await;
    staff_role(backend, &scene.school, person, Role::Administrator).await;
    let mut milo = Browser::new(backend);
    milo.sign_in("m.ross", PASSWORD).await;
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
    // Ids of nothing, but for the reader's own school.
    let nothing = Ids { school: scene.school.school.to_string(), ..Ids::of_nothing(backend) };
    for theirs in [theirs, tutor, guardian] {
        let there = Ids { person: theirs.to_string(), ..nothing.clone() };
        for path in
            ["/students/ID", "/students/ID/preview", "/roles/people/ID", "/staff/ID", "/staff/ID/days"]
        {
            let [one, other] = [&there, &nothing].map(|ids| path.replace("ID", &ids.person));
            let (one, other) = (milo.get(&one).await, milo.get(&other).await);
            assert_eq!(there.essence(one), nothing.essence(other), "{path}");
        }
        for form in ["/roles/people/ID/second-factors", "/roles/people/ID"] {
            let [one, other] = [&there, &nothing].map(|ids| form.replace("ID", &ids.person));
            let role = [("role", "tutor"), ("place", "all")];
            let (one, other) = (milo.post(&one, &role).await, milo.post(&other, &role).await);
            assert_eq!((one.status, one.location()), (other.status, other.location()), "{form}");
        }
        for ((endpoint, asked), (_, of_nobody)) in calls(&there).into_iter().zip(calls(&nothing)) {
            let answer = there.essence(milo.call(endpoint, &asked).await);
            assert!(!answer.1.contains("outdated_page"), "{endpoint}: {answer:?}");
            assert_eq!(answer, nothing.essence(milo.call(endpoint, &of_nobody).await), "{endpoint}");
        }
    }
    let of_tutor = calls(&Ids { person: tutor.to_string(), ..nothing });
    let not_found = [
        "recovery/make_code",
        "factors/remove_factors",
        "single_sign_on/remove_identities",
        "sessions/end_sessions",
        "record/read",
        "roll/add_address",
    ];
    for (endpoint, asked) in of_tutor.into_iter().filter(|(endpoint, _)| not_found.contains(endpoint)) {
        let answer = milo.call(endpoint, &asked).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{endpoint}: {}", answer.body);
    }
}
