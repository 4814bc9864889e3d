//! Second factors: what people type, who must have one, and how long a step-up counts.

pub mod settings;

use std::str::FromStr;

use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::fold::typed_code;
use crate::ids::PasskeyId;
use crate::invitations::code::InvitationCode;

/// How long a step-up is valid in a session (OWASP ASVS 5.0, V7.5.3).
pub const STEP_UP_LASTS: TimeDelta = TimeDelta::minutes(15);

/// How many recovery codes are created at a time.
pub const RECOVERY_CODES: usize = 10;

/// A code typed as a second factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactorCode {
    /// The six digits from an authenticator app.
    App(u32),
    /// A recovery code.
    Recovery(InvitationCode),
}

/// Text that is neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Enter the 6-digit code from your app, or a recovery code of 10 letters and numbers.")]
pub struct FactorCodeError;

impl FromStr for FactorCode {
    type Err = FactorCodeError;

    fn from_str(text: &str) -> Result<Self, FactorCodeError> {
        let digits: String = typed_code(text).chars().filter(|c| *c != '-').collect();
        if digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return digits.parse().map(Self::App).map_err(|_| FactorCodeError);
        }
        text.parse().map(Self::Recovery).map_err(|_| FactorCodeError)
    }
}

/// A second factor as presented.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "shown", content = "with")]
pub enum PresentedFactor {
    /// A code from the app, or a recovery code, as typed.
    Code(String),
    /// The answer of a passkey.
    Passkey(PasskeyAnswer),
}

/// What the browser is asked to do with a passkey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyChallenge {
    /// Returned with the answer; works once.
    pub token: String,
    /// For `navigator.credentials`, as JSON (Web Authentication, sections 5.1.8 and 5.1.9).
    pub options: String,
}

/// The browser's answer. Sent as JSON in one form field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyAnswer {
    /// [`PasskeyChallenge::token`].
    pub token: String,
    /// A credential, as JSON.
    pub credential: String,
}

/// The result of checking a proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofOutcome {
    /// It is right. A code cannot be used again.
    Right,
    /// It is wrong, or was used before.
    Wrong,
    /// It is the code of a time a few minutes away: the clock of the phone is off. It counts as wrong.
    ClockOff,
    /// Too many attempts for this account.
    Slowed,
}

/// How someone proves it is them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum StepUpBy {
    /// Their second factor.
    SecondFactor {
        /// Whether they have passkeys.
        passkeys: bool,
    },
    /// Their password, if they have no second factor.
    Password,
}

/// How many days staff may go without a second factor: 0 to 90.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
pub struct GraceDays(i32);

impl GraceDays {
    /// The default.
    pub const USUAL: Self = Self(14);
}

/// An invalid number of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Enter a number of days from 0 to 90.")]
pub struct GraceDaysError;

impl TryFrom<i32> for GraceDays {
    type Error = GraceDaysError;

    fn try_from(days: i32) -> Result<Self, GraceDaysError> {
        if (0..=90).contains(&days) { Ok(Self(days)) } else { Err(GraceDaysError) }
    }
}

impl FromStr for GraceDays {
    type Err = GraceDaysError;

    fn from_str(text: &str) -> Result<Self, GraceDaysError> {
        text.trim().parse::<i32>().map_err(|_| GraceDaysError)?.try_into()
    }
}

impl From<GraceDays> for i32 {
    fn from(days: GraceDays) -> Self {
        days.0
    }
}

/// Whether someone must set up a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "duty", content = "until")]
pub enum SecondFactorDuty {
    /// They have one.
    Kept,
    /// They have none, and do not need one.
    Offered,
    /// They need one from this day.
    Due(NaiveDate),
    /// They need one before they can continue.
    Overdue,
}

impl SecondFactorDuty {
    /// The duty of someone who is `staff` or not and `has` a second factor or not. Staff have `days` from the
    /// day they were first `asked`, the day they first signed in as staff.
    pub fn of(staff: bool, has: bool, asked: Option<NaiveDate>, days: GraceDays, today: NaiveDate) -> Self {
        let due = asked.unwrap_or(today) + TimeDelta::days(days.0.into());
        match (has, staff) {
            (true, _) => Self::Kept,
            (false, false) => Self::Offered,
            (false, true) if due > today => Self::Due(due),
            (false, true) => Self::Overdue,
        }
    }
}

/// The name a passkey's owner gave it: one line of at most [`Self::LONGEST`] characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyName(String);

/// An invalid name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Enter a name of 1 to 60 characters, such as the name of your phone.")]
pub struct PasskeyNameError;

impl FromStr for PasskeyName {
    type Err = PasskeyNameError;

    fn from_str(text: &str) -> Result<Self, PasskeyNameError> {
        let name = text.trim();
        let fits = (1..=Self::LONGEST).contains(&name.chars().count()) && !name.chars().any(char::is_control);
        fits.then(|| Self(name.to_owned())).ok_or(PasskeyNameError)
    }
}

impl PasskeyName {
    /// The longest name, in characters.
    pub const LONGEST: usize = 60;

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A passkey, as shown to its owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyLine {
    /// The passkey.
    pub id: PasskeyId,
    /// The name its owner gave it.
    pub name: String,
    /// The day it was last used, in the organisation's time zone.
    pub last_used: Option<NaiveDate>,
}

/// The second factors of an account.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FactorsView {
    /// Whether there is an authenticator app.
    pub app: bool,
    /// Passkeys, the oldest first.
    pub passkeys: Vec<PasskeyLine>,
    /// Unused recovery codes.
    pub recovery_codes: usize,
}

impl FactorsView {
    /// Whether there is any. Recovery codes do not count: they only stand in for others.
    pub fn any(&self) -> bool {
        self.app || !self.passkeys.is_empty()
    }

    /// Summary for staff who help.
    pub fn sentence(&self) -> String {
        if !self.any() {
            return "None".to_owned();
        }
        let app = self.app.then(|| "Authenticator app".to_owned());
        let codes = match self.recovery_codes {
            1 => "1 recovery code left".to_owned(),
            left => format!("{left} recovery codes left"),
        };
        let passkeys = match self.passkeys.len() {
            0 => None,
            1 => Some("1 passkey".to_owned()),
            many => Some(format!("{many} passkeys")),
        };
        app.into_iter().chain(passkeys).chain([codes]).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_digits_are_a_code_of_the_app_and_ten_signs_a_recovery_code() {
        assert_eq!("123 456".parse(), Ok(FactorCode::App(123_456)));
        assert_eq!("000-017".parse(), Ok(FactorCode::App(17)));
        for other_keyboard in ["１２３４５６", "١٢٣٤٥٦", "۱۲۳ ۴۵۶", "\u{200e}123456"] {
            assert_eq!(other_keyboard.parse(), Ok(FactorCode::App(123_456)), "{other_keyboard}");
        }
        assert!(matches!("7k2qm-9xb4t".parse(), Ok(FactorCode::Recovery(_))));
        for neither in ["", "12345", "1234567", "+12345", "7K2QM-9XB4"] {
            assert_eq!(neither.parse::<FactorCode>(), Err(FactorCodeError), "{neither}");
        }
    }

    #[test]
    fn staff_without_one_have_their_days_and_then_have_to_set_one_up() {
        let days = GraceDays::try_from(14).unwrap();
        let day = |day| NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
        let of = |staff, has, today| SecondFactorDuty::of(staff, has, Some(day(1)), days, today);
        assert_eq!(of(true, false, day(1)), SecondFactorDuty::Due(day(15)));
        assert_eq!(of(true, false, day(14)), SecondFactorDuty::Due(day(15)));
        assert_eq!(of(true, false, day(15)), SecondFactorDuty::Overdue);
        assert_eq!(of(true, true, day(15)), SecondFactorDuty::Kept);
        assert_eq!(of(false, false, day(15)), SecondFactorDuty::Offered);
        assert_eq!(SecondFactorDuty::of(true, false, None, days, day(15)), SecondFactorDuty::Due(day(29)));
        assert_eq!(SecondFactorDuty::of(true, false, None, GraceDays(0), day(15)), SecondFactorDuty::Overdue);
    }

    #[test]
    fn what_someone_has_is_said_in_one_sentence() {
        let key = |name: &str| PasskeyLine {
            id: PasskeyId(uuid::Uuid::nil()),
            name: name.to_owned(),
            last_used: None,
        };
        let none = FactorsView::default();
        let keys =
            FactorsView { passkeys: vec![key("phone"), key("laptop")], recovery_codes: 1, ..none.clone() };
        assert!(!none.any() && keys.any());
        assert_eq!(none.sentence(), "None");
        assert_eq!(keys.sentence(), "2 passkeys, 1 recovery code left");
        let both = FactorsView { app: true, passkeys: vec![key("phone")], recovery_codes: 10 };
        assert_eq!(both.sentence(), "Authenticator app, 1 passkey, 10 recovery codes left");
    }

    #[test]
    fn a_passkey_has_a_name_of_one_line() {
        assert!(
            ["My phone", "  \u{5f20}  ", &"x".repeat(60)]
                .into_iter()
                .all(|name| name.parse::<PasskeyName>().is_ok())
        );
        assert!(
            ["", "  ", "two\nlines", &"x".repeat(61)]
                .into_iter()
                .all(|name| name.parse::<PasskeyName>().is_err())
        );
    }

    #[test]
    fn days_are_kept_within_bounds() {
        assert!([-1, 91].into_iter().all(|days| GraceDays::try_from(days).is_err()));
        assert!([0, 90].into_iter().all(|days| GraceDays::try_from(days).is_ok()));
    }
}
