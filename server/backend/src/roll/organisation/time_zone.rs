//! Time zones that an organisation can choose.

use std::fmt;
use std::str::FromStr;

use chrono_tz::{TZ_VARIANTS, Tz};
use thiserror::Error;

/// A time zone by its IANA name, such as `Pacific/Auckland`. "Today" and every time on a page are in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeZone(pub Tz);

/// An unknown time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Choose a time zone from the list, such as Europe/London or Pacific/Auckland.")]
pub struct TimeZoneError;

impl FromStr for TimeZone {
    type Err = TimeZoneError;

    fn from_str(text: &str) -> Result<Self, TimeZoneError> {
        let text = text.trim();
        let found = TZ_VARIANTS.iter().find(|zone| zone.name().eq_ignore_ascii_case(text));
        found.copied().map(Self).ok_or(TimeZoneError)
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

/// The names to choose from, in order: a place in each zone, and UTC. Older names, such as `GB` and
/// `US/Eastern`, are accepted but not offered.
pub fn choices() -> Vec<&'static str> {
    const REGIONS: [&str; 10] = [
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    ];
    let offered = |name: &&str| {
        *name == "UTC" || name.split_once('/').is_some_and(|(region, _)| REGIONS.contains(&region))
    };
    let mut names: Vec<&str> = TZ_VARIANTS.iter().map(|zone| zone.name()).filter(offered).collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_known_by_its_name_in_any_case() {
        assert_eq!("pacific/auckland".parse::<TimeZone>().unwrap().to_string(), "Pacific/Auckland");
        for wrong in ["", "London", "GMT+13", "Europe/Quillmere"] {
            assert_eq!(wrong.parse::<TimeZone>(), Err(TimeZoneError), "{wrong}");
        }
    }

    #[test]
    fn every_choice_is_a_zone() {
        let choices = choices();
        for name in ["UTC", "Europe/London", "Pacific/Auckland", "America/Argentina/Ushuaia"] {
            assert!(choices.contains(&name), "{name}");
        }
        assert!(
            choices.iter().all(|name| name.parse::<TimeZone>().is_ok_and(|zone| zone.to_string() == *name))
        );
    }
}
