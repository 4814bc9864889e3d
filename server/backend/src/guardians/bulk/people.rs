//! Whom an action is about.

use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::guardians::bulk::{ChosenGuardians, GuardianAction};
use domain::ids::{PersonId, SchoolId};
use domain::roll::selection::Selection;
use sqlx::PgConnection;

use crate::guardians::list::matching;
use crate::roll::selection::guardians_ever;
use crate::tenancy::enter::Entered;
use crate::tenancy::places::SchoolContext;
use crate::tenancy::target::InSchool;
use crate::{Backend, Error, Result};

/// Returns the chosen guardians of this school to whom the actor may do this; everyone else is left out, as if they did not
/// exist.
pub(super) async fn people_of(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    at: &SchoolContext,
    chosen: &ChosenGuardians,
) -> Result<Vec<PersonId>> {
    match chosen {
        ChosenGuardians::Ticked(ids) => guardians_ever(connection, at, ids).await,
        ChosenGuardians::Matching(filter) => matching(backend, connection, actor, at, filter).await,
    }
}

/// The same as a selection for an operation, which checks it again when it runs.
///
/// # Errors
/// If nobody is chosen.
pub(super) async fn selection_of(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    chosen: &ChosenGuardians,
    permission: Permission,
) -> Result<Vec<PersonId>> {
    let Entered { mut transaction, at } = backend.enter(actor, permission, InSchool(school)).await?;
    let people = people_of(backend, &mut transaction, actor, &at, chosen).await?;
    transaction.rollback().await?;
    if people.is_empty() { Err(nobody()) } else { Ok(people) }
}

/// As an operation takes them.
pub(super) fn selection(people: &[PersonId]) -> Selection {
    Selection::People { ids: people.to_vec() }
}

/// Returns the guardians whom an action is about, for a page that asks about them.
///
/// # Errors
/// If nobody is chosen.
pub async fn chosen_for(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    chosen: &ChosenGuardians,
    action: GuardianAction,
) -> Result<Selection> {
    Ok(selection(&selection_of(backend, actor, school, chosen, action.permission()).await?))
}

fn nobody() -> Error {
    Error::conflict("nobody_chosen", "Tick the guardians first, or choose all that match.")
}

/// Refuses an action that a page does not have any more.
pub fn outdated() -> Error {
    Error::conflict("outdated_page", "This page is out of date. Choose the guardians and the action again.")
}
