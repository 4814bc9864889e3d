//! Giving someone a role.

use chrono::NaiveDate;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::authorization::policy::Resource;
use domain::authorization::role::ValidityPeriod;
use domain::fields::FieldErrors;
use domain::ids::{GivenRoleId, PersonId, SchoolId};
use serde_json::json;
use uuid::Uuid;

use super::held::refuse_giving;
use super::kinds;
use super::kinds::RoleKey;
use super::people::{limits, reach};
use super::{ensure_administrator_stays, has_lasting_administrator, lock_roles};
use crate::audit::{AuditEntry, record};
use crate::{Backend, Error, Result};

/// What was chosen.
#[derive(Debug, Clone, Default)]
pub struct GiveForm {
    /// See [`RoleKey::from_text`].
    pub role: String,
    /// A school's id; `all` for all schools.
    pub school: String,
    /// The first day (ISO 8601); empty for at once.
    pub from: String,
    /// The last day; empty for none.
    pub until: String,
}

struct Gift {
    key: RoleKey,
    school: Option<SchoolId>,
    term: ValidityPeriod,
}

impl GiveForm {
    fn parse(&self) -> Result<Gift> {
        let mut errors = FieldErrors::default();
        let key = errors.take("role", RoleKey::from_text(&self.role).ok_or("Choose a role."));
        let school = match self.school.as_str() {
            "all" => Some(None),
            id => errors.take("school", id.parse().map(Some).map_err(|_| "Choose where the role applies.")),
        };
        let from = errors.take("from", day(&self.from));
        let until = errors.take("until", day(&self.until));
        let term = match (from, until) {
            (Some(from), Some(until)) => errors.take("until", ValidityPeriod::new(from, until)),
            _ => None,
        };
        match (key, school, term) {
            (Some(key), Some(school), Some(term)) => Ok(Gift { key, school, term }),
            _ => Err(errors.into()),
        }
    }
}

fn day(text: &str) -> std::result::Result<Option<NaiveDate>, &'static str> {
    match text.trim() {
        "" => Ok(None),
        day => day.parse().map(Some).map_err(|_| "Enter the date in the format 2026-09-01."),
    }
}

/// Gives a person with an account a role, or changes the days of one that they have. Nobody gives more than they have,
/// nor anything to themselves.
#[tracing::instrument(skip_all, fields(person = %person))]
pub async fn give(
    backend: &Backend,
    actor: &Actor,
    person: PersonId,
    form: &GiveForm,
) -> Result<GivenRoleId> {
    backend.authorize(actor, Permission::ManageRoles, Resource::AnySchool(actor.organisation))?;
    let gift = form.parse()?;
    if actor.person() == Some(person) {
        return Err(Error::conflict(
            "own_role",
            "You can\u{2019}t change your own roles. Ask another administrator.",
        ));
    }
    let limits = limits(backend, actor).await?;
    let mut transaction = backend.tenant_transaction(actor.organisation).await?;
    lock_roles(&mut transaction, actor.organisation).await?;
    reach(&mut transaction, actor, person, limits).await?;
    let kinds = kinds::load(&mut transaction, actor).await?;
    let kind = kinds.into_iter().find(|kind| kind.key == gift.key).ok_or(Error::NotFound("role"))?;
    let mut transaction =
        refuse_giving(backend, transaction, actor, kind.permissions, gift.school, person).await?;
    let (role, custom) = match gift.key {
        RoleKey::BuiltIn(role) => (Some(role.slug()), None),
        RoleKey::Custom(id) => (None, Some(id.0)),
    };
    let before = has_lasting_administrator(backend, &mut transaction, actor.organisation).await?;
    let id: Uuid = sqlx::query_scalar(
        "INSERT INTO staff_roles (id, organisation_id, person_id, school_id, role, custom_role_id, starts_on, ends_on, given_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT ON CONSTRAINT staff_roles_role_key
         DO UPDATE SET starts_on = excluded.starts_on, ends_on = excluded.ends_on, given_by = excluded.given_by
         RETURNING id",
    )
    .bind(backend.new_id::<GivenRoleId>().0)
    .bind(actor.organisation.0)
    .bind(person.0)
    .bind(gift.school.map(|school| school.0))
    .bind(role)
    .bind(custom)
    .bind(gift.term.from())
    .bind(gift.term.until())
    .bind(actor.account().map(|account| account.0))
    .bind(backend.now())
    .fetch_one(&mut *transaction)
    .await?;
    // Days can be changed so that nobody is left.
    ensure_administrator_stays(backend, &mut transaction, actor.organisation, before).await?;
    let details = json!({
        "role": gift.key.text(), "school": gift.school, "from": gift.term.from(), "until": gift.term.until()
    });
    let entry =
        AuditEntry::new(AuditAction::RoleGiven).person(person).subject("given_role", id).details(details);
    record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(GivenRoleId(id))
}
