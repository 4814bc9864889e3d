//! Messages that carry a secret for each person they name, such as a link to set a password, or a code that
//! proves who an identity belongs to. A secret belongs to the message that carries it, and is derived from
//! its own id.

use std::collections::HashMap;
use std::marker::PhantomData;

use chrono::{DateTime, TimeDelta, Utc};
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::credentials::state::AccountState;
use domain::ids::{AccountId, AddressId, MessageId, OrganisationId, PersonId};
use minijinja::{Value, context};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::jobs::job::Priority;
use crate::messages::kind::{Message, MessageContext, MessagesToLoad};
use crate::messages::notice::NamedPerson;
use crate::messages::queue::{MessageDestination, NewMessage, queue};
use crate::{Backend, Result, audit};

/// A kind of secret.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SecretKind {
    /// The kind of its row.
    pub(crate) name: &'static str,
    /// The form in which it is sent.
    pub(crate) form: SecretForm,
    /// How long it is valid.
    pub(crate) lives: TimeDelta,
    /// The audit log action recorded when it is queued.
    pub(crate) queued: AuditAction,
}

/// The form in which a secret is sent; it is stored as a hash.
#[derive(Debug, Clone, Copy)]
pub(crate) enum SecretForm {
    /// The token of a link.
    Link,
    /// A code to type.
    Code,
}

/// Queues one message to an address, with a secret for each of these people, who all have it. Earlier secrets
/// of this kind stop working.
pub(crate) async fn send_secrets<S: SecretMessage>(
    backend: &Backend,
    organisation: OrganisationId,
    to: AddressId,
    accounts: &[(AccountId, PersonId)],
    secret: SecretKind,
) -> Result<()> {
    let resets: Vec<(Uuid, AccountId)> =
        accounts.iter().map(|(account, _)| (backend.new_id(), *account)).collect();
    let hash = |id: Uuid, account: AccountId| {
        let hashes = backend.keys.resets.hashes(id, account);
        match secret.form {
            SecretForm::Link => hashes.link.to_vec(),
            SecretForm::Code => hashes.code.to_vec(),
        }
    };
    let now = backend.now();
    let message = NewMessage {
        id: MessageId(backend.new_id()),
        to: MessageDestination::Address(to),
        person: None,
        subject: None,
    };
    let mail = message.id;
    let mut transaction = backend.tenant_transaction(organisation).await?;
    queue::<LoadedSecrets<S>>(backend, &mut transaction, organisation, &[message]).await?;
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
    .bind(now + secret.lives)
    .bind(mail.0)
    .bind(resets.iter().map(|(_, account)| account.0).collect::<Vec<_>>())
    .bind(resets.iter().map(|(id, _)| *id).collect::<Vec<_>>())
    .bind(resets.iter().map(|(id, account)| hash(*id, *account)).collect::<Vec<_>>())
    .bind(secret.name)
    .execute(&mut *transaction)
    .await?;
    let system = Actor::system(organisation);
    let details = serde_json::json!({ "asked_by": "recipient" });
    audit::record_for_each(backend, &mut transaction, &system, secret.queued, accounts, &details).await?;
    transaction.commit().await?;
    Ok(())
}

/// A kind of message that carries secrets. Its templates can use `people`, each with `name`, `username`,
/// `link`, `code` and `until`, and the sign-in `page`.
pub trait SecretMessage: Send + Sync + 'static {
    /// See [`Message::KIND`].
    const KIND: &'static str;
    /// The account states in which its secrets work.
    const OPENS: &'static [AccountState];
}

/// A message with secrets, loaded.
pub struct LoadedSecrets<S> {
    people: Vec<SecretRecipientRow>,
    _kind: PhantomData<S>,
}

impl<S: SecretMessage> Message for LoadedSecrets<S> {
    const KIND: &'static str = S::KIND;
    const PRIORITY: Priority = Priority::Urgent;

    async fn load(
        connection: &mut PgConnection,
        load: MessagesToLoad<'_>,
    ) -> Result<HashMap<MessageId, Self>> {
        let loaded = with_secrets(connection, load, S::OPENS).await?;
        Ok(loaded.into_iter().map(|(id, people)| (id, Self { people, _kind: PhantomData })).collect())
    }

    fn people(&self) -> Vec<PersonId> {
        self.people.iter().map(|one| one.who.person()).collect()
    }

    /// A message that names several people is not addressed to one of them.
    fn recipient_name(&self) -> String {
        match self.people.as_slice() {
            [one] => one.who.name(),
            _ => String::new(),
        }
    }

    fn fields(&self, writing: &MessageContext<'_>) -> Result<Value> {
        secret_fields(&self.people, writing)
    }
}

/// A person named in a message, with a secret that is still valid.
#[derive(sqlx::FromRow)]
struct SecretRecipientRow {
    #[sqlx(flatten)]
    who: NamedPerson,
    reset_id: Uuid,
    expires_at: DateTime<Utc>,
}

/// Loads the people who still have the address of each message, whose secret in it is still valid, and whose
/// account is in one of these states.
async fn with_secrets(
    connection: &mut PgConnection,
    load: MessagesToLoad<'_>,
    states: &[AccountState],
) -> Result<HashMap<MessageId, Vec<SecretRecipientRow>>> {
    let found: Vec<SecretRecipientRow> = sqlx::query_as(
        "SELECT m.id AS message_id, a.person_id, a.username, p.given_name, p.family_name, p.preferred_name,
                r.id AS reset_id, r.expires_at
         FROM messages m
         JOIN addresses written ON written.id = m.address_id
         JOIN password_resets r ON r.mail_id = m.id AND r.used_at IS NULL AND r.revoked_at IS NULL AND r.expires_at > $2
         JOIN accounts a ON a.organisation_id = m.organisation_id AND a.id = r.account_id
              AND account_state(a.id, a.state) = ANY($3)
         JOIN addresses theirs ON theirs.organisation_id = m.organisation_id AND theirs.person_id = a.person_id
              AND theirs.comparable = written.comparable AND theirs.kind = 'email'
              -- A code for single sign-on goes to the address that the provider gave.
              AND (theirs.is_primary OR r.kind = 'identity')
         JOIN people p ON p.id = a.person_id
         WHERE m.id = ANY($1)
         ORDER BY p.sort_key, a.id",
    )
    .bind(load.ids)
    .bind(load.now)
    .bind(states.iter().map(|state| state.slug()).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;
    let mut by_message = HashMap::<MessageId, Vec<SecretRecipientRow>>::new();
    for one in found {
        by_message.entry(one.who.message()).or_default().push(one);
    }
    Ok(by_message)
}

fn secret_fields(people: &[SecretRecipientRow], writing: &MessageContext<'_>) -> Result<Value> {
    let people = people
        .iter()
        .map(|one| {
            let secrets = writing.backend.keys.resets.secrets(one.reset_id);
            Ok(context! {
                link => writing.page(&format!("/reset/{}", secrets.link)),
                code => secrets.code.to_string(),
                until => writing.words.moment(one.expires_at)?,
                ..one.who.fields()
            })
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(context! { people, page => writing.page("/sign-in") })
}
