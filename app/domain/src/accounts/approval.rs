//! What waits for a second person before it is done (OWASP ASVS 5.0, V2.3.5).

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::export::ExportFormat;
use crate::authorization::permission::Permission;
use crate::recovery::CodeHandout;

/// How long a request waits for a second person.
pub const WAITS: TimeDelta = TimeDelta::days(7);

/// How long the person who asked has to download what was approved.
pub const TAKEN_WITHIN: TimeDelta = TimeDelta::hours(24);

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "matter")]
pub enum Matter {
    /// A list of accounts as a file.
    Export {
        /// The kind of file.
        format: ExportFormat,
    },
    /// One-time codes.
    Codes {
        /// How they reach their people.
        handout: CodeHandout,
    },
}

impl Matter {
    /// What it takes to ask for it, to approve it and to do it.
    pub fn permission(self) -> Permission {
        match self {
            Self::Export { .. } => Permission::ExportAccounts,
            Self::Codes { .. } => Permission::ManageAccounts,
        }
    }

    /// What it is, for so many people.
    pub fn sentence(self, people: usize) -> String {
        match self {
            Self::Export { format } => format!("{people} accounts as {}", format.slug().to_uppercase()),
            Self::Codes { handout: CodeHandout::Emailed } => format!("{people} one-time codes by email"),
            Self::Codes { handout: CodeHandout::Shown } => format!("{people} one-time codes to print"),
        }
    }
}

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// For a second person.
    Waiting,
    /// To be taken out.
    Approved,
    /// The second person said no.
    Declined,
    /// It was taken out.
    Taken,
    /// Nobody decided, or nobody took it out, in time.
    Lapsed,
}

impl Standing {
    /// Of a request that was asked for, decided upon and taken out at these moments.
    pub fn of(
        asked: DateTime<Utc>,
        decided: Option<(DateTime<Utc>, bool)>,
        taken: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Self {
        match (decided, taken) {
            (_, Some(_)) => Self::Taken,
            (Some((_, false)), None) => Self::Declined,
            (Some((at, true)), None) if now < at + TAKEN_WITHIN => Self::Approved,
            (None, None) if now < asked + WAITS => Self::Waiting,
            _ => Self::Lapsed,
        }
    }

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Self::Waiting => "Waiting",
            Self::Approved => "Approved",
            Self::Declined => "Declined",
            Self::Taken => "Downloaded",
            Self::Lapsed => "Lapsed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_waits_for_a_week_and_an_approval_for_a_day() {
        let asked = DateTime::from_timestamp(1_795_251_600, 0).unwrap();
        let standing = |decided, taken, now| Standing::of(asked, decided, taken, now);
        let (soon, moment) = (asked + TimeDelta::hours(1), TimeDelta::seconds(1));
        assert_eq!(standing(None, None, asked + WAITS - moment), Standing::Waiting);
        assert_eq!(standing(None, None, asked + WAITS), Standing::Lapsed);
        let approved = Some((soon, true));
        assert_eq!(standing(approved, None, soon + TAKEN_WITHIN - moment), Standing::Approved);
        assert_eq!(standing(approved, None, soon + TAKEN_WITHIN), Standing::Lapsed);
        assert_eq!(standing(approved, Some(soon), soon + WAITS), Standing::Taken);
        assert_eq!(standing(Some((soon, false)), None, soon + WAITS), Standing::Declined);
    }
}
