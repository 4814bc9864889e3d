//! Entering a use case about a contact: by what the actor may do to the child.

use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::authorization::policy::Resource;
use domain::guardians::contact::ContactFacts;
use domain::guardians::views::ContactEnd;
use domain::ids::{ContactId, PersonId};
use uuid::Uuid;

use super::row::FactsRow;
use crate::tenancy::enter::{look_up, places_of};
use crate::tenancy::places::{OrganisationContext, PersonContext};
use crate::tenancy::target::{LookUp, PersonContextRow, Target};
use crate::{Backend, Result};

/// A contact. Nobody else can change it until the transaction ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Contact(pub(super) ContactId);

/// What is stored of a contact.
#[derive(Debug, Clone)]
pub(super) struct StoredContact {
    pub(super) adult: PersonId,
    pub(super) child: PersonId,
    pub(super) facts: ContactFacts,
    pub(super) kept: Vec<String>,
    pub(super) ended: Option<ContactEnd>,
    pub(super) of: OrganisationContext,
}

/// See [`Target::Row`].
#[derive(Debug, sqlx::FromRow)]
pub(super) struct ContactTargetRow {
    adult_id: Uuid,
    child_id: Uuid,
    kept_fields: Vec<String>,
    #[sqlx(flatten)]
    facts: FactsRow,
    #[sqlx(flatten)]
    of_child: PersonContextRow,
}

impl Target for Contact {
    type Place = StoredContact;
    type Row = ContactTargetRow;
    const KIND: &'static str = "contact";

    fn resource(self, actor: &Actor) -> Result<Resource<'static>> {
        Ok(Resource::AnySchool(actor.organisation))
    }

    fn look_up(self) -> LookUp<ContactTargetRow> {
        sqlx::query_as::<_, ContactTargetRow>(look_up!(
            places_of!(
                "c.child_id",
                "c.adult_id, c.child_id, c.kept_fields, c.relationship, c.relationship_said, c.functions, c.priority,
                 c.parental_responsibility, c.lives_with, c.no_portal, c.starts_on, c.ends_on, c.ended_at, c.ended_for,
                 c.ended_reason, ",
                "FROM contacts c JOIN organisations o ON o.id = c.organisation_id
                 WHERE c.organisation_id = entered.organisation AND c.id = entered.key::uuid"
            ),
            "FOR NO KEY UPDATE OF c"
        ))
    }

    fn key(self) -> Option<String> {
        Some(self.0.to_string())
    }

    fn place(
        self,
        backend: &Backend,
        actor: &Actor,
        permission: Permission,
        row: ContactTargetRow,
    ) -> Result<StoredContact> {
        let child = PersonId(row.child_id);
        let PersonContext { organisation, zone, today, .. } =
            row.of_child.of_person(backend, actor, permission, (child, Self::KIND))?;
        let of = OrganisationContext { organisation, zone, today };
        Ok(StoredContact {
            adult: PersonId(row.adult_id),
            child,
            facts: row.facts.facts()?,
            kept: row.kept_fields,
            ended: row.facts.end(of.zone)?,
            of,
        })
    }
}
