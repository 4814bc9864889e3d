//! A child's contacts.

use std::collections::HashMap;

use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::credentials::state::AccountState;
use domain::credentials::status::AccountStatus;
use domain::guardians::views::ContactLine;
use domain::ids::{ContactId, PersonId};
use domain::roll::name::display_name;
use sqlx::PgConnection;
use uuid::Uuid;

use super::probable::probable;
use super::row::{FactsRow, SeesRow, contact_columns};
use crate::roll::entries::AccountColumns;
use crate::tenancy::places::PersonContext;
use crate::{Backend, Result};

#[derive(sqlx::FromRow)]
struct ContactOfChildRow {
    id: Uuid,
    adult_id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    title: String,
    is_organisation: bool,
    email: Option<String>,
    email_shared_with: i64,
    phone: Option<String>,
    hides_addresses: bool,
    #[sqlx(flatten)]
    facts: FactsRow,
    #[sqlx(flatten)]
    sees: SeesRow,
    #[sqlx(flatten)]
    account: AccountColumns,
}

/// Returns a child's contacts for somebody who may see the child's record: by priority, those that have ended last. Accounts
/// only for readers who may see them, and addresses under a restriction only for those who manage restrictions.
pub(crate) async fn of_child(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    at: &PersonContext,
) -> Result<Vec<ContactLine>> {
    let shows_accounts = at.allows(actor, Permission::ViewAccounts);
    let rows: Vec<ContactOfChildRow> = sqlx::query_as::<_, ContactOfChildRow>(contact_columns!(
        "SELECT c.id, c.adult_id, p.given_name, p.family_name, p.preferred_name, p.title, p.is_organisation,
                m.value AS email, f.value AS phone,
                (SELECT count(DISTINCT o.person_id) FROM addresses o
                 WHERE o.organisation_id = m.organisation_id AND o.comparable = m.comparable AND o.kind = 'email'
                   AND o.person_id <> m.person_id) AS email_shared_with,
                EXISTS (SELECT FROM restrictions_between(c.adult_id, c.child_id) r
                        WHERE r.hides_addresses AND daterange(r.starts_on, r.ends_on, '[]') @> $3::date) AS hides_addresses,
                a.id AS account_id, a.username, account_state(a.id, a.state) AS state, sent.state AS delivery_state,
                i.opened_at AS invitation_opened_at,
                CASE WHEN i.revoked_at IS NULL THEN i.expires_at END AS invitation_expires_at,
                a.created_at AS account_created_at, i.first_at AS invited_at, a.activated_at, a.suspended_at, a.locked_at,
                a.closed_at, a.last_sign_in_at,
                CASE WHEN i.revoked_at IS NOT NULL THEN coalesce(i.revoked_for, 'staff') END AS invitation_end,",
        "$3::date",
        "FROM contacts c JOIN people p ON p.id = c.adult_id
         LEFT JOIN addresses m ON m.person_id = p.id AND m.kind = 'email' AND m.is_primary
         LEFT JOIN addresses f ON f.person_id = p.id AND f.kind = 'phone' AND f.is_primary
         LEFT JOIN accounts a ON a.person_id = p.id AND $4
         LEFT JOIN invitations i ON i.account_id = a.id AND i.current
         LEFT JOIN messages sent ON sent.id = i.id
         WHERE c.organisation_id = $1 AND c.child_id = $2
           AND c.adult_id <> ALL ((SELECT carried_ids('greencap.hidden'))::uuid[])
         ORDER BY c.ended_at DESC NULLS FIRST, c.priority NULLS LAST, p.sort_key, c.id"
    ))
    .bind(actor.organisation.0)
    .bind(at.person.0)
    .bind(at.today)
    .bind(shows_accounts)
    .fetch_all(&mut *connection)
    .await?;
    let without: Vec<Uuid> =
        rows.iter().filter(|row| shows_accounts && row.needs_account()).map(|row| row.adult_id).collect();
    let mut probable = probable(connection, actor.organisation, at.person, &without).await?;
    let reader =
        Reader { backend, at, shows_accounts, sees_hidden: at.allows(actor, Permission::ManageRestrictions) };
    rows.into_iter().map(|row| reader.line(row, &mut probable)).collect()
}

/// Who reads the contacts.
struct Reader<'a> {
    backend: &'a Backend,
    at: &'a PersonContext,
    shows_accounts: bool,
    sees_hidden: bool,
}

impl Reader<'_> {
    fn line(
        &self,
        row: ContactOfChildRow,
        probable: &mut HashMap<Uuid, Vec<domain::guardians::views::ProbableAccount>>,
    ) -> Result<ContactLine> {
        let hidden = row.hides_addresses && !self.sees_hidden;
        let name = display_name(&row.given_name, &row.family_name, &row.preferred_name);
        let (facts, ended, sees) = (row.facts.facts()?, row.facts.end(self.at.zone)?, row.sees.sees()?);
        let account = row.account.account(row.email.is_some())?;
        let status = AccountStatus::of(account.as_ref().map(|account| &account.standing), self.backend.now());
        Ok(ContactLine {
            id: ContactId(row.id),
            adult: PersonId(row.adult_id),
            name: if row.title.is_empty() { name } else { format!("{} {name}", row.title) },
            is_organisation: row.is_organisation,
            facts,
            email_shared_with: u32::try_from(row.email_shared_with).unwrap_or(u32::MAX),
            email: row.email.filter(|_| !hidden),
            phone: row.phone.filter(|_| !hidden),
            addresses_hidden: hidden,
            status: self.shows_accounts.then_some(status),
            username: account
                .filter(|account| account.standing.state != AccountState::Closed)
                .map(|account| account.username),
            sees,
            probable: probable.remove(&row.adult_id).unwrap_or_default(),
            ended,
        })
    }
}

impl ContactOfChildRow {
    /// Whether there is an account to find: not for those who have one, nor under a restriction.
    fn needs_account(&self) -> bool {
        !self.account.is_open() && !self.facts.has_ended() && !self.sees.is_restricted()
    }
}
