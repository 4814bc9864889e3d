//! How a person in a row resembles a person in the database.

use std::collections::BTreeSet;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};

use chrono::{Datelike as _, NaiveDate};

use super::{CurrentPerson, ImportedPerson, PersonDetails};
use crate::fold::romanise;
use crate::imports::crossing::{CrossedFact, FactChange};
use crate::imports::held::ShownPerson;
use crate::imports::who::{Agreement, NameMatch, Resemblance};
use crate::roll::address::EmailAddress;
use crate::roll::name::PersonName;

impl ImportedPerson {
    /// How far the row's name is that of a person. Only the parts that the file has count.
    pub fn name_match(&self, current: &PersonName) -> NameMatch {
        let [given, family] = [&self.given, &self.family].map(|part| part.value().map(String::as_str));
        if given.is_none_or(|given| given == current.given())
            && family.is_none_or(|family| family == current.family())
            && (given.is_some() || family.is_some())
        {
            return NameMatch::Same;
        }
        let in_row = words([given, family].into_iter().flatten());
        let stored = words([current.given(), current.family()]);
        let extra = [&self.middle, &self.preferred].into_iter().filter_map(|part| part.value());
        let all_in_row = words(extra.map(String::as_str).chain([given, family].into_iter().flatten()));
        let all_stored = words([current.given(), current.family(), current.middle(), current.preferred()]);
        // "Bob Smith" is "Robert Smith" who is called Bob, and "Ada Lovelace" is "Ada King Lovelace".
        let is_whole = given.is_some() && family.is_some();
        let shared = in_row.intersection(&all_stored).count().max(stored.intersection(&all_in_row).count());
        let is_within = (!in_row.is_empty() && in_row.is_subset(&all_stored))
            || (!stored.is_empty() && stored.is_subset(&all_in_row));
        let is_enough = shared >= 2 || !is_whole || stored.len() == 1 && in_row.len() == 1;
        if is_within && is_enough {
            NameMatch::Same
        } else if all_in_row.is_disjoint(&all_stored) {
            NameMatch::Different
        } else {
            NameMatch::Partly
        }
    }

    /// How two rows resemble each other. Who has the same given name and the same second fact has another family name
    /// now; who has the same family name may be a twin.
    pub fn resembles_row(&self, other: &Self, second: Agreement) -> Resemblance {
        let name = other.name_after([""; 4]).map_or(NameMatch::Different, |name| self.name_match(&name));
        if name == NameMatch::Same {
            return Resemblance { name, second };
        }
        let given = [self, other].map(|row| row.given.value().map(|given| romanise(given)));
        let is_renamed = second == Agreement::Same && given[0].is_some() && given[0] == given[1];
        Resemblance { name: if is_renamed { NameMatch::Same } else { name }, second }
    }

    /// Whether the row has a person's date of birth.
    pub fn birth_match(&self, born_on: Option<NaiveDate>) -> Agreement {
        match self.born_on.value().zip(born_on) {
            Some((in_row, stored)) if *in_row == stored => Agreement::Same,
            Some(_) => Agreement::Different,
            None => Agreement::Unknown,
        }
    }

    /// A hash of the name that does not depend on its spelling.
    pub fn name_hash(&self) -> u64 {
        hash_of([&self.family, &self.given].map(|part| part.value().map_or("", String::as_str)))
    }

    /// What the row changes of a person's name and date of birth.
    pub fn changes(&self, current: &CurrentPerson) -> Vec<FactChange> {
        let mut changes = Vec::new();
        if self.name_match(&current.name) != NameMatch::Same {
            for (fact, part, stored) in [
                (CrossedFact::GivenName, &self.given, current.name.given()),
                (CrossedFact::FamilyName, &self.family, current.name.family()),
            ] {
                let Some(part) = part.value() else { continue };
                changes.push((fact, hash_of([stored]), hash_of([part.as_str()]), false));
            }
        }
        if let Some((born, stored)) = self.born_on.value().zip(current.born_on) {
            // Day and month in the other order, or a day that began in another time zone.
            let is_exchanged =
                (born.year(), born.month(), born.day()) == (stored.year(), stored.day(), stored.month());
            let is_slip = is_exchanged || (*born - stored).num_days().abs() <= 1;
            let day = |date: NaiveDate| u64::from(date.num_days_from_ce().unsigned_abs());
            changes.push((CrossedFact::BirthDate, day(stored), day(*born), is_slip));
        }
        let changes = changes.into_iter().filter(|(_, from, to, _)| from != to);
        changes.map(|(fact, from, to, is_slip)| FactChange { fact, from, to, is_slip }).collect()
    }

    /// A hash of the date of birth.
    pub fn birth_hash(&self) -> Option<u64> {
        self.born_on.value().map(|born| {
            let mut hasher = DefaultHasher::new();
            born.hash(&mut hasher);
            hasher.finish()
        })
    }

    /// Whether the row has a person's email address. Another one proves nothing: addresses change.
    pub fn email_match(&self, current: &CurrentPerson) -> Agreement {
        let stored = current.email.as_deref().and_then(|email| email.parse::<EmailAddress>().ok());
        let in_row = self.email.value().map(EmailAddress::comparable);
        match in_row.zip(stored) {
            Some((in_row, stored)) if in_row == stored.comparable() => Agreement::Same,
            _ => Agreement::Unknown,
        }
    }

    /// A hash of the email address.
    pub fn email_hash(&self) -> Option<u64> {
        self.email.value().map(|email| {
            let mut hasher = DefaultHasher::new();
            email.comparable().hash(&mut hasher);
            hasher.finish()
        })
    }

    /// The person, as a held row shows them.
    pub fn shown(&self, key: &str) -> ShownPerson {
        ShownPerson {
            name: self.name_after([""; 4]).map_or_else(String::new, |name| name.full()),
            born_on: self.born_on.value().copied(),
            key: key.to_owned(),
            email: self.email.value().map(ToString::to_string).unwrap_or_default(),
            ..ShownPerson::default()
        }
    }
}

/// [`ImportedPerson::name_hash`] of a stored name.
pub fn name_hash(name: &PersonName) -> u64 {
    hash_of([name.family(), name.given()])
}

/// A hash of parts of a name that does not depend on their spelling.
fn hash_of<const N: usize>(parts: [&str; N]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for part in parts {
        if part.is_ascii() {
            for letter in part.bytes().filter(u8::is_ascii_alphanumeric) {
                hasher.write_u8(letter.to_ascii_lowercase());
            }
        } else {
            hasher.write(romanise(part).replace(' ', "").as_bytes());
        }
        hasher.write_u8(0xFF);
    }
    hasher.finish()
}

/// Stands for the username of an account that the importer cannot see.
pub const HAS_ACCOUNT: &str = "Has an account";

impl CurrentPerson {
    /// The person as somebody sees them who may not open their record: nothing but what the row says too.
    #[must_use]
    pub fn unseen(self) -> Self {
        let account = self.account.map(|_| HAS_ACCOUNT.to_owned());
        Self { email: None, phone: None, account, may_readdress: false, ..self }
    }

    /// Their details as they are.
    pub fn details(&self) -> PersonDetails {
        PersonDetails { name: self.name.clone(), born_on: self.born_on, language: self.language.clone() }
    }

    /// The person, as a held row shows them.
    pub fn shown(&self, key: &str, school: &str) -> ShownPerson {
        ShownPerson {
            person: Some(self.person),
            name: self.name.full(),
            born_on: self.born_on,
            key: key.to_owned(),
            school: school.to_owned(),
            email: self.email.clone().unwrap_or_default(),
            account: self.account.clone().unwrap_or_default(),
            ..ShownPerson::default()
        }
    }
}

/// The words of names in Latin letters: they are compared in any order.
fn words<'a>(parts: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    let parts = parts.into_iter().map(romanise);
    parts
        .flat_map(|part| {
            part.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::cells::CellValue;

    fn row(given: &str, family: &str) -> ImportedPerson {
        let value = |text: &str| match text {
            "" => CellValue::Nothing,
            text => CellValue::Value(text.to_owned()),
        };
        ImportedPerson {
            given: value(given),
            middle: CellValue::Nothing,
            family: value(family),
            preferred: CellValue::Nothing,
            born_on: CellValue::Nothing,
            language: CellValue::Nothing,
            email: CellValue::Nothing,
            phone: CellValue::Nothing,
        }
    }

    #[test]
    fn spellings_order_middle_and_preferred_names_do_not_make_another_person() {
        let stored = PersonName::new("Robert", "King", "O\u{2019}Néil", "Bob").unwrap();
        for (given, family) in [
            ("Robert", "O\u{2019}Néil"),
            ("ROBERT", "Oneil"),
            ("Bob", "O'Neil"),
            ("Robert King", "O'Neil"),
            ("O'Neil", "Robert"),
            ("Robert", ""),
        ] {
            assert_eq!(row(given, family).name_match(&stored), NameMatch::Same, "{given} {family}");
        }
        for (given, family) in [("Robert", "Smith"), ("Ann", "O'Neil")] {
            assert_eq!(row(given, family).name_match(&stored), NameMatch::Partly, "{given} {family}");
        }
        for (given, family) in [("Ann", "Smith"), ("Ann", "")] {
            assert_eq!(row(given, family).name_match(&stored), NameMatch::Different, "{given} {family}");
        }
        let stored = PersonName::new("明", "", "李", "").unwrap();
        assert_eq!(row("Ming", "Li").name_match(&stored), NameMatch::Same);
        let single = PersonName::new("Ali", "", "", "").unwrap();
        assert_eq!(row("Ali", "Khan").name_match(&single), NameMatch::Partly);
    }
}
