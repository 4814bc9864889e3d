//! Deciding about rows that an import holds back: row by row, or all of one reason.

use domain::authorization::actor::Actor;
use domain::ids::ImportId;
use domain::imports::held::{HeldChoice, HeldDecision, HeldReason, HeldRow};
use domain::imports::outcome::RowOutcome;
use domain::imports::views::ImportView;
use sqlx::PgConnection;

use super::target::{ImportFor, enter};
use super::{choices, log, simulate, view};
use crate::tenancy::enter::Entered;
use crate::{Backend, Error, Result};

/// The number of log lines read at a time.
const LOG_PART: u16 = 2000;

/// Stores a decision, and plans the import again with it. Changes nothing else. Refuses a choice that the row does not
/// offer to this actor: the log may be that of a colleague with other permissions, and what is decided once counts for
/// the person who imports. So the import is planned for this actor first, and nobody can plan it for themselves meanwhile.
pub async fn settle(
    backend: &Backend,
    actor: &Actor,
    import: ImportId,
    decision: HeldDecision,
) -> Result<ImportView> {
    let Entered { mut transaction, at: mut loaded } =
        enter(backend, actor, ImportFor::Changing(import)).await?;
    let of = (actor.organisation.0, import);
    if decision == HeldDecision::Nothing {
        loaded.import.still_open()?;
        choices::clear(&mut transaction, of).await?;
    } else {
        simulate::plan(backend, actor, &mut transaction, &mut loaded).await?;
        let chosen = offered(&mut transaction, import, decision).await?;
        if chosen.is_empty() && matches!(decision, HeldDecision::Row { .. }) {
            // The log shows what this actor can decide.
            transaction.commit().await?;
            return Err(Error::conflict(
                "not_offered",
                "This row can\u{2019}t be decided like this any more. Reload the page and look at it again.",
            ));
        }
        choices::put(&mut transaction, of, &chosen).await?;
    }
    simulate::plan(backend, actor, &mut transaction, &mut loaded).await?;
    let view = view::of(&mut transaction, actor, import).await?;
    transaction.commit().await?;
    Ok(view)
}

/// What a decision means for the held rows that offer it.
async fn offered(
    connection: &mut PgConnection,
    import: ImportId,
    decision: HeldDecision,
) -> Result<Vec<(u32, HeldReason, HeldChoice)>> {
    match decision {
        HeldDecision::Nothing => Ok(Vec::new()),
        HeldDecision::Row { row, choice } => {
            held(connection, import, |number, held| {
                (number == row && held.choices.contains(&choice)).then_some(choice)
            })
            .await
        }
        HeldDecision::Reason { reason, choice } => {
            held(connection, import, |_, held| held.only(choice).filter(|_| held.reason == reason)).await
        }
        HeldDecision::Proposals => held(connection, import, |_, held| held.proposal()).await,
    }
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
