//! Pages about guardians without WebAssembly.

mod duplicates;

use crate::http::routes::Routes;

/// All of them.
pub(in crate::http) fn routes() -> Routes {
    duplicates::routes()
}
