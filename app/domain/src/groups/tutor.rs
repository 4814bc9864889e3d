//! Whether a group's tutor can go on tutoring it.

use chrono::NaiveDate;

use crate::credentials::state::AccountState;
use crate::when::long_day;

/// What the office should know about a tutor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TutorStanding {
    /// They work at the school and can sign in.
    Stays,
    /// They work at the school until this day.
    Leaves(NaiveDate),
    /// They worked at the school until this day.
    Left(NaiveDate),
    /// They are on the staff list from this day.
    Starts(NaiveDate),
    /// They have no account, or have not chosen a password yet.
    CannotSignInYet,
    /// Their account is disabled or closed.
    SwitchedOff,
}

impl TutorStanding {
    /// The standing of somebody with this employment and account on a day. People who are on no staff list, such as those with
    /// a role for all schools, have no days.
    pub fn of(
        (starts_on, ends_on): (Option<NaiveDate>, Option<NaiveDate>),
        account: Option<AccountState>,
        today: NaiveDate,
    ) -> Self {
        match (starts_on, ends_on, account) {
            (_, Some(last), _) if last < today => Self::Left(last),
            (_, Some(last), _) => Self::Leaves(last),
            (_, _, Some(AccountState::Suspended | AccountState::Closed)) => Self::SwitchedOff,
            (_, _, None | Some(AccountState::Created | AccountState::Invited)) => Self::CannotSignInYet,
            (Some(first), ..) if first > today => Self::Starts(first),
            _ => Self::Stays,
        }
    }

    /// Whether the office should choose another tutor.
    pub fn asks(self) -> bool {
        matches!(self, Self::Leaves(_) | Self::Left(_) | Self::SwitchedOff)
    }

    /// The standing in words; `None` if there is nothing to say.
    pub fn sentence(self) -> Option<String> {
        Some(match self {
            Self::Stays => return None,
            Self::Leaves(day) => format!("Leaves the school on {}", long_day(day)),
            Self::Left(day) => format!("Left the school on {}", long_day(day)),
            Self::Starts(day) => format!("Starts at the school on {}", long_day(day)),
            Self::CannotSignInYet => "Cannot sign in yet".to_owned(),
            Self::SwitchedOff => "Their account is disabled or closed".to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tutor_who_leaves_is_asked_about_and_one_who_stays_is_not() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 7, day).unwrap();
        let of = |starts, ends, account| TutorStanding::of((starts, ends), account, day(10));
        let active = Some(AccountState::Active);
        assert_eq!(of(Some(day(1)), None, active), TutorStanding::Stays);
        assert_eq!(of(None, None, active), TutorStanding::Stays);
        assert_eq!(of(Some(day(1)), Some(day(10)), active), TutorStanding::Leaves(day(10)));
        assert_eq!(of(Some(day(1)), Some(day(9)), active), TutorStanding::Left(day(9)));
        assert_eq!(of(Some(day(11)), None, active), TutorStanding::Starts(day(11)));
        assert_eq!(of(Some(day(1)), None, Some(AccountState::Closed)), TutorStanding::SwitchedOff);
        assert_eq!(of(Some(day(1)), None, None), TutorStanding::CannotSignInYet);
        assert!(of(Some(day(1)), Some(day(9)), active).asks() && !of(None, None, None).asks());
        assert_eq!(TutorStanding::Left(day(9)).sentence().unwrap(), "Left the school on 9 July 2026");
    }
}
