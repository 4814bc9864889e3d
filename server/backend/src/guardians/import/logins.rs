//! Whose the logins of a list of accounts are or were.

use std::collections::HashMap;

use domain::guardians::import::known::KnownLogin;
use domain::guardians::import::row::FamilyRow;
use domain::ids::PersonId;
use domain::roll::name::display_name;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;
use crate::imports::kind::Importing;

#[derive(sqlx::FromRow)]
struct LoginRow {
    username: String,
    person_id: Uuid,
    is_named: bool,
    given_name: String,
    family_name: String,
    preferred_name: String,
}

/// The logins of these rows that can be usernames here.
pub(super) fn usernames(rows: &[&FamilyRow]) -> Vec<String> {
    let adults = rows.iter().flat_map(|row| &row.adults).filter_map(|said| said.login.as_ref());
    let students = rows.iter().filter_map(|row| row.account_of_student.as_ref());
    let usernames = adults.chain(students).filter_map(|login| login.username.as_ref());
    let mut usernames: Vec<String> = usernames.map(|username| username.as_str().to_owned()).collect();
    usernames.sort_unstable();
    usernames.dedup();
    usernames
}

/// Whose they are. Somebody is named if the importer may see them and has the username now: a former one can tell a
/// former name.
pub(super) async fn of(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    rows: &[&FamilyRow],
) -> Result<HashMap<String, KnownLogin>> {
    let found = sqlx::query_as::<_, LoginRow>(
        "SELECT u.username, u.person_id, a.id IS NOT NULL AND v.person_id IS NOT NULL AS is_named,
                p.given_name, p.family_name, p.preferred_name
         FROM unnest($2::text[]) AS asked (username)
         JOIN usernames u ON u.organisation_id = $1 AND u.username = asked.username
         JOIN people p ON p.organisation_id = $1 AND p.id = u.person_id
         LEFT JOIN accounts a ON a.organisation_id = $1 AND a.username = u.username
         LEFT JOIN visible_people v ON v.person_id = p.id",
    )
    .bind(cx.school.organisation.0)
    .bind(usernames(rows))
    .fetch_all(connection)
    .await?;
    let login = |row: LoginRow| {
        let name = display_name(&row.given_name, &row.family_name, &row.preferred_name);
        let name = Some(name).filter(|_| row.is_named);
        (row.username, KnownLogin { person: PersonId(row.person_id), name })
    };
    Ok(found.into_iter().map(login).collect())
}
