//! The recipients of invitations, and which of them can be invited.

use std::collections::HashMap;

use domain::authorization::policy::{Permission, Resource, decide};
use domain::credentials::state::AccountState;
use domain::ids::{AccountId, AddressId, BatchId, PersonId};
use domain::invitations::views::{InvitationStanding, LeftOutPerson, NotInvitedReason, Recipients};
use domain::roll::name::display_name;
use domain::roll::selection::Selection;
use sqlx::PgConnection;
use uuid::Uuid;

use super::queue::Recipient;
use super::send::NotInvited;
use crate::authorization::roles::outranking;
use crate::credentials::ways_in::CHOICE_COUNTS;
use crate::operations::OperationContext;
use crate::roll::selection;
use crate::tenancy::places::SchoolContext;
use crate::{Error, Result};

/// Recipients as SQL parameters; `None` does not filter.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a parameter of the statement")]
struct RecipientFilter {
    batch: Option<Uuid>,
    accounts: Option<Vec<Uuid>>,
    people: Option<Vec<Uuid>>,
    uninvited: bool,
    /// Those who were invited, have not chosen a password, and whose message is not still on its way.
    unanswered: bool,
    /// Whether to leave out those who were sent one that still works.
    once: bool,
    /// Whether they were named one by one, so that they can be guardians and staff too.
    named: bool,
    /// Only those whose last invitation stands like this.
    only: Option<InvitationStanding>,
    /// How many people in a selection a restriction hides.
    restricted: usize,
}

impl RecipientFilter {
    async fn of(work: &mut OperationContext<'_>, recipients: &Recipients) -> Result<Self> {
        Ok(match recipients {
            Recipients::Batch { batch, again } => {
                ensure_batch(work.connection, work.school, *batch).await?;
                // Its accounts can be of staff and guardians.
                Self {
                    batch: Some(batch.0),
                    named: true,
                    uninvited: !again,
                    unanswered: *again,
                    ..Self::default()
                }
            }
            Recipients::Uninvited => Self { uninvited: true, ..Self::default() },
            Recipients::Accounts { ids, again } => {
                let accounts = Some(ids.iter().map(|id| id.0).collect());
                Self { accounts, named: true, once: !again, ..Self::default() }
            }
            Recipients::Selected { selection, only } => {
                let now = work.backend.now();
                let restricted = selection::restricted(work.connection, work.school, selection, now).await?;
                let (people, named) = match selection {
                    Selection::People { ids } => (ids.clone(), true),
                    Selection::Matching { .. } => {
                        (selection::people(work.connection, work.school, selection, now).await?, false)
                    }
                };
                let hidden = work.school.hidden();
                let people = people.into_iter().map(|id| id.0).filter(|id| !hidden.contains(id)).collect();
                Self { people: Some(people), restricted, named, only: *only, ..Self::default() }
            }
        })
    }
}

/// Checks that this is a batch of the school that was not undone.
async fn ensure_batch(connection: &mut PgConnection, school: &SchoolContext, batch: BatchId) -> Result<()> {
    let known: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM operations WHERE organisation_id = $1 AND school_id = $2 AND id = $3 AND ran_at IS NOT NULL AND undone_at IS NULL)",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(batch.0)
    .fetch_one(connection)
    .await?;
    if known { Ok(()) } else { Err(Error::NotFound("batch")) }
}

#[derive(sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact that the query finds")]
struct RecipientRow {
    account_id: Uuid,
    person_id: Uuid,
    state: String,
    address_id: Option<Uuid>,
    hidden: bool,
    on_the_way: bool,
    was_sent: bool,
    /// Whether they were ever sent one.
    was_invited: bool,
    /// Whether the last one was sent and works.
    waits: bool,
    /// Whether the sender chose the address lately.
    own_choice: bool,
    /// Whether they did so after a second person was asked about this.
    chosen_since: bool,
}

impl RecipientRow {
    /// How their last invitation stands.
    fn standing(&self) -> InvitationStanding {
        match (self.was_invited, self.waits) {
            (false, _) => InvitationStanding::Never,
            (true, true) => InvitationStanding::Waiting,
            (true, false) => InvitationStanding::Ended,
        }
    }

    /// The address to send to, or why there is none.
    fn address(&self, only: Option<InvitationStanding>) -> std::result::Result<AddressId, NotInvitedReason> {
        let standing = self.standing();
        match AccountState::from_slug(&self.state) {
            Some(AccountState::Active | AccountState::Locked) => Err(NotInvitedReason::Active),
            Some(AccountState::Suspended) => Err(NotInvitedReason::Disabled),
            Some(AccountState::Closed) => Err(NotInvitedReason::Closed),
            _ if self.on_the_way => Err(NotInvitedReason::OnTheWay),
            _ if self.was_sent => Err(NotInvitedReason::Sent),
            _ if only.is_some_and(|only| only != standing) => Err(match standing {
                InvitationStanding::Never => NotInvitedReason::NeverSent,
                InvitationStanding::Waiting => NotInvitedReason::Sent,
                InvitationStanding::Ended => NotInvitedReason::Ended,
            }),
            _ if self.chosen_since => Err(NotInvitedReason::AddressChanged),
            _ => self.address_id.map(AddressId).ok_or(NotInvitedReason::NoEmail),
        }
    }
}

/// Returns all recipients: those who can be invited, and the others. Locks their accounts. Recipients named
/// one by one can be anyone with an account: this school's students, their contacts and staff, and the whole organisation for
/// those who act for all of it.
pub(super) async fn meant(
    work: &mut OperationContext<'_>,
    recipients: &Recipients,
) -> Result<(Vec<Recipient>, NotInvited)> {
    let chosen = RecipientFilter::of(work, recipients).await?;
    let (actor, school) = (work.actor, work.school);
    let reaches = |resource| decide(actor, Permission::SendInvitations, resource).is_ok();
    let rows: Vec<RecipientRow> = sqlx::query_as(
        "SELECT a.id AS account_id, a.person_id, a.state, d.id AS address_id, a.person_id = ANY($10) AS hidden,
                coalesce(latest.state IN ('queued', 'sending'), false) AS on_the_way,
                $13 AND coalesce(latest.state = 'sent', false) AS was_sent,
                EXISTS (SELECT FROM invitations i WHERE i.account_id = a.id AND i.current) AS was_invited,
                coalesce(latest.state = 'sent', false) AS waits,
                (d.chosen_by = $15 AND d.chosen_at > $16) IS TRUE AS own_choice,
                (d.chosen_by = $15 AND d.chosen_at > (SELECT w.created_at FROM operations w WHERE w.organisation_id = $1 AND w.id = $17 AND w.second_person)) IS TRUE AS chosen_since
         FROM accounts a
         LEFT JOIN LATERAL (
             SELECT m.state FROM invitations i JOIN messages m ON m.id = i.id
             WHERE i.account_id = a.id AND i.current AND i.revoked_at IS NULL AND i.expires_at > $14) latest ON true
         LEFT JOIN addresses d ON d.person_id = a.person_id AND d.kind = 'email' AND d.is_primary
         WHERE a.organisation_id = $1
           AND ($3::uuid IS NULL OR a.batch_id = $3) AND ($4::uuid[] IS NULL OR a.id = ANY($4))
           AND ($5::uuid[] IS NULL OR a.person_id = ANY($5)) AND (NOT $6 OR NOT EXISTS (
               SELECT FROM invitations i WHERE i.account_id = a.id AND i.current))
           AND (NOT $12 OR a.state IN ('created', 'invited') AND EXISTS (
               SELECT FROM invitations i LEFT JOIN messages m ON m.id = i.id
               WHERE i.account_id = a.id AND i.current AND (m.state IN ('queued', 'sending')) IS NOT TRUE))
           AND (EXISTS (SELECT FROM enrolments e WHERE e.person_id = a.person_id AND e.school_id = $2 AND e.latest)
                    AND ($9 OR a.person_id IN (SELECT r.person_id FROM reached_people r))
                OR $18 AND $7 AND ($8 OR EXISTS (
                        SELECT FROM staff_roles r
                        WHERE r.organisation_id = $1 AND r.person_id = a.person_id AND r.school_id = $2) OR EXISTS (
                        SELECT FROM employments w
                        WHERE w.organisation_id = $1 AND w.person_id = a.person_id AND w.school_id = $2
                          AND (w.ends_on < $11) IS NOT TRUE) OR EXISTS (
                        SELECT FROM person_schools n
                        WHERE n.organisation_id = $1 AND n.person_id = a.person_id AND n.school_id = $2)))
         ORDER BY a.id FOR NO KEY UPDATE OF a",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(chosen.batch)
    .bind(&chosen.accounts)
    .bind(&chosen.people)
    .bind(chosen.uninvited)
    .bind(reaches(Resource::School(actor.organisation, school.school)))
    .bind(reaches(Resource::Organisation(actor.organisation)))
    .bind(school.everybody())
    .bind(school.hidden())
    .bind(school.today)
    .bind(chosen.unanswered)
    .bind(chosen.once)
    .bind(work.backend.now())
    .bind(actor.account().map(|account| account.0))
    .bind(work.backend.now() - CHOICE_COUNTS)
    .bind(work.operation.0)
    .bind(chosen.named)
    .fetch_all(&mut *work.connection)
    .await?;
    let (mut invitable, mut left_out) = (Vec::with_capacity(rows.len()), HashMap::new());
    let mut restricted = chosen.restricted;
    let asked: Vec<PersonId> = rows.iter().map(|row| PersonId(row.person_id)).collect();
    // Their invitation would give access to their permissions, so it would never work: see `maker_reaches`.
    let outranking = outranking(work.backend, work.connection, actor, &asked).await?;
    for row in rows {
        match row.address(chosen.only) {
            _ if row.hidden => restricted += 1,
            _ if outranking.contains(&PersonId(row.person_id)) => {
                left_out.insert(row.account_id, NotInvitedReason::Outranks);
            }
            Ok(address) => invitable.push(Recipient {
                invitation: work.backend.new_id(),
                account: AccountId(row.account_id),
                person: PersonId(row.person_id),
                address,
                way_in: row.own_choice,
            }),
            Err(reason) => {
                left_out.insert(row.account_id, reason);
            }
        }
    }
    let people = named(work.connection, work.school, &left_out).await?;
    Ok((invitable, NotInvited { people, restricted }))
}

#[derive(sqlx::FromRow)]
struct NameRow {
    id: Uuid,
    person_id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    admission_number: String,
}

/// The people left out, by name.
async fn named(
    connection: &mut PgConnection,
    school: &SchoolContext,
    left_out: &HashMap<Uuid, NotInvitedReason>,
) -> Result<Vec<LeftOutPerson>> {
    if left_out.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<NameRow> = sqlx::query_as(
        "SELECT a.id, a.person_id, p.given_name, p.family_name, p.preferred_name,
                coalesce(e.admission_number, '') AS admission_number
         FROM accounts a
         JOIN people p ON p.id = a.person_id
         LEFT JOIN enrolments e ON e.person_id = a.person_id AND e.school_id = $2 AND e.latest
         WHERE a.organisation_id = $1 AND a.id = ANY($3)
         ORDER BY p.sort_key, a.id",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(left_out.keys().copied().collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;
    let named = |row: NameRow| {
        Some(LeftOutPerson {
            account: AccountId(row.id),
            person: PersonId(row.person_id),
            name: display_name(&row.given_name, &row.family_name, &row.preferred_name),
            reason: *left_out.get(&row.id)?,
            admission_number: row.admission_number,
        })
    };
    Ok(rows.into_iter().filter_map(named).collect())
}
