//! Whether a phone number is a household's, which says less about who someone is.

/// Mobile numbers by country code, for countries whose numbers tell. Other numbers of these countries are landlines.
const MOBILES: &[(&str, &[&str])] = &[
    ("+44", &["7"]),
    ("+49", &["15", "16", "17"]),
    ("+34", &["6", "7"]),
    ("+33", &["6", "7"]),
    ("+48", &["45", "50", "51", "53", "57", "60", "66", "69", "72", "73", "78", "79", "88"]),
    ("+353", &["8"]),
];

/// Whether a number is a landline's, as far as the number tells. In doubt it is not, except for national numbers that begin
/// as landlines do in Britain and Germany.
pub(super) fn is_landline(number: &str) -> bool {
    if let Some((country, mobiles)) = MOBILES.iter().find(|(country, _)| number.starts_with(country)) {
        return !mobiles.iter().any(|start| number[country.len()..].starts_with(start));
    }
    ["01", "02", "03"].iter().any(|start| number.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_known_countries_tell_what_they_are() {
        for landline in ["+441632960001", "+493012345678", "+34911234567", "+48221234567", "01632960001"] {
            assert!(is_landline(landline), "{landline}");
        }
        for mobile in
            ["+447700900123", "+4915112345678", "+34612345678", "+48501234567", "07700900123", "+12025550123"]
        {
            assert!(!is_landline(mobile), "{mobile}");
        }
    }
}
