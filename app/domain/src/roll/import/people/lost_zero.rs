//! Phone numbers whose zero or plus sign a spreadsheet has taken away: 7900900123, 447900900123. Where a school is says
//! what is missing, in the countries in which every number has the same length and which tell their own from those of
//! other countries. Elsewhere a number stays as it is.

use crate::imports::cells::{CellValue, Cells, READ_AS};
use crate::imports::kind::ImportField;
use crate::imports::note::Note;
use crate::roll::address::PhoneNumber;

/// How the numbers of a country look inside it (ITU-T E.164, national numbering plans). In all of them a zero is dialled
/// first.
struct NumberPlan {
    /// The time zones of the country.
    zones: &'static [&'static str],
    /// The code of the country.
    code: &'static str,
    /// The number of digits behind the zero.
    length: usize,
    /// The digits behind the zero with which numbers of people begin: 9 is none in Britain, so 9051234567 is a number of
    /// another country.
    begins: &'static [u8],
}

const PLANS: &[NumberPlan] = &[
    NumberPlan { zones: &["Africa/Johannesburg"], code: "27", length: 9, begins: b"12345678" },
    NumberPlan {
        zones: &[
            "Australia/Adelaide",
            "Australia/Brisbane",
            "Australia/Darwin",
            "Australia/Hobart",
            "Australia/Melbourne",
            "Australia/Perth",
            "Australia/Sydney",
        ],
        code: "61",
        length: 9,
        begins: b"23478",
    },
    NumberPlan { zones: &["Europe/Amsterdam"], code: "31", length: 9, begins: b"1234567" },
    NumberPlan {
        zones: &["Europe/Belfast", "Europe/Guernsey", "Europe/Isle_of_Man", "Europe/Jersey", "Europe/London"],
        code: "44",
        length: 10,
        begins: b"1237",
    },
    NumberPlan { zones: &["Europe/Paris"], code: "33", length: 9, begins: b"1234567" },
    NumberPlan { zones: &["Europe/Zurich"], code: "41", length: 9, begins: b"234567" },
];

/// The code of a number that lacks what is dialled first, and of which nobody can say what that is.
pub const NO_PREFIX: &str = "phone_without_prefix";

/// Whether a number begins neither with a zero nor with a plus sign, where every number does.
fn is_odd(number: &str, zone: &str) -> bool {
    !number.starts_with(['+', '0']) && PLANS.iter().any(|plan| plan.zones.contains(&zone))
}

/// The number with what is missing; `None` if nothing is, or if that cannot be known.
fn repaired(number: &str, zone: &str) -> Option<String> {
    let plan = PLANS.iter().find(|plan| plan.zones.contains(&zone))?;
    let is_inside = |number: &str| {
        number.len() == plan.length && number.bytes().next().is_some_and(|first| plan.begins.contains(&first))
    };
    if number.starts_with(['+', '0']) {
        return None;
    }
    if is_inside(number) {
        return Some(format!("0{number}"));
    }
    number.strip_prefix(plan.code).filter(|inside| is_inside(inside)).map(|_| format!("+{number}"))
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
        if is_odd(number.as_str(), cells.zone()) {
            cells.note(Note::new(NO_PREFIX).with("field", field.slug).quoting(number.as_str()));
        }
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
        // The example of a Canadian list of families (Xello, "Create family data files") is no British number.
        for whole in
            ["07900900123", "+447900900123", "00447900900123", "15550123456", "4407900900123", "9051234567"]
        {
            assert_eq!(london(whole), None, "{whole}");
        }
        assert_eq!(repaired("7025550123", "America/New_York"), None);
        assert_eq!(repaired("612345678", "Europe/Paris").as_deref(), Some("0612345678"));
    }

    proptest! {
        #[test]
        fn a_number_that_was_repaired_is_whole(digits in "[1-9][0-9]{6,13}", at in 0..PLANS.len()) {
            let zone = PLANS[at].zones[0];
            if let Some(whole) = repaired(&digits, zone) {
                prop_assert!(whole.ends_with(&digits) && whole.len() == digits.len() + 1);
                prop_assert_eq!(repaired(&whole, zone), None);
            }
        }
    }
}
