//! Who may be the second person when a restriction is lifted or narrowed.

use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::authorization::role::Role;
use domain::ids::PersonId;
use domain::roll::name::display_name;
use sqlx::PgConnection;

use crate::Result;
use crate::tenancy::places::PersonContext;

/// Returns the names of the colleagues who may approve it: they may record restrictions at the child's school or at all
/// schools, can sign in, and are no adults of the child. Without the actor, who asks.
pub(crate) async fn approvers(
    connection: &mut PgConnection,
    actor: &Actor,
    child: PersonId,
    at: &PersonContext,
) -> Result<Vec<String>> {
    let permission = Permission::ManageRestrictions;
    let roles = Role::ALL.into_iter().filter(|role| role.permissions().contains(permission));
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT p.given_name, p.family_name, p.preferred_name FROM people p
         JOIN accounts a ON a.organisation_id = p.organisation_id AND a.person_id = p.id
         WHERE p.organisation_id = $1 AND a.state IN ('active', 'locked') AND p.id IS DISTINCT FROM $2::uuid
           AND EXISTS (SELECT FROM staff_roles r LEFT JOIN custom_roles c ON c.id = r.custom_role_id
                       WHERE r.organisation_id = $1 AND r.person_id = p.id AND r.group_id IS NULL
                         AND (r.school_id IS NULL OR r.school_id = ANY ($4)) AND (r.role = ANY ($5) OR $6 = ANY (c.permissions))
                         AND daterange(r.starts_on, r.ends_on, '[]') @> $7::date)
           AND NOT EXISTS (SELECT FROM contacts k WHERE k.organisation_id = $1 AND k.adult_id = p.id AND k.child_id = $3)
           AND NOT EXISTS (SELECT FROM access_grants g
                           WHERE g.organisation_id = $1 AND g.adult_id = p.id AND g.child_id = $3)
         ORDER BY p.sort_key, p.id",
    )
    .bind(actor.organisation.0)
    .bind(actor.person().map(|person| person.0))
    .bind(child.0)
    .bind(at.schools.iter().map(|school| school.0).collect::<Vec<_>>())
    .bind(roles.map(Role::slug).collect::<Vec<_>>())
    .bind(permission.slug())
    .bind(at.today)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|(given, family, preferred)| display_name(&given, &family, &preferred)).collect())
}
