//! Setting a new password after forgetting it: with a link the person asked for, or with a code from the
//! office.
//!
//! A reset proves access to a mailbox, or a visit to the office; it counts as a password and no more.
//! Anything else required, such as a second factor, follows as after every password: both ways end in
//! [`proceed`].

use chrono::{DateTime, Utc};
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::credentials::password::{Password, PasswordError};
use domain::ids::{AccountId, OrganisationId, PersonId};
use domain::roll::name::display_name;
use domain::sign_in::steps::SignInStep;
use uuid::Uuid;

use super::messages::PasswordChanged;
use crate::audit;
use crate::audit::AuditEntry;
use crate::authorization::roles::maker_reaches;
use crate::credentials::days::{OutsideDays, outside_days};
use crate::credentials::new_password::{PasswordRules, choose, replace};
use crate::credentials::password;
use crate::credentials::resting::{note_reset, open_again};
use crate::crypto::TokenHash;
use crate::messages::notice::LoadedNotice;
use crate::messages::queue::tell_owner;
use crate::sessions::visitor::Visitor;
use crate::sign_in::flow::{PendingSignIn, SignInCandidate, proceed};
use crate::sign_in::sign_in::SignInOutcome;
use crate::{Backend, Result};

/// The person choosing a password, and the rules for it.
#[derive(Debug, Clone)]
pub struct PasswordChooser {
    /// Their name, as pages show it.
    pub name: String,
    /// Their username.
    pub username: String,
    /// The rules for the password.
    pub rules: PasswordRules,
    /// Whether they have a password, which is too short for their role.
    pub has_short_password: bool,
}

/// How an attempt to choose a new password ended.
pub enum ResetOutcome {
    /// It was chosen, and this comes next.
    Chosen(SignInOutcome),
    /// The password was not accepted; the link or code is still unused.
    Refused(PasswordError),
    /// The link or code cannot be used: it was used, has expired, was replaced or revoked, is another
    /// person's, or never existed. The response is the same for all of these.
    Ended,
}

#[derive(sqlx::FromRow)]
struct ResetRow {
    /// The link or code; `None` if the password itself began the sign-in, and is too short.
    id: Option<Uuid>,
    organisation_id: Uuid,
    account_id: Uuid,
    person_id: Uuid,
    username: String,
    given_name: String,
    family_name: String,
    preferred_name: String,
    /// The account of the person who made the code.
    made_by: Option<Uuid>,
    /// The sign-in that the code or the short password began.
    #[sqlx(skip)]
    sign_in: Option<TokenHash>,
    /// Whether a second factor was already given in that sign-in.
    #[sqlx(skip)]
    second_factor_shown: bool,
}

/// Returns the person a link is for; `None` if it cannot be used. Does not use up the link.
pub async fn opened(backend: &Backend, token: &str) -> Result<Option<PasswordChooser>> {
    match find_by_link(backend, token).await? {
        Some(found) => Ok(Some(found.chooser(backend).await?)),
        None => Ok(None),
    }
}

/// Why a link that would work cannot be used today: the days of its account. Its owner alone has it, and is told.
pub async fn outside(backend: &Backend, token: &str) -> Result<Option<OutsideDays>> {
    let Some(hash) = backend.keys.resets.link_hash(token) else { return Ok(None) };
    let account: Option<Uuid> = sqlx::query_scalar(
        "SELECT r.account_id FROM password_resets r
         JOIN accounts a ON a.organisation_id = r.organisation_id AND a.id = r.account_id
         WHERE r.kind IN ('link', 'card') AND r.secret_hash = $1
           AND r.used_at IS NULL AND r.revoked_at IS NULL AND r.expires_at > $2 AND a.state IN ('active', 'locked')",
    )
    .bind(hash.as_slice())
    .bind(backend.now())
    .fetch_optional(&mut *backend.system_connection().await?)
    .await?;
    let outside = outside_days(backend, account.map(AccountId).into_iter()).await?;
    Ok(outside.into_values().next())
}

/// Uses a link to set a password.
#[tracing::instrument(skip_all)]
pub async fn choose_with_link(
    backend: &Backend,
    visitor: &Visitor,
    token: &str,
    typed: &str,
) -> Result<ResetOutcome> {
    match find_by_link(backend, token).await? {
        Some(found) => found.spend(backend, visitor, typed).await,
        None => Ok(ResetOutcome::Ended),
    }
}

/// Returns the person whose code, or short password, began a sign-in; `None` if that sign-in has ended.
pub async fn waiting(backend: &Backend, waiting: &PendingSignIn) -> Result<Option<PasswordChooser>> {
    match find_by_code(backend, waiting).await? {
        Some(found) => Ok(Some(found.chooser(backend).await?)),
        None => Ok(None),
    }
}

/// Uses the code, or the short password, that began a sign-in to set a password.
#[tracing::instrument(skip_all)]
pub async fn choose_with_code(
    backend: &Backend,
    visitor: &Visitor,
    waiting: &PendingSignIn,
    typed: &str,
) -> Result<ResetOutcome> {
    match find_by_code(backend, waiting).await? {
        Some(found) => found.spend(backend, visitor, typed).await,
        None => Ok(ResetOutcome::Ended),
    }
}

async fn find_by_link(backend: &Backend, token: &str) -> Result<Option<ResetRow>> {
    let Some(hash) = backend.keys.resets.link_hash(token) else { return Ok(None) };
    find(backend, Some(&hash), None).await
}

async fn find_by_code(backend: &Backend, waiting: &PendingSignIn) -> Result<Option<ResetRow>> {
    let Some(candidate) = waiting.one().filter(|_| waiting.step() == SignInStep::ChoosePassword) else {
        return Ok(None);
    };
    let found = match candidate.reset {
        Some(reset) => find(backend, None, Some(reset)).await?,
        None => find_account(backend, candidate.account).await?,
    };
    Ok(found.map(|found| ResetRow {
        sign_in: Some(waiting.token()),
        second_factor_shown: candidate.second_factor_shown,
        ..found
    }))
}

/// Finds the valid reset behind a link or a code. One whose maker has fewer permissions than its owner today is
/// not valid.
async fn find(backend: &Backend, link: Option<&[u8; 32]>, code: Option<Uuid>) -> Result<Option<ResetRow>> {
    let found: Option<ResetRow> = sqlx::query_as(
        "SELECT r.id, r.organisation_id, r.account_id, a.person_id, a.username, r.made_by,
                p.given_name, p.family_name, p.preferred_name
         FROM password_resets r
         JOIN accounts a ON a.organisation_id = r.organisation_id AND a.id = r.account_id
         JOIN people p ON p.organisation_id = a.organisation_id AND p.id = a.person_id
         WHERE (r.kind IN ('link', 'card') AND r.secret_hash = $1 OR r.kind IN ('code', 'card') AND r.id = $2)
           AND r.used_at IS NULL AND r.revoked_at IS NULL AND r.expires_at > $3 AND a.state IN ('active', 'locked')
           AND account_is_valid(a, $3)
           AND (r.kind IN ('code', 'card') OR a.office_only_since IS NULL)
           AND NOT password_is_off(a.organisation_id, a.person_id, $3)",
    )
    .bind(link.map(<[u8; 32]>::as_slice))
    .bind(code)
    .bind(backend.now())
    .fetch_optional(&mut *backend.system_connection().await?)
    .await?;
    let Some(found) = found else { return Ok(None) };
    let maker = found.made_by.map(AccountId);
    let mut connection = backend.system_connection().await?;
    let (organisation, owner) = (found.organisation(), PersonId(found.person_id));
    let reaches = maker_reaches(backend, &mut connection, organisation, maker, owner).await?;
    Ok(reaches.then_some(found))
}

/// Finds the account of someone whose password is too short.
async fn find_account(backend: &Backend, account: AccountId) -> Result<Option<ResetRow>> {
    Ok(sqlx::query_as(
        "SELECT NULL::uuid AS id, a.organisation_id, a.id AS account_id, a.person_id, a.username, NULL::uuid AS made_by,
                p.given_name, p.family_name, p.preferred_name
         FROM accounts a
         JOIN people p ON p.organisation_id = a.organisation_id AND p.id = a.person_id
         WHERE a.id = $1 AND a.state IN ('active', 'locked') AND account_is_valid(a, $2)
           AND NOT password_is_off(a.organisation_id, a.person_id, $2)",
    )
    .bind(account.0)
    .bind(backend.now())
    .fetch_optional(&mut *backend.system_connection().await?)
    .await?)
}

impl ResetRow {
    async fn chooser(self, backend: &Backend) -> Result<PasswordChooser> {
        Ok(PasswordChooser {
            name: display_name(&self.given_name, &self.family_name, &self.preferred_name),
            rules: self.rules(backend).await?,
            has_short_password: self.id.is_none(),
            username: self.username,
        })
    }

    fn organisation(&self) -> OrganisationId {
        OrganisationId(self.organisation_id)
    }

    fn account(&self) -> AccountId {
        AccountId(self.account_id)
    }

    async fn rules(&self, backend: &Backend) -> Result<PasswordRules> {
        let mut connection = backend.tenant_transaction(self.organisation()).await?;
        PasswordRules::of(&mut connection, self.organisation(), self.account()).await
    }

    async fn spend(self, backend: &Backend, visitor: &Visitor, typed: &str) -> Result<ResetOutcome> {
        let rules = self.rules(backend).await?;
        let chosen: Password = match choose(backend, self.account(), &rules, typed).await? {
            Ok(chosen) => chosen,
            Err(error) => return Ok(ResetOutcome::Refused(error)),
        };
        // Outside the transaction: a hash takes longer than a lock should be held.
        let hash = password::hash(backend, &chosen).await?;
        let (organisation, account, person) = (self.organisation(), self.account(), PersonId(self.person_id));
        let mut transaction = backend.tenant_transaction(organisation).await?;
        // Lock the account first, then what belongs to it, like every action.
        let state: Option<String> = sqlx::query_scalar(
            "SELECT state FROM accounts
             WHERE organisation_id = $1 AND id = $2 AND state IN ('active', 'locked') FOR UPDATE",
        )
        .bind(organisation.0)
        .bind(account.0)
        .fetch_optional(&mut *transaction)
        .await?;
        if state.is_none() || !self.mark_used(&mut transaction, backend.now()).await? {
            return Ok(ResetOutcome::Ended);
        }
        replace(backend, &mut transaction, organisation, account, &hash, None).await?;
        open_again(&mut transaction, organisation, account).await?;
        if let Some(maker) = self.made_by.map(AccountId) {
            note_reset(&mut transaction, organisation, account, Some(maker), backend.now()).await?;
        }
        tell_owner::<LoadedNotice<PasswordChanged>>(backend, &mut transaction, organisation, account).await?;
        let actor = Actor::signed_in(organisation, account, person, Vec::new()).at(visitor.source);
        let entry = match self.id {
            Some(reset) => AuditEntry::new(AuditAction::PasswordReset).subject("password reset", reset),
            None => AuditEntry::new(AuditAction::PasswordChanged),
        };
        let entry = entry.person(person);
        audit::record(backend, &mut transaction, &actor, entry).await?;
        transaction.commit().await?;
        let way = SignInCandidate {
            second_factor_shown: self.second_factor_shown,
            ..SignInCandidate::new(organisation, account, person, backend.now())
        };
        Ok(ResetOutcome::Chosen(proceed(backend, visitor, vec![way]).await?))
    }

    /// Uses up the link, the code, or the sign-in that the short password began. If two browsers send the form
    /// at once, only one succeeds.
    async fn mark_used(&self, connection: &mut sqlx::PgConnection, now: DateTime<Utc>) -> Result<bool> {
        let spent = match self.id {
            Some(reset) => {
                sqlx::query(
                    "UPDATE password_resets SET used_at = $2
                     WHERE id = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2",
                )
                .bind(reset)
                .bind(now)
                .execute(connection)
                .await?
            }
            None => {
                sqlx::query(
                    "DELETE FROM pending_sign_ins
                     WHERE token_hash = $1 AND account_id = $2 AND short_password AND expires_at > $3",
                )
                .bind(self.sign_in.map(Vec::from))
                .bind(self.account_id)
                .bind(now)
                .execute(connection)
                .await?
            }
        };
        Ok(spent.rows_affected() == 1)
    }
}
