//! The zero that is dialled inside a country only, in a number that is written as from abroad: +44 07700 900118.

use crate::roll::address::PhoneNumber;

/// Countries in which every number inside the country begins with a zero, and no number from abroad has it (ITU,
/// "Dialling procedures"). Not Italy, San Marino, Côte d'Ivoire, Gabon, Congo and Benin, where the zero is a part of the
/// number.
#[rustfmt::skip]
const WITH_TRUNK_ZERO: &[&str] = &[
    "20", "27", "31", "32", "33", "40", "41", "43", "44", "46", "49", "51", "54", "55", "58", "60", "61", "62", "63", "64", "66", "81",
    "82", "84", "86", "90", "91", "92", "93", "94", "95", "98",
    "211", "212", "213", "218", "233", "234", "249", "250", "251", "254", "255", "256", "260", "262", "263", "264", "353", "355", "358",
    "359", "380", "381", "382", "383", "385", "386", "387", "389", "421", "590", "593", "594", "595", "596", "598", "855", "856", "880",
    "886", "961", "962", "963", "964", "966", "967", "970", "971", "972", "976", "977", "994", "995", "996",
];

/// The number as it is dialled from abroad, and whether a zero was left out for it.
pub(super) fn from_abroad(number: PhoneNumber) -> (PhoneNumber, bool) {
    let without = without_trunk_zero(number.as_str()).and_then(|without| without.parse().ok());
    match without {
        Some(without) => (without, true),
        None => (number, false),
    }
}

fn without_trunk_zero(number: &str) -> Option<String> {
    let (exit, rest) = ["+", "00"].into_iter().find_map(|exit| Some((exit, number.strip_prefix(exit)?)))?;
    WITH_TRUNK_ZERO.iter().find_map(|country| {
        let inside = rest.strip_prefix(country)?.strip_prefix('0')?;
        // Two zeros are neither.
        (!inside.starts_with('0')).then(|| format!("{exit}{country}{inside}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zero_is_left_out_where_no_number_from_abroad_has_it() {
        for (number, abroad) in [
            ("+4407700900118", "+447700900118"),
            ("004407700900118", "00447700900118"),
            ("+353087123456", "+35387123456"),
            ("+49022112345678", "+4922112345678"),
        ] {
            assert_eq!(without_trunk_zero(number).as_deref(), Some(abroad), "{number}");
        }
        for number in [
            "+447700900118",
            "07700900118",
            "+390612345678",
            "+2250712345678",
            "+48060123456",
            "+3531234567",
            "+37805491234",
            "+15550123456",
            "02079460018",
            "+44007700900118",
        ] {
            assert_eq!(without_trunk_zero(number), None, "{number}");
        }
    }

    #[test]
    fn no_country_begins_with_another() {
        for one in WITH_TRUNK_ZERO {
            assert!(WITH_TRUNK_ZERO.iter().all(|other| one == other || !other.starts_with(one)), "{one}");
        }
    }
}
