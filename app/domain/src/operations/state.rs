//! The state of an operation, derived from what happened to it and when.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// How long a request waits for a second person (OWASP ASVS 5.0, V2.3.5, requires one; the length is our
/// choice).
pub const WAITS: TimeDelta = TimeDelta::days(7);

/// How long an approved operation can be run by the person who requested it.
pub const RUNS_WITHIN: TimeDelta = TimeDelta::hours(24);

/// The state of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationState {
    /// Needs a second person's approval.
    Waiting,
    /// A second person approved it, and the first can run it.
    Approved,
    /// A second person declined it.
    Declined,
    /// Nobody decided on it, or nobody ran it, in time.
    Lapsed,
    /// A job runs it now or soon.
    Running,
    /// It was meant to run as a job, but did not. Nothing was changed.
    Ended(OperationEnding),
    /// It ran successfully.
    Done,
    /// It ran and was undone.
    Undone,
}

/// Why an operation that was meant to run as a job did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperationEnding {
    /// There was nothing left to do when it started.
    Nothing,
    /// The data had changed since the plan was seen.
    Drifted,
    /// The person who requested it no longer had permission.
    Refused,
    /// An error prevented it.
    Failed,
    /// Someone cancelled it.
    Cancelled,
}

impl OperationEnding {
    const ALL: [Self; 5] = [Self::Nothing, Self::Drifted, Self::Refused, Self::Failed, Self::Cancelled];

    /// The name in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Drifted => "drifted",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ending| ending.slug() == slug)
    }

    /// The heading on its page.
    pub fn title(self) -> &'static str {
        match self {
            Self::Nothing => "There was nothing to do",
            Self::Drifted => "Something has changed",
            Self::Refused => "Not allowed",
            Self::Failed => "This could not be done",
            Self::Cancelled => "Cancelled",
        }
    }

    /// What happened and what to do. A failed operation has its own sentence as well.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Nothing => "When this started, nothing was left to do. Nothing was changed.",
            Self::Drifted => {
                "The data changed after you checked the plan, so nothing was changed. Check the plan and try again."
            }
            Self::Refused => {
                "The person who requested this no longer has permission to do it, so nothing was changed."
            }
            Self::Failed => {
                "There is a problem on our side. Nothing was changed. Try again, and contact your administrator if it keeps happening."
            }
            Self::Cancelled => "This was cancelled before it finished. Nothing was changed.",
        }
    }
}

/// What happened to an operation, and when. One that needs no second person is stored when it has run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OperationTimes {
    /// When approval was requested; `None` if it was not needed.
    pub asked: Option<DateTime<Utc>>,
    /// When someone decided, and whether they approved.
    pub decided: Option<(DateTime<Utc>, bool)>,
    /// When it ran.
    pub ran: Option<DateTime<Utc>>,
    /// `Ok` if a job runs it now or soon, or why it ended without running.
    pub job: Option<Result<(), OperationEnding>>,
    /// When it was undone.
    pub undone: Option<DateTime<Utc>>,
}

impl OperationTimes {
    /// Returns the state at `now`.
    pub fn state(self, now: DateTime<Utc>) -> OperationState {
        match self {
            Self { undone: Some(_), .. } => OperationState::Undone,
            Self { ran: Some(_), .. } => OperationState::Done,
            Self { job: Some(Err(ending)), .. } => OperationState::Ended(ending),
            Self { job: Some(Ok(())), .. } => OperationState::Running,
            Self { decided: Some((_, false)), .. } => OperationState::Declined,
            Self { decided: Some((at, true)), .. } if now < at + RUNS_WITHIN => OperationState::Approved,
            Self { asked: Some(at), decided: None, .. } if now < at + WAITS => OperationState::Waiting,
            _ => OperationState::Lapsed,
        }
    }
}

impl OperationState {
    /// The text on the page.
    pub fn label(self) -> &'static str {
        match self {
            Self::Waiting => "Waiting",
            Self::Approved => "Approved",
            Self::Declined => "Declined",
            Self::Lapsed => "Expired",
            Self::Running => "Running",
            Self::Ended(OperationEnding::Cancelled) => "Cancelled",
            Self::Ended(_) => "Not done",
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
        let waiting = OperationTimes { asked: Some(asked), ..OperationTimes::default() };
        assert_eq!(waiting.state(asked + WAITS - moment), OperationState::Waiting);
        assert_eq!(waiting.state(asked + WAITS), OperationState::Lapsed);
        let approved = OperationTimes { decided: Some((soon, true)), ..waiting };
        assert_eq!(approved.state(soon + RUNS_WITHIN - moment), OperationState::Approved);
        assert_eq!(approved.state(soon + RUNS_WITHIN), OperationState::Lapsed);
        assert_eq!(OperationTimes { ran: Some(soon), ..approved }.state(soon + WAITS), OperationState::Done);
        let declined = OperationTimes { decided: Some((soon, false)), ..waiting };
        assert_eq!(declined.state(soon + WAITS), OperationState::Declined);
    }

    #[test]
    fn what_a_job_runs_is_running_until_it_ran_or_ended_and_an_approval_is_used_once() {
        let at = DateTime::from_timestamp(1_795_251_600, 0).unwrap();
        let approved =
            OperationTimes { asked: Some(at), decided: Some((at, true)), ..OperationTimes::default() };
        for before in [approved, OperationTimes::default()] {
            let running = OperationTimes { job: Some(Ok(())), ..before };
            assert_eq!(running.state(at), OperationState::Running);
            let cancelled = OperationTimes { job: Some(Err(OperationEnding::Cancelled)), ..before };
            assert_eq!(cancelled.state(at), OperationState::Ended(OperationEnding::Cancelled));
            assert_eq!(OperationTimes { ran: Some(at), ..running }.state(at), OperationState::Done);
        }
        assert!(
            OperationEnding::ALL
                .iter()
                .all(|ending| OperationEnding::from_slug(ending.slug()) == Some(*ending))
        );
    }

    #[test]
    fn what_needed_no_second_person_is_done_until_it_is_undone() {
        let at = DateTime::from_timestamp(1_795_251_600, 0).unwrap();
        let ran = OperationTimes { ran: Some(at), ..OperationTimes::default() };
        assert_eq!(ran.state(at + WAITS), OperationState::Done);
        assert_eq!(OperationTimes { undone: Some(at), ..ran }.state(at), OperationState::Undone);
    }
}
