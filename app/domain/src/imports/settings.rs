//! The settings for imports: when a file that ends much needs a second person.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::counts::Guarded;
use crate::settings::{Guard, InvalidSetting, Setting, SettingScope, SettingValue, SettingsPage};

/// A file that ends fewer than this is never stopped: one class may leave a small school.
pub const LEAST_ENDINGS: u32 = 10;

/// A share of a school's records, in whole percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
pub struct EndingShare(i32);

/// An invalid share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Enter a whole number from 1 to 100, such as 5.")]
pub struct EndingShareError;

impl EndingShare {
    /// The share from which a second person is asked, if nobody has chosen one.
    pub const USUAL: Self = Self(5);

    /// What an import would end, if that is more than this share of the `standing` records and not only a few.
    pub fn exceeded(self, ended: u32, standing: u32) -> Option<Guarded> {
        let is_more = u64::from(ended) * 100 > u64::from(standing) * u64::from(self.0.unsigned_abs());
        (ended >= LEAST_ENDINGS && is_more).then_some(Guarded {
            ended,
            standing,
            percent: self.0.unsigned_abs(),
        })
    }
}

impl TryFrom<i32> for EndingShare {
    type Error = EndingShareError;

    fn try_from(percent: i32) -> Result<Self, EndingShareError> {
        if (1..=100).contains(&percent) { Ok(Self(percent)) } else { Err(EndingShareError) }
    }
}

impl FromStr for EndingShare {
    type Err = EndingShareError;

    fn from_str(text: &str) -> Result<Self, EndingShareError> {
        let text = text.trim().trim_end_matches('%').trim_end();
        text.parse::<i32>().map_err(|_| EndingShareError)?.try_into()
    }
}

impl From<EndingShare> for i32 {
    fn from(share: EndingShare) -> Self {
        share.0
    }
}

impl SettingValue for EndingShare {
    fn read(typed: &str) -> Result<Self, InvalidSetting> {
        typed.parse().map_err(|error: EndingShareError| InvalidSetting(error.to_string()))
    }

    fn typed(&self) -> String {
        self.0.to_string()
    }
}

/// Their settings page.
pub const IMPORTS_PAGE: SettingsPage = SettingsPage {
    path: "/settings/imports",
    name: "Imports",
    lead: "A file that ends many records at once may be the wrong file. Choose when a second person has to approve it.",
    in_application: false,
};

/// From which share of a school's records an import that ends them needs a second person.
pub const ENDING_SHARE: Setting<EndingShare> = Setting {
    slug: "import_ending_share",
    label: "Require approval if an import ends more than this share, in percent",
    hint: |_| {
        format!(
            "Of a school\u{2019}s students, staff or links. An import that ends fewer than {LEAST_ENDINGS} needs no approval. Nobody can approve their own request. Only an administrator of all schools can raise this share."
        )
    },
    page: &IMPORTS_PAGE,
    scope: SettingScope::Organisation,
    guard: Guard::LoosenedByAdministrators {
        looser: |before, after| after > before,
        refusal: "Only someone with every permission at all schools can raise this share: it says when a second person is needed. Ask an administrator of all schools.",
    },
    default: || EndingShare::USUAL,
};

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_share_is_exceeded_by_more_than_it_and_by_no_few() {
        let share = EndingShare::USUAL;
        assert_eq!(share.exceeded(9, 10), None, "few");
        assert_eq!(share.exceeded(10, 200), None, "exactly the share");
        assert_eq!(share.exceeded(11, 200), Some(Guarded { ended: 11, standing: 200, percent: 5 }));
        assert!("5 %".parse::<EndingShare>().is_ok() && "0".parse::<EndingShare>().is_err());
    }

    proptest! {
        #[test]
        fn a_larger_share_stops_no_more(
            ended in 0u32..5000, standing in 0u32..5000, percent in 1i32..100, more in 0i32..50,
        ) {
            let small = EndingShare(percent).exceeded(ended, standing).is_some();
            let large = EndingShare((percent + more).min(100)).exceeded(ended, standing).is_some();
            prop_assert!(small || !large);
        }
    }
}
