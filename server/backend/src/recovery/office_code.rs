//! Helping someone who forgot their password with a one-time code. Nobody at the school ever sees or chooses
//! a password (OWASP ASVS 5.0, V6.4.6).

use chrono::TimeDelta;
use chrono_tz::Tz;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{AccountId, AddressId, OperationId, PersonId};
use domain::recovery::{CodeHandout, CodeOutcome};
use domain::roll::name::display_name;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::messages::ResetCode;
use crate::audit::alerts;
use crate::authorization::roles::refuse_outranked;
use crate::credentials::resting::staff_reset;
use crate::credentials::secret_messages::LoadedSecrets;
use crate::jobs::job::Priority;
use crate::messages::kind::Message as _;
use crate::messages::queue::{MessageDestination, NewMessage, queue_with};
use crate::operations::second_person::ways_in_over;
use crate::tenancy::enter::Entered;
use crate::tenancy::target::Person;
use crate::{Backend, Error, Result, audit};

/// How long a code works: long enough to hand it over on the next school day.
pub const CODE_LIVES: TimeDelta = TimeDelta::days(3);

/// The person a code is for.
#[derive(sqlx::FromRow)]
pub struct OfficeCodeRow {
    pub(crate) account_id: Uuid,
    pub(crate) person_id: Uuid,
    pub(crate) username: String,
    given_name: String,
    family_name: String,
    preferred_name: String,
    /// Their primary email address.
    pub(crate) address_id: Option<Uuid>,
    /// Whether their school requires single sign-on, so that codes do not work either.
    pub(crate) password_is_off: bool,
}

/// Creates a one-time code for a person with an active account, and emails it or returns it to be shown once.
/// Earlier codes stop working; the password still works until the code is used.
#[tracing::instrument(skip_all, fields(person = %person))]
pub async fn make_code(
    backend: &Backend,
    actor: &Actor,
    person: PersonId,
    handout: CodeHandout,
) -> Result<CodeOutcome> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageAccounts, Person(person)).await?;
    if actor.person() == Some(person) {
        return Err(Error::conflict(
            "own_code",
            "Change your own password under \u{201c}Change your password\u{201d}, with your current one.",
        ));
    }
    let subject = find(backend, &mut transaction, actor, person).await?;
    // The code would give access to their permissions.
    let mut transaction =
        refuse_outranked(backend, transaction, actor, Permission::ManageAccounts, person).await?;
    if handout == CodeHandout::Emailed && subject.address_id.is_none() {
        return Err(Error::conflict(
            "no_address",
            "There is no email address to send a code to. Show the code, or add an email address first.",
        ));
    }
    if ways_in_over(backend, &mut transaction, actor, 1, None).await?.is_some() {
        return Err(Error::conflict(
            "needs_second_person",
            "You have opened a way in for as many people within a day as you can without approval. One-time codes, removed second factors and invitations to addresses that you changed count together. To ask for approval, select this person in User accounts and create the code there.",
        ));
    }
    let subjects = std::slice::from_ref(&subject);
    let codes = hand_out(backend, &mut transaction, actor, subjects, handout, None).await?;
    let (accounts, details) = told(subjects, handout);
    let alert = staff_reset(&mut transaction, actor.organisation, &[subject.account_id], "code").await?;
    if let Some(alert) = alert {
        alerts::raise(backend, &mut transaction, actor, alert).await?;
    }
    audit::record_for_each(backend, &mut transaction, actor, AuditAction::ResetCodeMade, &accounts, &details)
        .await?;
    transaction.commit().await?;
    Ok(match codes.into_iter().next() {
        Some(code) => CodeOutcome::Shown {
            name: subject.name(),
            username: subject.username,
            code,
            page: page(backend),
            until: until(backend, at.zone),
        },
        None => CodeOutcome::Queued,
    })
}

/// What the history of each of these people says about a code.
pub(crate) fn told(subjects: &[OfficeCodeRow], handout: CodeHandout) -> (Vec<(AccountId, PersonId)>, Value) {
    let accounts =
        subjects.iter().map(|subject| (AccountId(subject.account_id), PersonId(subject.person_id))).collect();
    let handed = match handout {
        CodeHandout::Emailed => "emailed",
        CodeHandout::Shown => "shown",
    };
    (accounts, json!({ "handed_out": handed, "together": subjects.len() }))
}

/// Creates a code for each of these people, with as many statements for one as for thousands. Returns the
/// codes, in the same order, if they are to be shown. Emailed codes go only to people with an address. `of` is the
/// operation that makes them, which a second person may have approved.
pub(crate) async fn hand_out(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    subjects: &[OfficeCodeRow],
    handout: CodeHandout,
    of: Option<OperationId>,
) -> Result<Vec<String>> {
    let messages: Vec<Option<NewMessage>> = subjects
        .iter()
        .map(|subject| {
            let to = subject.address_id.filter(|_| handout == CodeHandout::Emailed)?;
            Some(NewMessage {
                id: backend.new_id(),
                to: MessageDestination::Address(AddressId(to)),
                person: Some(PersonId(subject.person_id)),
                subject: None,
            })
        })
        .collect();
    let message_ids: Vec<Option<Uuid>> =
        messages.iter().map(|message| message.as_ref().map(|message| message.id.0)).collect();
    let messages: Vec<NewMessage> = messages.into_iter().flatten().collect();
    let priority = if messages.len() > 1 { Priority::Normal } else { LoadedSecrets::<ResetCode>::PRIORITY };
    queue_with::<LoadedSecrets<ResetCode>>(backend, connection, actor.organisation, priority, &messages)
        .await?;
    let resets: Vec<(Uuid, AccountId)> =
        subjects.iter().map(|subject| (backend.new_id(), AccountId(subject.account_id))).collect();
    let now = backend.now();
    sqlx::query(
        "WITH before AS (
             UPDATE password_resets SET revoked_at = $2
             WHERE organisation_id = $1 AND account_id = ANY($6) AND kind IN ('code', 'card')
               AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2)
         INSERT INTO password_resets
             (id, organisation_id, account_id, kind, secret_hash, created_at, expires_at, made_by, mail_id, approved)
         SELECT made.id, $1, made.account_id, 'code', made.secret_hash, $2, $3, $4, made.mail_id,
                EXISTS (SELECT FROM operations w WHERE w.organisation_id = $1 AND w.id = $9 AND w.second_person)
         FROM unnest($5::uuid[], $6::uuid[], $7::bytea[], $8::uuid[]) AS made (id, account_id, secret_hash, mail_id)",
    )
    .bind(actor.organisation.0)
    .bind(now)
    .bind(now + CODE_LIVES)
    .bind(actor.account().map(|account| account.0))
    .bind(resets.iter().map(|(reset, _)| *reset).collect::<Vec<_>>())
    .bind(resets.iter().map(|(_, account)| account.0).collect::<Vec<_>>())
    .bind(
        resets
            .iter()
            .map(|(reset, account)| backend.keys.resets.hashes(*reset, *account).code.to_vec())
            .collect::<Vec<_>>(),
    )
    .bind(message_ids)
    .bind(of.map(|operation| operation.0))
    .execute(connection)
    .await?;
    Ok(match handout {
        CodeHandout::Emailed => Vec::new(),
        CodeHandout::Shown => {
            resets.iter().map(|(reset, _)| backend.keys.resets.secrets(*reset).code.to_string()).collect()
        }
    })
}

async fn find(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    person: PersonId,
) -> Result<OfficeCodeRow> {
    // Lock the account first, then what belongs to it, like every action.
    let subject: OfficeCodeRow = sqlx::query_as(
        "SELECT a.id AS account_id, a.person_id, a.username, p.given_name, p.family_name, p.preferred_name,
                m.id AS address_id, password_is_off(a.organisation_id, a.person_id, $3) AS password_is_off
         FROM accounts a
         JOIN people p ON p.organisation_id = a.organisation_id AND p.id = a.person_id
         LEFT JOIN addresses m ON m.person_id = a.person_id AND m.kind = 'email' AND m.is_primary
         WHERE a.organisation_id = $1 AND a.person_id = $2 AND a.state IN ('active', 'locked')
         FOR UPDATE OF a",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .bind(backend.now())
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| {
        Error::conflict(
            "not_active",
            "Only an active account can use a one-time code. Send an invitation code instead, or enable the account.",
        )
    })?;
    if subject.password_is_off {
        return Err(Error::conflict(
            "single_sign_on",
            "Their school requires single sign-on, so they can\u{2019}t use a one-time code. Help them sign in with the provider instead.",
        ));
    }
    Ok(subject)
}

impl OfficeCodeRow {
    /// The name as pages show it.
    pub(crate) fn name(&self) -> String {
        display_name(&self.given_name, &self.family_name, &self.preferred_name)
    }
}

/// The page where codes are typed.
pub(crate) fn page(backend: &Backend) -> String {
    format!("{}/sign-in", backend.config.base_url)
}

/// The time, in words, until which a code created now works.
pub(crate) fn until(backend: &Backend, zone: Tz) -> String {
    (backend.now() + CODE_LIVES).with_timezone(&zone).format("%H:%M on %-d %B %Y").to_string()
}
