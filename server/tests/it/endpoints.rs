//! Walks every server function that exists: each has a declared permission, and each refuses the anonymous, the wrong
//! role and a role of another kind before it reads its arguments.

use std::collections::BTreeSet;

use app::guard::PERMISSIONS;
use axum::http::{Method, StatusCode};
use backend::testing::{TestSchool, active_account, backend, staff_role, student};
use domain::access::role::Role;
use leptos::server_fn::axum::server_fn_paths;
use sqlx::PgPool;

use crate::browser::Browser;

const OWN: &[(&str, &str)] = &[("sec-fetch-site", "same-origin")];

fn registered() -> BTreeSet<String> {
    server_fn_paths().map(|(path, _)| path.trim_start_matches("/api/").to_owned()).collect()
}

#[test]
fn every_server_function_declares_its_permission_and_no_declaration_is_left_over() {
    let declared: BTreeSet<String> = PERMISSIONS.iter().map(|(endpoint, _)| (*endpoint).to_owned()).collect();
    assert!(!declared.is_empty());
    assert_eq!(registered(), declared);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn nobody_calls_a_server_function_without_a_role_that_reaches_it(pool: PgPool) {
    let (context, _) = backend(pool);
    let school = TestSchool::new(&context).await;
    let pupil = student(&context, &school, "Ana", "Lima", "0001", None).await;
    active_account(&context, &school, pupil, "a.lima", "three green caps fly").await;
    let viewer = student(&context, &school, "Vera", "Voss", "0002", None).await;
    active_account(&context, &school, viewer, "v.voss", "three green caps fly").await;
    staff_role(&context, &school, viewer, Role::OfficeViewer).await;

    let mut anonymous = Browser::new(&context);
    let mut as_pupil = Browser::new(&context);
    as_pupil.sign_in("a.lima", "three green caps fly").await;
    let mut as_viewer = Browser::new(&context);
    as_viewer.sign_in("v.voss", "three green caps fly").await;

    for (endpoint, permission) in PERMISSIONS {
        let path = format!("/api/{endpoint}");
        let stranger = anonymous.send(Method::POST, &path, Some(&[]), OWN).await;
        assert_eq!(stranger.status, StatusCode::UNAUTHORIZED, "{endpoint}");
        let pupil = as_pupil.send(Method::POST, &path, Some(&[]), OWN).await;
        assert_eq!(pupil.status, StatusCode::FORBIDDEN, "{endpoint}");
        let viewer = as_viewer.send(Method::POST, &path, Some(&[]), OWN).await;
        let refused = viewer.status == StatusCode::FORBIDDEN;
        assert_eq!(
            refused,
            !Role::OfficeViewer.permissions().contains(permission),
            "{endpoint}: {}",
            viewer.status
        );
        let elsewhere =
            as_viewer.send(Method::POST, &path, Some(&[]), &[("sec-fetch-site", "cross-site")]).await;
        assert_eq!(elsewhere.status, StatusCode::FORBIDDEN, "{endpoint} from another site");
    }
    let unknown = as_viewer.send(Method::POST, "/api/roll/everything", Some(&[]), OWN).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}
