//! A school's accounts, for commands and files.

use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::credentials::state::AccountState;
use domain::ids::SchoolId;
use serde::Serialize;

use crate::roll::cache::rolls;
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

/// A student's account.
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

/// Returns the accounts of the school's students that the actor may see, or only those in `state`, sorted by
/// name.
pub async fn list(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    state: Option<AccountState>,
) -> Result<Vec<AccountLine>> {
    let school = backend.enter(actor, Permission::ViewAccounts, InSchool(school)).await?.at;
    let roll = rolls(backend).seen_by(backend, actor, Permission::ViewAccounts, &school).await?;
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
