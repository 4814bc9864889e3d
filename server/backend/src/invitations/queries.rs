//! Queries shared by several actions: an invitation, with everything that decides whether it is valid.

use chrono::{DateTime, NaiveDate, Utc};
use domain::credentials::state::{AccountEvent, AccountState};
use domain::ids::{AccountId, InvitationId, OrganisationId, PersonId};
use domain::invitations::views::InvitationView;
use domain::messages::failure::DeliveryFailure;
use domain::roll::name::PersonName;
use domain::roll::office::OfficeContact;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::authorization::roles::maker_reaches;
use crate::credentials::new_password::PasswordRules;
use crate::crypto::KeyedHash;
use crate::messages::queue::cancel;
use crate::{Backend, Error, Result};

/// An invitation with its account and person.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct LoadedInvitation {
    pub(super) id: Uuid,
    pub(super) organisation_id: Uuid,
    pub(super) account_id: Uuid,
    pub(super) person_id: Uuid,
    /// The account of the sender; `None` if its recipient asked for it.
    created_by: Option<Uuid>,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) used_at: Option<DateTime<Utc>>,
    pub(super) revoked_at: Option<DateTime<Utc>>,
    pub(super) state: String,
    pub(super) username: String,
    given_name: String,
    middle_name: String,
    family_name: String,
    preferred_name: String,
    language: String,
    school: String,
    office_phone: Option<String>,
    office_email: Option<String>,
    /// The school's minimum length; `None` for people who belong to no school.
    password_minimum: Option<i32>,
    is_staff: bool,
    /// Whether the school requires single sign-on.
    pub(super) password_is_off: bool,
    /// Whether the account can be used today, by its days.
    is_valid: bool,
    /// When it opens by them, if that is to come.
    pub(super) opens_on: Option<NaiveDate>,
}

impl LoadedInvitation {
    /// Finds the invitation behind a link's token. One whose sender has fewer permissions than its recipient
    /// today is not found.
    pub(crate) async fn by_link(backend: &Backend, hash: &KeyedHash) -> Result<Option<Self>> {
        let found: Option<Self> = sqlx::query_as(
            "SELECT i.id, i.organisation_id, i.account_id, a.person_id, i.created_by, i.expires_at, i.used_at, i.revoked_at,
                    a.state, a.username, p.given_name, p.middle_name, p.family_name, p.preferred_name, p.language,
                    coalesce(s.name, o.name) AS school, s.password_minimum,
                    coalesce(s.office_phone, o.office_phone) AS office_phone,
                    coalesce(s.office_email, o.office_email) AS office_email,
                    EXISTS (SELECT FROM staff_roles r WHERE r.person_id = a.person_id) AS is_staff,
                    password_is_off(a.organisation_id, a.person_id, $2) AS password_is_off,
                    account_is_valid(a, $2) AS is_valid, account_opens_on(a, $2) AS opens_on
             FROM invitations i
             JOIN accounts a ON a.organisation_id = i.organisation_id AND a.id = i.account_id
             JOIN people p ON p.organisation_id = a.organisation_id AND p.id = a.person_id
             JOIN organisations o ON o.id = i.organisation_id
             LEFT JOIN LATERAL school_of(a.organisation_id, a.person_id) s ON true
             WHERE i.link_hash = $1",
        )
        .bind(hash.as_slice())
        .bind(backend.now())
        .fetch_optional(&mut *backend.system_connection().await?)
        .await?;
        let Some(found) = found else { return Ok(None) };
        let sender = found.created_by.map(AccountId);
        let mut connection = backend.system_connection().await?;
        let reaches =
            maker_reaches(backend, &mut connection, found.organisation(), sender, found.person()).await?;
        Ok(reaches.then_some(found))
    }

    /// Whether it can be used at `now`. Checked at use, and independent of the clean-up job.
    pub(crate) fn is_live(&self, now: DateTime<Utc>) -> bool {
        self.is_valid && self.would_be_live(now)
    }

    /// Whether it could be used at `now` if the account had no days.
    pub(super) fn would_be_live(&self, now: DateTime<Utc>) -> bool {
        self.used_at.is_none()
            && self.revoked_at.is_none()
            && now < self.expires_at
            && AccountState::from_slug(&self.state)
                .is_some_and(|state| state.after(AccountEvent::Activate, state).is_ok())
    }

    /// The rules for the person's password.
    pub(super) fn password_rules(&self) -> PasswordRules {
        let words = [
            &self.given_name,
            &self.middle_name,
            &self.family_name,
            &self.preferred_name,
            &self.username,
            &self.school,
        ];
        PasswordRules::new(self.password_minimum, self.is_staff, words.map(String::clone).into())
    }

    /// What its page shows.
    pub(super) fn view(&self) -> Result<InvitationView> {
        let name =
            PersonName::new(&self.given_name, &self.middle_name, &self.family_name, &self.preferred_name)
                .map_err(Error::unexpected)?;
        Ok(InvitationView {
            name: name.familiar().to_owned(),
            username: self.username.clone(),
            school: self.school.clone(),
            office: OfficeContact::stored(self.office_phone.as_deref(), self.office_email.as_deref()),
            password_minimum: u32::try_from(self.password_rules().minimum).unwrap_or_default(),
            language: self.language.clone(),
            takes_password: !self.password_is_off,
            is_staff: self.is_staff,
        })
    }

    pub(crate) fn id(&self) -> InvitationId {
        InvitationId(self.id)
    }

    pub(crate) fn organisation(&self) -> OrganisationId {
        OrganisationId(self.organisation_id)
    }

    pub(super) fn account(&self) -> AccountId {
        AccountId(self.account_id)
    }

    pub(crate) fn person(&self) -> PersonId {
        PersonId(self.person_id)
    }
}

/// Ends all valid invitations of these accounts of an organisation and cancels their unsent messages,
/// including those that a worker has claimed. Those that ended with an address end for good: restoring the address
/// does not bring them back. Returns how many of each.
pub(crate) async fn end_all(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    accounts: &[Uuid],
    now: DateTime<Utc>,
    reason: DeliveryFailure,
) -> Result<(u64, u64)> {
    let ended = sqlx::query(
        "UPDATE invitations SET revoked_at = coalesce(revoked_at, $3), revoked_for = NULL
         WHERE organisation_id = $1 AND account_id = ANY($2) AND used_at IS NULL
           AND (revoked_at IS NULL OR revoked_for = 'address') AND expires_at > $3",
    )
    .bind(organisation.0)
    .bind(accounts)
    .bind(now)
    .execute(&mut *connection)
    .await?
    .rows_affected();
    let waiting = waiting(connection, organisation, accounts).await?;
    let cancelled = cancel(connection, organisation, &waiting, reason, now).await?;
    Ok((ended, cancelled.len() as u64))
}

/// The invitations of these accounts whose messages are queued.
pub(crate) async fn waiting(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    accounts: &[Uuid],
) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar(
        "SELECT i.id FROM invitations i JOIN messages m ON m.id = i.id AND m.organisation_id = i.organisation_id
         WHERE i.organisation_id = $1 AND i.account_id = ANY($2) AND m.state IN ('queued', 'sending')",
    )
    .bind(organisation.0)
    .bind(accounts)
    .fetch_all(connection)
    .await?)
}
