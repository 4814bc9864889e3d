//! Requests every endpoint: each server function, page and route declares who may use it, and each refuses
//! anonymous visitors, the wrong role, a role of another kind and other sites before it reads anything.

use std::collections::BTreeSet;

use app::guard::{Endpoint, endpoints};
use app::routes::App;
use axum::http::{Method, StatusCode};
use backend::Backend;
use backend::testing::{TestSchool, active_account, backend, group, staff_role, student, tutor_role};
use domain::authorization::policy::Permission;
use domain::authorization::role::Role;
use leptos::server_fn::axum::server_fn_paths;
use leptos_axum::generate_route_list;
use server::http::{Access, DeclaredRoute, declared};
use sqlx::PgPool;

use crate::browser::{Browser, PageAnswer};

const OWN: &[(&str, &str)] = &[("sec-fetch-site", "same-origin")];
const ELSEWHERE: &[(&str, &str)] = &[("sec-fetch-site", "cross-site")];
const PASSWORD: &str = "three green caps fly";

/// The visitors who try each endpoint.
struct Visitors {
    anonymous: Browser,
    pupil: Browser,
    viewer: Browser,
    /// Of one group, and nothing else.
    tutor: Browser,
}

impl Visitors {
    async fn new(context: &Backend) -> Self {
        let school = TestSchool::new(context).await;
        let pupil = student(context, &school, "Ana", "Lima", "0001", None).await;
        active_account(context, &school, pupil, "a.lima", PASSWORD).await;
        let viewer = student(context, &school, "Vera", "Voss", "0002", None).await;
        active_account(context, &school, viewer, "v.voss", PASSWORD).await;
        staff_role(context, &school, viewer, Role::OfficeViewer).await;
        let tutor = student(context, &school, "Mara", "Lind", "0003", None).await;
        active_account(context, &school, tutor, "m.lind", PASSWORD).await;
        let group = group(context, &school, "12A", &[pupil]).await;
        tutor_role(context, &school, tutor, group).await;
        let mut as_tutor = Browser::new(context);
        as_tutor.sign_in("m.lind", PASSWORD).await;
        let mut as_pupil = Browser::new(context);
        as_pupil.sign_in("a.lima", PASSWORD).await;
        let mut as_viewer = Browser::new(context);
        as_viewer.sign_in("v.voss", PASSWORD).await;
        Self { anonymous: Browser::new(context), pupil: as_pupil, viewer: as_viewer, tutor: as_tutor }
    }

    /// Which of them this access admits.
    fn admitted(access: Access) -> Admitted {
        let everybody = access == Access::Everybody;
        let signed_in = everybody || access == Access::SignedIn;
        let viewer = match access {
            Access::Holds(Permission::UseOffice) => true,
            Access::Holds(permission) => Role::OfficeViewer.permissions().contains(permission),
            // Nothing was granted to any of them.
            _ => signed_in,
        };
        Admitted { anonymous: everybody, pupil: signed_in, viewer }
    }

    /// Whether this access admits the tutor.
    fn admits_tutor(access: Access) -> bool {
        match access {
            Access::Holds(Permission::UseOffice) | Access::Everybody | Access::SignedIn => true,
            Access::Holds(permission) => Role::GroupTutor.permissions().contains(permission),
            Access::Granted(_) => false,
        }
    }
}

struct Admitted {
    anonymous: bool,
    pupil: bool,
    viewer: bool,
}

#[test]
fn every_server_function_declares_what_it_requires_and_no_declaration_is_left_over() {
    let registered: BTreeSet<String> =
        server_fn_paths().map(|(path, _)| path.trim_start_matches("/api/").to_owned()).collect();
    let declared: BTreeSet<String> = endpoints().map(|endpoint| endpoint.path.to_owned()).collect();
    assert!(!declared.is_empty());
    assert_eq!(registered, declared);
    assert_eq!(endpoints().count(), declared.len(), "none is declared twice");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn every_page_declares_what_it_takes(pool: PgPool) {
    let (context, _) = backend(pool);
    let declared: BTreeSet<String> = declared(&context).into_iter().map(|route| route.path).collect();
    for page in generate_route_list(App) {
        assert!(declared.contains(page.path()), "{} is not in app::page_permissions", page.path());
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn nobody_calls_a_server_function_that_is_not_theirs(pool: PgPool) {
    let (context, _) = backend(pool);
    let mut visitors = Visitors::new(&context).await;
    for Endpoint { path: endpoint, requires } in endpoints() {
        let path = format!("/api/{endpoint}");
        let elsewhere = visitors.viewer.send(Method::POST, &path, Some(&[]), ELSEWHERE).await;
        assert_eq!(elsewhere.status, StatusCode::FORBIDDEN, "{endpoint} from another site");
        let asks =
            async |visitor: &mut Browser| visitor.send(Method::POST, &path, Some(&[]), OWN).await.status;
        let admitted = Visitors::admitted(requires.access);
        let stranger = asks(&mut visitors.anonymous).await;
        assert_eq!(stranger == StatusCode::UNAUTHORIZED, !admitted.anonymous, "{endpoint}: {stranger}");
        let pupil = asks(&mut visitors.pupil).await;
        assert_eq!(pupil == StatusCode::FORBIDDEN, !admitted.pupil, "{endpoint}: {pupil}");
        let viewer = asks(&mut visitors.viewer).await;
        assert_eq!(viewer == StatusCode::FORBIDDEN, !admitted.viewer, "{endpoint}: {viewer}");
        let tutor = asks(&mut visitors.tutor).await;
        assert!(
            Visitors::admits_tutor(requires.access) || tutor == StatusCode::FORBIDDEN,
            "{endpoint}: {tutor}"
        );
    }
    let unknown = visitors.viewer.send(Method::POST, "/api/roll/everything", Some(&[]), OWN).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let unknown = visitors.anonymous.send(Method::POST, "/api/roll/everything", Some(&[]), OWN).await;
    assert_eq!(unknown.status, StatusCode::UNAUTHORIZED);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn nobody_comes_through_a_route_that_is_not_theirs(pool: PgPool) {
    let (context, _) = backend(pool);
    let mut visitors = Visitors::new(&context).await;
    let routes = declared(&context);
    assert!(routes.iter().any(|route| matches!(route.requires.access, Access::Holds(_))));
    for DeclaredRoute { path, requires } in routes {
        let door = filled(&path);
        let elsewhere = visitors.viewer.send(Method::POST, &door, Some(&[]), ELSEWHERE).await;
        assert!(!elsewhere.status.is_success() && elsewhere.location().is_none(), "{path} from another site");
        let admitted = Visitors::admitted(requires.access);
        if admitted.anonymous {
            continue;
        }
        let get = visitors.anonymous.get(&door).await;
        assert!(get.location().is_some_and(|to| to.starts_with("/sign-in?next=")), "{path}: {}", get.status);
        let posted = visitors.anonymous.post(&door, &[]).await;
        // Pages accept no POST at all.
        let closed = [StatusCode::UNAUTHORIZED, StatusCode::METHOD_NOT_ALLOWED];
        assert!(closed.contains(&posted.status), "{path}: {}", posted.status);
        if !admitted.pupil {
            assert_eq!(visitors.pupil.get(&door).await.status, StatusCode::FORBIDDEN, "{path}");
            assert!(turned_away(&visitors.pupil.post(&door, &[]).await), "{path}");
        }
        if !admitted.viewer {
            assert_eq!(visitors.viewer.get(&door).await.status, StatusCode::FORBIDDEN, "{path}");
            assert!(turned_away(&visitors.viewer.post(&door, &[]).await), "{path}");
        }
        if !Visitors::admits_tutor(requires.access) {
            assert_eq!(visitors.tutor.get(&door).await.status, StatusCode::FORBIDDEN, "{path}");
            assert!(turned_away(&visitors.tutor.post(&door, &[]).await), "{path}");
        }
    }
}

fn turned_away(answer: &PageAnswer) -> bool {
    matches!(answer.status, StatusCode::FORBIDDEN | StatusCode::METHOD_NOT_ALLOWED)
}

/// A route's path with a random id for each parameter.
fn filled(path: &str) -> String {
    path.split('/')
        .map(|part| if part.starts_with('{') { "0190c0de-0000-7000-8000-000000000000" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}
