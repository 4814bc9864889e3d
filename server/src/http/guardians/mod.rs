//! Pages about guardians.

mod records;

use crate::http::routes::Routes;

/// All of them.
pub(in crate::http) fn routes() -> Routes {
    records::routes()
}
