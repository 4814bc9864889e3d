//! Phone numbers whose zero or plus sign a spreadsheet has taken away: 7900900123, 447900900123. Where a school is says
//! what is missing, in the countries in which every number has the same length.

use crate::imports::cells::{CellValue, Cells, READ_AS};
use crate::imports::kind::ImportField;
use crate::imports::note::Note;
use crate::roll::address::PhoneNumber;

/// Time zones, the code of their country, and the number of digits after it (ITU-T E.164, national numbering plans). In all
/// of them a zero is dialled inside the country.
const PLANS: &[(&str, &str, usize)] = &[
    ("Africa/Johannesburg", "27", 9),
    ("Australia/Adelaide", "61", 9),
    ("Australia/Brisbane", "61", 9),
    ("Australia/Darwin", "61", 9),
    ("Australia/Hobart", "61", 9),
    ("Australia/Melbourne", "61", 9),
    ("Australia/Perth", "61", 9),
    ("Australia/Sydney", "61", 9),
    ("Europe/Amsterdam", "31", 9),
    ("Europe/Belfast", "44", 10),
    ("Europe/Guernsey", "44", 10),
    ("Europe/Isle_of_Man", "44", 10),
    ("Europe/Jersey", "44", 10),
    ("Europe/London", "44", 10),
    ("Europe/Paris", "33", 9),
    ("Europe/Zurich", "41", 9),
];

/// The number with what is missing; `None` if nothing is, or if that cannot be known.
fn repaired(number: &str, zone: &str) -> Option<String> {
    let (_, code, length) = PLANS.iter().find(|(of, ..)| *of == zone)?;
    if number.starts_with(['+', '0']) {
        return None;
    }
    if number.len() == *length {
        return Some(format!("0{number}"));
    }
    let inside = number.strip_prefix(code)?;
    (inside.len() == *length && !inside.starts_with('0')).then(|| format!("+{number}"))
}

/// Reads a phone number. One that lacks its zero or its plus sign gets it back, and a note says so.
pub fn read_phone(cells: &mut Cells<'_>, field: &ImportField) -> CellValue<PhoneNumber> {
    match cells.untidy::<PhoneNumber>(field) {
        CellValue::Value(number) => CellValue::Value(repaired_phone(cells, field, &number)),
        other => other,
    }
}

/// A number with its zero or its plus sign, if it lacked one; a note says so then.
pub fn repaired_phone(cells: &mut Cells<'_>, field: &ImportField, number: &PhoneNumber) -> PhoneNumber {
    let whole = repaired(number.as_str(), cells.zone());
    let Some(whole) = whole.and_then(|whole| whole.parse::<PhoneNumber>().ok()) else {
        return number.clone();
    };
    let note = Note::new(READ_AS).with("field", field.slug).with("as", whole.as_str());
    cells.note(note.quoting(number.as_str()));
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_a_spreadsheet_took_from_a_number_comes_back_where_the_country_says_what_it_was() {
        let london = |number| repaired(number, "Europe/London");
        assert_eq!(london("7900900123").as_deref(), Some("07900900123"));
        assert_eq!(london("447900900123").as_deref(), Some("+447900900123"));
        for whole in ["07900900123", "+447900900123", "00447900900123", "15550123456", "4407900900123"] {
            assert_eq!(london(whole), None, "{whole}");
        }
        assert_eq!(repaired("7025550123", "America/New_York"), None);
        assert_eq!(repaired("612345678", "Europe/Paris").as_deref(), Some("0612345678"));
    }

    proptest! {
        #[test]
        fn a_number_that_was_repaired_is_whole(digits in "[1-9][0-9]{6,13}", at in 0..PLANS.len()) {
            let zone = PLANS[at].0;
            if let Some(whole) = repaired(&digits, zone) {
                prop_assert!(whole.ends_with(&digits) && whole.len() == digits.len() + 1);
                prop_assert_eq!(repaired(&whole, zone), None);
            }
        }
    }
}
