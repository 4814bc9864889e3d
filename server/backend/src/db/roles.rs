//! The two roles without a login under which every query runs; see `server/backend/src/tenancy/`.

use sqlx::PgConnection;

#[derive(sqlx::FromRow)]
struct RolesRow {
    /// The user's name, quoted where SQL needs it.
    name: String,
    may_create: bool,
    missing: Vec<String>,
    not_granted: Vec<String>,
}

/// What the connected user lacks to create and use the roles, and what to run as a superuser; `None` if nothing.
pub async fn lacking(connection: &mut PgConnection) -> sqlx::Result<Option<String>> {
    let row: RolesRow = sqlx::query_as(
        "SELECT quote_ident(current_user) AS name,
                (SELECT u.rolsuper OR u.rolcreaterole FROM pg_roles u WHERE u.rolname = current_user) AS may_create,
                ARRAY(SELECT needed.name FROM unnest(ARRAY['greencap_app', 'greencap_system']) AS needed (name)
                      WHERE NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = needed.name)) AS missing,
                ARRAY(SELECT r.rolname::text FROM pg_roles r
                      WHERE r.rolname IN ('greencap_app', 'greencap_system')
                        AND NOT pg_has_role(current_user, r.oid, 'MEMBER')) AS not_granted",
    )
    .fetch_one(connection)
    .await?;
    if row.may_create || row.missing.is_empty() && row.not_granted.is_empty() {
        return Ok(None);
    }
    let mut remedy: Vec<String> =
        row.missing.iter().map(|role| format!("create role {role} nologin;")).collect();
    remedy.push(format!("GRANT greencap_app, greencap_system TO {};", row.name));
    Ok(Some(format!(
        "the user {} needs the roles greencap_app and greencap_system, and may not create them. As a superuser, run: {}",
        row.name,
        remedy.join(" ")
    )))
}
