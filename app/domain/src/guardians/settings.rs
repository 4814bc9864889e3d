//! The settings for what guardians see.

use serde::{Deserialize, Serialize};

use super::access::{AccessRow, DefaultAccess};
use crate::authorization::grant::PortalScope;
use crate::settings::{Guard, InvalidSetting, Setting, SettingScope, SettingValue, SettingsPage};

/// The page with a table of ticks.
pub const GUARDIAN_ACCESS_PAGE: SettingsPage = SettingsPage {
    path: "/settings/guardian-access",
    name: "What guardians see",
    lead: "What an adult sees of a child when they become a contact at this school. Access that somebody already has stays as it is.",
    in_application: false,
};

/// What adults get by default.
pub const DEFAULT_ACCESS: Setting<DefaultAccess> = Setting {
    slug: "guardian_default_access",
    label: "What guardians see",
    hint: |_| String::new(),
    page: &GUARDIAN_ACCESS_PAGE,
    scope: SettingScope::School,
    guard: Guard::Open,
    default: DefaultAccess::default,
};

impl SettingValue for DefaultAccess {
    /// One row after another: `responsible: profile grades; parents: profile; others:`.
    fn read(typed: &str) -> Result<Self, InvalidSetting> {
        let mut access = Self { responsible: Vec::new(), parents: Vec::new(), others: Vec::new() };
        for part in typed.split(';') {
            let (row, scopes) = part.split_once(':').ok_or_else(unreadable)?;
            let row = AccessRow::from_slug(row.trim()).ok_or_else(unreadable)?;
            for scope in scopes.split_whitespace() {
                let scope = PortalScope::from_slug(scope).filter(|scope| PortalScope::FAMILY.contains(scope));
                access.row_mut(row).push(scope.ok_or_else(unreadable)?);
            }
        }
        Ok(access)
    }

    fn typed(&self) -> String {
        let row = |row: AccessRow| {
            let scopes: Vec<&str> = self.row(row).iter().map(|scope| scope.slug()).collect();
            format!("{}: {}", row.slug(), scopes.join(" "))
        };
        AccessRow::ALL.map(row).join("; ")
    }
}

fn unreadable() -> InvalidSetting {
    InvalidSetting("Choose what each kind of adult sees.".to_owned())
}

/// The page for the day on which rights pass to the student.
pub const OF_AGE_PAGE: SettingsPage = SettingsPage {
    path: "/settings/coming-of-age",
    name: "Coming of age",
    lead: "At this age, what guardians see of a student ends, unless the student lets them keep it. The student is told before.",
    in_application: false,
};

/// The age.
pub const OF_AGE: Setting<OfAge> = Setting {
    slug: "of_age_years",
    label: "Age, 14 to 25",
    hint: |_| "18 in most countries. Access by a court order goes on.".to_owned(),
    page: &OF_AGE_PAGE,
    scope: SettingScope::Organisation,
    guard: Guard::AlertsIfLooser(|before, after| after.0 < before.0),
    default: || OfAge(18),
};

/// How long before that day the student is told.
pub const OF_AGE_NOTICE: Setting<NoticeDays> = Setting {
    slug: "of_age_notice_days",
    label: "Days of notice, 7 to 365",
    hint: |_| "The student is told this long before, and can already choose who keeps access.".to_owned(),
    page: &OF_AGE_PAGE,
    scope: SettingScope::Organisation,
    guard: Guard::Open,
    default: || NoticeDays(60),
};

/// The age at which rights pass to the student, in years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct OfAge(u32);

/// The days between telling the student and the day itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct NoticeDays(u32);

impl OfAge {
    /// The number of years.
    pub fn years(self) -> u32 {
        self.0
    }
}

impl NoticeDays {
    /// The number of days.
    pub fn days(self) -> u32 {
        self.0
    }
}

macro_rules! number_within {
    ($type:ident, $from:literal, $to:literal) => {
        impl TryFrom<u32> for $type {
            type Error = InvalidSetting;

            fn try_from(number: u32) -> Result<Self, InvalidSetting> {
                if ($from..=$to).contains(&number) {
                    Ok(Self(number))
                } else {
                    Err(InvalidSetting(format!("Enter a whole number from {} to {}.", $from, $to)))
                }
            }
        }

        impl From<$type> for u32 {
            fn from(value: $type) -> Self {
                value.0
            }
        }

        impl SettingValue for $type {
            fn read(typed: &str) -> Result<Self, InvalidSetting> {
                // Text that is no number is answered like one out of range.
                typed.trim().parse::<u32>().unwrap_or(u32::MAX).try_into()
            }

            fn typed(&self) -> String {
                self.0.to_string()
            }
        }
    };
}
number_within!(OfAge, 14, 25);
number_within!(NoticeDays, 7, 365);
