//! Loads the families of the demonstration school.

use chrono::NaiveDate;
use domain::authorization::actor::Actor;
use domain::authorization::grant::{GrantGround, PortalScope};
use domain::fold::{search_key, sort_key};
use domain::guardians::access::DefaultAccess;
use domain::guardians::relationship::Relationship;
use domain::ids::{AccountId, PersonId, SchoolId};
use sqlx::PgConnection;

use super::families::DemoAdult;
use super::load::load_addresses;
use crate::accounts::lock_usernames;
use crate::db::{into, load_rows};
use crate::guardians::access::open::{NewGrant, insert as insert_grants};
use crate::guardians::contacts::write::{NewContact, insert as insert_contacts};
use crate::{Backend, Result};

/// Loads the adults, their contacts, and the accounts and access of those who have them. `students` are in the order of the
/// roll.
pub(super) async fn copy_families(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    school: SchoolId,
    (students, today): (&[PersonId], NaiveDate),
    adults: &[DemoAdult],
) -> Result<()> {
    let rows: Vec<(PersonId, &DemoAdult)> = adults.iter().map(|adult| (backend.new_id(), adult)).collect();
    copy_people(backend, connection, actor, school, &rows).await?;
    let contacts: Vec<NewContact> = rows
        .iter()
        .flat_map(|(adult, made)| made.children.iter().map(|(child, facts)| (*adult, *child, facts)))
        .filter_map(|(adult, child, facts)| {
            Some(NewContact {
                id: backend.new_id(),
                adult,
                child: *students.get(child)?,
                facts: facts.clone(),
            })
        })
        .collect();
    insert_contacts(backend, connection, actor.organisation, &contacts).await?;
    copy_accounts(backend, connection, actor, &rows).await?;
    let with_account: Vec<PersonId> =
        rows.iter().filter(|(_, made)| made.username.is_some()).map(|(person, _)| *person).collect();
    let usual = DefaultAccess::default();
    let grants: Vec<NewGrant> = contacts
        .iter()
        .filter(|contact| with_account.contains(&contact.adult))
        .flat_map(|contact| {
            let (ground, scopes): (GrantGround, &[PortalScope]) =
                usual.of(&contact.facts).unwrap_or((GrantGround::Relation, &[]));
            scopes.iter().map(move |scope| NewGrant {
                adult: contact.adult,
                child: contact.child,
                scope: *scope,
                ground,
                starts_on: contact.facts.starts_on.min(today),
                ends_on: None,
            })
        })
        .collect();
    insert_grants(backend, connection, actor.organisation, (None, None), &grants).await?;
    Ok(())
}

/// Makes a member of staff the parent of a student.
pub(super) async fn make_parent(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    (colleague, child): (PersonId, PersonId),
    like: &DemoAdult,
) -> Result<()> {
    let Some((_, facts)) = like.children.first() else { return Ok(()) };
    let mut facts = facts.clone();
    facts.relationship = Relationship::Father;
    facts.parental_responsibility = Some(true);
    let contact = NewContact { id: backend.new_id(), adult: colleague, child, facts };
    insert_contacts(backend, connection, actor.organisation, &[contact]).await?;
    Ok(())
}

async fn copy_people(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    school: SchoolId,
    rows: &[(PersonId, &DemoAdult)],
) -> Result<()> {
    let (organisation, now) = (actor.organisation.0, backend.now());
    load_rows(
        connection,
        into!(
            "people",
            "id, organisation_id, given_name, family_name, language, is_organisation, added_at_school, search_key, sort_key, \
             created_at, updated_at"
        ),
        rows,
        |row, (person, adult)| {
            let (given, family) = (adult.name.given(), adult.name.family());
            row.plain(person.0).plain(organisation).text(given).text(family).text(adult.language);
            row.plain(adult.is_organisation).plain(school.0);
            row.text(&search_key(given, "", family, "", "")).text(&sort_key(given, family)).time(now).time(now);
        },
    )
    .await?;
    let addresses = rows.iter().map(|(person, adult)| (*person, adult.email.as_ref(), adult.phone.as_ref()));
    load_addresses(backend, connection, actor, addresses).await?;
    Ok(())
}

async fn copy_accounts(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    rows: &[(PersonId, &DemoAdult)],
) -> Result<()> {
    lock_usernames(connection, actor.organisation).await?;
    let named = rows.iter().filter_map(|(person, adult)| Some((*person, adult.username.as_deref()?)));
    load_rows(
        connection,
        into!("accounts", "id, organisation_id, person_id, username, state, created_at"),
        named,
        |row, (person, username)| {
            row.plain(backend.new_id::<AccountId>().0).plain(actor.organisation.0).plain(person.0);
            row.text(username).text("created").time(backend.now());
        },
    )
    .await?;
    Ok(())
}
