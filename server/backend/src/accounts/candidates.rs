//! What the browser makes a plan from, as staff try templates and type usernames.

use domain::accounts::naming::Candidates;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource};
use domain::ids::SchoolId;
use domain::selection::Selection;

use super::queries;
use crate::roll::schools;
use crate::{Backend, Result};

/// Those of `selection` who have no account, with their names in Latin letters, and every taken username of the
/// organisation: enough to make any plan without asking again.
pub async fn candidates(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    selection: &Selection,
) -> Result<Candidates> {
    backend.authorize(actor, Permission::ManageAccounts, Resource::School(actor.organisation, school))?;
    let school = schools::context(backend, actor, Permission::ManageAccounts, school).await?;
    let mut transaction = backend.tenant_snapshot(actor.organisation).await?;
    let mut chosen = queries::choose(&mut transaction, &school, selection, None, backend.now()).await?;
    transaction.commit().await?;
    chosen.people.sort_by(|a, b| (&a.sort_key, &a.admission_number).cmp(&(&b.sort_key, &b.admission_number)));
    Ok(chosen)
}
