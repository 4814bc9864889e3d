//! The invitation that an account has now.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use domain::credentials::invited::CurrentInvitation;
use domain::ids::{AccountId, OrganisationId};
use domain::messages::delivery::DeliveryState;
use domain::when::at_moment;
use sqlx::PgConnection;

use crate::Result;

#[derive(sqlx::FromRow)]
struct CurrentInvitationRow {
    delivery: Option<String>,
    address: Option<String>,
    created_at: DateTime<Utc>,
    sent_at: Option<DateTime<Utc>>,
    attempts: Option<i32>,
    due_at: Option<DateTime<Utc>>,
}

/// Returns the account's current invitation if it can still be used at `now`.
pub(crate) async fn current_invitation(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    account: AccountId,
    now: DateTime<Utc>,
) -> Result<Option<CurrentInvitation>> {
    let found = sqlx::query_as::<_, CurrentInvitationRow>(
        "SELECT m.state AS delivery, d.value AS address, i.created_at, m.sent_at, m.attempts, m.due_at
         FROM invitations i
         LEFT JOIN messages m ON m.organisation_id = i.organisation_id AND m.id = i.id
         LEFT JOIN addresses d ON d.organisation_id = i.organisation_id AND d.id = m.address_id
         WHERE i.organisation_id = $1 AND i.account_id = $2 AND i.current
           AND i.used_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > $3",
    )
    .bind(organisation.0)
    .bind(account.0)
    .bind(now)
    .fetch_optional(connection)
    .await?;
    Ok(found.map(CurrentInvitationRow::view))
}

impl CurrentInvitationRow {
    fn view(self) -> CurrentInvitation {
        let delivery = self.delivery.as_deref().and_then(DeliveryState::from_slug);
        let put_off = delivery == Some(DeliveryState::Queued) && self.attempts.is_some_and(|tries| tries > 0);
        CurrentInvitation {
            delivery,
            address: self.address,
            queued_at: self.created_at,
            sent_at: self.sent_at,
            next_try_at: self.due_at.filter(|_| put_off),
        }
    }
}

/// What became of an invitation, in a school's time.
pub(crate) fn told(invitation: &CurrentInvitation, zone: Tz, today: NaiveDate) -> String {
    invitation.sentence(|at| at_moment(at.with_timezone(&zone).naive_local(), today))
}
