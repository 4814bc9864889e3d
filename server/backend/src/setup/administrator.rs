//! What all ways to create an administrator share: the set-up link, the command, and the demonstration
//! school.

use domain::accounts::username::Username;
use domain::authorization::role::Role;
use domain::credentials::password::Password;
use domain::credentials::state::AccountState;
use domain::fields::FieldErrors;
use domain::ids::{AccountId, OrganisationId, PersonId};
use domain::roll::address::EmailAddress;
use domain::roll::name::PersonName;
use sqlx::PgConnection;
use uuid::Uuid;

use super::person::insert_person;
use crate::accounts::lock_usernames;
use crate::credentials::blocklist::is_common;
use crate::credentials::new_password::STAFF_MINIMUM;
use crate::credentials::password;
use crate::error::breaks_constraint;
use crate::{Backend, Result};

/// The submitted details of an administrator.
#[derive(Clone, Default)]
pub struct AdministratorForm {
    /// Given name.
    pub given: String,
    /// Family name.
    pub family: String,
    /// Email address.
    pub email: String,
    /// Username.
    pub username: String,
    /// Password.
    pub password: String,
}

/// An administrator to create; every field is valid by itself.
pub(crate) struct NewAdministrator {
    name: PersonName,
    email: EmailAddress,
    username: Username,
    hash: String,
}

impl AdministratorForm {
    /// Validates every field, and hashes the password.
    pub(crate) async fn parse(&self, backend: &Backend, school: &str) -> Result<NewAdministrator> {
        let mut errors = FieldErrors::default();
        let name = errors.take("given", PersonName::new(&self.given, "", &self.family, ""));
        let email = errors.take("email", self.email.parse::<EmailAddress>());
        let username = errors.take("username", self.username.parse::<Username>());
        let context = [self.given.as_str(), &self.family, &self.username, &self.email, school];
        let password =
            errors.take("password", Password::chosen(&self.password, STAFF_MINIMUM, &context, is_common));
        match (name, email, username, password) {
            (Some(name), Some(email), Some(username), Some(password)) => {
                let hash = password::hash(backend, &password).await?;
                Ok(NewAdministrator { name, email, username, hash })
            }
            _ => Err(errors.into()),
        }
    }
}

impl NewAdministrator {
    /// Creates the person, their active account and their role for all schools. Also used for the
    /// demonstration school's other staff.
    pub(crate) async fn insert(
        &self,
        backend: &Backend,
        connection: &mut PgConnection,
        organisation: OrganisationId,
        role: Role,
    ) -> Result<(AccountId, PersonId)> {
        let (person, _) = insert_person(backend, connection, organisation, &self.name, &self.email).await?;
        let account = backend.new_id::<AccountId>();
        lock_usernames(connection, organisation).await?;
        self.open_account(backend, connection, organisation, (person, account), role).await?;
        Ok((account, person))
    }

    async fn open_account(
        &self,
        backend: &Backend,
        connection: &mut PgConnection,
        organisation: OrganisationId,
        (person, account): (PersonId, AccountId),
        role: Role,
    ) -> Result<()> {
        let now = backend.now();
        let opened = sqlx::query(
            "INSERT INTO accounts (id, organisation_id, person_id, username, state, created_at, activated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $6)",
        )
        .bind(account.0)
        .bind(organisation.0)
        .bind(person.0)
        .bind(self.username.as_str())
        .bind(AccountState::Active.slug())
        .bind(now)
        .execute(&mut *connection)
        .await;
        let is_taken = |error: &sqlx::Error| {
            ["accounts_username_key", "accounts_former_username_check"]
                .iter()
                .any(|constraint| breaks_constraint(error, constraint))
        };
        match opened {
            Err(error) if is_taken(&error) => {
                let taken = FieldErrors::one("username", "This username is taken. Choose another.");
                return Err(taken.into());
            }
            other => other?,
        };
        sqlx::query(
            "INSERT INTO passwords (account_id, organisation_id, hash, changed_at) VALUES ($1, $4, $2, $3)",
        )
        .bind(account.0)
        .bind(&self.hash)
        .bind(now)
        .bind(organisation.0)
        .execute(&mut *connection)
        .await?;
        sqlx::query(
            "INSERT INTO staff_roles (id, organisation_id, person_id, role, created_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(backend.new_id::<Uuid>())
        .bind(organisation.0)
        .bind(person.0)
        .bind(role.slug())
        .bind(now)
        .execute(connection)
        .await?;
        Ok(())
    }
}
