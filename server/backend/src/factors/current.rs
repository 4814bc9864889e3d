//! The second factors of the signed-in person.

use domain::authorization::policy::Permission;
use domain::factors::FactorsView;

use crate::credentials::factors::of_account;
use crate::sessions::session::SignedIn;
use crate::tenancy::target::Own;
use crate::{Backend, Result};

/// Returns the second factors of the signed-in person.
pub async fn own_factors(backend: &Backend, who: &SignedIn) -> Result<FactorsView> {
    let mut connection = backend.enter(&who.actor, Permission::OwnPortal, Own).await?.transaction;
    of_account(&mut connection, who.actor.organisation, who.account).await
}
