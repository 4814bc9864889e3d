//! Writes contacts, any number in one statement.

use domain::guardians::contact::{ContactFacts, ContactFunction};
use domain::ids::{ContactId, OrganisationId, PersonId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{Backend, Result};

/// A contact to insert.
#[derive(Debug, Clone)]
pub(crate) struct NewContact {
    /// Its identifier.
    pub(crate) id: ContactId,
    /// The adult.
    pub(crate) adult: PersonId,
    /// The child.
    pub(crate) child: PersonId,
    /// What is known of them.
    pub(crate) facts: ContactFacts,
}

/// Inserts contacts. A pair that is in force already is left as it is: the number of those inserted is returned.
pub(crate) async fn insert(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    contacts: &[NewContact],
) -> Result<u64> {
    let of = |fact: fn(&ContactFacts) -> Option<bool>| -> Vec<Option<bool>> {
        contacts.iter().map(|contact| fact(&contact.facts)).collect()
    };
    // PostgreSQL has no arrays of arrays with different lengths.
    let functions = |contact: &NewContact| {
        let slugs: Vec<_> = contact.facts.functions.iter().copied().map(ContactFunction::slug).collect();
        slugs.join(" ")
    };
    let inserted = sqlx::query(
        "INSERT INTO contacts (id, organisation_id, adult_id, child_id, relationship, relationship_said, functions, priority,
                               parental_responsibility, lives_with, no_portal, starts_on, ends_on, created_at, updated_at)
         SELECT new.id, $1, new.adult_id, new.child_id, new.relationship, new.said,
                coalesce(string_to_array(nullif(new.functions, ''), ' '), '{}'), new.priority,
                new.responsible, new.lives_with, new.no_portal, new.starts_on, new.ends_on, $2, $2
         FROM unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::smallint[],
                     $10::boolean[], $11::boolean[], $12::boolean[], $13::date[], $14::date[])
              AS new (id, adult_id, child_id, relationship, said, functions, priority, responsible, lives_with, no_portal,
                      starts_on, ends_on)
         ON CONFLICT (adult_id, child_id) WHERE ended_at IS NULL DO NOTHING",
    )
    .bind(organisation.0)
    .bind(backend.now())
    .bind(contacts.iter().map(|contact| contact.id.0).collect::<Vec<Uuid>>())
    .bind(contacts.iter().map(|contact| contact.adult.0).collect::<Vec<Uuid>>())
    .bind(contacts.iter().map(|contact| contact.child.0).collect::<Vec<Uuid>>())
    .bind(contacts.iter().map(|contact| contact.facts.relationship.slug()).collect::<Vec<_>>())
    .bind(contacts.iter().map(|contact| contact.facts.relationship_said.as_str()).collect::<Vec<_>>())
    .bind(contacts.iter().map(functions).collect::<Vec<_>>())
    .bind(contacts.iter().map(|contact| contact.facts.priority.map(|p| i16::from(u8::from(p)))).collect::<Vec<_>>())
    .bind(of(|facts| facts.parental_responsibility))
    .bind(of(|facts| facts.lives_with))
    .bind(contacts.iter().map(|contact| contact.facts.no_portal).collect::<Vec<_>>())
    .bind(contacts.iter().map(|contact| contact.facts.starts_on).collect::<Vec<_>>())
    .bind(contacts.iter().map(|contact| contact.facts.ends_on).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected())
}
