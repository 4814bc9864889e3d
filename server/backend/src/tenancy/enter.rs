//! The one way into a use case: [`Backend::enter`] asks the policy, opens the transaction of the organisation, and loads what
//! is named, with the people whom the actor may see beside it (the view `visible_people`).

use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::authorization::policy::decide;
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use super::target::Target;
use crate::{Backend, Error, Result};

/// A use case that may go on.
#[derive(Debug)]
pub struct Entered<P> {
    /// What everything of the use case is done in. It sees the rows of the actor's organisation alone, and its view
    /// `visible_people` those whom the actor may do this to.
    pub transaction: Transaction<'static, Postgres>,
    /// What was named.
    pub at: P,
}

impl Backend {
    /// Lets `actor` do `permission` to `target`, or refuses: the first line of every use case. What can be refused without
    /// looking is refused without looking; the rest takes one statement.
    ///
    /// # Errors
    /// [`Error::Refused`] if the policy says no, [`Error::NotFound`] if what is named is not there.
    pub async fn enter<T: Target>(
        &self,
        actor: &Actor,
        permission: Permission,
        target: T,
    ) -> Result<Entered<T::Place>> {
        self.open(actor, permission, target, false).await
    }

    /// The same, reading everything as it was at one moment, and writing nothing.
    ///
    /// # Errors
    /// As [`Self::enter`].
    pub async fn enter_snapshot<T: Target>(
        &self,
        actor: &Actor,
        permission: Permission,
        target: T,
    ) -> Result<Entered<T::Place>> {
        self.open(actor, permission, target, true).await
    }

    async fn open<T: Target>(
        &self,
        actor: &Actor,
        permission: Permission,
        target: T,
        snapshot: bool,
    ) -> Result<Entered<T::Place>> {
        decide(actor, permission, target.resource(actor)?)?;
        let visible = target.visible(actor, permission);
        let mut transaction = self.unnamed_tenant_transaction(snapshot).await?;
        let row = target
            .look_up()
            .bind(actor.organisation.0)
            .bind(self.now().to_rfc3339())
            .bind(visible.everyone)
            .bind(carried(visible.schools.iter().map(|school| school.0)))
            .bind(carried(visible.groups.iter().map(|group| group.0)))
            .bind(carried(visible.people.iter().map(|person| person.0)))
            .bind(carried(visible.hidden.iter().map(|person| person.0)))
            .bind(target.key())
            .fetch_optional(&mut *transaction)
            .await?
            .ok_or(Error::NotFound(T::KIND))?;
        let at = target.place(self, actor, permission, row)?;
        Ok(Entered { transaction, at })
    }
}

/// Identifiers as the setting of a transaction holds them; see the function `carried_ids`.
fn carried(ids: impl Iterator<Item = Uuid>) -> String {
    ids.map(|id| id.to_string()).collect::<Vec<_>>().join(",")
}

/// The statement that enters: names the organisation, and whom the actor may see, in the settings of the transaction, and
/// looks up what is named under them, with the locks that follow. The look-up hangs on the settings (`OFFSET 0` keeps either
/// from being pulled into the other), so that row-level security has them when it is asked.
macro_rules! look_up {
    ($look_up:literal) => {
        look_up!($look_up, "")
    };
    ($look_up:literal, $locks:literal) => {
        concat!(
            "SELECT found.* FROM (
                 SELECT set_config('greencap.organisation', $1::uuid::text, true)::uuid AS organisation,
                        set_config('greencap.now', $2, true)::timestamptz AS now,
                        set_config('greencap.everyone', $3::boolean::text, true),
                        set_config('greencap.schools', $4, true), set_config('greencap.groups', $5, true),
                        set_config('greencap.people', $6, true), set_config('greencap.hidden', $7, true),
                        $8::text AS key
                 OFFSET 0) entered
             CROSS JOIN LATERAL (",
            $look_up,
            " ",
            $locks,
            " OFFSET 0) found"
        )
    };
}
pub(crate) use look_up;
