//! The office: pages of the Leptos application and its server functions.

use std::sync::Arc;

use app::error::AppError;
use app::features::office::me::SCHOOL_COOKIE;
use app::guard::{admit, declared};
use app::page_permissions::required_permission;
use app::routes::App;
use app::shell::shell;
use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::header::{CONTENT_TYPE, SET_COOKIE};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use axum::routing::get;
use backend::Backend;
use backend::sessions::session::SignedIn;
use domain::authorization::access::Requires;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::authorization::visible::VisiblePeople;
use domain::roll::school::SchoolCode;
use leptos::config::LeptosOptions;
use leptos_axum::{LeptosRoutes as _, generate_route_list, handle_server_fns};
use server_fn::error::FromServerFnError as _;

use super::extract::{Path, read_body};
use super::family::only_encrypted;
use super::office_request::OfficeRequest;
use super::routes::{Access, DeclaredRoute, Routes, guard};
use super::session::{Session, to_sign_in};
use super::sessions::stamp::of_someone_else;
use super::well_formed::json_has_nul;

/// The longest error of a server function, in bytes.
const ERROR_LIMIT: usize = 64 * 1024;

/// The office's start page: the first of these that the person may see.
const FIRST_PAGES: [&str; 2] = ["/accounts", "/students"];

/// Pages and server functions, and what the pages declare.
pub(super) fn pages(backend: &Backend) -> (Router<Backend>, Vec<DeclaredRoute>) {
    let options = LeptosOptions::builder()
        .output_name("greencap")
        .site_root(backend.config.site.to_string_lossy())
        .site_pkg_dir(format!("pkg/{}", super::assets::version(&backend.config.site)))
        .site_addr(backend.config.listen)
        .build();
    let listed = generate_route_list(App);
    let declared = listed
        .iter()
        .filter_map(|page| {
            let requires = Requires::only(Access::Holds(required_permission(page.path())?));
            Some(DeclaredRoute { path: page.path().to_owned(), requires })
        })
        .collect();
    let router = Router::new()
        .leptos_routes(&options, listed, {
            let options = options.clone();
            move || shell(options.clone())
        })
        .with_state(options)
        .layer(from_fn(seat))
        .merge(server_functions())
        .layer(from_fn(guard_office));
    (router, declared)
}

/// Existing paths have their own routes; this answers for the rest.
#[expect(
    clippy::disallowed_methods,
    reason = "server functions are declared beside themselves, not by Routes"
)]
fn server_functions() -> Router<Backend> {
    Router::new().route("/api/{*endpoint}", get(handle_server_fns).post(handle_server_fns))
}

/// The home page, and the choice of a school.
pub(super) fn routes() -> Routes {
    Routes::new().signed_in("/", get(home)).holding(
        Permission::UseOffice,
        "/office/school/{code}",
        get(choose_school),
    )
}

/// Finds out who is signed in before a page is rendered; shows an error page if that fails.
async fn seat(request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let Some(backend) = parts.extensions.get::<Backend>().cloned() else { return to_sign_in(&parts) };
    match OfficeRequest::from_request_parts(&mut parts, &backend).await {
        Ok(office) => {
            parts.extensions.insert(office.page.me);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(answer) => answer,
    }
}

/// Calls of server functions need what they declare. Pages need a role; the frame around them checks the
/// permission at the school that is shown, and reports within the office if it is missing.
async fn guard_office(request: Request, next: Next) -> Response {
    if request.uri().path().starts_with("/api/") {
        declared_only(request, next).await
    } else {
        guard(Requires::only(Access::Holds(Permission::UseOffice)), request, next).await
    }
}

/// Refuses a call before its arguments are read, if it is undeclared or requires what the caller does not
/// have.
async fn declared_only(request: Request, next: Next) -> Response {
    let endpoint = request.uri().path().trim_start_matches("/api/");
    let who = request.extensions().get::<Arc<SignedIn>>().map(|who| &**who);
    if let Some(error) =
        who.and_then(|who| of_someone_else(request.headers(), request.extensions().get(), who))
    {
        return refusal_of(error.kind.status(), &error);
    }
    let refusal = match (declared(endpoint), request.extensions().get::<Backend>()) {
        (Some(requires), Some(backend)) => {
            admit(requires, backend, who).err().map(|error| (error.kind.status(), error))
        }
        (None, Some(_)) if who.is_some() => Some((StatusCode::NOT_FOUND, AppError::refused())),
        _ => Some((StatusCode::UNAUTHORIZED, AppError::signed_out())),
    };
    match refusal {
        Some((status, error)) => refusal_of(status, &error),
        // Server functions are POST only; none is called by GET.
        None if request.method() == Method::POST => call(request, next).await,
        None => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

/// Runs a server function with a body that can be read. The framework answers one that does not parse as its
/// own mistake.
async fn call(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let body = match read_body(parts.clone(), body).await {
        Ok(body) if json_has_nul(&body) => return refused(&AppError::unusable_character()),
        Ok(body) => body,
        Err(_) => return refused(&AppError::outdated_page()),
    };
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(body) = axum::body::to_bytes(body, ERROR_LIMIT).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if serde_json::from_slice::<AppError>(&body).is_ok_and(|error| error == AppError::outdated_page()) {
        parts.status = StatusCode::BAD_REQUEST;
    }
    Response::from_parts(parts, Body::from(body))
}

fn refused(error: &AppError) -> Response {
    refusal_of(StatusCode::BAD_REQUEST, error)
}

/// An error as the browser's half reads it.
pub(super) fn refusal_of(status: StatusCode, error: &AppError) -> Response {
    let json = HeaderValue::from_static("application/json");
    (status, [(CONTENT_TYPE, json)], error.ser()).into_response()
}

/// The home page: redirects staff to their first office page, and families to their portal.
async fn home(Session(signed_in): Session) -> Redirect {
    let actor = &signed_in.actor;
    // Tutors whose roles are for groups only.
    let seen = VisiblePeople::of(actor, Permission::ViewRoll);
    if !seen.groups.is_empty() && !seen.everyone && seen.schools.is_empty() {
        return Redirect::to("/groups");
    }
    let first = FIRST_PAGES.iter().find(|page| {
        required_permission(page)
            .is_some_and(|needs| decide(actor, needs, Resource::AnySchool(actor.organisation)).is_ok())
    });
    Redirect::to(first.unwrap_or(&"/portal"))
}

/// Remembers which school's pages to show. Every page checks again whether the person may see them.
async fn choose_school(_: Session, State(backend): State<Backend>, Path(code): Path<String>) -> Response {
    match code.parse::<SchoolCode>() {
        Ok(code) => {
            let secure = only_encrypted(&backend);
            let cookie =
                format!("{SCHOOL_COOKIE}={code}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly{secure}");
            (AppendHeaders([(SET_COOKIE, cookie)]), Redirect::to("/")).into_response()
        }
        Err(_) => Redirect::to("/").into_response(),
    }
}
