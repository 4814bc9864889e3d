//! The office: pages of the Leptos application and its server functions.

use std::sync::Arc;

use app::error::AppError;
use app::guard::declared;
use app::routes::App;
use app::shell::shell;
use app::ui::family::{FamilyPage, Way, office_problem_page};
use axum::Router;
use axum::extract::{FromRequestParts as _, Path, Request, State};
use axum::http::header::SET_COOKIE;
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use axum::routing::get;
use backend::access::session::SignedIn;
use backend::{Backend, Error};
use domain::access::policy::{Refusal, Resource, decide};
use domain::roll::school::SchoolCode;
use leptos::config::LeptosOptions;
use leptos_axum::{LeptosRoutes as _, generate_route_list, handle_server_fns};
use server_fn::error::FromServerFnError as _;

use super::family::{Family, html, problem};
use super::session::{Session, to_sign_in};

/// Pages and server functions.
pub(super) fn routes(backend: &Backend) -> Router<Backend> {
    let options = LeptosOptions::builder()
        .output_name("greencap")
        .site_root(backend.config.site.to_string_lossy())
        .site_pkg_dir("pkg")
        .site_addr(backend.config.listen)
        .build();
    let guarded = Router::new()
        .leptos_routes(&options, generate_route_list(App), {
            let options = options.clone();
            move || shell(options.clone())
        })
        .with_state(options)
        // Those that exist have routes of their own; this answers for the rest.
        .route("/api/{*endpoint}", get(handle_server_fns).post(handle_server_fns))
        .layer(from_fn_with_state(backend.clone(), guard));
    Router::new().merge(guarded).route("/", get(home)).route("/office/school/{code}", get(choose_school))
}

/// Calls of server functions need what they declare, pages need a role.
async fn guard(State(backend): State<Backend>, request: Request, next: Next) -> Response {
    if request.uri().path().starts_with("/api/") {
        declared_only(request, next).await
    } else {
        staff_only(&backend, request, next).await
    }
}

/// The pages of the office are for staff: everybody else signs in, or is told that this is not theirs.
async fn staff_only(backend: &Backend, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match parts.extensions.get::<Arc<SignedIn>>() {
        None => to_sign_in(&parts),
        Some(signed_in) if !signed_in.actor.is_staff() => {
            match Family::from_request_parts(&mut parts, backend).await {
                Ok(Family(page)) => problem(page, Error::Refused(Refusal::NoRole)),
                Err(response) => response,
            }
        }
        Some(_) => next.run(Request::from_parts(parts, body)).await,
    }
}

/// Refuses a call before its arguments are read: anonymous, undeclared, or beyond every role of the caller.
async fn declared_only(request: Request, next: Next) -> Response {
    let endpoint = request.uri().path().trim_start_matches("/api/");
    let refusal = match (request.extensions().get::<Arc<SignedIn>>(), declared(endpoint)) {
        (None, _) => Some((StatusCode::UNAUTHORIZED, AppError::signed_out())),
        (_, None) => Some((StatusCode::NOT_FOUND, AppError::refused())),
        (Some(signed_in), Some(permission)) => {
            let anywhere = Resource::AnySchool(signed_in.actor.organisation);
            decide(&signed_in.actor, permission, anywhere)
                .err()
                .map(|_| (StatusCode::FORBIDDEN, AppError::refused()))
        }
    };
    match refusal {
        Some((status, error)) => (status, error.ser()).into_response(),
        // Server functions that change something are POST alone; none is called by GET.
        None if request.method() == Method::POST => next.run(request).await,
        None => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

/// The page for a form or a download of the office that came to nothing, with the way back.
pub(super) fn refused(
    page: FamilyPage,
    error: impl Into<AppError>,
    to: &'static str,
    name: &str,
) -> Response {
    let error = error.into();
    html(error.kind.status(), office_problem_page(page, error, Way { to, name: name.to_owned() }))
}

/// The front door: staff to their desk, families to their portal.
async fn home(Session(signed_in): Session) -> Redirect {
    Redirect::to(if signed_in.actor.is_staff() { "/accounts" } else { "/portal" })
}

/// Remembers which school's pages to show. Whether the person may see them is asked anew by every page.
async fn choose_school(_: Session, Path(code): Path<String>) -> Response {
    match code.parse::<SchoolCode>() {
        Ok(code) => {
            let cookie = format!("greencap-school={code}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly");
            (AppendHeaders([(SET_COOKIE, cookie)]), Redirect::to("/accounts")).into_response()
        }
        Err(_) => Redirect::to("/accounts").into_response(),
    }
}
