//! Recording a restriction.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::grant::PortalScope;
use domain::authorization::policy::Permission;
use domain::fields::FieldErrors;
use domain::guardians::restriction::{
    RestrictedAdults, RestrictionEffects, RestrictionForm, RestrictionTerms,
};
use domain::ids::{OrganisationId, PersonId, RestrictionId};
use serde_json::json;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::effects::act;
use crate::audit::{AuditEntry, record_all};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::Person;
use crate::{Backend, Error, Result};

/// Records a restriction on what adults see of a child, and ends at once what it closes: see [`act`]. One that begins later
/// does so on its first day. Returns what was ended.
///
/// # Errors
/// A sentence for each field that is wrong. A conflict if the actor is one of the child's adults: a colleague has to do it.
#[tracing::instrument(skip_all, fields(child = %child))]
pub async fn record(
    backend: &Backend,
    actor: &Actor,
    child: PersonId,
    form: &RestrictionForm,
) -> Result<Option<RestrictionEffects>> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageRestrictions, Person(child)).await?;
    let terms = form.parse(at.today)?;
    let known = adults_of(&mut transaction, actor.organisation, child).await?;
    if actor.person().is_some_and(|person| known.contains(&person.0)) {
        return Err(Error::conflict(
            "own_child",
            "This is about a child of yours. Ask a colleague to record it.",
        ));
    }
    let adults = concerned(&terms, &known)?;
    let id: RestrictionId = backend.new_id();
    insert(backend, &mut transaction, actor, child, (id, &terms)).await?;
    let effects = if terms.starts_on <= at.today {
        let effects =
            act(backend, &mut transaction, actor.organisation, child, (&adults, &terms.scopes)).await?;
        acted(backend, &mut transaction, actor.organisation, id, effects).await?;
        Some(effects)
    } else {
        None
    };
    let done = effects.unwrap_or_default();
    let details = json!({
        "scopes": terms.scopes.iter().map(|scope| scope.slug()).collect::<Vec<_>>(), "adults": adults.len(),
        "sessions": done.sessions, "invitations": done.invitations, "codes": done.codes, "messages": done.messages,
    });
    // It stands in the history of the child and of each adult.
    let people = std::iter::once(child).chain(adults.iter().map(|adult| PersonId(*adult)));
    let entries = people.map(|person| {
        AuditEntry::new(AuditAction::RestrictionMade)
            .person(person)
            .subject("restriction", id.0)
            .details(details.clone())
    });
    record_all(backend, &mut transaction, actor, entries.collect()).await?;
    transaction.commit().await?;
    Ok(effects)
}

/// Everyone who is, was or can be an adult of the child: contacts, also ended ones, and holders of grants.
pub(super) async fn adults_of(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    child: PersonId,
) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar(
        "SELECT k.adult_id FROM contacts k WHERE k.organisation_id = $1 AND k.child_id = $2
         UNION SELECT g.adult_id FROM access_grants g WHERE g.organisation_id = $1 AND g.child_id = $2
         ORDER BY 1",
    )
    .bind(organisation.0)
    .bind(child.0)
    .fetch_all(connection)
    .await?)
}

/// The adults that a restriction closes the child to, of those who have to do with it.
fn concerned(terms: &RestrictionTerms, known: &[Uuid]) -> Result<Vec<Uuid>> {
    match &terms.whom {
        RestrictedAdults::One(adult) if known.contains(&adult.0) => Ok(vec![adult.0]),
        RestrictedAdults::One(_) => Err(FieldErrors::one(
            "adult",
            "This person is no contact of the child. Add them as a contact first.",
        )
        .into()),
        RestrictedAdults::AllBut(but) => match but.iter().find(|adult| !known.contains(&adult.0)) {
            Some(_) => Err(FieldErrors::one("but", "Choose the adults from the list.").into()),
            None => Ok(known.iter().copied().filter(|adult| !but.contains(&PersonId(*adult))).collect()),
        },
    }
}

async fn insert(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    child: PersonId,
    (id, terms): (RestrictionId, &RestrictionTerms),
) -> Result<()> {
    let (adult, but) = match &terms.whom {
        RestrictedAdults::One(adult) => (Some(adult.0), Vec::new()),
        RestrictedAdults::AllBut(but) => (None, but.iter().map(|adult| adult.0).collect()),
    };
    sqlx::query(
        "INSERT INTO access_restrictions (id, organisation_id, child_id, adult_id, except_ids, scopes, reference, reason,
                                          hides_addresses, starts_on, ends_on, review_on, made_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(id.0)
    .bind(actor.organisation.0)
    .bind(child.0)
    .bind(adult)
    .bind::<Vec<Uuid>>(but)
    .bind(terms.scopes.iter().copied().map(PortalScope::slug).collect::<Vec<_>>())
    .bind(&terms.reference)
    .bind(terms.reason.slug())
    .bind(terms.hides_addresses)
    .bind(terms.starts_on)
    .bind(terms.ends_on)
    .bind(terms.review_on)
    .bind(actor.account().map(|account| account.0))
    .bind(backend.now())
    .execute(connection)
    .await?;
    Ok(())
}

/// Records that a restriction came into force, and what it ended.
pub(super) async fn acted(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    restriction: RestrictionId,
    effects: RestrictionEffects,
) -> Result<()> {
    sqlx::query(
        "UPDATE access_restrictions SET acted_at = $3, effects = $4 WHERE organisation_id = $1 AND id = $2",
    )
    .bind(organisation.0)
    .bind(restriction.0)
    .bind(backend.now())
    .bind(Json(effects))
    .execute(connection)
    .await?;
    Ok(())
}
