//! Simulating: what a run would do to each adult and child, stored, without doing it.

use domain::accounts::naming::Naming;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide as allows};
use domain::fields::FieldErrors;
use domain::guardians::autocreate::options::AutocreateOptions;
use domain::ids::{AutocreateId, SchoolId};

use super::decide::decide;
use super::store::{self, NewRun};
use super::{count, read};
use crate::accounts::create::Among;
use crate::accounts::template::template_for;
use crate::guardians::access::defaults;
use crate::guardians::duplicates::store as duplicates;
use crate::tenancy::enter::Entered;
use crate::tenancy::places::SchoolContext;
use crate::tenancy::target::InSchool;
use crate::{Backend, Error, Result};

/// Simulates a run at a school and stores the result, which is the plan of the run. Nobody gets anything.
///
/// # Errors
/// For a field of the options that leaves nothing to do.
#[tracing::instrument(skip_all)]
pub async fn simulate(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    options: AutocreateOptions,
) -> Result<AutocreateId> {
    check(&options)?;
    let template = template_for(backend, actor, school, Among::Guardians).await?;
    let Entered { mut transaction, at: school } =
        backend.enter(actor, Permission::ManageGuardians, InSchool(school)).await?;
    check_rights(actor, &school, &options)?;
    let access = defaults::of_school(&mut transaction, school.organisation, school.school).await?;
    let children = read::children(backend, &mut transaction, &school, &options).await?;
    let pairs = read::pairs(&mut transaction, actor, &school, &children, &options, &access).await?;
    let naming = |_: &[_]| Naming { template, ..Naming::default() };
    let decided = decide(backend, &mut transaction, &school, &options, pairs, naming).await?;
    // Each of them has a page on which somebody answers.
    duplicates::add(backend, &mut transaction, school.organisation, &decided.alike, backend.now()).await?;
    let (ordered, alone, counts) = count::count(&options, &children, decided.pairs);
    let id: AutocreateId = backend.new_id();
    let run = NewRun { id, options: &options, access: &access, counts: &counts };
    store::write(backend, &mut transaction, actor, &school, run, &ordered, &alone).await?;
    transaction.commit().await?;
    Ok(id)
}

/// Refuses options that cannot do anything.
fn check(options: &AutocreateOptions) -> Result<()> {
    let mut errors = FieldErrors::default();
    if options.contacts.relationships.is_empty() {
        errors.push("relationships", "Choose at least one relationship.");
    }
    if !options.create && !options.attach {
        errors.push("create", "Choose whether to create accounts, to attach students, or both.");
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

/// The person who simulates or runs this needs the permission for each thing that it does.
pub(super) fn check_rights(actor: &Actor, school: &SchoolContext, options: &AutocreateOptions) -> Result<()> {
    let here = Resource::InSchool(school.organisation, school.school);
    let needed = [
        (options.create, Permission::ManageAccounts),
        (options.create && options.messages.new_account, Permission::SendInvitations),
        (!options.exceptions.is_empty(), Permission::ManageRestrictions),
    ];
    for (_, permission) in needed.into_iter().filter(|(needed, _)| *needed) {
        allows(actor, permission, here)?;
    }
    Ok(())
}
