//! The students of the demonstration school: the same for the same seed, with dates around the day it is
//! loaded.

use std::collections::HashSet;

use chrono::{Datelike as _, Days, NaiveDate};
use domain::fold::romanise;
use domain::roll::address::{EmailAddress, PhoneNumber};
use domain::roll::name::PersonName;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::names::{NameOrigin, ORIGINS};

/// A student for the loader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DemoStudent {
    pub(super) name: PersonName,
    pub(super) born_on: NaiveDate,
    pub(super) language: &'static str,
    pub(super) admission_number: String,
    pub(super) year: String,
    pub(super) group: String,
    pub(super) starts_on: NaiveDate,
    pub(super) ends_on: Option<NaiveDate>,
    pub(super) email: Option<EmailAddress>,
    pub(super) phone: Option<PhoneNumber>,
}

/// How many students each year group has: five forms up to Year 11, a smaller sixth form.
const YEARS: [(i32, usize); 7] = [(7, 168), (8, 166), (9, 164), (10, 161), (11, 158), (12, 92), (13, 86)];
/// How many left last summer, after Years 11 and 13, and during the year.
const LEAVERS: [(i32, usize); 4] = [(11, 52), (13, 44), (9, 6), (10, 5)];
/// How many start next summer in Year 7, and after the holidays in between.
const FUTURE: [(i32, usize); 3] = [(7, 74), (8, 4), (10, 3)];
/// Forms are named after the letters of the school's motto.
const FORMS: [&str; 5] = ["Q", "U", "I", "L", "M"];

/// Creates the students. `today` determines the school year, which begins on 1 September.
pub(super) fn students(today: NaiveDate, seed: u64) -> Vec<DemoStudent> {
    let mut maker = StudentMaker {
        random: ChaCha8Rng::seed_from_u64(seed),
        year_began: year_began(today),
        next_admission: 2107,
        mailboxes: HashSet::new(),
        made: Vec::new(),
    };
    for (year, count) in YEARS {
        let first_day = maker.september(year - intake(year));
        for _ in 0..count {
            maker.student(year, 0, first_day, None);
        }
    }
    for (year, count) in LEAVERS {
        let first_day = maker.september(year - intake(year) + 1);
        for nth in 0..count {
            // Most left at the start of the summer holidays, a few since.
            let days_ago = u64::try_from(nth % 30).unwrap_or_default() + 1;
            let last_day = match nth % 8 {
                7 => (today - Days::new(days_ago)).max(maker.year_began),
                _ => maker.year_began - Days::new(44),
            };
            maker.student(year, 1, first_day, Some(last_day.min(today - Days::new(1))));
        }
    }
    for (year, count) in FUTURE {
        for _ in 0..count {
            let in_days = maker.random.random_range(20..60);
            let (turned, first_day) =
                if year == 7 { (-1, maker.september(-1)) } else { (0, today + Days::new(in_days)) };
            maker.student(year, turned, first_day, None);
        }
    }
    maker.make_known_cases();
    maker.made
}

/// The year group in which students join: 7, or 12 for the sixth form.
fn intake(year: i32) -> i32 {
    if year >= 12 { 12 } else { 7 }
}

/// The 1 September on or before a day.
fn year_began(today: NaiveDate) -> NaiveDate {
    let this_year = first_of_september(today.year());
    if this_year <= today { this_year } else { first_of_september(today.year() - 1) }
}

fn first_of_september(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 9, 1).unwrap_or(NaiveDate::MIN)
}

struct StudentMaker {
    random: ChaCha8Rng,
    year_began: NaiveDate,
    next_admission: u32,
    mailboxes: HashSet<String>,
    made: Vec<DemoStudent>,
}

impl StudentMaker {
    /// The first day of school this many years before this school year.
    fn september(&self, years_ago: i32) -> NaiveDate {
        first_of_september(self.year_began.year() - years_ago)
    }

    /// `older_by` is the number of years since they were in this year group; negative for those who join it
    /// later.
    fn student(&mut self, year: i32, older_by: i32, starts_on: NaiveDate, ends_on: Option<NaiveDate>) {
        let origin = self.origin();
        let (given, preferred) = self.given(origin);
        let family = origin.family.choose(&mut self.random).copied().unwrap_or_default();
        // One in six has a middle name.
        let middle = if self.random.random_ratio(1, 6) { self.given(origin).0 } else { "" };
        let Ok(name) = PersonName::new(given, middle, family, preferred) else { return };
        let born_on = self.birthday(year + older_by);
        let email = self.email(&name, year);
        let phone = self.phone();
        self.push(
            year,
            DemoStudent {
                name,
                born_on,
                language: origin.language,
                admission_number: String::new(),
                year: year.to_string(),
                group: String::new(),
                starts_on,
                ends_on,
                email,
                phone,
            },
        );
    }

    /// Numbers a student, assigns a form (the sixth form has three) and adds them.
    fn push(&mut self, year: i32, student: DemoStudent) {
        let forms = if year > 11 { &FORMS[..3] } else { &FORMS[..] };
        let group = format!("{year}{}", forms[self.made.len() % forms.len()]);
        let admission_number = format!("{:06}", self.next_admission);
        self.next_admission += 1;
        self.made.push(DemoStudent { admission_number, group, ..student });
    }

    fn origin(&mut self) -> &'static NameOrigin {
        let mut point = self.random.random_range(0..1000);
        ORIGINS
            .iter()
            .find(|origin| {
                let here = point < origin.share;
                point = point.saturating_sub(origin.share);
                here
            })
            .unwrap_or(&ORIGINS[0])
    }

    fn given(&mut self, origin: &NameOrigin) -> (&'static str, &'static str) {
        let name = origin.given.choose(&mut self.random).copied().unwrap_or_default();
        name.split_once('/').unwrap_or((name, ""))
    }

    /// A birthday for this year group: Year 7 turns 12 during its school year.
    fn birthday(&mut self, year: i32) -> NaiveDate {
        self.september(year + 5) + Days::new(self.random.random_range(0..365))
    }

    /// One in sixteen has no address. Younger students often share one with a brother or sister at the
    /// school.
    fn email(&mut self, name: &PersonName, year: i32) -> Option<EmailAddress> {
        if self.random.random_ratio(1, 16) {
            return None;
        }
        let family = romanise(name.family()).replace(' ', "");
        if year <= 9 && !family.is_empty() && self.random.random_ratio(1, 7) {
            let shared = self.made.iter().rev().find_map(|other| {
                let theirs = other.email.as_ref().filter(|_| other.name.family() == name.family())?;
                theirs.as_str().contains("family").then(|| theirs.clone())
            });
            if shared.is_some() {
                return shared;
            }
            return self.mailbox(&format!("{family}.family"));
        }
        let given = romanise(name.familiar()).replace(' ', "");
        let local = [given, family].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".");
        self.mailbox(&local)
    }

    /// A mailbox that is not taken yet, in a domain that never exists (RFC 2606).
    fn mailbox(&mut self, local: &str) -> Option<EmailAddress> {
        let host = ["post.example", "mail.example", "inbox.example"].choose(&mut self.random)?;
        let mut address = format!("{local}@{host}");
        let mut number = 2;
        while !self.mailboxes.insert(address.clone()) {
            address = format!("{local}{number}@{host}");
            number += 1;
        }
        address.parse().ok()
    }

    /// A number that is never assigned (Ofcom reserves 07700 900000 to 900999 for drama).
    fn phone(&mut self) -> Option<PhoneNumber> {
        if self.random.random_ratio(2, 3) {
            return None;
        }
        format!("+447700900{:03}", self.random.random_range(0..1000)).parse().ok()
    }

    /// Adds cases that every school has and that chance might leave out: twins, two people with one name, one
    /// surname and initial many times, siblings with one address.
    fn make_known_cases(&mut self) {
        let twins_born = self.september(13) + Days::new(200);
        let family_mailbox = Some("quennell.family@post.example");
        let known: [(&str, &str, &str, i32, Option<&str>); 11] = [
            ("Amara", "Quennell", "", 8, family_mailbox),
            ("Ambrose", "Quennell", "", 8, family_mailbox),
            ("Isaac", "Quennell", "", 7, family_mailbox),
            ("Olivia", "Smith", "", 9, Some("olivia.smith.9@mail.example")),
            ("Olivia", "Smith", "", 9, Some("livvy.smith@mail.example")),
            ("Oscar", "Smith", "", 9, None),
            ("Orla", "Smith", "", 9, Some("orla.smith.9@mail.example")),
            ("Otis", "Smith", "", 9, Some("otis.smith.9@mail.example")),
            ("Nguyễn Thị", "Hương", "Rose", 10, Some("rose.huong@inbox.example")),
            ("Zoë-Mae", "O’Brien-Ó Súilleabháin", "", 11, Some("zoe.obrien@post.example")),
            ("", "Sasithorn", "", 12, None),
        ];
        for (given, family, preferred, year, email) in known {
            let Ok(name) = PersonName::new(given, "", family, preferred) else { continue };
            let twin = family == "Quennell" && year == 8;
            let born_on = if twin { twins_born } else { self.birthday(year) };
            let starts_on = self.september(year - intake(year));
            self.push(
                year,
                DemoStudent {
                    name,
                    born_on,
                    language: "en",
                    admission_number: String::new(),
                    year: year.to_string(),
                    group: String::new(),
                    starts_on,
                    ends_on: None,
                    email: email.and_then(|address| address.parse().ok()),
                    phone: None,
                },
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashMap};

    use domain::roll::status::RollStatus;

    use super::*;

    fn made() -> (NaiveDate, Vec<DemoStudent>) {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        (today, students(today, 1))
    }

    #[test]
    fn the_same_seed_makes_the_same_school() {
        let (today, first) = made();
        assert_eq!(first, students(today, 1));
        assert_ne!(first, students(today, 2));
    }

    #[test]
    fn on_any_day_of_the_year_there_are_students_of_every_roll_status() {
        for month in 1..=12 {
            let today = NaiveDate::from_ymd_opt(2027, month, 1).unwrap();
            let mut counts = BTreeMap::new();
            for student in students(today, 1) {
                *counts.entry(RollStatus::on(today, student.starts_on, student.ends_on)).or_insert(0) += 1;
            }
            let total: i32 = counts.values().sum();
            assert!((1150..=1250).contains(&total), "{today}: {total}");
            assert!(RollStatus::ALL.iter().all(|status| counts[status] >= 50), "{today}: {counts:?}");
        }
    }

    #[test]
    fn the_hard_cases_are_there() {
        let (_, students) = made();
        let has = |is: &dyn Fn(&DemoStudent) -> bool| students.iter().any(is);
        assert!(has(&|s| s.name.family().contains('\'')), "an apostrophe");
        assert!(has(&|s| s.name.family().contains('-')), "a hyphen");
        assert!(has(&|s| s.name.family().is_empty()) && has(&|s| s.name.given().is_empty()), "single names");
        for script in ['\u{0627}', '\u{674e}', '\u{0428}'] {
            assert!(has(&|s| s.name.family().contains(script)), "a name with {script}");
        }
        assert!(students.iter().filter(|s| s.email.is_none()).count() > 40, "some without an email");
        let mut by_mailbox: HashMap<_, Vec<&DemoStudent>> = HashMap::new();
        for student in students.iter().filter(|s| s.email.is_some()) {
            by_mailbox.entry(student.email.clone()).or_default().push(student);
        }
        assert!(by_mailbox.values().filter(|family| family.len() > 1).count() > 5, "some who share one");
        assert!(
            by_mailbox.values().any(|family| family
                .iter()
                .any(|a| family.iter().any(|b| a.name != b.name && a.born_on == b.born_on))),
            "twins"
        );
    }

    #[test]
    fn no_two_students_have_one_admission_number() {
        let (_, students) = made();
        let numbers: HashSet<_> = students.iter().map(|s| &s.admission_number).collect();
        assert_eq!(numbers.len(), students.len());
    }
}
