//! Who has which role.

use chrono::NaiveDate;
use domain::authorization::actor::Actor;
use domain::authorization::place::Place;
use domain::authorization::policy::{Permission, decide, may_give};
use domain::authorization::role::{Role, RoleValidity, ValidityPeriod};
use domain::ids::{GivenRoleId, PersonId, SchoolId};
use domain::roll::name::display_name;
use sqlx::PgConnection;
use uuid::Uuid;

use super::stored::StoredRole;
use crate::tenancy::enter::Entered;
use crate::tenancy::target::AnySchool;
use crate::{Backend, Error, Result};

/// A role that someone has, had or will have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The id of this assignment.
    pub id: GivenRoleId,
    /// The person's id.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their username, if they have an account.
    pub username: Option<String>,
    /// The role's name.
    pub role: String,
    /// The name of the school, or of the group and its school; `None` for all schools.
    pub place: Option<String>,
    /// The school; `None` for all schools.
    pub school: Option<SchoolId>,
    /// Its first and last day.
    pub term: ValidityPeriod,
    /// Whether it is valid today.
    pub holds: RoleValidity,
    /// Who gave it, if known.
    pub given_by: Option<String>,
    /// Whether the reader may remove it.
    pub may_take: bool,
    /// Whether its group is closed: then it gives nothing.
    pub is_of_closed_group: bool,
}

/// Returns everyone with a role, by name, at the places where the actor may give roles.
pub async fn holders(backend: &Backend, actor: &Actor) -> Result<Vec<Holder>> {
    let Entered { mut transaction, at } = backend.enter(actor, Permission::ManageRoles, AnySchool).await?;
    let holders = load(&mut transaction, actor, None, at.today).await?;
    Ok(holders.into_iter().map(|(holder, _)| holder).collect())
}

#[derive(sqlx::FromRow)]
struct RoleHolderRow {
    id: Uuid,
    person_id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    username: Option<String>,
    custom_name: Option<String>,
    place_name: Option<String>,
    is_of_closed_group: bool,
    giver_given_name: Option<String>,
    giver_family_name: Option<String>,
    giver_preferred_name: Option<String>,
    #[sqlx(flatten)]
    held: StoredRole,
}

/// Loads the roles of one person or of everyone. Leaves out places where the actor may not give roles.
pub(super) async fn load(
    connection: &mut PgConnection,
    actor: &Actor,
    person: Option<PersonId>,
    today: NaiveDate,
) -> Result<Vec<(Holder, StoredRole)>> {
    let rows: Vec<RoleHolderRow> = sqlx::query_as(
        "SELECT r.id, r.person_id, p.given_name, p.family_name, p.preferred_name, a.username, c.name AS custom_name,
                concat_ws(', ', t.name, s.name) AS place_name, t.closed_at IS NOT NULL AS is_of_closed_group, g.given_name AS giver_given_name, g.family_name AS giver_family_name,
                g.preferred_name AS giver_preferred_name,
                r.role, c.permissions AS custom, r.school_id AS school, r.group_id, r.starts_on, r.ends_on
         FROM staff_roles r
         JOIN people p ON p.id = r.person_id
         LEFT JOIN accounts a ON a.organisation_id = r.organisation_id AND a.person_id = r.person_id
         LEFT JOIN custom_roles c ON c.id = r.custom_role_id
         LEFT JOIN schools s ON s.id = r.school_id
         LEFT JOIN groups t ON t.id = r.group_id
         LEFT JOIN accounts ga ON ga.organisation_id = r.organisation_id AND ga.id = r.given_by
         LEFT JOIN people g ON g.id = ga.person_id
         WHERE r.organisation_id = $1 AND ($2::uuid IS NULL OR r.person_id = $2)
         ORDER BY p.sort_key, p.id, s.name NULLS FIRST, t.name NULLS FIRST, r.created_at, r.id",
    )
    .bind(actor.organisation.0)
    .bind(person.map(|person| person.0))
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(|row| row.holder(actor, today)).filter_map(Result::transpose).collect()
}

impl RoleHolderRow {
    fn holder(self, actor: &Actor, today: NaiveDate) -> Result<Option<(Holder, StoredRole)>> {
        let assignment = self.held.on(today)?;
        let reached = assignment.place == Place::Organisation
            || decide(actor, Permission::ManageRoles, assignment.place.resource(actor.organisation)).is_ok();
        if !reached {
            return Ok(None);
        }
        let role = match (&self.custom_name, self.held.role.as_deref().and_then(Role::from_slug)) {
            (Some(name), _) => name.clone(),
            (None, Some(role)) => role.label().to_owned(),
            (None, None) => return Err(Error::unexpected("a role without a name")),
        };
        let given_by = match (self.giver_given_name, self.giver_family_name, self.giver_preferred_name) {
            (Some(given), Some(family), Some(preferred)) => Some(display_name(&given, &family, &preferred)),
            _ => None,
        };
        let holder = Holder {
            id: GivenRoleId(self.id),
            person: PersonId(self.person_id),
            name: display_name(&self.given_name, &self.family_name, &self.preferred_name),
            username: self.username,
            role,
            school: assignment.place.school(),
            place: self.place_name.filter(|_| assignment.place != Place::Organisation),
            term: self.held.validity_period()?,
            holds: assignment.holds,
            given_by,
            may_take: may_give(actor, assignment.permissions, assignment.place).is_ok(),
            is_of_closed_group: self.is_of_closed_group,
        };
        Ok(Some((holder, self.held)))
    }
}
