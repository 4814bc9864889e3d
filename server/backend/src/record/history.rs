//! A person's history, in words: lines of the audit log, and what bulk operations recorded on their batch,
//! invitations and messages.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use domain::audit::AuditAction;
use domain::ids::{OrganisationId, PersonId};
use domain::messages::delivery::DeliveryState;
use domain::portal::PreviewReason;
use domain::record::HistoryLine;
use domain::roll::name::display_name;
use domain::single_sign_on::RefusedVisit;
use domain::when::moment;
use serde_json::Value;
use sqlx::PgConnection;

use crate::{Error, Result};

/// The most lines a record shows; the audit log has them all.
const MOST_LINES: usize = 100;

#[derive(sqlx::FromRow)]
struct HistoryEventRow {
    at: DateTime<Utc>,
    action: String,
    details: Value,
    #[sqlx(flatten)]
    by: Doer,
}

/// The person who did it, unless it was the student, the command line or Greencap itself.
#[derive(sqlx::FromRow)]
#[expect(clippy::struct_field_names, reason = "named like the columns")]
struct Doer {
    given_name: Option<String>,
    family_name: Option<String>,
    preferred_name: Option<String>,
}

impl Doer {
    /// Adds the name: "Account created by Marek Lindqvist".
    fn sign(&self, sentence: String) -> String {
        match (&self.given_name, &self.family_name, &self.preferred_name) {
            (Some(given), Some(family), Some(preferred)) => {
                format!("{sentence} by {}", display_name(given, family, preferred))
            }
            _ => sentence,
        }
    }
}

#[derive(sqlx::FromRow)]
struct HistoryInvitationRow {
    created_at: DateTime<Utc>,
    opened_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
    activated_at: Option<DateTime<Utc>>,
    delivery: Option<String>,
    sent_at: Option<DateTime<Utc>>,
    due_at: Option<DateTime<Utc>>,
    #[sqlx(flatten)]
    by: Doer,
}

struct HistoryItem {
    at: DateTime<Utc>,
    icon: &'static str,
    what: String,
}

/// Returns a person's history, newest first, with that of the records that were merged into theirs; times in `zone`.
pub(super) async fn of(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    person: PersonId,
    zone: Tz,
    today: NaiveDate,
) -> Result<Vec<HistoryLine>> {
    let mut lines = events(connection, organisation, person).await?;
    lines.extend(invitations(connection, organisation, person).await?);
    lines.sort_by_key(|line| std::cmp::Reverse(line.at));
    lines.truncate(MOST_LINES);
    Ok(lines
        .into_iter()
        .map(|line| HistoryLine {
            when: moment(line.at.with_timezone(&zone).naive_local(), today),
            icon: line.icon.to_owned(),
            what: line.what,
        })
        .collect())
}

/// Returns the lines of the audit log about the person, and the creation of the account, which the log
/// records only for the batch. [`invitations`] adds invitations and what happened to them.
async fn events(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    person: PersonId,
) -> Result<Vec<HistoryItem>> {
    let rows = sqlx::query_as::<_, HistoryEventRow>(
        "SELECT e.at, e.action, e.details, p.given_name, p.family_name, p.preferred_name
         FROM (SELECT at, action, details, actor_account_id AS actor FROM audit_events
               WHERE organisation_id = $1 AND person_id IN (SELECT one_person($1, $2)) AND action <> ALL($3)
               UNION ALL
               SELECT b.ran_at, $4, '{}'::jsonb, b.account_id
               FROM accounts a JOIN operations b ON b.id = coalesce(a.first_batch_id, a.batch_id)
               WHERE a.organisation_id = $1 AND a.person_id IN (SELECT one_person($1, $2))
                 AND (a.first_batch_id IS NOT NULL OR a.reopened_at IS NULL)) e
         LEFT JOIN accounts actor ON actor.organisation_id = $1 AND actor.id = e.actor AND actor.person_id <> $2
         LEFT JOIN people p ON p.id = actor.person_id
         ORDER BY e.at DESC LIMIT $5",
    )
    .bind(organisation.0)
    .bind(person.0)
    .bind([AuditAction::InvitationsQueued, AuditAction::InvitationRevoked].map(AuditAction::slug).as_slice())
    .bind(AuditAction::AccountsCreated.slug())
    .bind(i64::try_from(MOST_LINES).unwrap_or(i64::MAX))
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            let action = AuditAction::from_slug(&row.action)
                .ok_or_else(|| Error::unexpected(format!("audit action {}", row.action)))?;
            Ok(HistoryItem { at: row.at, icon: action.icon(), what: row.sentence(action) })
        })
        .collect()
}

impl HistoryEventRow {
    fn sentence(&self, action: AuditAction) -> String {
        let detail = |key: &str| self.details.get(key).and_then(Value::as_str);
        let mut sentence = match (action, detail("kind"), detail("change")) {
            (AuditAction::AddressChanged, Some(kind), Some(change)) => {
                let thing = if kind == "phone" { "Phone number" } else { "Email address" };
                match change {
                    "chosen" => format!("{thing} chosen for messages"),
                    "confirmed" => format!("{thing} changed and confirmed by its owner"),
                    other => format!("{thing} {other}"),
                }
            }
            (AuditAction::KeyGivenAway, ..) => {
                let former =
                    detail("former").map(|former| format!(". Theirs is now {former}")).unwrap_or_default();
                format!("{}{former}", action.sentence())
            }
            _ => action.sentence().to_owned(),
        };
        sentence = self.by.sign(sentence);
        if let Some(reason) = detail("reason").and_then(RefusedVisit::from_slug) {
            sentence = format!("{sentence}. {}", reason.sentence());
        }
        if let Some(reason) = detail("reason").and_then(PreviewReason::from_slug) {
            sentence = format!("{sentence}. {}", reason.label());
        }
        sentence
    }
}

async fn invitations(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    person: PersonId,
) -> Result<Vec<HistoryItem>> {
    let rows = sqlx::query_as::<_, HistoryInvitationRow>(
        "SELECT i.created_at, i.opened_at, i.revoked_at, a.activated_at, d.state AS delivery, d.sent_at, d.due_at,
                p.given_name, p.family_name, p.preferred_name
         FROM accounts a
         JOIN invitations i ON i.organisation_id = a.organisation_id AND i.account_id = a.id
         LEFT JOIN messages d ON d.organisation_id = i.organisation_id AND d.id = i.id
         LEFT JOIN accounts sender ON sender.organisation_id = i.organisation_id AND sender.id = i.created_by
         LEFT JOIN people p ON p.id = sender.person_id
         WHERE a.organisation_id = $1 AND a.person_id IN (SELECT one_person($1, $2))
         ORDER BY i.created_at DESC LIMIT $3",
    )
    .bind(organisation.0)
    .bind(person.0)
    .bind(i64::try_from(MOST_LINES).unwrap_or(i64::MAX))
    .fetch_all(connection)
    .await?;
    Ok(rows.iter().flat_map(HistoryInvitationRow::lines).collect())
}

impl HistoryInvitationRow {
    fn lines(&self) -> Vec<HistoryItem> {
        let delivery = self.delivery.as_deref().and_then(DeliveryState::from_slug);
        let (emailed, queued) = ("Invitation code emailed", "Invitation code queued");
        let (at, icon, what, ending) = match delivery {
            Some(DeliveryState::Sent) => (self.sent_at, "send", emailed, ""),
            Some(DeliveryState::Bounced) => (self.sent_at, "mail-warning", emailed, ", bounced"),
            Some(DeliveryState::Failed) => (self.due_at, "mail-warning", queued, ", not delivered"),
            Some(DeliveryState::Cancelled) => (None, "ban", queued, ", cancelled before it was sent"),
            Some(DeliveryState::Queued | DeliveryState::Sending) => (None, "clock", queued, ""),
            None => (None, "printer", "Invitation code printed", ""),
        };
        let what = self.by.sign(what.to_owned()) + ending;
        let mut lines = vec![HistoryItem { at: at.unwrap_or(self.created_at), icon, what }];
        if let Some(at) = self.opened_at {
            lines.push(HistoryItem {
                at,
                icon: "mail-open",
                what: "Invitation opened by a person".to_owned(),
            });
        }
        // Invitations that ended because another one was used were not revoked by anyone.
        if let Some(at) = self.revoked_at.filter(|at| self.activated_at.is_none_or(|active| *at < active)) {
            lines.push(HistoryItem {
                at,
                icon: "ban",
                what: AuditAction::InvitationRevoked.sentence().to_owned(),
            });
        }
        lines
    }
}
