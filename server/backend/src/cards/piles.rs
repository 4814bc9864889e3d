//! Piles of cards: adding one, the list of a school's, and one with its cards.

use chrono::{DateTime, Utc};
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::cards::views::{CardState, PileCard, PileDetail, PileSummary};
use domain::credentials::phrase::PhraseKind;
use domain::ids::{AccountId, GroupId, OperationId, PersonId, SchoolId};
use domain::lists::page::{Cursor, Page, TimeKey};
use domain::roll::name::display_name;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::db::one_more;
use crate::tenancy::enter::Entered;
use crate::tenancy::places::SchoolContext;
use crate::tenancy::target::InSchool;
use crate::{Backend, Error, Result};

/// The number of piles on a page of the list.
const PAGE: usize = 50;

/// A pile to add.
pub(super) struct NewPile {
    /// The operation that prints it.
    pub(super) run: OperationId,
    /// Which words its cards have.
    pub(super) words: PhraseKind,
    /// The group it is for.
    pub(super) group: Option<GroupId>,
    /// How many cards it has.
    pub(super) size: usize,
    /// How many days they work.
    pub(super) days: i32,
}

/// Adds a pile, and returns its number and the moment its cards stop working: the end of their last day. A group of another
/// school is left out.
///
/// The caller must have locked the school's row.
pub(super) async fn add_pile(
    backend: &Backend,
    connection: &mut PgConnection,
    school: &SchoolContext,
    by: Option<AccountId>,
    new: NewPile,
) -> Result<(u32, DateTime<Utc>)> {
    let (number, until): (i32, DateTime<Utc>) = sqlx::query_as(
        "INSERT INTO print_runs (id, organisation_id, school_id, number, words, group_id, size, made_by, made_at, expires_at)
         SELECT $3, o.id, $2, 1 + coalesce((SELECT max(r.number) FROM print_runs r WHERE r.school_id = $2), 0), $4,
                (SELECT g.id FROM groups g WHERE g.organisation_id = $1 AND g.school_id = $2 AND g.id = $5), $6, $7, $8,
                (($8 AT TIME ZONE o.time_zone)::date + $9::int + 1)::timestamp AT TIME ZONE o.time_zone
         FROM organisations o WHERE o.id = $1
         RETURNING number, expires_at",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(new.run.0)
    .bind(new.words.slug())
    .bind(new.group.map(|group| group.0))
    .bind(i32::try_from(new.size).unwrap_or(i32::MAX))
    .bind(by.map(|account| account.0))
    .bind(backend.now())
    .bind(new.days)
    .fetch_one(connection)
    .await?;
    Ok((u32::try_from(number).unwrap_or_default(), until))
}

#[derive(sqlx::FromRow)]
struct PileRow {
    id: Uuid,
    number: i32,
    words: String,
    group_name: Option<String>,
    made_by: Option<Uuid>,
    made_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    voided_at: Option<DateTime<Utc>>,
    size: i32,
    given_name: Option<String>,
    family_name: Option<String>,
    preferred_name: Option<String>,
    used: i64,
    live: i64,
}

impl PileRow {
    fn summary(self) -> PileSummary {
        let by = self.given_name.zip(self.family_name).zip(self.preferred_name);
        let count = |cards: i64| u32::try_from(cards).unwrap_or_default();
        PileSummary {
            pile: OperationId(self.id),
            number: count(self.number.into()),
            kind: PhraseKind::from_slug(&self.words).unwrap_or_default(),
            group: self.group_name,
            by: by.map(|((given, family), preferred)| display_name(&given, &family, &preferred)),
            at: self.made_at,
            expires_at: self.expires_at,
            voided_at: self.voided_at,
            size: count(self.size.into()),
            used: count(self.used),
            live: count(self.live),
        }
    }
}

/// Reads the piles after `$6`, newest first, or the one asked for (`$5`), of which the actor sees a card (`$3`, `$4`) or
/// which they printed themselves (`$9`).
async fn read(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    school: &SchoolContext,
    (only, after): (Option<OperationId>, Option<TimeKey>),
) -> Result<Vec<PileRow>> {
    Ok(sqlx::query_as::<_, PileRow>(
        "SELECT r.id, r.number, r.words, g.name AS group_name, r.made_by, r.made_at, r.expires_at, r.voided_at, r.size,
                p.given_name, p.family_name, p.preferred_name, c.used, c.live
         FROM print_runs r
         LEFT JOIN groups g ON g.organisation_id = r.organisation_id AND g.id = r.group_id
         LEFT JOIN accounts maker ON maker.organisation_id = r.organisation_id AND maker.id = r.made_by
         LEFT JOIN people p ON p.organisation_id = r.organisation_id AND p.id = maker.person_id
         CROSS JOIN LATERAL (
             SELECT count(*) FILTER (WHERE card.used_at IS NOT NULL) AS used,
                    count(*) FILTER (WHERE card.used_at IS NULL AND card.revoked_at IS NULL AND card.expires_at > $10) AS live,
                    bool_or(($3 OR a.person_id IN (SELECT v.person_id FROM visible_people v)) AND a.person_id <> ALL ($4)) AS seen
             FROM (SELECT i.account_id, i.used_at, i.revoked_at, i.expires_at FROM invitations i
                   WHERE i.organisation_id = $1 AND i.run_id = r.id
                   UNION ALL
                   SELECT w.account_id, w.used_at, w.revoked_at, w.expires_at FROM password_resets w
                   WHERE w.organisation_id = $1 AND w.run_id = r.id) card
             JOIN accounts a ON a.organisation_id = $1 AND a.id = card.account_id) c
         WHERE r.organisation_id = $1 AND r.school_id = $2 AND ($5::uuid IS NULL OR r.id = $5)
           AND ($6::timestamptz IS NULL OR (r.made_at, r.id) < ($6, $7))
           AND ($3 OR c.seen OR r.made_by = $9)
         ORDER BY r.made_at DESC, r.id DESC LIMIT $8",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(school.everybody())
    .bind(school.hidden())
    .bind(only.map(|pile| pile.0))
    .bind(after.map(|after| after.at))
    .bind(after.map(|after| after.id))
    .bind(one_more(PAGE))
    .bind(actor.account().map(|account| account.0))
    .bind(backend.now())
    .fetch_all(connection)
    .await?)
}

/// Returns a page of a school's piles after `after`, newest first: those with a card of someone the actor may give cards to,
/// and those they printed themselves.
pub async fn piles(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    after: Option<&Cursor>,
) -> Result<Page<PileSummary>> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageAccounts, InSchool(school)).await?;
    let after = after.map(Cursor::key).transpose()?;
    let found = read(backend, &mut transaction, actor, &at, (None, after)).await?;
    let found: Vec<PileSummary> = found.into_iter().map(PileRow::summary).collect();
    Ok(Page::of(found, PAGE, |pile| TimeKey { at: pile.at, id: pile.pile.0 }))
}

#[derive(sqlx::FromRow)]
struct PileCardRow {
    person_id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    username: String,
    used_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
    expires_at: DateTime<Utc>,
}

/// Returns a pile with those of its cards whose people the actor may see.
///
/// # Errors
/// [`Error::NotFound`] if the school has no such pile that the actor may see.
pub async fn pile(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    pile: OperationId,
) -> Result<PileDetail> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageAccounts, InSchool(school)).await?;
    let found = read(backend, &mut transaction, actor, &at, (Some(pile), None)).await?.pop();
    let found = found.ok_or(Error::NotFound("pile"))?;
    let rows = sqlx::query_as::<_, PileCardRow>(
        "SELECT a.person_id, p.given_name, p.family_name, p.preferred_name, a.username,
                card.used_at, card.revoked_at, card.expires_at
         FROM (SELECT i.account_id, i.used_at, i.revoked_at, i.expires_at FROM invitations i
               WHERE i.organisation_id = $1 AND i.run_id = $2
               UNION ALL
               SELECT w.account_id, w.used_at, w.revoked_at, w.expires_at FROM password_resets w
               WHERE w.organisation_id = $1 AND w.run_id = $2) card
         JOIN accounts a ON a.organisation_id = $1 AND a.id = card.account_id
         JOIN people p ON p.organisation_id = $1 AND p.id = a.person_id
         WHERE ($3 OR a.person_id IN (SELECT v.person_id FROM visible_people v)) AND a.person_id <> ALL ($4)
         ORDER BY p.sort_key, p.id",
    )
    .bind(at.organisation.0)
    .bind(pile.0)
    .bind(at.everybody())
    .bind(at.hidden())
    .fetch_all(&mut *transaction)
    .await?;
    let now = backend.now();
    let cards: Vec<PileCard> = rows
        .into_iter()
        .map(|row| PileCard {
            person: PersonId(row.person_id),
            name: display_name(&row.given_name, &row.family_name, &row.preferred_name),
            username: row.username,
            state: CardState::at(now, row.expires_at, (row.used_at, row.revoked_at)),
        })
        .collect();
    let own = found.made_by.is_some_and(|by| actor.account() == Some(AccountId(by)));
    let seen = cards.iter().filter(|card| card.state == CardState::Unused).count();
    let summary = found.summary();
    let all_seen = u32::try_from(seen).unwrap_or(u32::MAX) >= summary.live;
    Ok(PileDetail { voidable: summary.live > 0 && (own || all_seen), summary, cards })
}
