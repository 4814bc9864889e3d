//! Reads rows of the view `roll_entries` into domain types.

use chrono::{DateTime, NaiveDate, Utc};
use domain::credentials::state::AccountState;
use domain::credentials::status::{AccountStanding, InvitationEnd};
use domain::ids::{AccountId, PersonId};
use domain::messages::delivery::DeliveryState;
use domain::roll::name::display_name;
use domain::roll::status::RollStatus;
use domain::roll::views::{RollAccount, RollRow};
use sqlx::PgConnection;
use uuid::Uuid;

use super::schools::SchoolContext;
use crate::{Error, Result};

#[derive(sqlx::FromRow)]
struct RollEntryRow {
    person_id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    sort_key: String,
    search_key: String,
    admission_number: String,
    year_group: String,
    registration_group: String,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
    email: Option<String>,
    #[sqlx(flatten)]
    account: AccountColumns,
}

/// The account's columns, for queries that read them with others; all empty for a person without an account.
#[derive(sqlx::FromRow)]
pub(crate) struct AccountColumns {
    account_id: Option<Uuid>,
    username: Option<String>,
    state: Option<String>,
    delivery_state: Option<String>,
    invitation_opened_at: Option<DateTime<Utc>>,
    invitation_expires_at: Option<DateTime<Utc>>,
    account_created_at: Option<DateTime<Utc>>,
    invited_at: Option<DateTime<Utc>>,
    activated_at: Option<DateTime<Utc>>,
    suspended_at: Option<DateTime<Utc>>,
    locked_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
    last_sign_in_at: Option<DateTime<Utc>>,
    invitation_end: Option<String>,
}

/// A query that selects `$columns` and those of [`AccountColumns`], of the accounts `a`, their current invitations `i` and the
/// messages `sent` that carry these.
macro_rules! with_account {
    ($columns:literal, $from:literal) => {
        concat!(
            "SELECT ",
            $columns,
            ", a.id AS account_id, a.username, account_state(a.id, a.state) AS state, sent.state AS delivery_state,
             i.opened_at AS invitation_opened_at,
             CASE WHEN i.revoked_at IS NULL THEN i.expires_at END AS invitation_expires_at,
             a.created_at AS account_created_at, i.first_at AS invited_at, a.activated_at, a.suspended_at, a.locked_at,
             a.closed_at, a.last_sign_in_at,
             CASE WHEN i.revoked_at IS NOT NULL THEN coalesce(i.revoked_for, 'staff') END AS invitation_end ",
            $from
        )
    };
}
pub(crate) use with_account;

impl AccountColumns {
    /// Whether there is an account that is not closed.
    pub(crate) fn is_open(&self) -> bool {
        // The state of no account reads like that of one that was just created.
        self.account_id.is_some()
            && self.state.as_deref().is_some_and(|state| state != AccountState::Closed.slug())
    }

    /// The account, if there is one.
    pub(crate) fn account(self, has_email: bool) -> Result<Option<RollAccount>> {
        let (Some(id), Some(username), Some(state), Some(made)) =
            (self.account_id, self.username, self.state, self.account_created_at)
        else {
            return Ok(None);
        };
        let state = AccountState::from_slug(&state)
            .ok_or_else(|| Error::unexpected(format!("account state {state}")))?;
        let delivery = self
            .delivery_state
            .map(|slug| {
                DeliveryState::from_slug(&slug)
                    .ok_or_else(|| Error::unexpected(format!("delivery state {slug}")))
            })
            .transpose()?;
        let since = match state {
            AccountState::Created => None,
            AccountState::Invited => self.invited_at,
            AccountState::Active => self.activated_at,
            AccountState::Suspended => self.suspended_at,
            AccountState::Locked => self.locked_at,
            AccountState::Closed => self.closed_at,
        };
        Ok(Some(RollAccount {
            id: AccountId(id),
            username,
            standing: AccountStanding {
                state,
                delivery,
                opened_at: self.invitation_opened_at,
                invitation_expires_at: self.invitation_expires_at,
                invitation_end: self.invitation_end.as_deref().and_then(InvitationEnd::from_slug),
                has_email,
            },
            since: since.unwrap_or(made),
            last_sign_in_at: self.last_sign_in_at,
        }))
    }
}

/// A student with the sort key of their place in lists.
pub(super) struct RollEntry {
    /// See [`domain::fold::sort_key`].
    pub(super) sort_key: String,
    /// What the list shows.
    pub(super) row: RollRow,
}

/// Reads all of a school's students, or only `people`, in list order.
pub(super) async fn read(
    connection: &mut PgConnection,
    school: &SchoolContext,
    people: Option<&[PersonId]>,
) -> Result<Vec<RollEntry>> {
    let people = people.map(|people| people.iter().map(|person| person.0).collect::<Vec<_>>());
    let rows = sqlx::query_as::<_, RollEntryRow>(
        "SELECT person_id, given_name, family_name, preferred_name, sort_key, search_key, admission_number, year_group,
                registration_group, starts_on, ends_on, email, account_id, username, state, delivery_state,
                invitation_opened_at, invitation_expires_at, account_created_at, invited_at, activated_at, suspended_at,
                locked_at, closed_at, last_sign_in_at, invitation_end
         FROM roll_entries WHERE organisation_id = $1 AND school_id = $2 AND ($3::uuid[] IS NULL OR person_id = ANY($3))",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(people)
    .fetch_all(connection)
    .await?;
    let mut entries = rows.into_iter().map(|row| row.entry(school.today)).collect::<Result<Vec<_>>>()?;
    // Sorted here because in SQL the order would depend on the database's collation.
    entries.sort_unstable_by(|a, b| (&a.sort_key, a.row.person).cmp(&(&b.sort_key, b.row.person)));
    Ok(entries)
}

impl RollEntryRow {
    fn entry(self, today: NaiveDate) -> Result<RollEntry> {
        let account = self.account.account(self.email.is_some())?;
        Ok(RollEntry {
            sort_key: self.sort_key,
            row: RollRow {
                person: PersonId(self.person_id),
                name: display_name(&self.given_name, &self.family_name, &self.preferred_name),
                search: self.search_key,
                admission_number: self.admission_number,
                year: self.year_group,
                group: self.registration_group,
                roll: RollStatus::on(today, self.starts_on, self.ends_on),
                email: self.email,
                account,
            },
        })
    }
}
