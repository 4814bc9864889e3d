//! Pages about guardians.

mod autocreate;

use super::routes::Routes;

/// All of them.
pub(super) fn routes() -> Routes {
    autocreate::routes()
}
