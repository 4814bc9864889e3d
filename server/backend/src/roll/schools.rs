//! Schools: finding, listing, adding and changing them.

pub mod add;
pub mod change;
pub mod form;
pub mod list;

use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::roll::school::SchoolCode;

pub use crate::tenancy::places::{SchoolContext, reached};
use crate::tenancy::target::SchoolWithCode;
use crate::{Backend, Result};

/// Returns the school with this code, if the actor may do `permission` there.
pub async fn by_code(
    backend: &Backend,
    actor: &Actor,
    permission: Permission,
    code: &SchoolCode,
) -> Result<SchoolContext> {
    Ok(backend.enter(actor, permission, SchoolWithCode(code)).await?.at)
}
