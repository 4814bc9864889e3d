//! Deciding about rows that an import holds back: row by row, or all of one reason.

use domain::authorization::actor::Actor;
use domain::ids::ImportId;
use domain::imports::held::{HeldChoice, HeldDecision, HeldReason, HeldRow};
use domain::imports::outcome::RowOutcome;
use domain::imports::views::ImportView;
use sqlx::PgConnection;

use super::target::{ImportFor, enter};
use super::{choices, log, simulate};
use crate::tenancy::enter::Entered;
use crate::{Backend, Error, Result};

/// The number of log lines read at a time.
const LOG_PART: u16 = 2000;

/// Stores a decision, and plans the import again with it. Changes nothing else. Refuses a choice that the row
/// does not offer.
pub async fn settle(
    backend: &Backend,
    actor: &Actor,
    import: ImportId,
    decision: HeldDecision,
) -> Result<ImportView> {
    if !store(backend, actor, import, decision).await? {
        // The log may be that of a colleague with other permissions.
        simulate::simulate(backend, actor, import).await?;
        if !store(backend, actor, import, decision).await? && matches!(decision, HeldDecision::Row { .. }) {
            return Err(Error::conflict(
                "not_offered",
                "This row can\u{2019}t be decided like this any more. Reload the page and look at it again.",
            ));
        }
    }
    simulate::simulate(backend, actor, import).await
}

/// Stores a decision; `false` if no row offers it.
async fn store(backend: &Backend, actor: &Actor, import: ImportId, decision: HeldDecision) -> Result<bool> {
    let Entered { mut transaction, at } = enter(backend, actor, ImportFor::Changing(import)).await?;
    at.import.still_open()?;
    let of = (actor.organisation.0, import);
    let chosen = match decision {
        HeldDecision::Nothing => {
            choices::clear(&mut transaction, of).await?;
            transaction.commit().await?;
            return Ok(true);
        }
        HeldDecision::Row { row, choice } => {
            held(&mut transaction, import, |number, held| {
                (number == row && held.choices.contains(&choice)).then_some(choice)
            })
            .await?
        }
        HeldDecision::Reason { reason, choice } => {
            held(&mut transaction, import, |_, held| held.only(choice).filter(|_| held.reason == reason))
                .await?
        }
        HeldDecision::Proposals => held(&mut transaction, import, |_, held| held.proposal()).await?,
    };
    if chosen.is_empty() {
        return Ok(false);
    }
    choices::put(&mut transaction, of, &chosen).await?;
    transaction.commit().await?;
    Ok(true)
}

/// Goes through all held rows, and returns what `choose` decides about them.
async fn held(
    connection: &mut PgConnection,
    import: ImportId,
    choose: impl Fn(u32, &HeldRow) -> Option<HeldChoice> + Send + Sync,
) -> Result<Vec<(u32, HeldReason, HeldChoice)>> {
    let mut chosen = Vec::new();
    let mut next = Some(0);
    while let Some(after) = next {
        let (rows, more) =
            log::rows(connection, import, Some(RowOutcome::Held.into()), after, LOG_PART).await?;
        for row in rows {
            if let Some(held) = row.line.held
                && let Some(choice) = choose(row.number, &held)
            {
                chosen.push((row.number, held.reason, choice));
            }
        }
        next = more;
    }
    Ok(chosen)
}
