//! Who a row is about: somebody new, or somebody who is on the roll or has an account already.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{PasteColumn, PastedRow, WhoDecision};
use crate::accounts::naming::name_and_group;
use crate::accounts::username::Username;
use crate::fold::{fold, sort_key};
use crate::ids::PersonId;

/// The account of somebody of the school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KnownAccount {
    /// They have none.
    None,
    /// One with this username.
    Open(Username),
    /// A closed one with this username.
    Closed(Username),
}

/// Somebody of the school whom a row may be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownStudent {
    /// The person.
    pub person: PersonId,
    /// Given, family and preferred name.
    pub names: [String; 3],
    /// Their name as pages show it.
    pub name: String,
    /// Registration group, or the year group if there is none.
    pub group: String,
    /// The sort key of their name.
    pub sort_key: String,
    /// Admission number.
    pub number: String,
    /// Their email addresses, in the form for comparison.
    pub emails: Vec<String>,
    /// Their account.
    pub account: KnownAccount,
    /// Whether they have left the school.
    pub has_left: bool,
    /// Whether they are in the group already.
    pub is_member: bool,
    /// Whether the actor may see them.
    pub is_seen: bool,
}

impl KnownStudent {
    fn has_username(&self, typed: &str) -> bool {
        match &self.account {
            KnownAccount::None => false,
            KnownAccount::Open(own) | KnownAccount::Closed(own) => own.as_str().eq_ignore_ascii_case(typed),
        }
    }

    /// Name and group.
    pub fn who(&self) -> String {
        name_and_group(&self.name, &self.group)
    }
}

/// Why it must be said who a row is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhoProblem {
    /// They are on the roll, but not among the people whom the actor may see. Never named.
    OutOfReach,
    /// The admission number is somebody else's.
    NumberTaken(String),
    /// A student of this name is on the roll, with another email address.
    SameName(String),
    /// Several students of this name are on the roll.
    Several(u32),
    /// They have left the school.
    HasLeft(String),
}

impl WhoProblem {
    /// The cell to look at.
    pub fn column(&self) -> PasteColumn {
        match self {
            Self::NumberTaken(_) | Self::Several(_) => PasteColumn::AdmissionNumber,
            Self::OutOfReach | Self::SameName(_) | Self::HasLeft(_) => PasteColumn::FamilyName,
        }
    }

    /// Whether somebody can say that it is the student, or someone else.
    pub fn asks(&self) -> bool {
        matches!(self, Self::SameName(_))
    }

    /// What it is and what to do, as a sentence.
    pub fn sentence(&self) -> String {
        match self {
            Self::OutOfReach => {
                "This student is on the roll, but not in your groups. Ask the office to add them.".to_owned()
            }
            Self::NumberTaken(who) => {
                format!("This admission number is that of {who}. Correct the number or the name.")
            }
            Self::SameName(who) => {
                format!(
                    "{who} is on the roll, with another email address. Say whether it is the same student."
                )
            }
            Self::Several(count) => {
                format!(
                    "{count} students of this name are on the roll. Type the admission number of the one you mean."
                )
            }
            Self::HasLeft(who) => {
                format!("{who} has left the school. Put them on the roll again first, or remove this row.")
            }
        }
    }

    /// The same as a stable word.
    pub fn code(&self) -> &'static str {
        match self {
            Self::OutOfReach => "out_of_reach",
            Self::NumberTaken(_) => "number_taken",
            Self::SameName(_) => "same_name",
            Self::Several(_) => "several",
            Self::HasLeft(_) => "has_left",
        }
    }
}

/// Who a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowIs<'k> {
    /// Somebody new.
    New,
    /// This student.
    Known(&'k KnownStudent),
}

/// Students of a school, found by what rows say of them.
#[derive(Debug, Default)]
pub struct KnownStudents {
    all: Vec<KnownStudent>,
    by_number: HashMap<String, usize>,
    by_name: HashMap<String, Vec<usize>>,
}

/// The keys by which the students of a list are looked up.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct LookUpKeys {
    /// Admission numbers.
    pub numbers: Vec<String>,
    /// Sort keys of names.
    pub names: Vec<String>,
}

impl LookUpKeys {
    /// Reads them from rows.
    pub fn of(rows: &[PastedRow]) -> Self {
        let mut keys = Self::default();
        for row in rows {
            let filled = |column| Some(row.cell(column).to_owned()).filter(|text| !text.is_empty());
            keys.numbers.extend(filled(PasteColumn::AdmissionNumber));
            keys.names.push(row_sort_key(row));
        }
        keys
    }
}

fn row_sort_key(row: &PastedRow) -> String {
    sort_key(row.cell(PasteColumn::GivenName), row.cell(PasteColumn::FamilyName))
}

impl KnownStudents {
    /// Students to find.
    pub fn of(all: Vec<KnownStudent>) -> Self {
        let mut by_number = HashMap::with_capacity(all.len());
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::with_capacity(all.len());
        for (at, known) in all.iter().enumerate() {
            by_number.insert(known.number.clone(), at);
            by_name.entry(known.sort_key.clone()).or_default().push(at);
        }
        Self { all, by_number, by_name }
    }

    /// Says who a row is about. A number, an address with the name, and a username with the name say it for certain; a
    /// name alone if nothing speaks against it.
    pub fn of_row(&self, row: &PastedRow) -> Result<RowIs<'_>, WhoProblem> {
        let [_, _, email, username, number] = PasteColumn::ALL.map(|column| row.cell(column));
        if let Some(known) = self.by_number.get(number).map(|at| &self.all[*at]) {
            return if !known.is_seen {
                Err(WhoProblem::OutOfReach)
            } else if shares_a_name(row, known) {
                found(known)
            } else {
                Err(WhoProblem::NumberTaken(known.who()))
            };
        }
        let email = email.to_lowercase();
        let of_name = self.by_name.get(&row_sort_key(row)).map_or(&[][..], Vec::as_slice);
        let named = || of_name.iter().map(|at| &self.all[*at]);
        let by_more = named().find(|known| {
            (!email.is_empty() && known.emails.contains(&email)) || known.has_username(username)
        });
        if let Some(known) = by_more {
            return found(known);
        }
        // A spreadsheet takes the zeros from the beginning of a number. Somebody with another one is somebody else.
        if let Some(known) =
            named().find(|known| !number.is_empty() && without_zeros(&known.number) == without_zeros(number))
        {
            return found(known);
        }
        let alike: Vec<&KnownStudent> =
            named().filter(|known| !known.has_left && number.is_empty()).collect();
        let [known, others @ ..] = &alike[..] else { return Ok(RowIs::New) };
        if alike.iter().any(|known| !known.is_seen) {
            return Err(WhoProblem::OutOfReach);
        }
        if !others.is_empty() {
            return Err(WhoProblem::Several(u32::try_from(alike.len()).unwrap_or(u32::MAX)));
        }
        let differs = !email.is_empty() && !known.emails.is_empty();
        match row.who {
            Some(WhoDecision::Other) => Ok(RowIs::New),
            None if differs => Err(WhoProblem::SameName(known.who())),
            None | Some(WhoDecision::Same) => found(known),
        }
    }
}

fn found(known: &KnownStudent) -> Result<RowIs<'_>, WhoProblem> {
    if !known.is_seen {
        Err(WhoProblem::OutOfReach)
    } else if known.has_left {
        Err(WhoProblem::HasLeft(known.who()))
    } else {
        Ok(RowIs::Known(known))
    }
}

fn without_zeros(number: &str) -> &str {
    number.trim_start_matches('0')
}

/// Whether a row has a name of somebody: a spreadsheet may have one of two family names, or the preferred name.
fn shares_a_name(row: &PastedRow, known: &KnownStudent) -> bool {
    let words = |text: &str| fold(text).split(' ').map(str::to_owned).collect::<Vec<_>>();
    let theirs: Vec<String> =
        known.names.iter().flat_map(|name| words(name)).filter(|word| !word.is_empty()).collect();
    let ours = [PasteColumn::FamilyName, PasteColumn::GivenName].map(|column| words(row.cell(column)));
    ours.iter().flatten().any(|word| theirs.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn ana() -> KnownStudent {
        KnownStudent {
            person: PersonId(Uuid::from_u128(1)),
            names: ["Ana", "Berg", ""].map(str::to_owned),
            name: "Ana Berg".to_owned(),
            group: "10B".to_owned(),
            sort_key: sort_key("Ana", "Berg"),
            number: "0042".to_owned(),
            emails: vec!["ana@school.example".to_owned()],
            account: KnownAccount::Open("a.berg".parse().unwrap()),
            has_left: false,
            is_member: false,
            is_seen: true,
        }
    }

    fn who(
        known: &[KnownStudent],
        cells: [&str; 5],
        decided: Option<WhoDecision>,
    ) -> Result<bool, WhoProblem> {
        let known = KnownStudents::of(known.to_vec());
        let row = PastedRow { who: decided, ..PastedRow::of(cells) };
        known.of_row(&row).map(|is| is != RowIs::New)
    }

    #[test]
    fn a_number_an_address_and_a_name_say_who_it_is() {
        for cells in [
            ["Berg", "Ana", "", "", ""],
            ["BERG", "ána", "", "", ""],
            ["Berg-Lie", "A.", "", "", "0042"],
            ["Berg", "Ana", "Ana@school.example", "", ""],
            ["Berg", "Ana", "other@school.example", "a.berg", ""],
            // As a spreadsheet writes 0042.
            ["Berg", "Ana", "", "", "42"],
        ] {
            assert_eq!(who(&[ana()], cells, None), Ok(true), "{cells:?}");
        }
        for cells in [["Berg", "Bo", "ana@school.example", "", ""], ["Berg", "Ana", "", "", "0043"]] {
            assert_eq!(who(&[ana()], cells, None), Ok(false), "{cells:?}");
        }
    }

    #[test]
    fn doubt_is_asked_about() {
        let other = ["Berg", "Ana", "other@school.example", "", ""];
        assert_eq!(who(&[ana()], other, None), Err(WhoProblem::SameName("Ana Berg, 10B".to_owned())));
        assert_eq!(who(&[ana()], other, Some(WhoDecision::Same)), Ok(true));
        assert_eq!(who(&[ana()], other, Some(WhoDecision::Other)), Ok(false));
        let number = ["Olsen", "Bo", "", "", "0042"];
        assert_eq!(who(&[ana()], number, None), Err(WhoProblem::NumberTaken("Ana Berg, 10B".to_owned())));
        let two = [ana(), KnownStudent { number: "0043".to_owned(), ..ana() }];
        assert_eq!(who(&two, ["Berg", "Ana", "", "", ""], None), Err(WhoProblem::Several(2)));
        assert_eq!(who(&two, ["Berg", "Ana", "", "", "0043"], None), Ok(true));
    }

    #[test]
    fn nobody_out_of_reach_is_named_and_nobody_who_left_comes_back_by_name() {
        let hidden = KnownStudent { is_seen: false, ..ana() };
        for cells in [
            ["Berg", "Ana", "", "", ""],
            ["Olsen", "Bo", "", "", "0042"],
            ["Berg", "Ana", "ana@school.example", "", ""],
        ] {
            assert_eq!(
                who(std::slice::from_ref(&hidden), cells, None),
                Err(WhoProblem::OutOfReach),
                "{cells:?}"
            );
        }
        assert!(!WhoProblem::OutOfReach.sentence().contains("Ana"));
        let left = KnownStudent { has_left: true, ..ana() };
        assert_eq!(who(std::slice::from_ref(&left), ["Berg", "Ana", "", "", ""], None), Ok(false));
        let left = who(&[left], ["Berg", "Ana", "", "", "0042"], None);
        assert_eq!(left, Err(WhoProblem::HasLeft("Ana Berg, 10B".to_owned())));
    }
}
