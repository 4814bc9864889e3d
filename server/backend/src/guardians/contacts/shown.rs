//! One contact, on its own page.

use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::guardians::contact::ContactFacts;
use domain::guardians::views::{ContactEnd, ContactLine, ProbableAccount, Sees};
use domain::ids::{ContactId, PersonId};
use domain::roll::name::display_name;

use super::of_child::of_child;
use super::row::{FactsRow, SeesRow, contact_columns};
use super::target::Contact;
use crate::tenancy::enter::Entered;
use crate::tenancy::target::Person;
use crate::{Backend, Error, Result};

/// A contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactShown {
    /// The contact.
    pub id: ContactId,
    /// The adult.
    pub adult: PersonId,
    /// Their name.
    pub adult_name: String,
    /// The child.
    pub child: PersonId,
    /// Their name.
    pub child_name: String,
    /// What the adult is to the child.
    pub facts: ContactFacts,
    /// What they see of the child.
    pub sees: Sees,
    /// How it ended, if it has.
    pub ended: Option<ContactEnd>,
}

#[derive(sqlx::FromRow)]
struct ContactShownRow {
    adult_given: String,
    adult_family: String,
    adult_preferred: String,
    child_given: String,
    child_family: String,
    child_preferred: String,
    #[sqlx(flatten)]
    facts: FactsRow,
    #[sqlx(flatten)]
    sees: SeesRow,
}

/// Returns a contact.
pub async fn contact(backend: &Backend, actor: &Actor, contact: ContactId) -> Result<ContactShown> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ViewRoll, Contact(contact)).await?;
    let row = sqlx::query_as::<_, ContactShownRow>(contact_columns!(
        "SELECT a.given_name AS adult_given, a.family_name AS adult_family, a.preferred_name AS adult_preferred,
                k.given_name AS child_given, k.family_name AS child_family, k.preferred_name AS child_preferred,",
        "$3::date",
        "FROM contacts c JOIN people a ON a.id = c.adult_id JOIN people k ON k.id = c.child_id
         WHERE c.organisation_id = $1 AND c.id = $2"
    ))
    .bind(actor.organisation.0)
    .bind(contact.0)
    .bind(at.of.today)
    .fetch_one(&mut *transaction)
    .await?;
    Ok(ContactShown {
        id: contact,
        adult: at.adult,
        adult_name: display_name(&row.adult_given, &row.adult_family, &row.adult_preferred),
        child: at.child,
        child_name: display_name(&row.child_given, &row.child_family, &row.child_preferred),
        facts: row.facts.facts()?,
        sees: row.sees.sees()?,
        ended: row.facts.end(at.of.zone)?,
    })
}

/// Returns the contact with the accounts that probably are theirs.
pub async fn with_probable(
    backend: &Backend,
    actor: &Actor,
    id: ContactId,
) -> Result<(ContactShown, Vec<ProbableAccount>)> {
    let shown = contact(backend, actor, id).await?;
    let lines = contacts_of(backend, actor, shown.child).await?;
    let line = lines.into_iter().find(|line| line.id == id).ok_or(Error::NotFound("contact"))?;
    Ok((shown, line.probable))
}

/// Returns a child's contacts; see [`of_child`].
pub async fn contacts_of(backend: &Backend, actor: &Actor, child: PersonId) -> Result<Vec<ContactLine>> {
    let Entered { mut transaction, at } = backend.enter(actor, Permission::ViewRoll, Person(child)).await?;
    of_child(backend, &mut transaction, actor, &at).await
}
