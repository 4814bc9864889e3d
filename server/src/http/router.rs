//! Every route, in one list, and the layers around them.

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use backend::Backend;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use super::routes::{DeclaredRoute, Routes};
use super::{
    accounts, assets, audit, authorization, cards, credentials, data_rights, factors, family, groups,
    guardians, headers, health, host, imports, invitations, lists, metrics, office, operations, origin,
    own_account, portal, problem, recovery, roll, school_year, session, sessions, settings, setup, sign_in,
    single_sign_on, source, staff, watch, well_formed, well_known,
};

/// The largest request body in bytes, unless a route has its own limit: enough for the ids of 100,000 people
/// picked by hand.
const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// How long a request may take before it is aborted.
const TIME_LIMIT: Duration = Duration::from_mins(1);

/// The largest form of someone who signs in, in bytes: a password of four times 256 bytes, three times as
/// long in a form.
const FORM_LIMIT: usize = 16 * 1024;

/// How long such a form may take, including its transfer over a slow network.
const FORM_TIME: Duration = Duration::from_secs(20);

/// Routes of the family pages.
fn family_routes() -> Routes {
    credentials::family_routes()
        .merge(sign_in::family_routes())
        .merge(single_sign_on::family_routes())
        .merge(factors::family_routes())
        .merge(invitations::family_routes())
        .merge(recovery::family_routes())
        .merge(own_account::family_routes())
        .merge(sessions::family_routes())
        .merge(setup::family_routes())
        .merge(guardians::family_routes())
        .within(FORM_LIMIT, FORM_TIME)
        .merge(portal::routes())
}

/// Office routes that are not pages.
fn office_routes() -> Routes {
    office::routes()
        .merge(well_known::routes())
        .merge(imports::routes())
        .merge(invitations::routes())
        .merge(roll::routes())
}

/// Pages of the office without WebAssembly.
fn desk_routes() -> Routes {
    authorization::routes()
        .merge(accounts::routes())
        .merge(cards::routes())
        .merge(staff::routes())
        .merge(settings::routes())
        .merge(recovery::routes())
        .merge(single_sign_on::routes())
        .merge(operations::routes())
        .merge(audit::routes())
        .merge(data_rights::routes())
        .merge(lists::routes())
        .merge(guardians::routes())
        .merge(groups::routes())
        .merge(school_year::routes())
}

/// Every route, with who may request it, except files and server functions, which [`app::guard::endpoints`]
/// lists.
pub fn declared(backend: &Backend) -> Vec<DeclaredRoute> {
    let (_, pages) = office::pages(backend);
    let (_, rest) =
        family_routes().merge(desk_routes()).merge(office_routes()).merge(health::routes()).into_parts();
    [pages, rest].concat()
}

/// Greencap over HTTP.
pub fn router(backend: Backend) -> Router {
    let site = backend.config.site.clone();
    let family = family_routes()
        .into_parts()
        .0
        .layer(from_fn_with_state(backend.clone(), family::keep_language))
        .layer(from_fn(family::strict));
    let mut pages = Router::new()
        .merge(office::pages(&backend).0)
        .merge(family)
        .merge(desk_routes().into_parts().0.layer(from_fn(family::strict)))
        .merge(office_routes().into_parts().0)
        .fallback(family::nowhere)
        .layer(from_fn(well_formed::check))
        .layer(from_fn_with_state(backend.clone(), problem::shown))
        .layer(from_fn(headers::private))
        .layer(from_fn_with_state(backend.clone(), session::load))
        .layer(from_fn_with_state(backend.clone(), source::find))
        .layer(from_fn_with_state(backend.clone(), origin::check))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, TIME_LIMIT))
        .merge(health::routes().into_parts().0);
    if backend.config.watch {
        pages = watch::followed(pages, backend.new_id());
    }
    pages
        .layer(from_fn(metrics::count))
        .layer(CompressionLayer::new())
        .merge(assets::routes(&site))
        .layer(from_fn_with_state(backend.clone(), host::check))
        .layer(from_fn_with_state(backend.config.is_https(), headers::secure))
        .layer(CatchPanicLayer::new())
        .with_state(backend)
}
