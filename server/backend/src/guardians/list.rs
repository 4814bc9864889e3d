//! The guardians of a school: the contacts of those on its lists, and adults whom its office added.

use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::credentials::state::AccountState;
use domain::credentials::status::AccountStatus;
use domain::fold::fold;
use domain::guardians::views::{AccountFilter, GuardianEntry};
use domain::ids::{PersonId, SchoolId};
use domain::lists::page::{Cursor, NameKey, Page};
use domain::roll::name::display_name;
use uuid::Uuid;

use crate::db::one_more;
use crate::roll::entries::{AccountColumns, with_account};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

/// The number of people on a page of the list.
pub const PAGE: usize = 50;

#[derive(sqlx::FromRow)]
struct GuardianEntryRow {
    id: Uuid,
    sort_key: String,
    given_name: String,
    family_name: String,
    preferred_name: String,
    email: Option<String>,
    child_ids: Vec<Uuid>,
    child_names: Vec<String>,
    #[sqlx(flatten)]
    account: AccountColumns,
}

/// Returns a page after `after` of the school's guardians whose name, email, username or children contain every word, without
/// people hidden by a restriction. Accounts only for readers who may see them.
pub async fn list(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    (words, accounts): (&str, AccountFilter),
    after: Option<&Cursor>,
) -> Result<Page<GuardianEntry>> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ViewRoll, InSchool(school)).await?;
    let here = Resource::InSchool(actor.organisation, school);
    let sees_accounts = decide(actor, Permission::ViewAccounts, here).is_ok();
    let patterns: Vec<String> =
        fold(words).split(' ').filter(|word| !word.is_empty()).map(|word| format!("% {word}%")).collect();
    let after: Option<NameKey> = after.map(Cursor::key).transpose()?;
    let rows = sqlx::query_as::<_, GuardianEntryRow>(with_account!(
        "p.id, p.sort_key, p.given_name, p.family_name, p.preferred_name, m.value AS email, kids.ids AS child_ids,
         kids.names AS child_names",
        "FROM (SELECT p.id FROM people p
               LEFT JOIN accounts a ON a.person_id = p.id AND $4
               LEFT JOIN invitations i ON i.account_id = a.id AND i.current
               LEFT JOIN addresses m ON m.person_id = p.id AND m.kind = 'email' AND m.is_primary
               WHERE p.organisation_id = $1 AND p.merged_into IS NULL
                 AND (p.added_at_school = $2
                      OR EXISTS (SELECT FROM contacts c JOIN enrolments e ON e.person_id = c.child_id AND e.latest
                                 WHERE c.adult_id = p.id AND c.ended_at IS NULL AND e.school_id = $2))
                 AND ($6 OR p.id IN (SELECT v.person_id FROM visible_people v)) AND p.id <> ALL ($7)
                 AND (cardinality($3::text[]) = 0
                      OR p.search_key || ' ' || coalesce(translate(a.username, '.-_', '   '), '') || ' '
                         || coalesce(translate(m.comparable, '@.-_+', '     '), '')
                         || coalesce((SELECT string_agg(k.search_key, '')
                                      FROM contacts c JOIN people k ON k.id = c.child_id
                                      WHERE c.adult_id = p.id AND c.ended_at IS NULL AND k.id <> ALL ($7)
                                        AND EXISTS (SELECT FROM enrolments e
                                                    WHERE e.person_id = k.id AND e.school_id = $2 AND e.latest)), '')
                         LIKE ALL ($3))
                 AND CASE $8 WHEN 'with' THEN a.state <> 'closed'
                             WHEN 'without' THEN (a.state <> 'closed') IS NOT TRUE
                             WHEN 'invited' THEN a.state = 'created' AND i.id IS NOT NULL
                             ELSE true END
                 AND ($9::text IS NULL OR (p.sort_key COLLATE \"C\", p.id) > ($9, $10))
               ORDER BY p.sort_key COLLATE \"C\", p.id
               LIMIT $5) chosen
         JOIN people p ON p.id = chosen.id
         LEFT JOIN addresses m ON m.person_id = p.id AND m.kind = 'email' AND m.is_primary
         LEFT JOIN accounts a ON a.person_id = p.id AND $4
         LEFT JOIN invitations i ON i.account_id = a.id AND i.current
         LEFT JOIN messages sent ON sent.id = i.id
         CROSS JOIN LATERAL (
             SELECT coalesce(array_agg(k.id ORDER BY k.sort_key, k.id), '{}') AS ids,
                    coalesce(array_agg(concat_ws(' ', nullif(coalesce(nullif(k.preferred_name, ''), k.given_name), ''),
                                                 nullif(k.family_name, ''))
                                       ORDER BY k.sort_key, k.id), '{}') AS names
             FROM contacts c JOIN people k ON k.id = c.child_id
             WHERE c.adult_id = p.id AND c.ended_at IS NULL AND k.id <> ALL ($7)
               AND EXISTS (SELECT FROM enrolments e WHERE e.person_id = k.id AND e.school_id = $2 AND e.latest)) kids
         ORDER BY p.sort_key COLLATE \"C\", p.id"
    ))
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(patterns)
    .bind(sees_accounts)
    .bind(one_more(PAGE))
    .bind(at.everybody())
    .bind(at.hidden())
    .bind(if sees_accounts { accounts.slug() } else { AccountFilter::All.slug() })
    .bind(after.as_ref().map(|after| after.sort_key.as_str()))
    .bind(after.as_ref().map(|after| after.id))
    .fetch_all(&mut *transaction)
    .await?;
    let page = Page::of(rows, PAGE, |row| NameKey { sort_key: row.sort_key.clone(), id: row.id });
    let now = backend.now();
    page.try_map(|row| {
        let account = row.account.account(row.email.is_some())?;
        let status = AccountStatus::of(account.as_ref().map(|account| &account.standing), now);
        Ok(GuardianEntry {
            person: PersonId(row.id),
            name: display_name(&row.given_name, &row.family_name, &row.preferred_name),
            children: row.child_ids.into_iter().map(PersonId).zip(row.child_names).collect(),
            email: row.email,
            username: account
                .filter(|account| account.standing.state != AccountState::Closed)
                .map(|account| account.username),
            status: sees_accounts.then_some(status),
        })
    })
}
