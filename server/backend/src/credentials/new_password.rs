//! The rules for a new password, and replacing the old one.

use domain::credentials::password::{Password, PasswordError};
use domain::credentials::state::AccountState;
use domain::ids::{AccountId, OrganisationId, SessionId};
use sqlx::PgConnection;

use super::blocklist::is_common;
use super::limits;
use super::limits::CHOICE;
use super::password;
use super::revoke::revoke_all;
use crate::{Backend, Error, Result};

/// The minimum length of staff passwords. It is the only factor, so NIST SP 800-63B-4, section 3.1.1.2
/// applies in full.
pub const STAFF_MINIMUM: usize = 15;

/// The minimum length for students and guardians of no school: that of a school that has not chosen another
/// (`schools.password_minimum`).
const FAMILY_MINIMUM: usize = 12;

/// The password rules for one person.
#[derive(Debug, Clone)]
pub struct PasswordRules {
    /// The minimum length: the school's, and for staff at least [`STAFF_MINIMUM`].
    pub minimum: usize,
    /// Words it must not contain: names, username, school.
    words: Vec<String>,
}

#[derive(sqlx::FromRow)]
struct RulesRow {
    words: Vec<String>,
    password_minimum: Option<i32>,
    is_staff: bool,
}

impl PasswordRules {
    /// Creates the rules. `school_minimum` is `None` for people who belong to no school, such as a guardian whose children
    /// are with nobody here any more.
    pub(crate) fn new(school_minimum: Option<i32>, is_staff: bool, words: Vec<String>) -> Self {
        let school = school_minimum.and_then(|minimum| usize::try_from(minimum).ok());
        let minimum = if is_staff {
            school.unwrap_or_default().max(STAFF_MINIMUM)
        } else {
            school.unwrap_or(FAMILY_MINIMUM)
        };
        Self { minimum, words }
    }

    /// Loads the rules for an account.
    pub(crate) async fn of(
        connection: &mut PgConnection,
        organisation: OrganisationId,
        account: AccountId,
    ) -> Result<Self> {
        let row: RulesRow = sqlx::query_as(
            "SELECT ARRAY[p.given_name, p.middle_name, p.family_name, p.preferred_name, a.username,
                          coalesce(s.name, o.name)] AS words,
                    s.password_minimum,
                    EXISTS (SELECT FROM staff_roles r WHERE r.person_id = a.person_id) AS is_staff
             FROM accounts a
             JOIN people p ON p.organisation_id = a.organisation_id AND p.id = a.person_id
             JOIN organisations o ON o.id = a.organisation_id
             LEFT JOIN LATERAL school_of(a.organisation_id, a.person_id) s ON true
             WHERE a.organisation_id = $1 AND a.id = $2",
        )
        .bind(organisation.0)
        .bind(account.0)
        .fetch_one(connection)
        .await?;
        Ok(Self::new(row.password_minimum, row.is_staff, row.words))
    }

    /// Whether a new password follows the rules.
    fn choose(&self, typed: &str) -> std::result::Result<Password, PasswordError> {
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        Password::chosen(typed, self.minimum, &words, is_common)
    }
}

/// Checks a new password for this account.
///
/// People who share an address are told apart by their passwords when they sign in with it, so none may choose
/// the password of another. That refusal says the same as for a common password, and each choice of someone who
/// shares an address counts, whether it was refused or not: trying passwords here finds no more than trying them
/// at sign-in.
///
/// # Errors
/// A conflict with the code [`SLOWED`] after too many choices.
pub(crate) async fn choose(
    backend: &Backend,
    account: AccountId,
    rules: &PasswordRules,
    typed: &str,
) -> Result<std::result::Result<Password, PasswordError>> {
    let chosen = match rules.choose(typed) {
        Ok(chosen) => chosen,
        Err(error) => return Ok(Err(error)),
    };
    let others = passwords_beside(backend, account).await?;
    if !others.is_empty() && !limits::take(backend, &[CHOICE.of(backend, account.0.as_bytes())]).await? {
        return Err(Error::conflict("choices_slowed", "Too many new passwords. Wait an hour and try again."));
    }
    for other in others {
        if password::verify(&chosen, Some(other)).await? {
            return Ok(Err(PasswordError::Common));
        }
    }
    Ok(Ok(chosen))
}

/// The code of the error after too many choices of a new password.
pub const SLOWED: &str = "choices_slowed";

/// The hashes of the people who can sign in with the same address as this account's owner; none if there are too
/// many to sign in with it at all.
async fn passwords_beside(backend: &Backend, account: AccountId) -> Result<Vec<String>> {
    let beside: Vec<Option<String>> = sqlx::query_scalar(
        "SELECT w.hash FROM accounts own
         JOIN addresses m ON m.organisation_id = own.organisation_id AND m.person_id = own.person_id
              AND m.kind = 'email' AND m.is_primary
         JOIN organisations o ON true
         JOIN addresses theirs ON theirs.organisation_id = o.id AND theirs.comparable = m.comparable
              AND theirs.kind = 'email' AND theirs.is_primary
         JOIN accounts a ON a.organisation_id = theirs.organisation_id AND a.person_id = theirs.person_id
         LEFT JOIN passwords w ON w.account_id = a.id
         WHERE own.id = $1 AND a.id <> own.id
         ORDER BY a.id LIMIT $2",
    )
    .bind(account.0)
    .bind(i64::try_from(MOST_SHARING).unwrap_or(i64::MAX))
    .fetch_all(&mut *backend.system_connection().await?)
    .await?;
    Ok(if beside.len() < MOST_SHARING { beside.into_iter().flatten().collect() } else { Vec::new() })
}

/// The most people sharing an address who can sign in with it, because each costs a hash. If more share it,
/// they use their usernames.
pub(crate) const MOST_SHARING: usize = 6;

/// Whether an account has a password that can be used to sign in.
pub(crate) async fn has_password(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    account: AccountId,
) -> Result<bool> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM passwords w JOIN accounts a ON a.organisation_id = w.organisation_id AND a.id = w.account_id
                        WHERE w.organisation_id = $1 AND w.account_id = $2
                          AND NOT password_is_off(a.organisation_id, a.person_id, $3))",
    )
    .bind(organisation.0)
    .bind(account.0)
    .bind(backend.now())
    .fetch_one(connection)
    .await?)
}

/// Replaces the password and ends everything that the old one opened, except the session in which it is
/// changed. Also unlocks an account locked after wrong guesses, because the guessed password no longer
/// exists. Runs in the caller's transaction.
pub(crate) async fn replace(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    account: AccountId,
    hash: &str,
    keep: Option<SessionId>,
) -> Result<()> {
    let now = backend.now();
    sqlx::query(
        "WITH chosen AS (
             INSERT INTO passwords (organisation_id, account_id, hash, changed_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (account_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at)
         UPDATE accounts SET failed_attempts = 0, locked_at = NULL, state = CASE state WHEN $5 THEN $6 ELSE state END
         WHERE organisation_id = $1 AND id = $2",
    )
    .bind(organisation.0)
    .bind(account.0)
    .bind(hash)
    .bind(now)
    .bind(AccountState::Locked.slug())
    .bind(AccountState::Active.slug())
    .execute(&mut *connection)
    .await?;
    revoke_all(backend, connection, organisation, &[account.0], keep).await
}

#[cfg(test)]
mod tests {
    use domain::authorization::role::Role;
    use sqlx::PgPool;

    use super::*;
    use crate::testing::{TestSchool, active_account, backend, guardian, staff_role, student};

    #[sqlx::test(migrator = "crate::db::MIGRATOR")]
    async fn a_guardian_has_the_rules_of_the_school_of_their_children_and_staff_longer_ones(pool: PgPool) {
        let (backend, _) = backend(pool);
        let school = TestSchool::new(&backend).await;
        let ben = student(&backend, &school, "Ben", "Okafor", "A100", None).await;
        let mara = guardian(&backend, &school, "Mara", "Varga", None, &[ben]).await;
        let alone = guardian(&backend, &school, "Ida", "Pyne", None, &[]).await;
        let clerk = guardian(&backend, &school, "Milo", "Reeve", None, &[ben]).await;
        staff_role(&backend, &school, clerk, Role::AccountManager).await;
        sqlx::query("UPDATE schools SET password_minimum = 13")
            .execute(backend.database.raw())
            .await
            .unwrap();
        for (person, name, minimum) in [(mara, "mara", 13), (alone, "ida", 12), (clerk, "milo", 15)] {
            let account = active_account(&backend, &school, person, name, "correct horse battery").await;
            let mut connection = backend.database.raw().acquire().await.unwrap();
            let rules = PasswordRules::of(&mut connection, school.organisation, account).await.unwrap();
            assert_eq!(rules.minimum, minimum, "{name}");
        }
    }
}
