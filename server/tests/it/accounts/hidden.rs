//! People who may see students but not their accounts learn nothing about the accounts.

use axum::http::StatusCode;
use axum::http::header::ETAG;
use backend::Backend;
use backend::testing::{TestSchool, active_account, backend, staff_role, student};
use domain::authorization::role::Role;
use domain::ids::PersonId;
use domain::roll::snapshot::RollSnapshot;
use serde_json::json;
use sqlx::PgPool;

use crate::audit::PASSWORD;
use crate::browser::Browser;

/// Gives someone one of the organisation's own roles, at the school.
async fn custom_role(backend: &Backend, school: &TestSchool, person: PersonId, permissions: &[&str]) {
    sqlx::query(
        "WITH kind AS (
             INSERT INTO custom_roles (id, organisation_id, name, permissions, created_at) VALUES ($1, $2, 'Librarian', $3, $4))
         INSERT INTO staff_roles (id, organisation_id, person_id, school_id, custom_role_id, created_at)
         VALUES ($1, $2, $5, $6, $1, $4)",
    )
    .bind(backend.new_id::<uuid::Uuid>())
    .bind(school.organisation.0)
    .bind(permissions)
    .bind(backend.now())
    .bind(person.0)
    .bind(school.school.0)
    .execute(backend.database.raw())
    .await
    .unwrap();
}

/// A member of the office, signed in.
async fn staff(backend: &Backend, school: &TestSchool, username: &str) -> (PersonId, Browser) {
    let person = student(backend, school, "Milo", "Ross", &username[..1], None).await;
    active_account(backend, school, person, username, PASSWORD).await;
    staff_role(backend, school, person, Role::OfficeViewer).await;
    let mut browser = Browser::new(backend);
    browser.sign_in(username, PASSWORD).await;
    (person, browser)
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn who_may_see_students_alone_sees_no_username_and_no_state_anywhere(pool: PgPool) {
    let (context, _) = backend(pool);
    let school = TestSchool::new(&context).await;
    let ann = student(&context, &school, "Ann", "Lee", "0017", Some("ann@example.org")).await;
    active_account(&context, &school, ann, "zq.heron-7", PASSWORD).await;
    let (_, mut viewer) = staff(&context, &school, "v.ross").await;
    let (librarian, mut library) = staff(&context, &school, "l.ross").await;
    sqlx::query("DELETE FROM staff_roles WHERE person_id = $1")
        .bind(librarian.0)
        .execute(context.database.raw())
        .await
        .unwrap();
    custom_role(&context, &school, librarian, &["view_roll"]).await;

    let roll = format!("/roll/{}/snapshot", school.school);
    let filter = |q: &str, status: &[&str]| {
        json!({ "school": school.school, "after": null,
                "filter": { "q": q, "year": "", "group": "", "roll": [], "status": status } })
    };
    let record = json!({ "person": ann });
    let page = format!("/students/{ann}?tab=access");
    // People who may see accounts find them in each of these places.
    let whole = viewer.get(&roll).await;
    // Searches use the username itself, so it is not sent a second time.
    assert!(whole.body.contains("zq.heron-7"), "{}", whole.body);
    assert!(viewer.call("roll/list", &filter("heron", &[])).await.body.contains("Ann Lee"));
    assert!(viewer.call("record/read", &record).await.body.contains("zq.heron-7"));
    assert!(viewer.get(&page).await.body.contains("zq.heron-7"));

    let bare = library.get(&roll).await;
    assert_eq!(bare.status, StatusCode::OK);
    assert_ne!(bare.headers[ETAG], whole.headers[ETAG], "neither is the other's");
    let students = RollSnapshot::from_text(&bare.body).unwrap();
    assert_eq!(students.len(), 3);
    assert!((0..3).all(|row| !students.has_account(row)), "{}", bare.body);
    let listed = library.call("roll/list", &filter("ann", &[])).await;
    assert!(listed.body.contains("Ann Lee") && listed.body.contains("ann@example.org"), "{}", listed.body);
    for (q, status) in [("heron", &[][..]), ("", &["active"][..])] {
        let found = library.call("roll/list", &filter(q, status)).await;
        assert!(!found.body.contains("Ann Lee"), "{}", found.body);
    }
    let told = [
        bare,
        listed,
        library.call("record/read", &record).await,
        library.get(&page).await,
        library.get("/students").await,
        library.get("/students?q=ann&status=active").await,
    ];
    for answer in &told {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        for word in [
            "heron",
            "Active",
            "No account",
            "no account",
            "None yet",
            "Portal access",
            "username or",
            "or username",
        ] {
            assert!(!answer.body.contains(word), "{word}: {}", answer.body);
        }
    }
    assert!(told[4].body.contains("Ann Lee") && told[3].body.contains("ann@example.org"));
    assert_eq!(library.get("/accounts").await.status, StatusCode::FORBIDDEN);
}
