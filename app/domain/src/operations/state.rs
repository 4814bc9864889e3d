//! Where an operation stands, worked out from what happened to it and when.

use chrono::{DateTime, TimeDelta, Utc};

/// How long a request waits for a second person (OWASP ASVS 5.0, V2.3.5, asks for one; how long is ours to say).
pub const WAITS: TimeDelta = TimeDelta::days(7);

/// How long an approved operation may be run by the person who asked for it.
pub const RUNS_WITHIN: TimeDelta = TimeDelta::hours(24);

/// Where an operation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationState {
    /// It needs a second person.
    Waiting,
    /// A second person said yes; the first may run it.
    Approved,
    /// A second person said no.
    Declined,
    /// Nobody decided, or nobody ran it, in time.
    Lapsed,
    /// It ran.
    Done,
    /// It ran and was undone.
    Undone,
}

/// What happened to an operation, and when. An operation without a second person is stored when it has run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moments {
    /// When a second person was asked for; none where it needed none.
    pub asked: Option<DateTime<Utc>>,
    /// When one decided, and whether they approved.
    pub decided: Option<(DateTime<Utc>, bool)>,
    /// When it ran.
    pub ran: Option<DateTime<Utc>>,
    /// When it was undone.
    pub undone: Option<DateTime<Utc>>,
}

impl Moments {
    /// Where it stands at `now`.
    pub fn state(self, now: DateTime<Utc>) -> OperationState {
        match self {
            Self { undone: Some(_), .. } => OperationState::Undone,
            Self { ran: Some(_), .. } => OperationState::Done,
            Self { decided: Some((_, false)), .. } => OperationState::Declined,
            Self { decided: Some((at, true)), .. } if now < at + RUNS_WITHIN => OperationState::Approved,
            Self { asked: Some(at), decided: None, .. } if now < at + WAITS => OperationState::Waiting,
            _ => OperationState::Lapsed,
        }
    }
}

impl OperationState {
    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Self::Waiting => "Waiting",
            Self::Approved => "Approved",
            Self::Declined => "Declined",
            Self::Lapsed => "Expired",
            Self::Done => "Done",
            Self::Undone => "Undone",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_waits_for_a_week_and_an_approval_for_a_day() {
        let asked = DateTime::from_timestamp(1_795_251_600, 0).unwrap();
        let (soon, moment) = (asked + TimeDelta::hours(1), TimeDelta::seconds(1));
        let waiting = Moments { asked: Some(asked), ..Moments::default() };
        assert_eq!(waiting.state(asked + WAITS - moment), OperationState::Waiting);
        assert_eq!(waiting.state(asked + WAITS), OperationState::Lapsed);
        let approved = Moments { decided: Some((soon, true)), ..waiting };
        assert_eq!(approved.state(soon + RUNS_WITHIN - moment), OperationState::Approved);
        assert_eq!(approved.state(soon + RUNS_WITHIN), OperationState::Lapsed);
        assert_eq!(Moments { ran: Some(soon), ..approved }.state(soon + WAITS), OperationState::Done);
        let declined = Moments { decided: Some((soon, false)), ..waiting };
        assert_eq!(declined.state(soon + WAITS), OperationState::Declined);
    }

    #[test]
    fn what_needed_no_second_person_is_done_until_it_is_undone() {
        let at = DateTime::from_timestamp(1_795_251_600, 0).unwrap();
        let ran = Moments { ran: Some(at), ..Moments::default() };
        assert_eq!(ran.state(at + WAITS), OperationState::Done);
        assert_eq!(Moments { undone: Some(at), ..ran }.state(at), OperationState::Undone);
    }
}
