//! The filters of student lists.

use domain::credentials::status::StatusGroup;
use domain::roll::enrolment::year_in_words;
use domain::roll::filter::RollFilter;
use domain::roll::status::RollStatus;

use crate::ui::table::{FieldInput, FilterField, Filters};

/// The value for "everyone, whatever their roll status".
const ALL_ROLLS: &str = "all";

const WORDS: FilterField = FilterField {
    name: "q",
    label: "Name, username or admission number",
    input: FieldInput::Search,
    plain: "",
    chip: Some(|q| format!("\u{201c}{q}\u{201d}")),
};
const YEAR: FilterField = FilterField {
    name: "year",
    label: "Year",
    input: FieldInput::Choice(Some("Any")),
    plain: "",
    chip: Some(year_in_words),
};
const GROUP: FilterField = FilterField {
    name: "group",
    label: "Registration group",
    input: FieldInput::Choice(Some("Any")),
    plain: "",
    chip: Some(str::to_owned),
};
const STATUS: FilterField = FilterField {
    name: "status",
    label: "Status",
    input: FieldInput::Choice(Some("Any")),
    plain: "",
    chip: Some(|slugs| statuses(slugs).map(StatusGroup::label).collect::<Vec<_>>().join(", ")),
};
/// By default a list shows students on roll today.
const ROLL: FilterField = FilterField {
    name: "roll",
    label: "Roll",
    input: FieldInput::Choice(None),
    plain: "current",
    chip: None,
};

/// Some people, as [`domain::roll::filter::RollPart`]: a link to the list says whom.
const OF: FilterField = FilterField {
    name: "of",
    label: "Only",
    input: FieldInput::Elsewhere,
    plain: "",
    chip: Some(|of| if of.starts_with('b') { "Created together" } else { "One teaching group" }.to_owned()),
};

/// For people who may see accounts.
pub const EVERYTHING: &[FilterField] = &[WORDS, YEAR, GROUP, STATUS, ROLL, OF];

/// For people who may see students but not accounts.
pub const OF_THE_ROLL: &[FilterField] =
    &[FilterField { label: "Name or admission number", ..WORDS }, YEAR, GROUP, ROLL];

/// For choosing students without an account; their roll status is chosen above the fields.
pub const WITHOUT_ACCOUNT: &[FilterField] =
    &[WORDS, YEAR, GROUP, FilterField { input: FieldInput::Elsewhere, ..ROLL }];

/// The default filter of lists: everyone on roll today.
pub fn plain() -> RollFilter {
    RollFilter { roll: vec![RollStatus::Current], ..RollFilter::default() }
}

/// Reads the filter from the fields. Unknown values do not filter.
pub(super) fn read(filters: Filters) -> RollFilter {
    RollFilter {
        q: filters.get("q"),
        year: filters.get("year"),
        group: filters.get("group"),
        roll: filters.with("roll", rolls),
        status: filters.with("status", |slugs| statuses(slugs).collect()),
        of: filters.get("of"),
    }
}

fn statuses(slugs: &str) -> impl Iterator<Item = StatusGroup> {
    slugs.split(',').filter_map(StatusGroup::from_slug)
}

fn rolls(word: &str) -> Vec<RollStatus> {
    match word {
        ALL_ROLLS => Vec::new(),
        "" => vec![RollStatus::Current],
        words => words.split(',').filter_map(RollStatus::from_slug).collect(),
    }
}

/// The choices of filters that always have the same ones.
pub(super) fn choices(field: &str) -> Vec<(String, String)> {
    let own = |slug: &str, label: &str| (slug.to_owned(), label.to_owned());
    match field {
        "status" => StatusGroup::ALL.into_iter().map(|group| own(group.slug(), group.label())).collect(),
        "roll" => {
            let rolls = RollStatus::ALL.into_iter().map(|roll| own(roll.slug(), roll.label()));
            rolls.chain([own(ALL_ROLLS, "Current, Leaver, Future")]).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_begins_with_who_is_on_roll() {
        assert_eq!(ROLL.plain, RollStatus::Current.slug());
        assert_eq!(rolls(ROLL.plain), plain().roll);
        assert_eq!(rolls(""), plain().roll);
    }

    #[test]
    fn words_of_an_address_that_say_nothing_do_not_filter() {
        assert_eq!(rolls("all"), []);
        assert_eq!(rolls("leaver,nonsense"), [RollStatus::Leaver]);
        let found: Vec<_> = statuses("invited,attention,nonsense").collect();
        assert_eq!(found, [StatusGroup::Invited, StatusGroup::Attention]);
        assert_eq!((STATUS.chip.unwrap())("invited,attention"), "Invited, Need attention");
    }
}
