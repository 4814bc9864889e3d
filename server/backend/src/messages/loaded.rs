//! Loading queued messages for sending: the common parts are loaded here, the rest by the kind.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::ids::{MessageId, PersonId};
use domain::messages::failure::DeliveryFailure;
use domain::roll::address::EmailAddress;
use domain::roll::office::OfficeContact;
use lettre::Address;
use lettre::message::Mailbox;
use minijinja::{Value, context};
use sqlx::PgConnection;
use uuid::Uuid;

use super::email::message::one_line;
use super::kind::{MessageContext, MessagesToLoad, Say};
use super::lease::MessageLease;
use super::own_templates::OwnTemplates;
use super::templates::{self, RenderedMessage};
use super::words::MessageFormatter;
use crate::{Backend, Error, Result};

/// What every message has.
#[derive(Debug, sqlx::FromRow)]
struct EnvelopeRow {
    id: Uuid,
    organisation_id: Uuid,
    school_id: Option<Uuid>,
    kind: String,
    attempts: i32,
    created_at: DateTime<Utc>,
    /// The recipient's address; `None` if it was removed.
    address: Option<String>,
    /// Whether somebody reads that mailbox from whom a restriction keeps the recipient, or a child whom the recipient sees.
    is_closed: bool,
    /// The recipient's language, a BCP 47 tag.
    language: Option<String>,
    /// The recipient's school, or the organisation if they have none.
    school: String,
    time_zone: String,
    /// How to reach the office of that school.
    office_phone: Option<String>,
    office_email: Option<String>,
}

/// A claimed message with its content.
pub(super) struct LoadedMessage {
    envelope: EnvelopeRow,
    /// `None` if there is nothing to say any more.
    says: Option<Box<dyn Say>>,
    own: Arc<OwnTemplates>,
}

/// A rendered message.
#[derive(Debug)]
pub(super) struct OutgoingMessage {
    pub(super) to: EmailAddress,
    pub(super) name: String,
    /// Where replies go: the school's office, if it has an address.
    pub(super) reply_to: Option<Mailbox>,
    /// Everyone it names.
    pub(super) people: Vec<PersonId>,
    pub(super) content: RenderedMessage,
}

/// Loads all messages under a lease, or one of them.
pub(super) async fn load(
    backend: &Backend,
    connection: &mut PgConnection,
    lease: MessageLease,
    only: Option<MessageId>,
    now: DateTime<Utc>,
) -> Result<Vec<LoadedMessage>> {
    let envelopes: Vec<EnvelopeRow> = sqlx::query_as(
        "SELECT m.id, m.organisation_id, s.id AS school_id, m.kind, m.attempts, m.created_at, coalesce(m.recipient, x.value) AS address, holder.language,
                mailbox_is_closed(m.organisation_id, holder.id, x.comparable, ($3 AT TIME ZONE o.time_zone)::date) AS is_closed,
                coalesce(s.name, o.name) AS school, o.time_zone,
                coalesce(s.office_phone, o.office_phone) AS office_phone,
                coalesce(s.office_email, o.office_email) AS office_email
         FROM messages m
         JOIN organisations o ON o.id = m.organisation_id
         LEFT JOIN addresses x ON x.id = m.address_id
         LEFT JOIN people holder ON holder.id = coalesce(m.person_id, x.person_id)
         LEFT JOIN LATERAL school_of(m.organisation_id, holder.id) s ON true
         WHERE m.lease = $1 AND m.state = 'sending' AND ($2::uuid IS NULL OR m.id = $2)
         ORDER BY m.id",
    )
    .bind(lease.0)
    .bind(only.map(|message| message.0))
    .bind(now)
    .fetch_all(&mut *connection)
    .await?;
    let organisations: Vec<Uuid> = envelopes.iter().map(|envelope| envelope.organisation_id).collect();
    let own = Arc::new(OwnTemplates::load(&mut *connection, &organisations).await?);
    let mut says = HashMap::new();
    for kind in backend.rooms.messages {
        let ids: Vec<Uuid> = envelopes
            .iter()
            .filter(|envelope| envelope.kind == kind.name)
            .map(|envelope| envelope.id)
            .collect();
        if !ids.is_empty() {
            says.extend((kind.load)(&mut *connection, MessagesToLoad { ids: &ids, now }).await?);
        }
    }
    Ok(envelopes
        .into_iter()
        .map(|envelope| LoadedMessage {
            says: says.remove(&MessageId(envelope.id)),
            envelope,
            own: own.clone(),
        })
        .collect())
}

impl LoadedMessage {
    pub(super) fn id(&self) -> MessageId {
        MessageId(self.envelope.id)
    }

    /// The number of earlier attempts.
    pub(super) fn attempts(&self) -> u32 {
        u32::try_from(self.envelope.attempts).unwrap_or_default()
    }

    /// The recipient's address; empty if it was removed.
    pub(super) fn address(&self) -> &str {
        self.envelope.address.as_deref().unwrap_or_default()
    }

    /// Why it must not be sent any more, if so.
    pub(super) fn obstacle(&self, now: DateTime<Utc>) -> Option<DeliveryFailure> {
        if self.envelope.is_closed {
            return Some(DeliveryFailure::Restricted);
        }
        let gone = self.envelope.address.is_none().then_some(DeliveryFailure::AddressGone);
        match &self.says {
            Some(says) => says.obstacle(now).or(gone),
            None => gone.or(Some(DeliveryFailure::NotNeeded)),
        }
    }

    /// Renders it with the template of the school, of the organisation, or Greencap's own, whichever best
    /// matches the recipient's language.
    pub(super) fn write(&self, backend: &Backend) -> Result<OutgoingMessage> {
        let EnvelopeRow { id, organisation_id, school_id, kind, language, .. } = &self.envelope;
        let says = self.says.as_ref().ok_or_else(|| Error::unexpected("a message without content"))?;
        let to: EmailAddress = self.address().parse().map_err(Error::unexpected)?;
        let recipient = language.as_deref().unwrap_or_default();
        let wanted = templates::wanted(recipient);
        let ours = templates::language(kind, wanted)?;
        // Greencap's template in the recipient's language is better than the school's in English.
        let as_good = 1 + wanted.iter().take_while(|wanted| !wanted.eq_ignore_ascii_case(ours)).count();
        let theirs = wanted
            .into_iter()
            .take(as_good)
            .find_map(|language| self.own.find(*organisation_id, *school_id, kind, language));
        let content = match theirs {
            Some(own) => {
                let fields = self.fields(backend, says.as_ref(), &to, &own.language, recipient)?;
                templates::render_own(&own.sources, &fields).or_else(|error| {
                    // A broken template must not stop the message.
                    tracing::warn!(message = %id, kind, %error, "a school's own template failed; ours was used");
                    self.in_our_words(backend, says.as_ref(), &to, ours, recipient)
                })?
            }
            None => self.in_our_words(backend, says.as_ref(), &to, ours, recipient)?,
        };
        let (name, people) = (says.recipient_name(), says.people());
        Ok(OutgoingMessage { to, name, reply_to: self.reply_to(), people, content })
    }

    fn office(&self) -> OfficeContact {
        let EnvelopeRow { office_phone, office_email, .. } = &self.envelope;
        OfficeContact::stored(office_phone.as_deref(), office_email.as_deref())
    }

    fn reply_to(&self) -> Option<Mailbox> {
        let address: Address = self.office().email?.as_str().parse().ok()?;
        Some(Mailbox::new(Some(one_line(&self.envelope.school)), address))
    }

    fn in_our_words(
        &self,
        backend: &Backend,
        says: &dyn Say,
        to: &EmailAddress,
        language: &str,
        recipient: &str,
    ) -> Result<RenderedMessage> {
        let fields = self.fields(backend, says, to, language, recipient)?;
        templates::render(&self.envelope.kind, language, &fields)
    }

    fn fields(
        &self,
        backend: &Backend,
        says: &dyn Say,
        to: &EmailAddress,
        language: &str,
        recipient: &str,
    ) -> Result<Value> {
        let EnvelopeRow { created_at, school, time_zone, .. } = &self.envelope;
        let zone: Tz = time_zone.parse().map_err(Error::unexpected)?;
        let words = MessageFormatter::new(language, recipient, zone);
        let fields = says.fields(&MessageContext {
            backend,
            created_at: *created_at,
            address: to.as_str(),
            words: &words,
        })?;
        let OfficeContact { phone, email } = self.office();
        let office = context! {
            phone => phone.as_ref().map(ToString::to_string),
            email => email.as_ref().map(EmailAddress::as_str),
        };
        Ok(context! { school, language, office, ..fields })
    }
}
