//! Creating an account for one person: a student, from their record, or a member of staff, from their page.

use std::collections::BTreeMap;

use domain::accounts::batch::SaveOutcome;
use domain::accounts::naming::Naming;
use domain::accounts::plan::PlanRow;
use domain::accounts::username::Username;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::fields::FieldErrors;
use domain::ids::{PersonId, SchoolId};
use domain::roll::selection::Selection;

use super::create::{Among, CreateAccounts, save_as};
use super::plan::plan_as;
use super::template::template_for;
use crate::authorization::roles::refuse_outranked;
use crate::operations::ExpectedPlan;
use crate::tenancy::target::Target;
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
    propose_to(backend, actor, school, Among::Students, person).await?.ok_or_else(gone)
}

/// Returns the account that would be created for a student or a member of staff; none if they already have one,
/// or are not at this school.
pub(super) async fn propose_to(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    among: Among,
    person: PersonId,
) -> Result<Option<PlanRow>> {
    let naming = Naming { template: template_for(backend, actor, school, among).await?, ..Naming::default() };
    let selection = Selection::People { ids: vec![person] };
    let found = plan_as(backend, actor, school, &CreateAccounts { selection, among, naming }).await?;
    Ok(found.plan.rows.into_iter().next())
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
    grant_to(backend, actor, school, (Among::Students, person), username, accepted).await?.ok_or_else(gone)
}

/// The same for a student or a member of staff; returns none if they already have an account, or are not at this
/// school.
pub(super) async fn grant_to(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    (among, person): (Among, PersonId),
    username: &str,
    accepted: bool,
) -> Result<Option<Username>> {
    let parsed: Username = username.parse().map_err(|error| complaint(&error))?;
    let naming = Naming {
        template: template_for(backend, actor, school, among).await?,
        typed: BTreeMap::from([(person, username.to_owned())]),
        accepted: if accepted { BTreeMap::from([(person, parsed)]) } else { BTreeMap::new() },
    };
    let input = CreateAccounts { selection: Selection::People { ids: vec![person] }, among, naming };
    match save_as(backend, actor, school, input, ExpectedPlan::WhateverIsReady).await? {
        SaveOutcome::Saved(batch) => match batch.created.into_iter().next() {
            Some(created) => Ok(Some(created.username)),
            None => batch
                .waiting
                .first()
                .and_then(PlanRow::complaint)
                .map_or(Ok(None), |why| Err(complaint(&why))),
        },
        // A single account never waits: see `Operation::EVEN_ONE`.
        SaveOutcome::Drifted(_) | SaveOutcome::Waits | SaveOutcome::Queued(_) => Ok(None),
    }
}

/// The same for somebody who may have a role: only somebody with the same permissions makes their account. `target` is where
/// the actor has to be allowed to.
pub(super) async fn grant_to_ranked(
    backend: &Backend,
    actor: &Actor,
    (school, target): (SchoolId, impl Target),
    (among, person): (Among, PersonId),
    username: &str,
    accepted: bool,
) -> Result<Option<Username>> {
    let transaction = backend.enter(actor, Permission::ManageAccounts, target).await?.transaction;
    refuse_outranked(backend, transaction, actor, Permission::ManageAccounts, person)
        .await?
        .rollback()
        .await?;
    grant_to(backend, actor, school, (among, person), username, accepted).await
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
