//! Roles and their permissions: the built-in ones, and an organisation's own.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::permission::{Permission, PermissionSet};
use domain::authorization::place::Place;
use domain::authorization::policy::may_give;
use domain::authorization::role::{Role, RoleName};
use domain::fields::FieldErrors;
use domain::ids::CustomRoleId;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::grown::end_what_opens;
use super::lock_roles;
use super::stored::permissions;
use crate::audit::{AuditEntry, record};
use crate::error::breaks_constraint;
use crate::tenancy::target::{AnySchool, Organisation};
use crate::{Backend, Error, Result};

/// A role: a built-in one, or one of the organisation's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleKey {
    /// A built-in role.
    BuiltIn(Role),
    /// One of this organisation's own.
    Custom(CustomRoleId),
}

impl RoleKey {
    /// Parses what forms send: the slug of a built-in role, or the id of another.
    pub fn from_text(text: &str) -> Option<Self> {
        Role::from_slug(text).map(Self::BuiltIn).or_else(|| text.parse().ok().map(Self::Custom))
    }

    /// Formats it for forms; [`Self::from_text`] parses it.
    pub fn text(self) -> String {
        match self {
            Self::BuiltIn(role) => role.slug().to_owned(),
            Self::Custom(id) => id.to_string(),
        }
    }
}

/// A role with its permissions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleKind {
    /// Which role.
    pub key: RoleKey,
    /// Its name.
    pub name: String,
    /// Its permissions.
    pub permissions: PermissionSet,
    /// How many people have it.
    pub holders: u32,
}

/// Returns every role, the organisation's own last.
pub async fn kinds(backend: &Backend, actor: &Actor) -> Result<Vec<RoleKind>> {
    load(&mut backend.enter(actor, Permission::ManageRoles, AnySchool).await?.transaction, actor).await
}

#[derive(sqlx::FromRow)]
struct KindRow {
    id: Option<Uuid>,
    slug: Option<String>,
    name: Option<String>,
    custom: Option<Vec<String>>,
    holders: i64,
}

pub(super) async fn load(connection: &mut PgConnection, actor: &Actor) -> Result<Vec<RoleKind>> {
    let rows: Vec<KindRow> = sqlx::query_as(
        "SELECT NULL::uuid AS id, b.slug, NULL AS name, NULL::text[] AS custom,
                (SELECT count(DISTINCT r.person_id) FROM staff_roles r WHERE r.organisation_id = $1 AND r.role = b.slug) AS holders
         FROM unnest($2::text[]) WITH ORDINALITY AS b (slug, place)
         UNION ALL
         (SELECT c.id, NULL, c.name, c.permissions,
                 (SELECT count(DISTINCT r.person_id) FROM staff_roles r WHERE r.custom_role_id = c.id)
          FROM custom_roles c WHERE c.organisation_id = $1 ORDER BY c.name)",
    )
    .bind(actor.organisation.0)
    .bind(Role::ALL.map(Role::slug).as_slice())
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            let permissions = permissions(row.slug.as_deref(), row.custom.as_deref())?;
            let (key, name) = match (row.id, row.name, row.slug.as_deref().and_then(Role::from_slug)) {
                (Some(id), Some(name), _) => (RoleKey::Custom(CustomRoleId(id)), name),
                (_, _, Some(role)) => (RoleKey::BuiltIn(role), role.label().to_owned()),
                _ => return Err(Error::unexpected("a kind of role without a name")),
            };
            Ok(RoleKind { key, name, permissions, holders: u32::try_from(row.holders).unwrap_or(u32::MAX) })
        })
        .collect()
}

/// Creates a role of the organisation's own, or changes one for everyone who has it. The actor must have
/// every permission that the role has, and had. If it gains a permission, everyone who has it is signed out, and
/// what was made for them before stops working.
pub async fn save(
    backend: &Backend,
    actor: &Actor,
    kind: Option<CustomRoleId>,
    name: &str,
    rights: PermissionSet,
) -> Result<CustomRoleId> {
    let mut transaction = backend.enter(actor, Permission::ManageRoles, Organisation).await?.transaction;
    let mut errors = FieldErrors::default();
    let name = errors.take("name", name.parse::<RoleName>());
    if rights.is_empty() {
        errors.push("permissions", "Choose at least one permission.");
    }
    let Some(name) = name.filter(|_| errors.is_empty()) else { return Err(errors.into()) };
    may_give(actor, rights, Place::Organisation)?;
    lock_roles(&mut transaction, actor.organisation).await?;
    if let Some(kind) = kind {
        reach(&mut transaction, actor, kind).await?;
        refuse_own(&mut transaction, actor, kind).await?;
    }
    if let Some(kind) = kind {
        let holders = gaining(&mut transaction, actor, kind, rights).await?;
        end_what_opens(backend, &mut transaction, actor.organisation, &holders).await?;
    }
    let id = kind.unwrap_or_else(|| backend.new_id());
    let slugs: Vec<&str> = rights.iter().map(Permission::slug).collect();
    let saved = sqlx::query(
        "INSERT INTO custom_roles (id, organisation_id, name, permissions, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, permissions = excluded.permissions",
    )
    .bind(id.0)
    .bind(actor.organisation.0)
    .bind(name.as_str())
    .bind(&slugs)
    .bind(backend.now())
    .execute(&mut *transaction)
    .await;
    match saved {
        Err(error) if breaks_constraint(&error, "custom_roles_name_key") => {
            return Err(
                FieldErrors::one("name", "There is already a role with this name. Choose another.").into()
            );
        }
        other => other?,
    };
    let entry =
        AuditEntry::new(AuditAction::RoleChanged).subject("role", id.0).details(json!({ "allows": slugs }));
    record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(id)
}

/// Removes a role of the organisation's own that nobody has.
pub async fn remove(backend: &Backend, actor: &Actor, kind: CustomRoleId) -> Result<()> {
    let mut transaction = backend.enter(actor, Permission::ManageRoles, Organisation).await?.transaction;
    lock_roles(&mut transaction, actor.organisation).await?;
    reach(&mut transaction, actor, kind).await?;
    let removed = sqlx::query("DELETE FROM custom_roles WHERE organisation_id = $1 AND id = $2")
        .bind(actor.organisation.0)
        .bind(kind.0)
        .execute(&mut *transaction)
        .await;
    match removed {
        Err(error) if breaks_constraint(&error, "staff_roles_custom_role_fkey") => {
            return Err(Error::conflict(
                "role_held",
                "Someone still has this role. Remove it from them first.",
            ));
        }
        other => other?,
    };
    let entry = AuditEntry::new(AuditAction::RoleRemoved).subject("role", kind.0);
    record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await.map_err(Error::from)
}

/// The people who have this role, if it gains a permission.
async fn gaining(
    connection: &mut PgConnection,
    actor: &Actor,
    kind: CustomRoleId,
    rights: PermissionSet,
) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar(
        "SELECT DISTINCT r.person_id FROM custom_roles c JOIN staff_roles r ON r.custom_role_id = c.id
         WHERE c.organisation_id = $1 AND c.id = $2 AND NOT c.permissions @> $3",
    )
    .bind(actor.organisation.0)
    .bind(kind.0)
    .bind(rights.iter().map(Permission::slug).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?)
}

/// Refuses to change a role that the actor has: people cannot change their own permissions.
async fn refuse_own(connection: &mut PgConnection, actor: &Actor, kind: CustomRoleId) -> Result<()> {
    let own: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM staff_roles
                        WHERE organisation_id = $1 AND custom_role_id = $2 AND person_id = $3)",
    )
    .bind(actor.organisation.0)
    .bind(kind.0)
    .bind(actor.person().map(|person| person.0))
    .fetch_one(connection)
    .await?;
    if own {
        return Err(Error::conflict(
            "own_role",
            "You have this role, and you can\u{2019}t change your own roles. Ask another administrator.",
        ));
    }
    Ok(())
}

/// Checks that the role exists, and that the actor has all its permissions.
async fn reach(connection: &mut PgConnection, actor: &Actor, kind: CustomRoleId) -> Result<()> {
    let slugs: Vec<String> =
        sqlx::query_scalar("SELECT permissions FROM custom_roles WHERE organisation_id = $1 AND id = $2")
            .bind(actor.organisation.0)
            .bind(kind.0)
            .fetch_optional(connection)
            .await?
            .ok_or(Error::NotFound("role"))?;
    Ok(may_give(actor, permissions(None, Some(&slugs))?, Place::Organisation)?)
}
