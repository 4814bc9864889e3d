//! What an action on several guardians would do: how many it is for, and how many are left out and why.

use domain::accounts::naming::Naming;
use domain::accounts::plan::{AccountPlan, PlanRow};
use domain::authorization::actor::Actor;
use domain::guardians::bulk::{ChosenGuardians, GuardianAction};
use domain::ids::{PersonId, SchoolId};
use domain::invitations::views::Recipients;
use domain::operations::plan::PlanHash;
use domain::operations::progress::LeftOutCount;

use super::cancel::cancellable;
use super::people::{outdated, selection, selection_of};
use crate::accounts::create::{Among, CreateAccounts};
use crate::accounts::plan::plan_as;
use crate::accounts::print::ask_to_print;
use crate::accounts::template::template_for;
use crate::invitations::send::SendInvitations;
use crate::operations::{Rehearsal, rehearse};
use crate::recovery::office_codes::ask_for_codes;
use crate::{Backend, Result};

/// The question before an action.
#[derive(Debug, Clone)]
pub struct BulkQuestion {
    /// How many it would be done to.
    pub ready: usize,
    /// How many are left out, by reason.
    pub left_out: Vec<LeftOutCount>,
    /// Whether a second person would have to approve it.
    pub waits: bool,
    /// The accounts that would be created, if that is the action.
    pub plan: Option<PlannedAccounts>,
}

/// The accounts that would be created.
#[derive(Debug, Clone)]
pub struct PlannedAccounts {
    /// The plan that is shown; nothing else is created.
    pub hash: PlanHash,
    /// Those that would be created, by name.
    pub ready: Vec<PlanRow>,
    /// Those whose username somebody has to choose on their record.
    pub review: Vec<PlanRow>,
}

/// Says what an action would do to the chosen guardians. Does nothing.
pub async fn ask(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    chosen: &ChosenGuardians,
    action: GuardianAction,
) -> Result<BulkQuestion> {
    let people = selection_of(backend, actor, school, chosen, action.permission()).await?;
    let asked = people.len();
    let rehearsed = match action {
        GuardianAction::Create => return accounts(backend, actor, school, people).await,
        GuardianAction::Invite(standing) => {
            let recipients = Recipients::Selected { selection: selection(&people), only: Some(standing) };
            rehearse(backend, actor, school, &SendInvitations { recipients }).await?
        }
        GuardianAction::Print => {
            ask_to_print(backend, actor, school, (Among::Guardians, &selection(&people))).await?
        }
        GuardianAction::Cancel => cancellable(backend, actor, school, &people).await?,
        GuardianAction::Codes => codes(backend, actor, school, &people).await?,
        // These have questions of their own, which are the same for everyone.
        GuardianAction::Cards | GuardianAction::Change(_) => return Err(outdated()),
        GuardianAction::Export => Rehearsal { ready: asked, left_out: Vec::new(), waits: false },
    };
    let Rehearsal { ready, mut left_out, waits } = rehearsed;
    let told: usize = left_out.iter().map(|left| usize::try_from(left.count).unwrap_or_default()).sum();
    let without = asked.saturating_sub(ready + told);
    if without > 0 {
        left_out.push(LeftOutCount {
            reason: "no account".to_owned(),
            count: u32::try_from(without).unwrap_or(u32::MAX),
        });
    }
    Ok(BulkQuestion { ready, left_out, waits, plan: None })
}

/// One-time codes to show, for which nobody needs an email address.
async fn codes(backend: &Backend, actor: &Actor, school: SchoolId, people: &[PersonId]) -> Result<Rehearsal> {
    let found = ask_for_codes(backend, actor, school, (Among::Guardians, &selection(people))).await?;
    let left_out =
        found.left_alone.into_iter().map(|left| LeftOutCount { reason: left.reason, count: left.count });
    Ok(Rehearsal { ready: found.people, left_out: left_out.collect(), waits: found.waits_over.is_some() })
}

async fn accounts(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    people: Vec<PersonId>,
) -> Result<BulkQuestion> {
    let asked = people.len();
    let ReadyAccounts { plan, review, .. } = ready_accounts(backend, actor, school, people).await?;
    let held = asked.saturating_sub(plan.rows.len() + review.len());
    let left_out = [
        ("already have an account, or are nobody\u{2019}s contact any more", held),
        ("the username needs a decision on their record", review.len()),
    ];
    let left_out = left_out
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(reason, count)| LeftOutCount {
            reason: reason.to_owned(),
            count: u32::try_from(count).unwrap_or(u32::MAX),
        })
        .collect();
    let ready = plan.rows.len();
    let plan = Some(PlannedAccounts { hash: plan.hash, ready: plan.rows, review });
    Ok(BulkQuestion { ready, left_out, waits: false, plan })
}

/// What creates the accounts of several guardians, and what it would create.
pub(super) struct ReadyAccounts {
    pub(super) input: CreateAccounts,
    plan: AccountPlan,
    /// Those whose username somebody has to choose.
    review: Vec<PlanRow>,
}

/// Plans the accounts of those among `people` whose username by the school's pattern needs no decision.
pub(super) async fn ready_accounts(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    people: Vec<PersonId>,
) -> Result<ReadyAccounts> {
    let template = template_for(backend, actor, school, Among::Guardians).await?;
    let naming = Naming { template, ..Naming::default() };
    let input = CreateAccounts { selection: selection(&people), among: Among::Guardians, naming };
    let plan = plan_as(backend, actor, school, &input).await?.plan;
    if plan.is_ready() {
        return Ok(ReadyAccounts { input, plan, review: Vec::new() });
    }
    let (review, ready): (Vec<_>, Vec<_>) = plan.rows.into_iter().partition(|row| row.complaint().is_some());
    let ready: Vec<PersonId> = ready.into_iter().map(|row| row.person).collect();
    let input = CreateAccounts { selection: selection(&ready), ..input };
    let plan = plan_as(backend, actor, school, &input).await?.plan;
    Ok(ReadyAccounts { input, plan, review })
}
