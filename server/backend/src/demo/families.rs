//! The families of the demonstration school: the adults of its students, with everything that makes real families difficult.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::fold::romanise;
use domain::guardians::contact::{ContactFacts, ContactFunction, ContactPriority};
use domain::guardians::relationship::Relationship;
use domain::roll::address::{EmailAddress, PhoneNumber};
use domain::roll::name::PersonName;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::names::{NameOrigin, ORIGINS};
use super::students::DemoStudent;

/// An adult for the loader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DemoAdult {
    pub(super) name: PersonName,
    pub(super) language: &'static str,
    pub(super) is_organisation: bool,
    pub(super) email: Option<EmailAddress>,
    pub(super) phone: Option<PhoneNumber>,
    /// The username, for the few who have an account.
    pub(super) username: Option<String>,
    /// Their children, by place in the list of students, and what they are to each.
    pub(super) children: Vec<(usize, ContactFacts)>,
}

/// How many households there are for one in which an adult has an account.
const HOUSEHOLDS_TO_AN_ACCOUNT: usize = 9;
/// How many looked-after children the county is the guardian of.
const LOOKED_AFTER: usize = 3;

/// Creates the adults: the same for the same students and seed.
pub(super) fn families(students: &[DemoStudent], seed: u64) -> Vec<DemoAdult> {
    let mut maker = FamilyMaker { random: ChaCha8Rng::seed_from_u64(seed), mailboxes: 0, made: Vec::new() };
    let households = households(students);
    let (looked_after, homes) = households.split_at(LOOKED_AFTER.min(households.len()));
    maker.county(looked_after.concat(), students);
    for (number, children) in homes.iter().enumerate() {
        maker.household(number, children, students);
    }
    maker.made
}

/// Students who live together: those who share a mailbox. Everyone else has a household of their own.
fn households(students: &[DemoStudent]) -> Vec<Vec<usize>> {
    let mut shared: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (place, student) in students.iter().enumerate() {
        let key = match &student.email {
            Some(email) => email.comparable(),
            None => student.admission_number.clone(),
        };
        shared.entry(key).or_default().push(place);
    }
    let mut households: Vec<Vec<usize>> = shared.into_values().collect();
    // In the order of the roll: the mailboxes say nothing about whose family comes first.
    households.sort_unstable();
    households
}

struct FamilyMaker {
    random: ChaCha8Rng,
    mailboxes: u32,
    made: Vec<DemoAdult>,
}

/// What an adult is to the children of a household.
#[derive(Clone, Copy)]
struct Part {
    relationship: Relationship,
    priority: u8,
    responsible: Option<bool>,
    lives_with: Option<bool>,
    emergency: bool,
}

const MOTHER: Part = Part {
    relationship: Relationship::Mother,
    priority: 1,
    responsible: Some(true),
    lives_with: Some(true),
    emergency: true,
};
const FATHER: Part = Part { relationship: Relationship::Father, priority: 2, ..MOTHER };
const FATHER_ELSEWHERE: Part = Part { lives_with: Some(false), ..FATHER };
const STEP_PARENT: Part =
    Part { relationship: Relationship::StepParent, priority: 3, responsible: None, ..MOTHER };
const GRANDPARENT: Part = Part {
    relationship: Relationship::Grandparent,
    priority: 4,
    responsible: None,
    lives_with: Some(false),
    emergency: true,
};
const NEIGHBOUR: Part = Part { relationship: Relationship::Neighbour, priority: 5, ..GRANDPARENT };

/// Whether an adult has an address of their own, shares that of the one before, or has none.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mailbox {
    Own,
    Shared,
    None,
}

impl FamilyMaker {
    /// One household; its number decides what is difficult about it.
    fn household(&mut self, number: usize, children: &[usize], students: &[DemoStudent]) {
        use Mailbox::{None as NoMailbox, Own, Shared};
        let adults: &[(Part, Mailbox)] = match number % 20 {
            0..=5 => &[(MOTHER, Own), (FATHER, Own)],
            6..=8 => &[(MOTHER, Own), (FATHER_ELSEWHERE, Own)],
            9..=11 => &[(MOTHER, Own)],
            12 => &[(FATHER, Own)],
            13 => &[(MOTHER, Own), (FATHER, Shared)],
            14 => &[(MOTHER, NoMailbox), (FATHER, NoMailbox)],
            15 => &[(MOTHER, Own), (FATHER_ELSEWHERE, Own), (STEP_PARENT, Own), (GRANDPARENT, NoMailbox)],
            16 => &[(MOTHER, Own), (STEP_PARENT, Own)],
            17 => &[(Part { responsible: Some(true), lives_with: Some(true), ..GRANDPARENT }, Own)],
            18 => &[(MOTHER, Own), (NEIGHBOUR, NoMailbox)],
            // Nobody has told the school about a contact.
            _ => &[],
        };
        let origin = children.first().map_or(&ORIGINS[0], |child| origin_of(&students[*child]));
        let has_account = number.is_multiple_of(HOUSEHOLDS_TO_AN_ACCOUNT);
        for (place, (part, mailbox)) in adults.iter().enumerate() {
            self.adult((origin, *part), *mailbox, children, students, has_account && place == 0);
        }
    }

    fn adult(
        &mut self,
        (origin, part): (&'static NameOrigin, Part),
        mailbox: Mailbox,
        children: &[usize],
        students: &[DemoStudent],
        has_account: bool,
    ) {
        let Some(first) = children.first().map(|child| &students[*child]) else { return };
        let given = origin.given.choose(&mut self.random).copied().unwrap_or_default();
        let given = given.split_once('/').map_or(given, |(given, _)| given);
        // One in four of those who are not the first to call has another family name.
        let another = part.priority > 1 && self.random.random_ratio(1, 4);
        let family = if another || part.relationship == Relationship::StepParent {
            origin.family.choose(&mut self.random).copied().unwrap_or_default()
        } else {
            first.name.family()
        };
        let Ok(name) = PersonName::new(given, "", family, "") else { return };
        let email = match mailbox {
            Mailbox::Own => self.mailbox(&name),
            Mailbox::Shared => self.made.last().and_then(|other| other.email.clone()),
            Mailbox::None => None,
        };
        let username = (has_account && email.is_some()).then(|| username(&name, self.made.len()));
        let phone = self.random.random_ratio(3, 4).then(|| self.phone()).flatten();
        let children =
            children.iter().map(|child| (*child, part.facts(students[*child].starts_on))).collect();
        self.made.push(DemoAdult {
            name,
            language: origin.language,
            is_organisation: false,
            email,
            phone,
            username,
            children,
        });
    }

    /// The authority that is the guardian of looked-after children, and the social worker whom it sends.
    fn county(&mut self, children: Vec<usize>, students: &[DemoStudent]) {
        let of = |relationship, responsible| {
            let part = Part { relationship, responsible, lives_with: Some(false), ..MOTHER };
            children.iter().map(|child| (*child, part.facts(students[*child].starts_on))).collect::<Vec<_>>()
        };
        let council = PersonName::new("", "", "Northshire County Council", "");
        let worker = PersonName::new("Imelda", "", "Castellanos", "");
        let adults = [
            (council, true, "children@northshire.example", of(Relationship::Organisation, Some(true))),
            (worker, false, "imelda.castellanos@northshire.example", of(Relationship::SocialWorker, None)),
        ];
        for (name, is_organisation, email, children) in adults {
            let Ok(name) = name else { continue };
            self.made.push(DemoAdult {
                name,
                language: "en",
                is_organisation,
                email: email.parse().ok(),
                phone: None,
                username: None,
                children,
            });
        }
    }

    /// A mailbox that nobody else has, in a domain that never exists (RFC 2606).
    fn mailbox(&mut self, name: &PersonName) -> Option<EmailAddress> {
        self.mailboxes += 1;
        let words = romanise(&name.full()).replace(' ', ".");
        format!("{words}.{}@home.example", self.mailboxes).parse().ok()
    }

    /// A number that is never assigned (Ofcom reserves 07700 900000 to 900999 for drama).
    fn phone(&mut self) -> Option<PhoneNumber> {
        format!("+447700900{:03}", self.random.random_range(0..1000)).parse().ok()
    }
}

impl Part {
    fn facts(self, starts_on: NaiveDate) -> ContactFacts {
        ContactFacts {
            relationship: self.relationship,
            relationship_said: String::new(),
            functions: if self.emergency { vec![ContactFunction::Emergency] } else { Vec::new() },
            priority: ContactPriority::try_from(self.priority).ok(),
            parental_responsibility: self.responsible,
            lives_with: self.lives_with,
            no_portal: false,
            starts_on,
            ends_on: None,
        }
    }
}

/// Where a student's names come from.
fn origin_of(student: &DemoStudent) -> &'static NameOrigin {
    ORIGINS
        .iter()
        .find(|origin| origin.language == student.language && origin.family.contains(&student.name.family()))
        .unwrap_or(&ORIGINS[0])
}

/// A username that no student's pattern makes.
fn username(name: &PersonName, place: usize) -> String {
    let word = |text: &str| romanise(text).replace(' ', "");
    format!(
        "home.{}.{place}",
        [word(name.family()), word(name.given())].join("").chars().take(24).collect::<String>()
    )
}

#[cfg(test)]
mod tests {
    use domain::accounts::username::Username;

    use super::super::students::students;
    use super::*;

    fn made() -> (Vec<DemoStudent>, Vec<DemoAdult>) {
        let students = students(NaiveDate::from_ymd_opt(2026, 11, 22).unwrap(), 1);
        let adults = families(&students, 1);
        (students, adults)
    }

    #[test]
    fn the_same_seed_makes_the_same_families() {
        let (students, adults) = made();
        assert_eq!(adults, families(&students, 1));
        assert_ne!(adults, families(&students, 2));
    }

    #[test]
    fn families_are_as_they_are() {
        let (students, adults) = made();
        let of = |child: usize| {
            adults.iter().filter(move |adult| adult.children.iter().any(|(other, _)| *other == child))
        };
        let any =
            |is: &dyn Fn(Vec<&DemoAdult>) -> bool| (0..students.len()).any(|child| is(of(child).collect()));
        assert!(any(&|adults| adults.is_empty()), "a child without a contact");
        assert!(any(&|adults| adults.len() == 4), "four contacts");
        assert!(
            any(&|adults| adults.len() == 2 && adults[0].name.family() != adults[1].name.family()),
            "two parents with different names"
        );
        assert!(
            any(&|adults| adults.len() == 2
                && adults[0].email.is_some()
                && adults[0].email == adults[1].email),
            "a shared mailbox"
        );
        assert!(
            any(&|adults| !adults.is_empty() && adults.iter().all(|adult| adult.email.is_none())),
            "no email"
        );
        assert!(adults.iter().any(|adult| adult.is_organisation), "looked-after children");
        assert!(adults.iter().any(|adult| adult.children.len() > 1), "brothers and sisters");
        for relationship in [Relationship::StepParent, Relationship::Grandparent, Relationship::SocialWorker]
        {
            assert!(
                adults
                    .iter()
                    .any(|adult| adult.children.iter().any(|(_, facts)| facts.relationship == relationship)),
                "{relationship:?}"
            );
        }
    }

    #[test]
    fn the_usernames_are_valid_and_different() {
        let (_, adults) = made();
        let mut names: Vec<&String> = adults.iter().filter_map(|adult| adult.username.as_ref()).collect();
        let count = names.len();
        assert!(count > 50, "{count}");
        for name in &names {
            assert!(name.parse::<Username>().is_ok(), "{name}");
        }
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
