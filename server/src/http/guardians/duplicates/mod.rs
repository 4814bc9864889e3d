//! Likely duplicates, merges and splits.

mod board;
mod merge;
mod merges;
mod split;

use axum::routing::{get, post};
use domain::authorization::policy::Permission;

use crate::http::routes::{Access, Routes};

/// The pages and their forms.
pub(super) fn routes() -> Routes {
    let manages = Permission::ManageGuardians;
    Routes::new()
        .holding(manages, "/guardians/duplicates", get(board::show))
        .holding(manages, "/guardians/duplicates/search", post(board::search))
        .holding(manages, "/guardians/duplicates/{pair}/answer", post(board::answer))
        .holding(manages, "/guardians/duplicates/{pair}/merge", get(merge::show))
        .step_up(Access::Holds(manages), "/guardians/duplicates/{pair}/merge/run", post(merge::run))
        .holding(manages, "/guardians/duplicates/merges", get(merges::list))
        .holding(manages, "/guardians/duplicates/merges/{merge}/undo", get(merges::show).post(merges::undo))
        .holding(manages, "/guardians/{person}/split", get(split::show).post(split::split))
}
