//! "Forgotten your password?" and "Forgotten your username?": sends what was found for a request to the
//! address that the school has. The person who asked already has the response ([`super::requests`]).

use chrono::TimeDelta;
use domain::accounts::username::Username;
use domain::audit::AuditAction;
use domain::credentials::state::AccountState;
use domain::fold::typed_name;
use domain::ids::{AccountId, AddressId, MessageId, OrganisationId, PersonId};
use domain::roll::address::EmailAddress;
use uuid::Uuid;

use super::messages::{LinksRest, ResetLinks, UsernameReminder};
use crate::credentials::limits;
use crate::credentials::limits::MESSAGE;
use crate::credentials::resting::LINKS_REST;
use crate::credentials::secret_messages::{SecretForm, SecretKind, send_secrets};
use crate::invitations::resend;
use crate::messages::notice::LoadedNotice;
use crate::messages::queue::{MessageDestination, NewMessage, queue, tell_owner};
use crate::{Backend, Result};

/// How long a link to set a new password works.
pub const LINK_LIVES: TimeDelta = TimeDelta::hours(1);

/// A link to set a new password.
const LINK: SecretKind = SecretKind {
    name: "link",
    form: SecretForm::Link,
    lives: LINK_LIVES,
    queued: AuditAction::ResetLinkQueued,
};

/// The most people named in one message.
const MOST_NAMED: i64 = 20;

#[derive(sqlx::FromRow)]
struct RecoverableAccountRow {
    organisation_id: Uuid,
    account_id: Uuid,
    person_id: Uuid,
    state: String,
    address_id: Uuid,
    comparable: String,
    /// Whether their school requires single sign-on, so that there is no password to forget.
    password_is_off: bool,
    /// Whether the office or a file changed the address a short time ago.
    rests: bool,
    /// Whether only a code from the office opens the account.
    office_only: bool,
}

/// Sends a link to set a new password to the address of the person with this username, or one for each person
/// who has this address. People who have not chosen a password yet get a new invitation. People whose
/// address staff changed a short time ago get no link, and are told why.
pub(crate) async fn send_links(backend: &Backend, name: &str) -> Result<()> {
    let name = typed_name(name);
    let email = name.parse::<EmailAddress>().ok();
    let username = name.parse::<Username>().ok();
    let found = find(backend, &name, email.as_ref(), username.as_ref()).await?;
    for invited in found.iter().filter(|found| found.state == AccountState::Invited.slug()) {
        resend::again(backend, OrganisationId(invited.organisation_id), invited.account_id).await?;
    }
    let found: Vec<RecoverableAccountRow> = found
        .into_iter()
        .filter(|found| {
            let in_use = [AccountState::Active.slug(), AccountState::Locked.slug()];
            in_use.contains(&found.state.as_str()) && !found.password_is_off && !found.office_only
        })
        .collect();
    let (resting, found): (Vec<_>, Vec<_>) = found.into_iter().partition(|found| found.rests);
    for one in resting {
        let organisation = OrganisationId(one.organisation_id);
        let mut transaction = backend.tenant_transaction(organisation).await?;
        let account = AccountId(one.account_id);
        tell_owner::<LoadedNotice<LinksRest>>(backend, &mut transaction, organisation, account).await?;
        transaction.commit().await?;
    }
    // One message per address: all people in it belong to the same organisation.
    for together in found.chunk_by(|a, b| a.organisation_id == b.organisation_id) {
        let sent = send_links_to(backend, together).await;
        if sent.is_err() && together[0].comparable != name {
            // A retry of the same request does not count again; the name's count is returned with the
            // request.
            limits::give_back(backend, &[MESSAGE.of(backend, &together[0].comparable)]).await?;
        }
        sent?;
    }
    Ok(())
}

/// Sends the usernames of everyone with this address to it.
pub(crate) async fn send_usernames(backend: &Backend, email: &str) -> Result<()> {
    let email = typed_name(email);
    let parsed = email.parse::<EmailAddress>().ok();
    let found = find(backend, &email, parsed.as_ref(), None).await?;
    for together in found.chunk_by(|a, b| a.organisation_id == b.organisation_id) {
        let organisation = OrganisationId(together[0].organisation_id);
        let mut transaction = backend.tenant_transaction(organisation).await?;
        let message = to_everybody_at(backend, AddressId(together[0].address_id));
        queue::<UsernameReminder>(backend, &mut transaction, organisation, &[message]).await?;
        transaction.commit().await?;
    }
    Ok(())
}

/// Finds the people with a name or address, within the limits; none if there were too many requests. Those whose
/// mailbox is closed to them by a restriction (`mailbox_is_closed`) are not found: the office helps them.
async fn find(
    backend: &Backend,
    name: &str,
    email: Option<&EmailAddress>,
    username: Option<&Username>,
) -> Result<Vec<RecoverableAccountRow>> {
    if !limits::take(backend, &[MESSAGE.of(backend, name)]).await? {
        return Ok(Vec::new());
    }
    let found: Vec<RecoverableAccountRow> = sqlx::query_as(
        "SELECT a.organisation_id, a.id AS account_id, a.person_id, account_state(a.id, a.state) AS state, m.id AS address_id, m.comparable,
                password_is_off(a.organisation_id, a.person_id, $4) AS password_is_off,
                (a.email_moved_at > $5) IS TRUE AS rests, a.office_only_since IS NOT NULL AS office_only
         FROM organisations o
         JOIN accounts a ON a.organisation_id = o.id
         JOIN addresses m ON m.person_id = a.person_id AND m.kind = 'email' AND m.is_primary
         WHERE account_state(a.id, a.state) IN ('invited', 'active', 'locked') AND account_is_valid(a, $4)
           AND NOT mailbox_is_closed(a.organisation_id, a.person_id, m.comparable, ($4 AT TIME ZONE o.time_zone)::date)
           AND a.person_id IN (
                SELECT n.person_id FROM sign_in_names n
                WHERE n.organisation_id = o.id AND n.username = $1 AND (n.until <= $4) IS NOT TRUE
                UNION ALL
                SELECT x.person_id FROM addresses x
                WHERE x.organisation_id = o.id AND x.comparable = $2 AND x.kind = 'email' AND x.is_primary)
         ORDER BY a.organisation_id, a.id LIMIT $3",
    )
    .bind(username.map(Username::as_str))
    .bind(email.map(EmailAddress::comparable))
    .bind(MOST_NAMED)
    .bind(backend.now())
    .bind(backend.now() - LINKS_REST)
    .fetch_all(&mut *backend.system_connection().await?)
    .await?;
    // A mailbox counts as one, whichever name was used to ask.
    if let Some(address) = found.first().map(|found| &found.comparable).filter(|address| *address != name)
        && !limits::take(backend, &[MESSAGE.of(backend, address)]).await?
    {
        return Ok(Vec::new());
    }
    Ok(found)
}

/// Sends one message with a link for each of these people, who share an address.
async fn send_links_to(backend: &Backend, people: &[RecoverableAccountRow]) -> Result<()> {
    let [first, ..] = people else { return Ok(()) };
    let accounts: Vec<(AccountId, PersonId)> =
        people.iter().map(|found| (AccountId(found.account_id), PersonId(found.person_id))).collect();
    let organisation = OrganisationId(first.organisation_id);
    send_secrets::<ResetLinks>(backend, organisation, AddressId(first.address_id), &accounts, LINK).await
}

fn to_everybody_at(backend: &Backend, address: AddressId) -> NewMessage {
    NewMessage {
        id: MessageId(backend.new_id()),
        to: MessageDestination::Address(address),
        person: None,
        subject: None,
    }
}
