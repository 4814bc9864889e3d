//! Choosing the language of a page.

use leptos_i18n::Locale as _;

use crate::i18n::Locale;

/// Returns the language requested in the address, or the one chosen before (cookie), or the best match for
/// the browser's preferences (`Accept-Language`, RFC 9110, section 12.5.4), or English.
pub fn choose_language(asked: Option<&str>, chosen: Option<&str>, accepted: Option<&str>) -> Locale {
    let preferred = accepted.map(preferences).unwrap_or_default();
    let wanted: Vec<&str> = asked.into_iter().chain(chosen).chain(preferred).collect();
    Locale::find_locale(&wanted)
}

/// Returns the tag if it is exactly one of our languages.
pub fn known_language(tag: &str) -> Option<&'static str> {
    Locale::get_all().iter().map(|locale| locale.as_str()).find(|known| *known == tag)
}

/// Language tags by weight, most preferred first. Tags with weight 0 are left out.
fn preferences(header: &str) -> Vec<&str> {
    let mut weighted: Vec<(f32, &str)> = header
        .split(',')
        .filter_map(|entry| {
            let (tag, rest) = entry.split_once(';').unwrap_or((entry, ""));
            let weight = rest.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse).ok()?;
            (weight > 0.0).then_some((weight, tag.trim()))
        })
        .collect();
    weighted.sort_by(|a, b| b.0.total_cmp(&a.0));
    weighted.into_iter().map(|(_, tag)| tag).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browsers_wishes_are_read_by_weight() {
        assert_eq!(preferences("fr;q=0.5, ar, en-GB;q=0.8, de;q=0"), ["ar", "en-GB", "fr"]);
    }

    #[test]
    fn an_unknown_or_broken_wish_gets_english() {
        for accepted in [None, Some(""), Some("tlh, *;q=0.1"), Some(";;q=x,,")] {
            assert_eq!(choose_language(Some("xx"), Some("no such"), accepted), Locale::en);
        }
    }
}
