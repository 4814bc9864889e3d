//! The guardians of a school: the contacts of those on its lists, and adults whom its office added.

use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::credentials::state::AccountState;
use domain::credentials::status::AccountStatus;
use domain::fold::fold;
use domain::guardians::bulk::GuardianFilter;
use domain::guardians::views::{AccountFilter, GuardianEntry};
use domain::ids::{PersonId, SchoolId};
use domain::lists::page::{Cursor, NameKey, Page};
use domain::roll::name::display_name;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::db::one_more;
use crate::roll::entries::{AccountColumns, with_account};
use crate::tenancy::enter::Entered;
use crate::tenancy::places::SchoolContext;
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

/// The number of people on a page of the list.
pub const PAGE: usize = 50;

/// A page of the list, and how many there are on all pages.
#[derive(Debug)]
pub struct GuardianList {
    /// The page.
    pub page: Page<GuardianEntry>,
    /// How many guardians match.
    pub total: u64,
}

/// The people `p` who are guardians of the school `$2` and match a filter. `$3` are its words as patterns, `$4` whether the
/// reader sees accounts, `$5` and `$6` whom they see, `$7` the filter by account, `$8` the time, `$9`
/// whether they see addresses that a restriction hides, `$10` the day.
macro_rules! guardians_matching {
    ($columns:literal, $after:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM people p
             LEFT JOIN accounts a ON a.person_id = p.id AND $4
             LEFT JOIN invitations i ON i.account_id = a.id AND i.current
             LEFT JOIN messages sent ON sent.id = i.id
             LEFT JOIN addresses m ON m.person_id = p.id AND m.kind = 'email' AND m.is_primary
             WHERE p.organisation_id = $1 AND p.merged_into IS NULL
               AND (p.added_at_school = $2
                    OR EXISTS (SELECT FROM contacts c JOIN enrolments e ON e.person_id = c.child_id AND e.latest
                               WHERE c.adult_id = p.id AND c.ended_at IS NULL AND e.school_id = $2))
               AND ($5 OR p.id IN (SELECT v.person_id FROM visible_people v)) AND p.id <> ALL ($6)
               AND (cardinality($3::text[]) = 0
                    OR p.search_key || ' ' || coalesce(translate(a.username, '.-_', '   '), '') || ' '
                       || CASE WHEN $9 OR NOT addresses_hidden_of(p.id, $10::date)
                               THEN coalesce(translate(m.comparable, '@.-_+', '     '), '') ELSE '' END
                       || coalesce((SELECT string_agg(k.search_key, '')
                                    FROM contacts c JOIN people k ON k.id = c.child_id
                                    WHERE c.adult_id = p.id AND c.ended_at IS NULL AND k.id <> ALL ($6)
                                      AND EXISTS (SELECT FROM enrolments e
                                                  WHERE e.person_id = k.id AND e.school_id = $2 AND e.latest)), '')
                       LIKE ALL ($3))
               AND CASE $7 WHEN '' THEN true
                           WHEN 'with' THEN a.state <> 'closed'
                           WHEN 'without' THEN (a.state <> 'closed') IS NOT TRUE
                           ELSE account_status_group(account_state(a.id, a.state), sent.state,
                                                     CASE WHEN i.revoked_at IS NULL THEN i.expires_at END,
                                                     m.id IS NOT NULL, $8, false) = $7 END ",
            $after
        )
    };
}

/// Returns a page after `after` of the school's guardians whose name, email, username or children contain every word, without
/// people hidden by a restriction. Accounts only for readers who may see them.
pub async fn list(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    filter: &GuardianFilter,
    after: Option<&Cursor>,
) -> Result<GuardianList> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ViewRoll, InSchool(school)).await?;
    let sees_accounts = sees_accounts(actor, &at);
    let after: Option<NameKey> = after.map(Cursor::key).transpose()?;
    let found = sqlx::query_as::<_, (Uuid, String)>(guardians_matching!(
        "p.id, p.sort_key",
        "AND ($12::text IS NULL OR (p.sort_key COLLATE \"C\", p.id) > ($12, $13))
         ORDER BY p.sort_key COLLATE \"C\", p.id LIMIT $11"
    ))
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(patterns(filter))
    .bind(sees_accounts)
    .bind(at.everybody())
    .bind(at.hidden())
    .bind(account_slug(filter, sees_accounts))
    .bind(backend.now())
    .bind(sees_hidden(actor, &at))
    .bind(at.today)
    .bind(one_more(PAGE))
    .bind(after.as_ref().map(|after| after.sort_key.as_str()))
    .bind(after.as_ref().map(|after| after.id))
    .fetch_all(&mut *transaction)
    .await?;
    let total: i64 = sqlx::query_scalar(guardians_matching!("count(*)", ""))
        .bind(actor.organisation.0)
        .bind(school.0)
        .bind(patterns(filter))
        .bind(sees_accounts)
        .bind(at.everybody())
        .bind(at.hidden())
        .bind(account_slug(filter, sees_accounts))
        .bind(backend.now())
        .bind(sees_hidden(actor, &at))
        .bind(at.today)
        .fetch_one(&mut *transaction)
        .await?;
    let Page { rows, next } =
        Page::of(found, PAGE, |(id, sort_key)| NameKey { sort_key: sort_key.clone(), id: *id });
    let people: Vec<PersonId> = rows.into_iter().map(|(id, _)| PersonId(id)).collect();
    let rows = entries(backend, &mut transaction, actor, &at, &people).await?;
    Ok(GuardianList { page: Page { rows, next }, total: u64::try_from(total).unwrap_or_default() })
}

/// Returns everyone whom a filter finds among those whom the actor may do something to.
pub(super) async fn matching(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    at: &SchoolContext,
    filter: &GuardianFilter,
) -> Result<Vec<PersonId>> {
    let sees_accounts = sees_accounts(actor, at);
    let found: Vec<Uuid> =
        sqlx::query_scalar(guardians_matching!("p.id", "ORDER BY p.sort_key COLLATE \"C\", p.id"))
            .bind(at.organisation.0)
            .bind(at.school.0)
            .bind(patterns(filter))
            .bind(sees_accounts)
            .bind(at.everybody())
            .bind(at.hidden())
            .bind(account_slug(filter, sees_accounts))
            .bind(backend.now())
            .bind(sees_hidden(actor, at))
            .bind(at.today)
            .fetch_all(connection)
            .await?;
    Ok(found.into_iter().map(PersonId).collect())
}

fn sees_accounts(actor: &Actor, at: &SchoolContext) -> bool {
    let here = Resource::InSchool(actor.organisation, at.school);
    decide(actor, Permission::ViewAccounts, here).is_ok()
}

/// Those who record restrictions see the addresses that restrictions hide.
fn sees_hidden(actor: &Actor, at: &SchoolContext) -> bool {
    let here = Resource::InSchool(actor.organisation, at.school);
    decide(actor, Permission::ManageRestrictions, here).is_ok()
}

/// The words of a filter as patterns. They are folded to letters and digits, so they contain no LIKE wildcards.
fn patterns(filter: &GuardianFilter) -> Vec<String> {
    let words = fold(&filter.words);
    words.split(' ').filter(|word| !word.is_empty()).map(|word| format!("% {word}%")).collect()
}

/// Who may not see accounts cannot find out about them with a filter either.
fn account_slug(filter: &GuardianFilter, sees_accounts: bool) -> &'static str {
    if sees_accounts { filter.accounts.slug() } else { AccountFilter::All.slug() }
}

#[derive(sqlx::FromRow)]
struct GuardianEntryRow {
    id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    email: Option<String>,
    hides_addresses: bool,
    child_ids: Vec<Uuid>,
    child_names: Vec<String>,
    #[sqlx(flatten)]
    account: AccountColumns,
}

/// Reads what lists tell of these guardians, by name.
pub(super) async fn entries(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    at: &SchoolContext,
    people: &[PersonId],
) -> Result<Vec<GuardianEntry>> {
    let sees_accounts = sees_accounts(actor, at);
    let sees_hidden = sees_hidden(actor, at);
    let rows = sqlx::query_as::<_, GuardianEntryRow>(with_account!(
        "p.id, p.given_name, p.family_name, p.preferred_name, m.value AS email, kids.ids AS child_ids,
         addresses_hidden_of(p.id, $6::date) AS hides_addresses,
         kids.names AS child_names",
        "FROM people p
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
             WHERE c.adult_id = p.id AND c.ended_at IS NULL AND k.id <> ALL ($5)
               AND EXISTS (SELECT FROM enrolments e WHERE e.person_id = k.id AND e.school_id = $2 AND e.latest)) kids
         WHERE p.organisation_id = $1 AND p.id = ANY ($3)
         ORDER BY p.sort_key COLLATE \"C\", p.id"
    ))
    .bind(at.organisation.0)
    .bind(at.school.0)
    .bind(people.iter().map(|person| person.0).collect::<Vec<_>>())
    .bind(sees_accounts)
    .bind(at.hidden())
    .bind(at.today)
    .fetch_all(connection)
    .await?;
    let now = backend.now();
    rows.into_iter()
        .map(|row| {
            let account = row.account.account(row.email.is_some())?;
            let status = AccountStatus::of(account.as_ref().map(|account| &account.standing), now);
            Ok(GuardianEntry {
                person: PersonId(row.id),
                name: display_name(&row.given_name, &row.family_name, &row.preferred_name),
                children: row.child_ids.into_iter().map(PersonId).zip(row.child_names).collect(),
                addresses_hidden: row.hides_addresses && !sees_hidden,
                email: row.email.filter(|_| !row.hides_addresses || sees_hidden),
                username: account
                    .filter(|account| account.standing.state != AccountState::Closed)
                    .map(|account| account.username),
                status: sees_accounts.then_some(status),
            })
        })
        .collect()
}
