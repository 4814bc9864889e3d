//! The staff of a school: everyone on its staff list, and colleagues with a role who are not on it.

use chrono::NaiveDate;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::credentials::status::AccountStatus;
use domain::fold::fold;
use domain::ids::{PersonId, SchoolId};
use domain::lists::page::{Cursor, NameKey, Order, Page, SortKey};
use domain::roll::name::display_name;
use domain::staff::views::StaffEntry;
use uuid::Uuid;

use crate::db::one_more;
use crate::roll::entries::{AccountColumns, with_account};
use crate::tenancy::enter::Entered;
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
    #[sqlx(flatten)]
    account: AccountColumns,
}

/// Returns a page after `after` of the school's staff whose name, code or username contains every word, in this
/// order, without people hidden by a restriction. Accounts only for readers who may see them, and people with a role for
/// all schools only for readers who act for all of them.
pub async fn list(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    words: &str,
    order: &Order,
    after: Option<&Cursor>,
) -> Result<Page<StaffEntry>> {
    let Entered { mut transaction, at } = backend.enter(actor, Permission::ViewRoll, School(school)).await?;
    let whole_school = Resource::School(actor.organisation, school);
    let sees_accounts = decide(actor, Permission::ViewAccounts, whole_school).is_ok();
    let whole_organisation = Resource::Organisation(actor.organisation);
    let patterns: Vec<String> =
        fold(words).split(' ').filter(|word| !word.is_empty()).map(|word| format!("%{word}%")).collect();
    let after = SortKey::after(order, after)?;
    let rows = sqlx::query_as::<_, StaffEntryRow>(with_account!(
        "e.id, s.key, e.person_id, p.given_name, p.family_name, p.preferred_name, e.staff_code, e.ends_on, m.value AS email",
        "FROM (SELECT id, person_id, staff_code, ends_on FROM employments WHERE organisation_id = $1 AND school_id = $2
               UNION ALL
               SELECT o.id, o.id, '', NULL FROM people o
               WHERE o.organisation_id = $1
                 AND o.id IN (SELECT r.person_id FROM staff_roles r
                              WHERE r.organisation_id = $1 AND (r.school_id = $2 OR r.school_id IS NULL AND $10)
                                AND (r.ends_on < $11) IS NOT TRUE)
                 AND NOT EXISTS (SELECT FROM employments w WHERE w.school_id = $2 AND w.person_id = o.id)) e
         JOIN people p ON p.id = e.person_id
         LEFT JOIN addresses m ON m.person_id = e.person_id AND m.kind = 'email' AND m.is_primary
         LEFT JOIN accounts a ON a.person_id = e.person_id AND $4
         LEFT JOIN invitations i ON i.account_id = a.id AND i.current
         LEFT JOIN messages sent ON sent.id = i.id
         CROSS JOIN LATERAL (
             SELECT CASE $8 WHEN 'code' THEN lower(e.staff_code) WHEN 'username' THEN coalesce(a.username, '')
                            ELSE p.sort_key END COLLATE \"C\" AS key) s
         WHERE e.person_id <> ALL ((SELECT carried_ids('greencap.hidden'))::uuid[])
           AND p.search_key || ' ' || lower(e.staff_code) || ' ' || coalesce(translate(a.username, '.-_', '   '), '') LIKE ALL ($3)
           AND ($6::text IS NULL OR CASE WHEN $9 THEN (s.key, e.id) < ($6, $7) ELSE (s.key, e.id) > ($6, $7) END)
         ORDER BY CASE WHEN NOT $9 THEN s.key END, CASE WHEN NOT $9 THEN e.id END,
                  CASE WHEN $9 THEN s.key END DESC, CASE WHEN $9 THEN e.id END DESC
         LIMIT $5"
    ))
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(patterns)
    .bind(sees_accounts)
    .bind(one_more(PAGE))
    .bind(after.as_ref().map(|after| after.sort_key.as_str()))
    .bind(after.as_ref().map(|after| after.id))
    .bind(order.column(SORTED_BY)?)
    .bind(order.descending)
    .bind(decide(actor, Permission::ViewRoll, whole_organisation).is_ok())
    .bind(at.today)
    .fetch_all(&mut *transaction)
    .await?;
    let page = Page::of(rows, PAGE, |row| SortKey {
        order: order.clone(),
        named: NameKey { sort_key: row.key.clone(), id: row.id },
    });
    let now = backend.now();
    page.try_map(|row| {
        let account = row.account.account(row.email.is_some())?;
        let status = AccountStatus::of(account.as_ref().map(|account| &account.standing), now);
        Ok(StaffEntry {
            person: PersonId(row.person_id),
            name: display_name(&row.given_name, &row.family_name, &row.preferred_name),
            staff_code: row.staff_code,
            email: row.email.unwrap_or_default(),
            username: account.map(|account| account.username),
            status: sees_accounts.then_some(status),
            ends_on: row.ends_on,
        })
    })
}
