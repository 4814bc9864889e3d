//! Writing what a simulation said: accounts, access, invitations and messages, each for all pairs at once.

use std::collections::{HashMap, HashSet};

use domain::accounts::plan::PlanRow;
use domain::audit::AuditAction;
use domain::guardians::autocreate::facts::AccountStanding;
use domain::guardians::autocreate::outcome::Outcome;
use domain::ids::{AccountId, AddressId, AutocreateId, PersonId};
use serde_json::json;
use uuid::Uuid;

use super::create::{Created, FoundBeside};
use super::decide::DecidedPair;
use super::message::NewChild;
use super::store;
use crate::accounts::guardians::insert_for;
use crate::audit::AuditEntry;
use crate::credentials::ways_in::CHOICE_COUNTS;
use crate::guardians::access::open::{NewGrant, insert};
use crate::invitations::queue::{Recipient, queue as invite};
use crate::jobs::job::Priority;
use crate::messages::queue::{MessageDestination, NewMessage, queue};
use crate::operations::{AppliedPlan, AuditLogEntries, OperationContext};
use crate::{Error, Result};

/// How many invitations are queued, and pairs are granted, per statement.
const PART: usize = 10_000;

/// Creates the accounts, gives the access, and queues what is to be sent.
pub(super) async fn apply(
    work: &mut OperationContext<'_>,
    run: AutocreateId,
    rows: Vec<DecidedPair>,
    beside: &FoundBeside,
) -> Result<AppliedPlan<Created>> {
    let mut seen = HashSet::new();
    let planned: Vec<PlanRow> = rows
        .iter()
        .filter_map(|pair| pair.account.clone())
        .filter(|account| seen.insert(account.person))
        .collect();
    let created = insert_for(work, planned).await?;
    let grants = give_access(work, &rows, beside).await?;
    let mut invited = 0;
    if beside.options.messages.new_account {
        invited = invite_all(work, &created).await?;
    }
    let mut told = 0;
    if beside.options.messages.new_child {
        told = tell_all(work, &rows).await?;
    }
    store::applied(work.backend, work.connection, work.school, (run, work.operation), &beside.changed)
        .await?;
    let mut details = store::figures(run, work.school, created.len(), grants);
    details["attached"] = json!(rows.iter().filter(|pair| pair.outcome == Outcome::Attach).count());
    details["invited"] = json!(invited);
    details["told"] = json!(told);
    details["changed"] = json!(beside.changed.len());
    let entry =
        AuditEntry::new(AuditAction::GuardiansAutocreated).subject("autocreate", run.0).details(details);
    let exceptions: Vec<AuditEntry> = rows
        .iter()
        .map(|pair| &pair.read.facts)
        .filter(|facts| facts.excepted && (facts.restricted || facts.no_portal))
        .map(|facts| {
            AuditEntry::new(AuditAction::AutocreateException).person(facts.adult).subject("autocreate", run.0).details(
                json!({ "child": facts.child, "restricted": facts.restricted, "no_portal": facts.no_portal }),
            )
        })
        .collect();
    let mut log = vec![AuditLogEntries::One(entry)];
    if !exceptions.is_empty() {
        log.push(AuditLogEntries::EachOwn(exceptions));
    }
    Ok(AppliedPlan { written: Created::new(created.len()), log: AuditLogEntries::All(log) })
}

/// Gives each adult the school's default access to the child, from today to the last day of the contact.
async fn give_access(
    work: &mut OperationContext<'_>,
    rows: &[DecidedPair],
    beside: &FoundBeside,
) -> Result<u64> {
    let starts_on = work.school.today;
    let mut given = 0;
    for (part, pairs) in rows.chunks(PART).enumerate() {
        work.report("Giving access", part * PART, rows.len()).await?;
        let mut grants = Vec::with_capacity(pairs.len() * 8);
        for pair in pairs.iter().filter(|pair| !pair.read.facts.granted) {
            let Some((ground, scopes)) = beside.access.of(&pair.read.contact) else { continue };
            grants.extend(scopes.iter().map(|scope| NewGrant {
                adult: pair.read.facts.adult,
                child: pair.read.facts.child,
                scope: *scope,
                ground,
                starts_on,
                ends_on: pair.read.contact.ends_on,
            }));
        }
        let with = (work.actor.account(), Some(work.operation.0));
        given += insert(work.backend, work.connection, work.school.organisation, with, &grants).await?;
    }
    Ok(given)
}

#[derive(sqlx::FromRow)]
struct AddressRow {
    id: Uuid,
    person_id: Uuid,
    own_choice: bool,
}

/// Invites the owners of new accounts. Those whose address the actor chose lately are left out: what would open a way in for
/// the sender is sent by hand, where a second person may have to allow it.
async fn invite_all(work: &mut OperationContext<'_>, created: &[(AccountId, PersonId)]) -> Result<usize> {
    let days: i32 =
        sqlx::query_scalar("SELECT invitation_days FROM schools WHERE organisation_id = $1 AND id = $2")
            .bind(work.school.organisation.0)
            .bind(work.school.school.0)
            .fetch_optional(&mut *work.connection)
            .await?
            .ok_or(Error::NotFound("school"))?;
    let rows = sqlx::query_as::<_, AddressRow>(
        "SELECT d.id, d.person_id, (d.chosen_by = $3 AND d.chosen_at > $4) IS TRUE AS own_choice
         FROM unnest($2::uuid[]) AS chosen (id)
         JOIN addresses d ON d.organisation_id = $1 AND d.person_id = chosen.id AND d.kind = 'email' AND d.is_primary",
    )
    .bind(work.school.organisation.0)
    .bind(created.iter().map(|(_, person)| person.0).collect::<Vec<_>>())
    .bind(work.actor.account().map(|account| account.0))
    .bind(work.backend.now() - CHOICE_COUNTS)
    .fetch_all(&mut *work.connection)
    .await?;
    let accounts: HashMap<PersonId, AccountId> =
        created.iter().map(|(account, person)| (*person, *account)).collect();
    let recipients: Vec<Recipient> = rows
        .into_iter()
        .filter(|row| !row.own_choice)
        .filter_map(|row| {
            let person = PersonId(row.person_id);
            Some(Recipient {
                invitation: work.backend.new_id(),
                account: *accounts.get(&person)?,
                person,
                address: AddressId(row.id),
                way_in: false,
            })
        })
        .collect();
    let priority = if recipients.len() == 1 { Priority::Normal } else { Priority::Background };
    let (backend, organisation, by) = (work.backend, work.school.organisation, work.actor.account());
    for (part, some) in recipients.chunks(PART).enumerate() {
        work.report("Queueing the invitations", part * PART, recipients.len()).await?;
        invite(backend, work.connection, organisation, by, days, priority, some).await?;
    }
    Ok(recipients.len())
}

/// Tells those who sign in already of the children that were added: one message each, however many children.
async fn tell_all(work: &mut OperationContext<'_>, rows: &[DecidedPair]) -> Result<usize> {
    let mut told = HashSet::new();
    let mut messages = Vec::new();
    for pair in rows.iter().filter(|pair| pair.outcome == Outcome::Attach) {
        let facts = &pair.read.facts;
        let (AccountStanding::Open { active: true, .. }, Some(address)) = (facts.account, facts.email) else {
            continue;
        };
        if told.insert(facts.adult) {
            messages.push(NewMessage {
                id: work.backend.new_id(),
                to: MessageDestination::Address(address),
                person: Some(facts.adult),
                subject: Some(work.operation.0),
            });
        }
    }
    queue::<NewChild>(work.backend, work.connection, work.school.organisation, &messages).await?;
    Ok(messages.len())
}
