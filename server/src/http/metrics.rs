//! Figures for Prometheus, on an address of their own (`GREENCAP_METRICS`): counts and times only, never a name or an id.

use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use backend::Backend;
use backend::jobs::figures::figures;
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

const REQUESTS: &str = "greencap_http_requests_total";
const TIMES: &str = "greencap_http_request_seconds";
const UP: &str = "greencap_database_up";
const MESSAGES: &str = "greencap_messages_waiting";
const MESSAGES_OLDEST: &str = "greencap_messages_oldest_seconds";
const JOBS: &str = "greencap_jobs_waiting";
const JOBS_OLDEST: &str = "greencap_jobs_oldest_seconds";
const CONNECTIONS: &str = "greencap_database_connections";
const BUILD: &str = "greencap_build_info";

/// The upper bounds of the histogram, in seconds: from a page out of memory to the time limit of a request.
const BOUNDS: [f64; 9] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 10.0, 60.0];

/// Begins to count. Fails if something in this process counts already.
pub fn begin() -> Result<PrometheusHandle, BuildError> {
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(TIMES.to_owned()), &BOUNDS)?
        .install_recorder()?;
    describe_counter!(REQUESTS, "Requests answered, by route, method and status.");
    describe_histogram!(TIMES, "Time to the head of the answer, by route, in seconds.");
    describe_gauge!(UP, "1 while the database answers.");
    describe_gauge!(MESSAGES, "Messages that wait to be sent, or are being sent.");
    describe_gauge!(MESSAGES_OLDEST, "How long a message that is due has waited the longest, in seconds.");
    describe_gauge!(JOBS, "Jobs that wait or run.");
    describe_gauge!(JOBS_OLDEST, "How long a job that is due has waited the longest, in seconds.");
    describe_gauge!(CONNECTIONS, "Connections to the database, by whether they are in use.");
    describe_gauge!(BUILD, "1, with the version.");
    gauge!(BUILD, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    Ok(handle)
}

/// Counts a request. By its route as declared, such as `/students/{person}`, so that no address stands in the figures.
pub(super) async fn count(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let method = counted_method(request.method());
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    counter!(REQUESTS, "route" => route.clone(), "method" => method, "status" => status).increment(1);
    histogram!(TIMES, "route" => route).record(began.elapsed().as_secs_f64());
    response
}

/// The method, as it is counted. Any word can be a method (RFC 9110, section 9.1), and each would be one more series that
/// is kept: a stranger could fill the memory, and write what they like into the figures.
fn counted_method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// The site with the figures. It must not be reachable from outside.
#[expect(clippy::disallowed_methods, reason = "this is another site, with one address that is nobody's page")]
pub fn router(backend: Backend, handle: PrometheusHandle) -> Router {
    Router::new().route("/metrics", get(answer)).with_state((backend, handle))
}

async fn answer(State((backend, handle)): State<(Backend, PrometheusHandle)>) -> Response {
    match figures(&backend).await {
        Ok(now) => {
            gauge!(UP).set(1.0);
            gauge!(MESSAGES).set(count_of(now.messages_waiting));
            gauge!(MESSAGES_OLDEST).set(now.messages_oldest);
            gauge!(JOBS).set(count_of(now.jobs_waiting));
            gauge!(JOBS_OLDEST).set(now.jobs_oldest);
            let idle = u32::try_from(now.idle_connections).unwrap_or(u32::MAX);
            gauge!(CONNECTIONS, "state" => "idle").set(f64::from(idle));
            gauge!(CONNECTIONS, "state" => "used").set(f64::from(now.connections.saturating_sub(idle)));
        }
        Err(error) => {
            tracing::warn!(%error, "http.metrics");
            gauge!(UP).set(0.0);
        }
    }
    let kind = [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (StatusCode::OK, kind, handle.render()).into_response()
}

/// Prometheus counts in floating point; beyond 4 billion nobody counts.
fn count_of(count: i64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
