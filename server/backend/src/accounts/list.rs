//! The accounts of a school, for commands and files.

use domain::accounts::state::AccountState;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource};
use domain::ids::SchoolId;
use serde::Serialize;

use crate::roll::schools;
use crate::{Backend, Result};

/// An account of a student.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountLine {
    /// The username.
    pub username: String,
    /// The admission number.
    pub key: String,
    /// The student's name.
    pub name: String,
    /// The account's state, as [`AccountState::slug`].
    pub state: &'static str,
}

/// Every account of the school's students, or those in `state`, in the order of names.
pub async fn list(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    state: Option<AccountState>,
) -> Result<Vec<AccountLine>> {
    backend.authorize(actor, Permission::ViewAccounts, Resource::School(actor.organisation, school))?;
    let school = schools::context(backend, actor, Permission::ViewAccounts, school).await?;
    let roll = backend.rolls.current(backend, &school).await?;
    let rows = (0..roll.snapshot.len()).map(|at| roll.snapshot.row(at));
    Ok(rows
        .filter_map(|row| {
            let account = row.account?;
            let line = AccountLine {
                username: account.username,
                key: row.admission_number,
                name: row.name,
                state: account.standing.state.slug(),
            };
            state.is_none_or(|wanted| wanted == account.standing.state).then_some(line)
        })
        .collect())
}
