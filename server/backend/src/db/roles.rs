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
    // Since version 16, PostgreSQL tells members who may act as a role from those who may not, and lets a user who creates
    // roles grant no others.
    let row: RolesRow = sqlx::query_as(
        "SELECT quote_ident(current_user) AS name, u.rolsuper OR u.rolcreaterole AS may_create,
                ARRAY(SELECT needed.name FROM unnest(ARRAY['greencap_app', 'greencap_system']) AS needed (name)
                      WHERE NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = needed.name)) AS missing,
                ARRAY(SELECT r.rolname::text FROM pg_roles r
                      WHERE r.rolname IN ('greencap_app', 'greencap_system')
                        AND NOT pg_has_role(current_user, r.oid, CASE WHEN now_16 THEN 'SET' ELSE 'MEMBER' END)
                        AND NOT pg_has_role(current_user, r.oid, 'MEMBER WITH ADMIN OPTION')
                        AND NOT (u.rolcreaterole AND NOT now_16)) AS not_granted
         FROM pg_roles u, LATERAL (SELECT current_setting('server_version_num')::int >= 160000 AS now_16) AS version
         WHERE u.rolname = current_user",
    )
    .fetch_one(connection)
    .await?;
    if (row.may_create || row.missing.is_empty()) && row.not_granted.is_empty() {
        return Ok(None);
    }
    let mut remedy: Vec<String> =
        row.missing.iter().map(|role| format!("create role {role} nologin;")).collect();
    remedy.push(format!("GRANT greencap_app, greencap_system TO {};", row.name));
    Ok(Some(format!(
        "the user {} needs the roles greencap_app and greencap_system, and may not create them or take them on. As a superuser, run: {}",
        row.name,
        remedy.join(" ")
    )))
}

/// Grants the roles to the user who manages them but may not act as them: since version 16, PostgreSQL makes that of a user
/// who creates a role.
pub(super) async fn take_on(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query(
        "DO $$
         DECLARE role text;
         BEGIN
             FOR role IN
                 SELECT rolname FROM pg_roles
                 WHERE rolname IN ('greencap_app', 'greencap_system')
                   AND NOT pg_has_role(current_user, oid,
                           CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)
                   AND pg_has_role(current_user, oid, 'MEMBER WITH ADMIN OPTION')
             LOOP
                 EXECUTE format('GRANT %I TO %I', role, current_user);
             END LOOP;
         -- Another process has done it at the same moment.
         EXCEPTION WHEN unique_violation OR internal_error THEN NULL;
         END
         $$",
    )
    .execute(connection)
    .await
    .map(drop)
}
