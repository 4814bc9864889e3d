//! "Forgotten your password?" and "Forgotten your username?": what is found for a request goes to the address that the
//! school holds. The person who asked already has their answer ([`super::requests`]).

use chrono::TimeDelta;
use domain::accounts::state::AccountState;
use domain::accounts::username::Username;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::ids::{AccountId, AddressId, DeliveryId, OrganisationId, PersonId};
use domain::invitations::delivery::DeliveryState;
use domain::recovery::RecoveryMail;
use domain::roll::address::EmailAddress;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::credentials::limits;
use crate::credentials::limits::MESSAGE;
use crate::crypto::OneTimeHashes;
use crate::invitations::queue::CHANNEL;
use crate::invitations::resend;
use crate::single_sign_on::code::CODE_LIVES;
use crate::{Backend, Result, audit};

/// How long a link to a new password works.
pub const LINK_LIVES: TimeDelta = TimeDelta::hours(1);

/// The most people that one message names.
const MOST_NAMED: i64 = 20;

#[derive(sqlx::FromRow)]
struct RecoverableAccount {
    organisation_id: Uuid,
    account_id: Uuid,
    person_id: Uuid,
    state: String,
    address_id: Uuid,
    comparable: String,
    /// Whether their school requires single sign-on: there is no password to forget.
    password_is_off: bool,
}

/// Sends a link to a new password to the address of the person with this username, or to this address one for each person
/// who has it. People who have not chosen a password yet get a fresh invitation.
pub(crate) async fn send_links(backend: &Backend, name: &str) -> Result<()> {
    let name = name.trim().to_lowercase();
    let email = name.parse::<EmailAddress>().ok();
    let username = name.parse::<Username>().ok();
    let found = find(backend, &name, email.as_ref(), username.as_ref()).await?;
    for invited in found.iter().filter(|found| found.state == AccountState::Invited.slug()) {
        resend::again(backend, OrganisationId(invited.organisation_id), invited.account_id).await?;
    }
    let found: Vec<RecoverableAccount> = found
        .into_iter()
        .filter(|found| {
            let in_use = [AccountState::Active.slug(), AccountState::Locked.slug()];
            in_use.contains(&found.state.as_str()) && !found.password_is_off
        })
        .collect();
    // One mail to each address: people with one address are of one organisation here and never of two.
    for together in found.chunk_by(|a, b| a.organisation_id == b.organisation_id) {
        send_links_to(backend, together).await?;
    }
    Ok(())
}

/// Sends the usernames of everyone with this address to it.
pub(crate) async fn send_usernames(backend: &Backend, email: &str) -> Result<()> {
    let email = email.trim().to_lowercase();
    let parsed = email.parse::<EmailAddress>().ok();
    let found = find(backend, &email, parsed.as_ref(), None).await?;
    for together in found.chunk_by(|a, b| a.organisation_id == b.organisation_id) {
        let organisation = OrganisationId(together[0].organisation_id);
        let mut transaction = backend.tenant_transaction(organisation).await?;
        let to = AddressId(together[0].address_id);
        queue(backend, &mut transaction, organisation, RecoveryMail::Usernames, to, None).await?;
        transaction.commit().await?;
    }
    Ok(())
}

/// What there is under a name, within the limits: for one that is asked for too often, nothing.
async fn find(
    backend: &Backend,
    name: &str,
    email: Option<&EmailAddress>,
    username: Option<&Username>,
) -> Result<Vec<RecoverableAccount>> {
    if !limits::take(backend, &[MESSAGE.of(backend, name)]).await? {
        return Ok(Vec::new());
    }
    let found: Vec<RecoverableAccount> = sqlx::query_as(
        "SELECT a.organisation_id, a.id AS account_id, a.person_id, a.state, m.id AS address_id, m.comparable,
                password_is_off(a.organisation_id, a.person_id, $4) AS password_is_off
         FROM organisations o
         JOIN accounts a ON a.organisation_id = o.id
         JOIN addresses m ON m.person_id = a.person_id AND m.kind = 'email' AND m.is_primary
         WHERE a.state IN ('invited', 'active', 'locked')
           AND (a.username = $1 OR a.person_id IN (
                SELECT x.person_id FROM addresses x
                WHERE x.organisation_id = o.id AND x.comparable = $2 AND x.kind = 'email' AND x.is_primary))
         ORDER BY a.organisation_id, a.id LIMIT $3",
    )
    .bind(username.map(Username::as_str))
    .bind(email.map(EmailAddress::comparable))
    .bind(MOST_NAMED)
    .bind(backend.now())
    .fetch_all(&mut *backend.system_connection().await?)
    .await?;
    // By whatever name it was asked for, one mailbox is one mailbox.
    if let Some(address) = found.first().map(|found| &found.comparable).filter(|address| *address != name)
        && !limits::take(backend, &[MESSAGE.of(backend, address)]).await?
    {
        return Ok(Vec::new());
    }
    Ok(found)
}

/// What a message carries for each of the people it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Secret {
    /// A link to a new password.
    Link,
    /// A code that shows whose an identity of a provider is.
    IdentityCode,
}

impl Secret {
    fn mail(self) -> RecoveryMail {
        match self {
            Self::Link => RecoveryMail::Links,
            Self::IdentityCode => RecoveryMail::Identity,
        }
    }

    /// The kind of its row.
    fn kind(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::IdentityCode => "identity",
        }
    }

    fn lives(self) -> TimeDelta {
        match self {
            Self::Link => LINK_LIVES,
            Self::IdentityCode => CODE_LIVES,
        }
    }

    fn action(self) -> AuditAction {
        match self {
            Self::Link => AuditAction::ResetLinkQueued,
            Self::IdentityCode => AuditAction::IdentityCodeQueued,
        }
    }

    fn hash(self, hashes: &OneTimeHashes) -> Vec<u8> {
        match self {
            Self::Link => hashes.link.to_vec(),
            Self::IdentityCode => hashes.code.to_vec(),
        }
    }
}

/// One mail with a link for each of these people, who have one address.
async fn send_links_to(backend: &Backend, people: &[RecoverableAccount]) -> Result<()> {
    let [first, ..] = people else { return Ok(()) };
    let accounts: Vec<(AccountId, PersonId)> =
        people.iter().map(|found| (AccountId(found.account_id), PersonId(found.person_id))).collect();
    let organisation = OrganisationId(first.organisation_id);
    send_secrets(backend, organisation, AddressId(first.address_id), &accounts, Secret::Link).await
}

/// One mail to an address, with a secret for each of these people, who have it. Those of the kind that were sent before
/// stop working.
pub(crate) async fn send_secrets(
    backend: &Backend,
    organisation: OrganisationId,
    to: AddressId,
    accounts: &[(AccountId, PersonId)],
    secret: Secret,
) -> Result<()> {
    let resets: Vec<(Uuid, AccountId)> =
        accounts.iter().map(|(account, _)| (backend.new_id(), *account)).collect();
    let now = backend.now();
    let mut transaction = backend.tenant_transaction(organisation).await?;
    let mail = queue(backend, &mut transaction, organisation, secret.mail(), to, None).await?;
    sqlx::query(
        "WITH before AS (
             UPDATE password_resets SET revoked_at = $2
             WHERE account_id = ANY($5) AND kind = $8 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2)
         INSERT INTO password_resets (id, organisation_id, account_id, kind, secret_hash, created_at, expires_at, mail_id)
         SELECT made.id, $1, made.account_id, $8, made.secret_hash, $2, $3, $4
         FROM unnest($6::uuid[], $5::uuid[], $7::bytea[]) AS made (id, account_id, secret_hash)",
    )
    .bind(organisation.0)
    .bind(now)
    .bind(now + secret.lives())
    .bind(mail)
    .bind(resets.iter().map(|(_, account)| account.0).collect::<Vec<_>>())
    .bind(resets.iter().map(|(id, _)| *id).collect::<Vec<_>>())
    .bind(
        resets
            .iter()
            .map(|(id, account)| secret.hash(&backend.keys.resets.hashes(*id, *account)))
            .collect::<Vec<_>>(),
    )
    .bind(secret.kind())
    .execute(&mut *transaction)
    .await?;
    let system = Actor::system(organisation);
    let details = serde_json::json!({ "asked_by": "recipient" });
    audit::record_for_each(backend, &mut transaction, &system, secret.action(), accounts, &details).await?;
    transaction.commit().await?;
    Ok(())
}

/// Tells the owner of an account, by email if they have an address, that a way to sign in was changed (OWASP ASVS 5.0,
/// V6.3.7), in the transaction of the change.
pub(crate) async fn tell_owner(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    kind: RecoveryMail,
    account: AccountId,
) -> Result<()> {
    let address: Option<Uuid> = sqlx::query_scalar(
        "SELECT m.id FROM accounts a JOIN addresses m ON m.organisation_id = a.organisation_id AND m.person_id = a.person_id
         WHERE a.organisation_id = $1 AND a.id = $2 AND m.kind = 'email' AND m.is_primary",
    )
    .bind(organisation.0)
    .bind(account.0)
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(address) = address {
        queue(backend, connection, organisation, kind, AddressId(address), Some(account)).await?;
    }
    Ok(())
}

/// Puts a mail into the queue, about one account or about everyone with the address; answers with its id.
pub(crate) async fn queue(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    kind: RecoveryMail,
    to: AddressId,
    whose: Option<AccountId>,
) -> Result<Uuid> {
    let mail = backend.new_id();
    let to = To::Address(to);
    queue_each(backend, connection, organisation, kind, &[Queued { mail, to, whose, alert: None }]).await?;
    Ok(mail)
}

/// A mail for the queue.
pub(crate) struct Queued {
    pub(crate) mail: Uuid,
    pub(crate) to: To,
    /// Whom it is about; nobody in particular means everyone with the address.
    pub(crate) whose: Option<AccountId>,
    /// The entry of the audit log that it tells of.
    pub(crate) alert: Option<i64>,
}

/// Where it goes.
pub(crate) enum To {
    /// What this address of the roll is when it is sent.
    Address(AddressId),
    /// To no address of the roll: to one that is not confirmed yet, or to one from before.
    Elsewhere {
        recipient: String,
        /// The change of address that it tells of; none where the office changed it.
        change: Option<Uuid>,
    },
}

impl To {
    fn address(&self) -> Option<Uuid> {
        match self {
            Self::Address(address) => Some(address.0),
            Self::Elsewhere { .. } => None,
        }
    }

    fn recipient(&self) -> Option<&str> {
        match self {
            Self::Address(_) => None,
            Self::Elsewhere { recipient, .. } => Some(recipient),
        }
    }

    fn change(&self) -> Option<Uuid> {
        match self {
            Self::Address(_) => None,
            Self::Elsewhere { change, .. } => *change,
        }
    }
}

/// Puts mails of one kind into the queue, in one statement however many, and wakes the workers when the transaction
/// commits.
pub(crate) async fn queue_each(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    kind: RecoveryMail,
    mails: &[Queued],
) -> Result<()> {
    sqlx::query(
        "WITH asked AS (
             SELECT * FROM unnest($5::uuid[], $6::uuid[], $7::uuid[], $8::uuid[], $9::text[], $10::uuid[], $11::bigint[])
                           AS asked (mail_id, delivery_id, address_id, account_id, recipient, change_id, alert)
         ), written AS (
             INSERT INTO recovery_mails
                 (id, organisation_id, kind, account_id, recipient, address_change_id, alert, created_at)
             SELECT mail_id, $1, $2, account_id, recipient, change_id, alert, $3 FROM asked
         )
         INSERT INTO deliveries (id, organisation_id, recovery_mail_id, address_id, state, due_at, created_at)
         SELECT delivery_id, $1, mail_id, address_id, $4, $3, $3 FROM asked",
    )
    .bind(organisation.0)
    .bind(kind.slug())
    .bind(backend.now())
    .bind(DeliveryState::Queued.slug())
    .bind(mails.iter().map(|queued| queued.mail).collect::<Vec<_>>())
    .bind(mails.iter().map(|_| backend.new_id::<DeliveryId>().0).collect::<Vec<_>>())
    .bind(mails.iter().map(|queued| queued.to.address()).collect::<Vec<_>>())
    .bind(mails.iter().map(|queued| queued.whose.map(|account| account.0)).collect::<Vec<_>>())
    .bind(mails.iter().map(|queued| queued.to.recipient()).collect::<Vec<_>>())
    .bind(mails.iter().map(|queued| queued.to.change()).collect::<Vec<_>>())
    .bind(mails.iter().map(|queued| queued.alert).collect::<Vec<_>>())
    .execute(&mut *connection)
    .await?;
    sqlx::query("SELECT pg_notify($1, '')").bind(CHANNEL).execute(connection).await?;
    Ok(())
}
