//! Guardians who came to their account without an answer about their children, such as with single sign-on, are asked before
//! the portal shows anything of them.

use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::guardians::family::AskedChild;
use domain::ids::PersonId;

use super::asked::{ChildrenAnswer, asked_about, sorted};
use super::children::{Looking, children, granted};
use crate::guardians::access::not_mine::{NotMine, freeze};
use crate::sessions::session::SignedIn;
use crate::tenancy::enter::Entered;
use crate::tenancy::target::Own;
use crate::{Backend, Result};

/// Whether the signed-in person has children to be asked about.
pub fn is_asked(who: &SignedIn) -> bool {
    who.asks_children && !granted(&who.actor).is_empty()
}

/// The children to ask about.
#[tracing::instrument(skip_all)]
pub async fn to_ask(backend: &Backend, actor: &Actor) -> Result<Vec<AskedChild>> {
    let Entered { mut transaction, at } = backend.enter(actor, Permission::OwnPortal, Own).await?;
    let found =
        children(&mut transaction, actor.organisation, at.today, &granted(actor), Looking::Guardian).await?;
    Ok(found.into_iter().map(asked_about).collect())
}

/// Takes the answer, as [`super::asked::answer`] does.
#[tracing::instrument(skip_all)]
pub async fn answer(
    backend: &Backend,
    actor: &Actor,
    mine: &[PersonId],
    not_mine: &[PersonId],
) -> Result<ChildrenAnswer> {
    let Entered { mut transaction, at } = backend.enter(actor, Permission::OwnPortal, Own).await?;
    let found =
        children(&mut transaction, actor.organisation, at.today, &granted(actor), Looking::Guardian).await?;
    let asked: Vec<AskedChild> = found.into_iter().map(asked_about).collect();
    let refused = match sorted(&asked, mine, not_mine) {
        Ok(refused) => refused,
        Err(missing) => return Ok(ChildrenAnswer::Incomplete(missing)),
    };
    sqlx::query("UPDATE accounts SET asks_children = false WHERE organisation_id = $1 AND person_id = $2")
        .bind(actor.organisation.0)
        .bind(at.person.0)
        .execute(&mut *transaction)
        .await?;
    freeze(backend, &mut transaction, actor, (at.person, &refused), NotMine::Activation).await?;
    transaction.commit().await?;
    Ok(ChildrenAnswer::Taken(refused.len()))
}
