//! The accounts of a list of accounts: who may make them, and what the engine of accounts makes of them.

use std::collections::HashMap;

use domain::accounts::username::Username;
use domain::authorization::policy::{Permission, Refusal, Resource, decide};
use domain::guardians::import::accounts as planned;
use domain::guardians::import::write::{AccountWrite, AdultRef, GuardiansWrite, NewUsername};
use domain::ids::PersonId;
use domain::imports::note::Verdict;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;
use crate::accounts::imported::{self, NewHolder};
use crate::authorization::roles::outranking;
use crate::imports::kind::Importing;

/// Whether the importer may make accounts at the school.
pub(super) fn may_make(cx: &Importing<'_>) -> bool {
    let school = Resource::School(cx.actor.organisation, cx.school.school);
    decide(cx.actor, Permission::ManageAccounts, school).is_ok()
}

/// Who an account is for, where somebody new has no identifier yet.
fn owner(account: &AccountWrite) -> PersonId {
    match account.owner {
        AdultRef::Known(person) => person,
        AdultRef::New(number) => PersonId(Uuid::from_u128(number.into())),
    }
}

/// Has the engine of accounts plan the accounts of all rows, and takes what it makes.
pub(super) async fn settle(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    verdicts: &mut [Verdict<GuardiansWrite>],
) -> Result<()> {
    let writes = verdicts.iter().filter_map(|verdict| verdict.write.as_ref());
    let (students, guardians): (Vec<&AccountWrite>, Vec<&AccountWrite>) =
        writes.flat_map(|write| &write.accounts).partition(|account| account.is_student);
    let holders = |accounts: Vec<&AccountWrite>| accounts.into_iter().map(holder).collect::<Vec<_>>();
    let holders = (holders(guardians), holders(students));
    let rows = imported::plan(connection, cx.school, cx.day, holders).await?;
    let made: HashMap<PersonId, std::result::Result<Username, String>> = rows
        .into_iter()
        .map(|row| {
            let made = match (row.complaint(), row.username()) {
                (None, Some(username)) => Ok(username.clone()),
                (complaint, _) => Err(complaint.unwrap_or_default()),
            };
            (row.person, made)
        })
        .collect();
    planned::settle(verdicts, |account| {
        made.get(&owner(account)).cloned().unwrap_or_else(|| Err(String::new()))
    });
    Ok(())
}

fn holder(account: &AccountWrite) -> NewHolder {
    let login = match &account.username {
        NewUsername::Given(username) => Some(username.clone()),
        NewUsername::ByPattern => None,
    };
    NewHolder { person: owner(account), name: account.name.clone(), number: account.number.clone(), login }
}

/// Refuses an undo of accounts to somebody who could not have made them.
pub(super) async fn refuse_undo(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<()> {
    let owners: Vec<Uuid> = sqlx::query_scalar(
        "SELECT person_id FROM import_writes WHERE organisation_id = $1 AND import_id = $2 AND kind = 'account'",
    )
    .bind(cx.school.organisation.0)
    .bind(cx.import.0)
    .fetch_all(&mut *connection)
    .await?;
    if owners.is_empty() {
        return Ok(());
    }
    let school = Resource::School(cx.actor.organisation, cx.school.school);
    decide(cx.actor, Permission::ManageAccounts, school)?;
    let owners: Vec<PersonId> = owners.into_iter().map(PersonId).collect();
    if outranking(cx.backend, connection, cx.actor, &owners).await?.is_empty() {
        Ok(())
    } else {
        Err(Refusal::Outranked.into())
    }
}
