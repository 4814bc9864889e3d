//! A filter in a page's address, so that a list can be kept, shared and come back to.

use domain::accounts::status::StatusGroup;
use domain::roll::filter::RollFilter;
use domain::roll::status::RollStatus;

/// The word for "everyone, whatever their roll status"; without any word a list shows who is on roll today.
pub const ALL_ROLLS: &str = "all";

/// Reads a filter. What is not understood does not filter.
pub fn read(get: impl Fn(&str) -> Option<String>) -> RollFilter {
    let text = |name: &str| get(name).unwrap_or_default();
    RollFilter {
        q: text("q"),
        year: text("year"),
        group: text("group"),
        roll: rolls(&text("roll")),
        status: text("status").split(',').filter_map(StatusGroup::from_slug).collect(),
    }
}

/// The filter that lists begin with: everyone who is on roll today.
pub fn plain() -> RollFilter {
    read(|_| None)
}

/// The roll statuses that a word stands for.
pub fn rolls(word: &str) -> Vec<RollStatus> {
    match word {
        ALL_ROLLS => Vec::new(),
        "" => vec![RollStatus::Current],
        words => words.split(',').filter_map(RollStatus::from_slug).collect(),
    }
}

/// The word for a filter's roll statuses.
pub fn roll_word(filter: &RollFilter) -> String {
    match filter.roll.as_slice() {
        [] => ALL_ROLLS.to_owned(),
        rolls => rolls.iter().map(|roll| roll.slug()).collect::<Vec<_>>().join(","),
    }
}

/// Writes what [`read`] reads: a query without its `?`, empty for the filter that lists begin with.
pub fn write(filter: &RollFilter) -> String {
    let roll = Some(roll_word(filter)).filter(|word| word != RollStatus::Current.slug()).unwrap_or_default();
    let status: Vec<_> = filter.status.iter().map(|status| status.slug()).collect();
    [
        ("q", &filter.q),
        ("year", &filter.year),
        ("group", &filter.group),
        ("roll", &roll),
        ("status", &status.join(",")),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(name, value)| format!("{name}={}", encode(value)))
    .collect::<Vec<_>>()
    .join("&")
}

/// Percent-encoding of a query value (RFC 3986, section 3.4): everything but unreserved signs.
fn encode(value: &str) -> String {
    use std::fmt::Write as _;
    value.bytes().fold(String::with_capacity(value.len()), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~,".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a String does not fail.
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_address_lists_who_is_on_roll() {
        let filter = read(|_| None);
        assert_eq!(filter.roll, [RollStatus::Current]);
        assert_eq!(write(&filter), "");
    }

    #[test]
    fn a_filter_comes_back_as_it_was() {
        let filter = RollFilter {
            q: "O\u{2019}Neil & co".to_owned(),
            year: "10".to_owned(),
            group: String::new(),
            roll: vec![],
            status: vec![StatusGroup::Invited, StatusGroup::Attention],
        };
        let address = write(&filter);
        assert_eq!(address, "q=O%E2%80%99Neil%20%26%20co&year=10&roll=all&status=invited,attention");
    }
}
