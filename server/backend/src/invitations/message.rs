//! The message that carries an invitation. Both have the same id.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::credentials::state::AccountState;
use domain::ids::{MessageId, PersonId};
use domain::invitations::link::{START, start_link};
use domain::messages::failure::DeliveryFailure;
use domain::roll::name::PersonName;
use minijinja::{Value, context};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::jobs::job::Priority;
use crate::messages::kind::{Message, MessageContext, MessagesToLoad};
use crate::messages::not_mine::links;
use crate::{Error, Result};

/// An invitation message. Its templates can use `name` (what to call the person), `full_name` (who it is for,
/// because families share mailboxes), `username`, `link`, `page` (where the code is typed), `code`,
/// `last_day`, `providers` if the school does not use passwords, `children`, the names of the children whom they will see, and
/// `not_mine`, the `name` of each with the `link` that says that they are not theirs.
#[derive(sqlx::FromRow)]
pub struct LoadedInvitationRow {
    id: Uuid,
    person_id: Uuid,
    expires_at: DateTime<Utc>,
    used_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
    state: String,
    username: String,
    given_name: String,
    middle_name: String,
    family_name: String,
    preferred_name: String,
    /// The providers to sign in with, if the school does not use passwords.
    providers: Option<String>,
    /// Whether restrictions close every child that the account would open.
    is_restricted: bool,
    /// The children whom the person has access to, in the order of lists.
    child_ids: Vec<Uuid>,
    child_names: Vec<String>,
}

impl Message for LoadedInvitationRow {
    const KIND: &'static str = "invitation";
    const PRIORITY: Priority = Priority::Normal;

    async fn load(
        connection: &mut PgConnection,
        load: MessagesToLoad<'_>,
    ) -> Result<HashMap<MessageId, Self>> {
        let invitations: Vec<Self> = sqlx::query_as(
            "SELECT i.id, a.person_id, i.expires_at, i.used_at, i.revoked_at, a.state, a.username,
                    p.given_name, p.middle_name, p.family_name, p.preferred_name,
                    CASE WHEN password_is_off(a.organisation_id, a.person_id, $2) THEN
                        (SELECT string_agg(x.name, ' / ' ORDER BY x.created_at, x.id) FROM identity_providers x
                         WHERE x.organisation_id = a.organisation_id AND x.enabled) END AS providers,
                    closes_everything(a.organisation_id, a.person_id, ($2 AT TIME ZONE o.time_zone)::date) AS is_restricted,
                    ARRAY(SELECT c.id FROM people c
                          WHERE c.organisation_id = a.organisation_id
                            AND c.id IN (SELECT opened_children(a.organisation_id, a.person_id, ($2 AT TIME ZONE o.time_zone)::date))
                          ORDER BY c.sort_key, c.id) AS child_ids,
                    ARRAY(SELECT btrim(coalesce(nullif(c.preferred_name, ''), c.given_name) || ' ' || c.family_name) FROM people c
                          WHERE c.organisation_id = a.organisation_id
                            AND c.id IN (SELECT opened_children(a.organisation_id, a.person_id, ($2 AT TIME ZONE o.time_zone)::date))
                          ORDER BY c.sort_key, c.id) AS child_names
             FROM invitations i
             JOIN organisations o ON o.id = i.organisation_id
             JOIN accounts a ON a.organisation_id = i.organisation_id AND a.id = i.account_id
             JOIN people p ON p.id = a.person_id
             WHERE i.id = ANY($1)",
        )
        .bind(load.ids)
        .bind(load.now)
        .fetch_all(connection)
        .await?;
        Ok(invitations.into_iter().map(|invitation| (MessageId(invitation.id), invitation)).collect())
    }

    fn obstacle(&self, now: DateTime<Utc>) -> Option<DeliveryFailure> {
        let state = AccountState::from_slug(&self.state);
        if self.used_at.is_some() || matches!(state, Some(AccountState::Active | AccountState::Locked)) {
            Some(DeliveryFailure::NotNeeded)
        } else if self.revoked_at.is_some() {
            Some(DeliveryFailure::Revoked)
        } else if !state.is_some_and(AccountState::waits_for_password) {
            Some(DeliveryFailure::AccountStopped)
        } else if self.is_restricted {
            // Recorded while a run was sending, after this invitation was queued.
            Some(DeliveryFailure::Restricted)
        } else if self.expires_at <= now {
            Some(DeliveryFailure::Expired)
        } else {
            None
        }
    }

    fn people(&self) -> Vec<PersonId> {
        [self.person_id].into_iter().chain(self.child_ids.iter().copied()).map(PersonId).collect()
    }

    fn recipient_name(&self) -> String {
        // An invalid name is reported when the message is written.
        self.name().map(|name| name.full()).unwrap_or_default()
    }

    fn fields(&self, writing: &MessageContext<'_>) -> Result<Value> {
        let name = self.name()?;
        let secrets = writing.backend.keys.invitations.secrets(self.id);
        let children: Vec<(&str, PersonId)> = self
            .child_names
            .iter()
            .map(String::as_str)
            .zip(self.child_ids.iter().copied().map(PersonId))
            .collect();
        // The last moment is just before it expires.
        let last_day = writing.words.day(self.expires_at - TimeDelta::seconds(1))?;
        Ok(context! {
            name => name.familiar(),
            full_name => name.full(),
            // Providers identify people who sign in only with them by their address.
            username => self.providers.as_ref().map_or(self.username.as_str(), |_| writing.address),
            link => start_link(&writing.backend.config.base_url, &secrets.link),
            page => writing.page(START),
            code => secrets.code.to_string(),
            providers => self.providers.as_deref(),
            children => together(&self.child_names),
            not_mine => links(writing.backend, PersonId(self.person_id), &children),
            last_day,
        })
    }
}

/// "Ilse, Tam and Noor"; nothing for nobody.
pub(crate) fn together(names: &[String]) -> Option<String> {
    let (last, rest) = names.split_last()?;
    Some(if rest.is_empty() { last.clone() } else { format!("{} and {last}", rest.join(", ")) })
}

impl LoadedInvitationRow {
    fn name(&self) -> Result<PersonName> {
        PersonName::new(&self.given_name, &self.middle_name, &self.family_name, &self.preferred_name)
            .map_err(Error::unexpected)
    }
}
