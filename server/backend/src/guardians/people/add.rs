//! Adding an adult.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::fold::{search_key, sort_key};
use domain::guardians::adult::NewAdult;
use domain::guardians::contact::ContactFacts;
use domain::ids::{AddressId, OrganisationId, PersonId, SchoolId};
use domain::roll::address::AddressKind;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::audit::{AuditEntry, record_all};
use crate::guardians::contacts::attach::{attach_in, check};
use crate::guardians::contacts::opening::Pair;
use crate::tenancy::enter::Entered;
use crate::tenancy::target::School;
use crate::{Backend, Error, Result};

/// Adds an adult at a school, and makes them a child's contact if one is named. Returns them.
#[tracing::instrument(skip_all, fields(school = %school))]
pub async fn add(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    adult: &NewAdult,
    child: Option<(PersonId, ContactFacts)>,
) -> Result<PersonId> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageGuardians, School(school)).await?;
    let person = insert(backend, &mut transaction, (at.organisation, school), adult).await?;
    insert_addresses(backend, &mut transaction, actor, person, adult).await?;
    let mut entries = Vec::new();
    if let Some((child, facts)) = child {
        let seen: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT FROM visible_people v WHERE v.person_id = $1)")
                .bind(child.0)
                .fetch_one(&mut *transaction)
                .await?;
        if !seen {
            return Err(Error::NotFound("student"));
        }
        let pair = Pair { adult: person, child };
        check(&mut transaction, actor, pair, at.today).await?;
        let attached = attach_in(backend, &mut transaction, actor, pair, facts, at.today).await?;
        entries.extend(attached.entries(AuditAction::ContactAdded, pair));
    } else {
        entries.push(AuditEntry::new(AuditAction::ContactAdded).person(person));
    }
    let kinds =
        adult.email.iter().map(|_| AddressKind::Email).chain(adult.phone.iter().map(|_| AddressKind::Phone));
    entries.extend(kinds.map(|kind| {
        AuditEntry::new(AuditAction::AddressChanged)
            .person(person)
            .details(json!({ "change": "added", "kind": kind.slug() }))
    }));
    record_all(backend, &mut transaction, actor, entries).await?;
    transaction.commit().await?;
    Ok(person)
}

async fn insert(
    backend: &Backend,
    connection: &mut PgConnection,
    (organisation, school): (OrganisationId, SchoolId),
    adult: &NewAdult,
) -> Result<PersonId> {
    let (person, name): (PersonId, _) = (backend.new_id(), &adult.details.name);
    sqlx::query(
        "INSERT INTO people (id, organisation_id, given_name, middle_name, family_name, preferred_name, language, title,
                             is_organisation, added_at_school, search_key, sort_key, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)",
    )
    .bind(person.0)
    .bind(organisation.0)
    .bind(name.given())
    .bind(name.middle())
    .bind(name.family())
    .bind(name.preferred())
    .bind(adult.details.language.as_str())
    .bind(&adult.details.title)
    .bind(adult.details.is_organisation)
    .bind(school.0)
    .bind(search_key(name.given(), name.middle(), name.family(), name.preferred(), ""))
    .bind(sort_key(name.given(), name.family()))
    .bind(backend.now())
    .execute(connection)
    .await?;
    Ok(person)
}

async fn insert_addresses(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    person: PersonId,
    adult: &NewAdult,
) -> Result<()> {
    let email =
        adult.email.as_ref().map(|email| (AddressKind::Email, email.as_str().to_owned(), email.comparable()));
    let phone = adult
        .phone
        .as_ref()
        .map(|phone| (AddressKind::Phone, phone.as_str().to_owned(), phone.as_str().to_owned()));
    let new: Vec<_> = email.into_iter().chain(phone).collect();
    sqlx::query(
        "INSERT INTO addresses (id, organisation_id, person_id, kind, value, comparable, is_primary, created_at, chosen_by,
                                chosen_at)
         SELECT new.id, $1, $2, new.kind, new.value, new.comparable, true, $3, $4, $3
         FROM unnest($5::uuid[], $6::text[], $7::text[], $8::text[]) AS new (id, kind, value, comparable)",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .bind(backend.now())
    .bind(actor.account().map(|account| account.0))
    .bind(new.iter().map(|_| backend.new_id::<AddressId>().0).collect::<Vec<Uuid>>())
    .bind(new.iter().map(|(kind, ..)| kind.slug()).collect::<Vec<_>>())
    .bind(new.iter().map(|(_, value, _)| value.as_str()).collect::<Vec<_>>())
    .bind(new.iter().map(|(.., comparable)| comparable.as_str()).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}
