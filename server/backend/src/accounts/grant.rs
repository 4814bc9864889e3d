//! Creating an account for one student, from their record.

use std::collections::BTreeMap;

use domain::accounts::batch::SaveOutcome;
use domain::accounts::naming::Naming;
use domain::accounts::plan::PlanRow;
use domain::accounts::username::Username;
use domain::authorization::actor::Actor;
use domain::fields::FieldErrors;
use domain::ids::{PersonId, SchoolId};
use domain::roll::selection::Selection;

use super::create::save;
use super::plan::plan;
use super::template::template;
use crate::operations::Expected;
use crate::{Backend, Error, Result};

/// Returns the account that would be created for a student.
///
/// # Errors
/// If the student already has one, or is not on this school's lists.
pub async fn propose(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    person: PersonId,
) -> Result<PlanRow> {
    let naming = Naming { template: template(backend, actor, school).await?, ..Naming::default() };
    let found = plan(backend, actor, school, &Selection::People { ids: vec![person] }, &naming).await?;
    found.plan.rows.into_iter().next().ok_or_else(gone)
}

/// Creates a student's account with the username that staff saw or typed. `accepted` says that they saw why
/// the username needs review, and want it.
///
/// # Errors
/// A problem with the username is an error of the field `username`.
pub async fn grant(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    person: PersonId,
    username: &str,
    accepted: bool,
) -> Result<Username> {
    let parsed: Username = username.parse().map_err(|error| complaint(&error))?;
    let naming = Naming {
        template: template(backend, actor, school).await?,
        typed: BTreeMap::from([(person, username.to_owned())]),
        accepted: if accepted { BTreeMap::from([(person, parsed)]) } else { BTreeMap::new() },
    };
    let chosen = Selection::People { ids: vec![person] };
    match save(backend, actor, school, &chosen, &naming, Expected::WhateverIsReady).await? {
        SaveOutcome::Saved(batch) => match batch.created.into_iter().next() {
            Some(created) => Ok(created.username),
            None => Err(batch
                .waiting
                .first()
                .and_then(PlanRow::complaint)
                .map_or_else(gone, |why| complaint(&why))),
        },
        // A single account never waits.
        SaveOutcome::Drifted(_) | SaveOutcome::Waits | SaveOutcome::Queued(_) => Err(gone()),
    }
}

fn complaint(why: &impl ToString) -> Error {
    FieldErrors::one("username", why.to_string()).into()
}

fn gone() -> Error {
    Error::conflict(
        "no_candidate",
        "This student already has an account, or is no longer on this school\u{2019}s roll. Reload the page.",
    )
}
