//! `./dev watch`: a page reloads once the server that made it was replaced by another. These routes, and the
//! script in the pages, exist only in that mode.
//!
//! The pages' policy lets their script load nothing but more script, so it checks by importing a module that
//! names the running server.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::get;
use backend::Backend;
use futures_util::{StreamExt as _, stream};
use uuid::Uuid;

use super::routes::Routes;

/// Checks every second which server is running. No answer means that the next one is being built.
const SCRIPT: &str = "\
const server = async () => (await import(`/watch/${Date.now()}`)).default;
const first = await server();
setInterval(async () => {
  if ((await server().catch(() => first)) !== first) location.reload();
}, 1000);
";

const TAG: &[u8] = b"<script type=\"module\" src=\"/watch.js\"></script>";

/// The same routes, with pages that follow this run of the server.
pub(super) fn followed(pages: Router<Backend>, run: Uuid) -> Router<Backend> {
    let script =
        |text: String| async { ([(CONTENT_TYPE, "text/javascript"), (CACHE_CONTROL, "no-store")], text) };
    let routes = Routes::new()
        .open("/watch.js", get(move || script(SCRIPT.to_owned())))
        .open("/watch/{moment}", get(move || script(format!("export default '{run}';\n"))));
    pages.layer(from_fn(with_script)).merge(routes.into_parts().0)
}

async fn with_script(request: Request, next: Next) -> Response {
    let (mut head, body) = next.run(request).await.into_parts();
    if !head.headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html")) {
        return Response::from_parts(head, body);
    }
    head.headers.remove(CONTENT_LENGTH);
    let tag = stream::iter([Ok(Bytes::from_static(TAG))]);
    Response::from_parts(head, Body::from_stream(body.into_data_stream().chain(tag)))
}
