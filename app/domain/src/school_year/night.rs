//! A night at a school: what became of it, and what it does not do without a person.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::follow::RollChange;
use super::settings::StoppedShare;
use crate::when::long_day;

/// A night that stops no more than this is never stopped itself: one class may leave a small school.
pub const NEVER_TOO_MANY: u32 = 20;

/// A clock that moved further than this since the last night has jumped, or nothing ran for long. Then nothing is
/// stopped without a person.
pub const JUMP: i64 = 45;

/// What became of a night at a school.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NightOutcome {
    /// Everything that was due was done.
    Done,
    /// Somebody held it: nothing was done.
    Held,
    /// It would have stopped too many accounts: what opens was done, what stops was not.
    TooMany,
    /// The clock had jumped: likewise.
    Clock,
}

impl NightOutcome {
    const ALL: [Self; 4] = [Self::Done, Self::Held, Self::TooMany, Self::Clock];

    /// The name in the database and in answers of commands.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Held => "held",
            Self::TooMany => "too_many",
            Self::Clock => "clock",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.slug() == slug)
    }

    /// The text on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Done => "Done",
            Self::Held => "Held: nothing was changed",
            Self::TooMany => "Too many at once: no account was stopped",
            Self::Clock => "The clock had jumped: no account was stopped",
        }
    }

    /// Whether accounts that should have been stopped were not.
    pub fn waits_for_people(self) -> bool {
        matches!(self, Self::TooMany | Self::Clock)
    }
}

/// How many accounts change, by change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NightCounts(pub BTreeMap<RollChange, u32>);

impl NightCounts {
    /// Counts changes.
    pub fn of(changes: impl Iterator<Item = RollChange>) -> Self {
        let mut counts = BTreeMap::new();
        for change in changes {
            *counts.entry(change).or_default() += 1;
        }
        Self(counts)
    }

    /// How many there are of these.
    pub fn sum(&self, of: &[RollChange]) -> u32 {
        of.iter().map(|change| self.0.get(change).copied().unwrap_or_default()).sum()
    }

    /// How many accounts are stopped.
    pub fn stopped(&self) -> u32 {
        self.0.iter().filter(|(change, _)| change.stops()).map(|(_, count)| count).sum()
    }

    /// How many accounts change.
    pub fn all(&self) -> u32 {
        self.0.values().sum()
    }
}

/// Whether a night would stop so many of a school's accounts that a person decides.
pub fn too_many(stopped: u32, standing: u32, share: StoppedShare) -> bool {
    stopped > NEVER_TOO_MANY && u64::from(stopped) * 100 > u64::from(standing) * u64::from(share.percent())
}

/// What a night does with what is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NightScope {
    /// All of it.
    Everything,
    /// Only what opens accounts, and why.
    Openings(NightOutcome),
    /// Nothing: somebody holds it.
    Nothing,
}

/// The facts about a night at a school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NightFacts {
    /// Until when somebody holds it.
    pub held_until: Option<NaiveDate>,
    /// The last night on which everything was done.
    pub last: Option<NaiveDate>,
    /// How many accounts it would stop.
    pub stopped: u32,
    /// How many accounts of the school can be used.
    pub standing: u32,
    /// The share that it may stop.
    pub share: StoppedShare,
    /// Whether the day was typed by a person and is no clock's.
    pub typed: bool,
}

/// What a night does.
pub fn scope(facts: NightFacts, day: NaiveDate) -> NightScope {
    let jumped = facts.last.is_some_and(|last| (day - last).num_days() > JUMP) && !facts.typed;
    if facts.held_until.is_some_and(|until| day <= until) {
        NightScope::Nothing
    } else if facts.stopped > 0 && jumped {
        NightScope::Openings(NightOutcome::Clock)
    } else if too_many(facts.stopped, facts.standing, facts.share) {
        NightScope::Openings(NightOutcome::TooMany)
    } else {
        NightScope::Everything
    }
}

/// The sentence for a day before the last night: the clock went back, or somebody typed a past day.
pub fn went_back(day: NaiveDate, last: NaiveDate) -> String {
    format!(
        "The night of {} has been done already, so that of {} is past. Nothing was changed. Check the clock of this server.",
        long_day(last),
        long_day(day)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::SettingValue as _;

    fn facts(stopped: u32) -> NightFacts {
        let day = NaiveDate::from_ymd_opt(2027, 7, 20);
        let share = StoppedShare::read("25").unwrap();
        NightFacts { held_until: None, last: day, stopped, standing: 100, share, typed: false }
    }

    #[test]
    fn a_night_stops_a_few_or_a_share_and_no_more() {
        let day = NaiveDate::from_ymd_opt(2027, 7, 21).unwrap();
        assert_eq!(scope(facts(25), day), NightScope::Everything);
        assert_eq!(scope(facts(26), day), NightScope::Openings(NightOutcome::TooMany));
        assert_eq!(scope(NightFacts { standing: 10, ..facts(20) }, day), NightScope::Everything, "few");
        assert_eq!(scope(NightFacts { held_until: Some(day), ..facts(1) }, day), NightScope::Nothing);
    }

    #[test]
    fn a_clock_far_ahead_opens_and_stops_nobody() {
        let day = NaiveDate::from_ymd_opt(2037, 1, 1).unwrap();
        assert_eq!(scope(facts(1), day), NightScope::Openings(NightOutcome::Clock));
        assert_eq!(scope(facts(0), day), NightScope::Everything);
        assert_eq!(scope(NightFacts { typed: true, ..facts(1) }, day), NightScope::Everything);
    }
}
