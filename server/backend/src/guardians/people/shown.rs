//! An adult's record, as far as it is about their children.

use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Refusal};
use domain::guardians::adult::AdultForm;
use domain::ids::PersonId;
use domain::roll::name::display_name;

use super::postal::PostalAddress;
use crate::guardians::access::hidden::hides_addresses;
use crate::guardians::contacts::of_adult::{Children, of_adult};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::Person;
use crate::{Backend, Error, Result};

/// An adult, and whose contact they are.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct GuardianShown {
    /// The person.
    pub person: PersonId,
    /// Their name as pages show it, with their title.
    pub name: String,
    /// Their details, as the form shows them; without addresses.
    pub form: AdultForm,
    /// Whether it is an organisation.
    pub is_organisation: bool,
    /// Whether they work or worked at a school.
    pub is_staff: bool,
    /// Whether they are or were a student, whose record has more.
    pub is_student: bool,
    /// Where they live.
    pub postal: Option<PostalAddress>,
    /// Whether a restriction keeps their addresses from the reader.
    pub addresses_hidden: bool,
    /// Their children.
    pub children: Children,
}

#[derive(sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact that the query finds")]
struct AdultRow {
    given_name: String,
    family_name: String,
    preferred_name: String,
    title: String,
    language: String,
    is_organisation: bool,
    is_staff: bool,
    is_student: bool,
    merged: bool,
}

/// Returns an adult's record.
pub async fn guardian(backend: &Backend, actor: &Actor, person: PersonId) -> Result<GuardianShown> {
    let not_found = |error| match error {
        // A number of another school is answered like one that nobody has.
        Error::NotFound(_) | Error::Refused(Refusal::OtherSchool | Refusal::OneGroup) => {
            Error::NotFound("guardian")
        }
        other => other,
    };
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ViewRoll, Person(person)).await.map_err(not_found)?;
    let row: AdultRow = sqlx::query_as(
        "SELECT p.given_name, p.family_name, p.preferred_name, p.title, p.language, p.is_organisation,
                EXISTS (SELECT FROM employments w WHERE w.person_id = p.id) AS is_staff,
                EXISTS (SELECT FROM enrolments e WHERE e.person_id = p.id) AS is_student,
                p.merged_into IS NOT NULL AS merged
         FROM people p WHERE p.organisation_id = $1 AND p.id = $2",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .fetch_one(&mut *transaction)
    .await?;
    if row.merged {
        return Err(Error::NotFound("guardian"));
    }
    let postal: Option<PostalAddress> = sqlx::query_as(
        "SELECT lines, postcode FROM postal_addresses WHERE organisation_id = $1 AND person_id = $2",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .fetch_optional(&mut *transaction)
    .await?;
    let addresses_hidden = hides_addresses(&mut transaction, actor, &at).await?;
    let children = of_adult(&mut transaction, actor, &at).await?;
    let name = display_name(&row.given_name, &row.family_name, &row.preferred_name);
    Ok(GuardianShown {
        person,
        name: if row.title.is_empty() { name } else { format!("{} {name}", row.title) },
        form: AdultForm {
            title: row.title,
            family: row.family_name,
            given: row.given_name,
            is_organisation: if row.is_organisation { "yes".to_owned() } else { String::new() },
            language: row.language,
            ..AdultForm::default()
        },
        is_organisation: row.is_organisation,
        is_staff: row.is_staff,
        is_student: row.is_student,
        postal: postal.filter(|_| !addresses_hidden),
        addresses_hidden,
        children,
    })
}
