//! Splitting one person into two, without an earlier merge: what was chosen goes to a new person.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::authorization::policy::Refusal;
use domain::fields::FieldErrors;
use domain::fold::{search_key, sort_key};
use domain::ids::{MergeId, PersonId};
use domain::roll::name::display_name;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::merge::{Ledger, MergeKind, lock};
use crate::audit::{AuditEntry, record_all};
use crate::authorization::roles::outranking;
use crate::tenancy::enter::Entered;
use crate::tenancy::target::Person;
use crate::{Backend, Error, Result};

/// What a person has that can go to a new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitView {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their children, with the relationship.
    pub children: Vec<Movable>,
    /// Their email addresses and phone numbers.
    pub addresses: Vec<Movable>,
    /// What other systems call them.
    pub keys: Vec<Movable>,
}

/// One thing that can go to a new person.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Movable {
    /// Its key in the form.
    pub key: String,
    /// What it is.
    pub label: String,
    /// What is said beside it; empty if nothing is.
    pub beside: String,
}

/// What was chosen.
#[derive(Debug, Clone, Default)]
pub struct SplitForm {
    /// The new person's given name.
    pub given: String,
    /// The new person's family name.
    pub family: String,
    /// The children that go.
    pub children: Vec<PersonId>,
    /// The addresses that go.
    pub addresses: Vec<Uuid>,
    /// The keys of other systems that go.
    pub keys: Vec<String>,
}

/// What a person has that can go to a new one.
pub async fn view(backend: &Backend, actor: &Actor, person: PersonId) -> Result<SplitView> {
    let mut transaction =
        backend.enter_snapshot(actor, Permission::ManageGuardians, Person(person)).await?.transaction;
    read(&mut transaction, actor, person).await
}

async fn read(connection: &mut PgConnection, actor: &Actor, person: PersonId) -> Result<SplitView> {
    let (given, family, preferred): (String, String, String) = sqlx::query_as(
        "SELECT given_name, family_name, preferred_name FROM people
         WHERE organisation_id = $1 AND id = $2 AND merged_into IS NULL",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .fetch_optional(&mut *connection)
    .await?
    .ok_or(Error::NotFound("guardian"))?;
    let children: Vec<Movable> = sqlx::query_as::<_, Movable>(
        "SELECT c.child_id::text AS key,
                coalesce(nullif(p.preferred_name, ''), p.given_name) || ' ' || p.family_name AS label,
                replace(c.relationship, '_', ' ') AS beside
         FROM contacts c JOIN people p ON p.id = c.child_id
         WHERE c.organisation_id = $1 AND c.adult_id = $2 AND c.ended_at IS NULL
           AND EXISTS (SELECT FROM visible_people v WHERE v.person_id = c.child_id)
         ORDER BY p.sort_key, p.id",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .fetch_all(&mut *connection)
    .await?;
    // The address of a login stays with it.
    let addresses: Vec<Movable> = sqlx::query_as::<_, Movable>(
        "SELECT m.id::text AS key, m.value AS label, '' AS beside FROM addresses m
         WHERE m.organisation_id = $1 AND m.person_id = $2
           AND NOT (m.kind = 'email' AND m.is_primary
                    AND EXISTS (SELECT FROM accounts a WHERE a.organisation_id = $1 AND a.person_id = $2))
         ORDER BY m.kind, m.value",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .fetch_all(&mut *connection)
    .await?;
    let keys: Vec<Movable> = sqlx::query_as::<_, Movable>(
        "SELECT jsonb_build_array(series, comparable)::text AS key, value AS label, series AS beside FROM person_keys
         WHERE organisation_id = $1 AND person_id = $2 ORDER BY series, value",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .fetch_all(connection)
    .await?;
    Ok(SplitView { person, name: display_name(&given, &family, &preferred), children, addresses, keys })
}

/// Splits a person: what was chosen goes to a new person, without an account. Undone like a merge.
///
/// # Errors
/// Field errors if the name is missing or nothing was chosen; a conflict if there is something that the person does not have.
#[tracing::instrument(skip_all)]
pub async fn split(
    backend: &Backend,
    actor: &Actor,
    person: PersonId,
    form: &SplitForm,
) -> Result<(MergeId, PersonId)> {
    let Entered { mut transaction, .. } =
        backend.enter(actor, Permission::ManageGuardians, Person(person)).await?;
    lock(&mut transaction, actor, &[person]).await?;
    let has = read(&mut transaction, actor, person).await?;
    if actor.person() == Some(person)
        || !outranking(backend, &mut transaction, actor, &[person]).await?.is_empty()
    {
        return Err(Error::Refused(Refusal::Outranked));
    }
    check(form, &has)?;
    let new: PersonId = backend.new_id();
    insert(backend, &mut transaction, actor, (person, new), form).await?;
    let ledger = Ledger::open(backend, &mut transaction, actor, (person, new), MergeKind::Split).await?;
    let by = actor.account().map(|account| account.0);
    ledger.move_contacts(&mut transaction, by, Some(&form.children)).await?;
    ledger.move_grants(&mut transaction, by, (Some(&form.children), &[])).await?;
    ledger.copy_restrictions(backend, &mut transaction, &form.children).await?;
    ledger.move_keys(&mut transaction, Some(&form.keys)).await?;
    ledger.move_addresses(&mut transaction, Some(&form.addresses)).await?;
    ledger.make_first_primary(&mut transaction).await?;
    let entries = [person, new].map(|person| {
        AuditEntry::new(AuditAction::PersonSplit)
            .person(person)
            .subject("merge", ledger.merge.0)
            .details(json!({ "children": form.children.len() }))
    });
    record_all(backend, &mut transaction, actor, entries.into()).await?;
    transaction.commit().await?;
    Ok((ledger.merge, new))
}

fn check(form: &SplitForm, has: &SplitView) -> Result<()> {
    if form.given.trim().is_empty() && form.family.trim().is_empty() {
        return Err(FieldErrors::one("family", "Enter the new person\u{2019}s name.").into());
    }
    if form.children.is_empty() && form.addresses.is_empty() && form.keys.is_empty() {
        return Err(FieldErrors::one("children", "Choose what belongs to the new person.").into());
    }
    let all = |chosen: Vec<String>, of: &[Movable]| {
        chosen.iter().all(|key| of.iter().any(|movable| movable.key == *key))
    };
    let known = all(form.children.iter().map(ToString::to_string).collect(), &has.children)
        && all(form.addresses.iter().map(ToString::to_string).collect(), &has.addresses)
        && all(form.keys.clone(), &has.keys);
    if known {
        return Ok(());
    }
    Err(Error::conflict(
        "split_changed",
        "This person no longer has everything that you chose. Look at the list again, then split.",
    ))
}

async fn insert(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    (person, new): (PersonId, PersonId),
    form: &SplitForm,
) -> Result<()> {
    let (given, family) = (form.given.trim(), form.family.trim());
    sqlx::query(
        // A school finds the new person even if no child goes with them.
        "INSERT INTO people (id, organisation_id, given_name, family_name, language, added_at_school, search_key, sort_key,
                             created_at, updated_at)
         SELECT $3, p.organisation_id, $4, $5, p.language,
                coalesce(p.added_at_school, (SELECT s.school_id FROM person_schools s WHERE s.person_id = p.id ORDER BY s.school_id LIMIT 1)),
                $6, $7, $8, $8
         FROM people p WHERE p.organisation_id = $1 AND p.id = $2",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .bind(new.0)
    .bind(given)
    .bind(family)
    .bind(search_key(given, "", family, "", ""))
    .bind(sort_key(given, family))
    .bind(backend.now())
    .execute(connection)
    .await?;
    Ok(())
}
