//! The staff of a school.

use chrono::NaiveDate;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::fold::fold;
use domain::ids::{PersonId, SchoolId};
use domain::lists::page::{Cursor, NameKey, Order, Page, SortKey};
use domain::roll::name::display_name;
use domain::staff::views::StaffEntry;
use uuid::Uuid;

use crate::db::one_more;
use crate::tenancy::target::School;
use crate::{Backend, Result};

/// The number of people on a page of the list.
pub const PAGE: usize = 50;

/// The columns that the list can be sorted by.
const SORTED_BY: &[&str] = &["name", "code", "username"];

#[derive(sqlx::FromRow)]
struct StaffEntryRow {
    id: Uuid,
    key: String,
    person_id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    staff_code: String,
    ends_on: Option<NaiveDate>,
    email: Option<String>,
    username: Option<String>,
}

/// Returns a page after `after` of the school's staff whose name, code or username contains every word, in this
/// order, without people hidden by a restriction. Usernames only for readers who may see accounts.
pub async fn list(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    words: &str,
    order: &Order,
    after: Option<&Cursor>,
) -> Result<Page<StaffEntry>> {
    let mut transaction = backend.enter(actor, Permission::ViewRoll, School(school)).await?.transaction;
    let whole_school = Resource::School(actor.organisation, school);
    let sees_accounts = decide(actor, Permission::ViewAccounts, whole_school).is_ok();
    let patterns: Vec<String> =
        fold(words).split(' ').filter(|word| !word.is_empty()).map(|word| format!("%{word}%")).collect();
    let after = SortKey::after(order, after)?;
    let rows = sqlx::query_as::<_, StaffEntryRow>(
        "SELECT e.id, s.key, e.person_id, p.given_name, p.family_name, p.preferred_name, e.staff_code, e.ends_on,
                m.value AS email, a.username
         FROM employments e
         JOIN people p ON p.id = e.person_id
         LEFT JOIN addresses m ON m.person_id = e.person_id AND m.kind = 'email' AND m.is_primary
         LEFT JOIN accounts a ON a.person_id = e.person_id AND $4
         CROSS JOIN LATERAL (
             SELECT CASE $8 WHEN 'code' THEN lower(e.staff_code) WHEN 'username' THEN coalesce(a.username, '')
                            ELSE p.sort_key END COLLATE \"C\" AS key) s
         WHERE e.organisation_id = $1 AND e.school_id = $2
           AND e.person_id <> ALL ((SELECT carried_ids('greencap.hidden'))::uuid[])
           AND p.search_key || ' ' || lower(e.staff_code) || ' ' || coalesce(translate(a.username, '.-_', '   '), '') LIKE ALL ($3)
           AND ($6::text IS NULL OR CASE WHEN $9 THEN (s.key, e.id) < ($6, $7) ELSE (s.key, e.id) > ($6, $7) END)
         ORDER BY CASE WHEN NOT $9 THEN s.key END, CASE WHEN NOT $9 THEN e.id END,
                  CASE WHEN $9 THEN s.key END DESC, CASE WHEN $9 THEN e.id END DESC
         LIMIT $5",
    )
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(patterns)
    .bind(sees_accounts)
    .bind(one_more(PAGE))
    .bind(after.as_ref().map(|after| after.sort_key.as_str()))
    .bind(after.as_ref().map(|after| after.id))
    .bind(order.column(SORTED_BY)?)
    .bind(order.descending)
    .fetch_all(&mut *transaction)
    .await?;
    let page = Page::of(rows, PAGE, |row| SortKey {
        order: order.clone(),
        named: NameKey { sort_key: row.key.clone(), id: row.id },
    });
    Ok(page.map(|row| StaffEntry {
        person: PersonId(row.person_id),
        name: display_name(&row.given_name, &row.family_name, &row.preferred_name),
        staff_code: row.staff_code,
        email: row.email.unwrap_or_default(),
        username: row.username,
        ends_on: row.ends_on,
    }))
}
