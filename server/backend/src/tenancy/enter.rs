//! The only way into a use case: [`Backend::enter`] asks the policy, opens the organisation's transaction,
//! and loads what is named, with the people the actor may see beside it (the view `visible_people`).

use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::authorization::policy::decide;
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use super::target::Target;
use crate::{Backend, Error, Result};

/// A use case that was allowed to continue.
#[derive(Debug)]
pub struct Entered<P> {
    /// The transaction for everything in the use case. It sees only rows of the actor's organisation, and its
    /// view `visible_people` contains only the people the actor may do this to.
    pub transaction: Transaction<'static, Postgres>,
    /// What was loaded.
    pub at: P,
}

impl Backend {
    /// Checks that `actor` may do `permission` to `target`; the first line of every use case. Refuses without
    /// a query where it can; everything else takes one statement.
    ///
    /// # Errors
    /// [`Error::Refused`] if the policy says no, [`Error::NotFound`] if the target does not exist.
    pub async fn enter<T: Target>(
        &self,
        actor: &Actor,
        permission: Permission,
        target: T,
    ) -> Result<Entered<T::Place>> {
        self.open(actor, permission, target, false).await
    }

    /// Like [`Self::enter`], but reads from one snapshot and writes nothing.
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

/// Formats ids for a transaction setting; see the function `carried_ids`.
fn carried(ids: impl Iterator<Item = Uuid>) -> String {
    ids.map(|id| id.to_string()).collect::<Vec<_>>().join(",")
}

/// The statement that enters: stores the organisation and the people the actor may see in the transaction's
/// settings, and looks up the target under them, with the given locks. The look-up depends on the settings
/// (`OFFSET 0` stops the planner from merging the two), so that row-level security already has them when it
/// is checked.
macro_rules! look_up {
    ($look_up:expr) => {
        look_up!($look_up, "")
    };
    ($look_up:expr, $locks:literal) => {
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

/// A statement for [`look_up!`] about a person: the columns of [`PersonContextRow`](super::target::PersonContextRow) for
/// `$person`, after `$columns`.
macro_rules! places_of {
    ($person:literal, $columns:literal, $from:literal) => {
        concat!(
            "SELECT o.time_zone, ",
            $columns,
            "ARRAY(SELECT s.school_id FROM person_schools s WHERE s.person_id = ",
            $person,
            ") AS schools,
             ARRAY(SELECT m.group_id FROM group_members m
                   WHERE m.person_id = ",
            $person,
            " AND daterange(m.starts_on, m.ends_on, '[]') @> (entered.now AT TIME ZONE o.time_zone)::date) AS groups ",
            $from
        )
    };
}
pub(crate) use places_of;
