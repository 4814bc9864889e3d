//! What the roll does to an account on a day. An account is somebody's access, so it follows why they belong to a
//! school: an enrolment, an employment, a role, or a child of theirs on roll.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::credentials::state::AccountState;

/// Why somebody belongs to schools, put together from all their reasons, for a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Belonging {
    /// Whether a reason covers the day, with the days before its first and after its last.
    pub open: bool,
    /// The next day on which one begins to.
    pub opens_on: Option<NaiveDate>,
    /// The day after the last of them, with the days of grace; `None` if none has a last day.
    pub stops_on: Option<NaiveDate>,
    /// How long an account that is stopped waits to be closed, in days.
    pub closed_after: u32,
    /// How long the data of a closed account is kept, in days.
    pub erased_after: u32,
}

/// An account as the rule sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FollowedAccount {
    /// Its state.
    pub state: AccountState,
    /// Who disabled or closed it, if it is.
    pub stopped_by: StoppedBy,
    /// The day for which the roll last stopped it, whatever became of it since.
    pub stopped_on: Option<NaiveDate>,
    /// The day on which it was disabled or closed by somebody.
    pub stopped_by_hand_on: Option<NaiveDate>,
    /// The day that it waits for, if the roll made it wait.
    pub waits_for: Option<NaiveDate>,
    /// Whether its data is erased.
    pub erased: bool,
    /// Whether the person administers all schools: only a person stops them.
    pub administers: bool,
}

/// Who disabled or closed an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoppedBy {
    /// The roll, and nobody else.
    Roll,
    /// The roll closed it, after a person had disabled it.
    RollAfterPerson,
    /// A person; or it is in use.
    Person,
}

/// A change that the roll makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RollChange {
    /// It opens on a day to come: nobody signs in before.
    Waits,
    /// The day that it waited for has come.
    Opens,
    /// The person is back: what the roll disabled is enabled.
    Reactivates,
    /// The person is back: what the roll closed is opened again as new.
    Reopens,
    /// The person left: it is disabled.
    Suspends,
    /// It was disabled for long enough: it is closed.
    Closes,
    /// It was closed for long enough: what it held is erased.
    Erases,
}

impl RollChange {
    /// All, in the order of an account's life.
    pub const ALL: [Self; 7] = [
        Self::Waits,
        Self::Opens,
        Self::Reactivates,
        Self::Reopens,
        Self::Suspends,
        Self::Closes,
        Self::Erases,
    ];

    /// The name in the database and in answers of commands.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Waits => "waits",
            Self::Opens => "opens",
            Self::Reactivates => "reactivates",
            Self::Reopens => "reopens",
            Self::Suspends => "suspends",
            Self::Closes => "closes",
            Self::Erases => "erases",
        }
    }

    /// What is done, on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Waits => "Wait for their first day",
            Self::Opens => "Open, because they start",
            Self::Reactivates => "Enable, because they are back",
            Self::Reopens => "Open again as new, because they are back",
            Self::Suspends => "Disable, because they left",
            Self::Closes => "Close",
            Self::Erases => "Erase what the account held",
        }
    }

    /// Whether it takes access or data away. Such changes are what a clock that jumps must not do to a school.
    pub fn stops(self) -> bool {
        matches!(self, Self::Suspends | Self::Closes | Self::Erases)
    }
}

/// What is done to an account on a day, if anything. Doing it on the same day again does nothing.
pub fn change(belonging: Belonging, account: FollowedAccount, day: NaiveDate) -> Option<RollChange> {
    if belonging.open {
        return back(account);
    }
    if account.administers {
        return None;
    }
    match (belonging.stops_on, belonging.opens_on) {
        // They have left, and do not come back on a day that is known: see `left` for what is done when.
        (Some(stops_on), None) if stops_on <= day => left(belonging, account, stops_on, day),
        // They left and come back: no further than disabled.
        (Some(stops_on), Some(_)) if stops_on <= day => suspended(account, stops_on, day),
        (_, Some(opens_on)) => waits(account, opens_on),
        _ => None,
    }
}

/// For somebody who belongs to a school today.
fn back(account: FollowedAccount) -> Option<RollChange> {
    match account.state {
        AccountState::Suspended if account.stopped_by == StoppedBy::Roll => Some(RollChange::Reactivates),
        AccountState::Closed if account.stopped_by == StoppedBy::Roll => Some(RollChange::Reopens),
        AccountState::Suspended | AccountState::Closed => None,
        _ => account.waits_for.map(|_| RollChange::Opens),
    }
}

/// For somebody who has not been here yet.
fn waits(account: FollowedAccount, opens_on: NaiveDate) -> Option<RollChange> {
    let stopped = matches!(account.state, AccountState::Suspended | AccountState::Closed);
    (!stopped && account.waits_for != Some(opens_on)).then_some(RollChange::Waits)
}

/// Disables what is in use, once: an account that somebody enabled after the roll had disabled it stays as it is.
fn suspended(account: FollowedAccount, stops_on: NaiveDate, day: NaiveDate) -> Option<RollChange> {
    let in_use = !matches!(account.state, AccountState::Suspended | AccountState::Closed);
    let enabled_since = account.stopped_on.is_some_and(|stopped| stops_on <= stopped && stopped <= day);
    (in_use && !enabled_since).then_some(RollChange::Suspends)
}

/// For somebody who left. Each step waits for its days after the one before it, whatever the clock did in between.
fn left(
    belonging: Belonging,
    account: FollowedAccount,
    stops_on: NaiveDate,
    day: NaiveDate,
) -> Option<RollChange> {
    let since = match account.stopped_by {
        StoppedBy::Roll | StoppedBy::RollAfterPerson => account.stopped_on,
        StoppedBy::Person => account.stopped_by_hand_on,
    };
    // What a person did long before somebody left counts from their leaving.
    let since = since.map(|since| since.max(stops_on));
    let passed = |days: u32| {
        since.and_then(|since| since.checked_add_days(Days::new(days.into()))).is_some_and(|due| due <= day)
    };
    match account.state {
        AccountState::Suspended => passed(belonging.closed_after).then_some(RollChange::Closes),
        AccountState::Closed => {
            (!account.erased && passed(belonging.erased_after)).then_some(RollChange::Erases)
        }
        _ => suspended(account, stops_on, day),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 9, 1).unwrap() + Days::new(day.into())
    }

    const ACTIVE: FollowedAccount = FollowedAccount {
        state: AccountState::Active,
        stopped_by: StoppedBy::Person,
        stopped_on: None,
        stopped_by_hand_on: None,
        waits_for: None,
        erased: false,
        administers: false,
    };

    fn gone(on: u32) -> Belonging {
        Belonging { open: false, opens_on: None, stops_on: Some(day(on)), closed_after: 10, erased_after: 20 }
    }

    /// What an account is after a change, as the backend writes it.
    fn after(account: FollowedAccount, change: RollChange, on: NaiveDate) -> FollowedAccount {
        let stopped =
            |state| FollowedAccount { state, stopped_by: StoppedBy::Roll, stopped_on: Some(on), ..account };
        match change {
            RollChange::Suspends => stopped(AccountState::Suspended),
            RollChange::Closes => stopped(AccountState::Closed),
            RollChange::Erases => FollowedAccount { erased: true, ..account },
            RollChange::Waits => FollowedAccount { waits_for: Some(on), ..account },
            RollChange::Opens | RollChange::Reactivates | RollChange::Reopens => ACTIVE,
        }
    }

    #[test]
    fn a_leaver_is_disabled_then_closed_then_erased_each_after_its_days() {
        let mut account = ACTIVE;
        let mut told = Vec::new();
        for on in 0..60 {
            if let Some(change) = change(gone(5), account, day(on)) {
                told.push((on, change));
                account = after(account, change, day(on));
            }
        }
        assert_eq!(told, [(5, RollChange::Suspends), (15, RollChange::Closes), (35, RollChange::Erases)]);
    }

    #[test]
    fn a_clock_that_jumps_years_ahead_does_one_step() {
        assert_eq!(change(gone(5), ACTIVE, day(5000)), Some(RollChange::Suspends));
        let suspended = after(ACTIVE, RollChange::Suspends, day(5000));
        assert_eq!(change(gone(5), suspended, day(5001)), None);
    }

    #[test]
    fn who_comes_back_gets_what_the_roll_took_and_nothing_else() {
        let here = Belonging { open: true, ..gone(5) };
        let suspended = after(ACTIVE, RollChange::Suspends, day(6));
        assert_eq!(change(here, suspended, day(9)), Some(RollChange::Reactivates));
        let closed = after(suspended, RollChange::Closes, day(20));
        assert_eq!(change(here, closed, day(30)), Some(RollChange::Reopens));
        let by_hand =
            FollowedAccount { stopped_by: StoppedBy::Person, stopped_by_hand_on: Some(day(1)), ..suspended };
        assert_eq!(change(here, by_hand, day(9)), None);
        assert_eq!(
            change(here, FollowedAccount { stopped_by: StoppedBy::RollAfterPerson, ..closed }, day(30)),
            None
        );
    }

    #[test]
    fn an_account_that_somebody_enabled_again_stays_so_until_the_next_time_they_leave() {
        let enabled = FollowedAccount { stopped_on: Some(day(6)), ..ACTIVE };
        assert_eq!(change(gone(5), enabled, day(40)), None);
        assert_eq!(change(gone(30), enabled, day(40)), Some(RollChange::Suspends));
        // The clock was ahead once: a stop on a day to come counts for nothing.
        let ahead = FollowedAccount { stopped_on: Some(day(4000)), ..ACTIVE };
        assert_eq!(change(gone(5), ahead, day(40)), Some(RollChange::Suspends));
    }

    #[test]
    fn who_has_not_started_waits_and_opens_once() {
        let future = Belonging { opens_on: Some(day(20)), stops_on: None, ..gone(0) };
        assert_eq!(change(future, ACTIVE, day(1)), Some(RollChange::Waits));
        let waiting = FollowedAccount { waits_for: Some(day(20)), ..ACTIVE };
        assert_eq!(change(future, waiting, day(2)), None);
        let later = Belonging { opens_on: Some(day(25)), ..future };
        assert_eq!(change(later, waiting, day(2)), Some(RollChange::Waits), "their first day moved");
        let here = Belonging { open: true, ..future };
        assert_eq!(change(here, waiting, day(20)), Some(RollChange::Opens));
        assert_eq!(change(here, ACTIVE, day(21)), None);
    }

    #[test]
    fn who_administers_all_schools_is_stopped_by_people_alone() {
        assert_eq!(change(gone(5), FollowedAccount { administers: true, ..ACTIVE }, day(9)), None);
    }

    proptest! {
        #[test]
        fn a_change_is_not_repeated_on_its_day(stops in 0u32..60, on in 0u32..60, open: bool, back in prop::option::of(0u32..90)) {
            let opens_on = back.filter(|back| *back > on && !open).map(day);
            let belonging = Belonging { open, opens_on, ..gone(stops) };
            if let Some(first) = change(belonging, ACTIVE, day(on)) {
                let waits_for = opens_on.filter(|_| first == RollChange::Waits);
                let account = FollowedAccount { waits_for, ..after(ACTIVE, first, day(on)) };
                prop_assert_eq!(change(belonging, account, day(on)), None);
            }
        }
    }
}
