//! The labelled pairs, and what holds for all pairs.

use std::collections::HashSet;

use chrono::NaiveDate;
use proptest::prelude::*;
use uuid::Uuid;

use super::adult::{Adult, ChildLink, WrittenName};
use super::crowd::Crowd;
use super::evidence::Evidence;
use super::judge::{Verdict, asks_again, judge};
use super::likely::{likely_pairs, likely_pairs_of};
use crate::ids::PersonId;

const EMAIL: &str = "family@home.test";
const MOBILE: &str = "+447700900123";
const LANDLINE: &str = "+441632960001";

/// What is true of both of a pair.
#[derive(Debug, Default, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact that two people share")]
struct Shared {
    email: bool,
    mobile: bool,
    landline: bool,
    child: bool,
    home: bool,
    one_row: bool,
    key: bool,
    office: bool,
    staff: bool,
    /// Years of birth.
    born: Option<(i32, i32)>,
}

fn adult(number: u128, (title, given, family): (&str, &str, &str), of: Shared) -> Adult {
    let name = WrittenName { title, given, preferred: "", family };
    let born = of.born.map(|(a, b)| if number == 1 { a } else { b });
    let born = born.and_then(|year| NaiveDate::from_ymd_opt(year, 5, 17));
    let mut adult = Adult::new(PersonId(Uuid::from_u128(number)), name).born_on(born);
    if of.email {
        adult.add_email(EMAIL.to_owned());
    }
    if of.office {
        adult.add_email("office@school.test".to_owned());
    }
    if of.mobile {
        adult.add_phone(MOBILE.to_owned());
    }
    if of.landline {
        adult.add_phone(LANDLINE.to_owned());
    }
    if of.home {
        adult.set_home("1 high street ab1 2cd".to_owned());
    }
    if of.key {
        adult.add_key("sims".to_owned(), "4711".to_owned());
    }
    if of.child || of.one_row {
        let priority = of.one_row.then_some(if number == 1 { 1 } else { 2 });
        adult.add_child(ChildLink { child: PersonId(Uuid::from_u128(99)), priority, recorded: 0 });
    }
    adult.set_staff(of.staff && number == 1);
    adult
}

/// The number, both names, what both have, the points, and the verdict.
type Labelled = (
    u8,
    (&'static str, &'static str, &'static str),
    (&'static str, &'static str, &'static str),
    Shared,
    Option<i16>,
    Verdict,
);

/// The pairs as labelled, except the last, which is about an answer. No family name is counted as rare.
#[expect(clippy::too_many_lines, reason = "a table with a line for each pair")]
fn labelled() -> Vec<Labelled> {
    use Verdict::{Ask, Different, Same};
    let of = Shared::default();
    let child = Shared { child: true, ..of };
    vec![
        (1, ("", "Mara", "Varga"), ("", "Mara", "Varga"), Shared { email: true, ..of }, Some(13), Same),
        (
            2,
            ("", "Mara", "Varga"),
            ("", "Piotr", "Varga"),
            Shared { email: true, one_row: true, ..child },
            Some(-6),
            Different,
        ),
        (
            3,
            ("", "Kate", "Idowu"),
            ("", "Katherine", "Idowu"),
            Shared { mobile: true, ..child },
            Some(15),
            Same,
        ),
        (4, ("", "Tunde", "Idowu"), ("", "Tunde", "Idowu"), of, Some(7), Ask),
        (
            5,
            ("", "José", "Álvarez Ruiz"),
            ("", "Jose", "Alvarez"),
            Shared { email: true, ..child },
            Some(15),
            Same,
        ),
        (
            6,
            ("", "Anna", "Kowalska"),
            ("", "Anna", "Kowalski"),
            Shared { home: true, ..child },
            Some(12),
            Ask,
        ),
        (
            7,
            ("", "Anna", "Nowak"),
            ("", "Jan", "Nowak"),
            Shared { mobile: true, ..child },
            Some(3),
            Different,
        ),
        (8, ("", "Li", "Wei"), ("", "Wei", "Li"), Shared { email: true, ..of }, Some(11), Ask),
        (
            9,
            ("", "Mohammed", "Khan"),
            ("", "Muhammad", "Khan"),
            Shared { born: Some((1980, 1980)), ..of },
            Some(12),
            Ask,
        ),
        (
            10,
            ("", "Mohammed", "Khan"),
            ("", "Mohammed", "Khan"),
            Shared { born: Some((1980, 1984)), ..of },
            Some(-5),
            Different,
        ),
        (
            11,
            ("", "John", "Hale Sr"),
            ("", "John", "Hale Jr"),
            Shared { home: true, ..of },
            Some(3),
            Different,
        ),
        (12, ("", "J", "Petrov"), ("", "Jelena", "Petrova"), Shared { email: true, ..of }, Some(10), Ask),
        (13, ("", "Sarah", "Lind"), ("", "Sarah", "Berg"), Shared { mobile: true, ..child }, Some(9), Ask),
        (
            14,
            ("", "Sarah", "Okafor-Bell"),
            ("", "Sarah", "Bell"),
            Shared { email: true, ..child },
            Some(15),
            Same,
        ),
        (
            15,
            ("", "Grace", "Mensah"),
            ("", "Gracie", "Mensah"),
            Shared { landline: true, home: true, ..of },
            Some(10),
            Ask,
        ),
        (
            16,
            ("", "Grace", "Mensah"),
            ("", "Grace", "Mensah"),
            Shared { home: true, born: Some((1980, 1950)), ..of },
            Some(-3),
            Different,
        ),
        (17, ("Mr", "D", "Roth"), ("Mrs", "D", "Roth"), Shared { home: true, ..child }, Some(7), Ask),
        (18, ("", "Mr & Mrs", "Roth"), ("", "David", "Roth"), Shared { email: true, ..of }, None, Ask),
        (19, ("", "Nadia", "Haddad"), ("", "Nadia", "Haddad-Cole"), Shared { key: true, ..of }, None, Same),
        (20, ("", "Omar", "Said"), ("", "Lena", "Brandt"), Shared { key: true, ..of }, None, Ask),
        (21, ("", "Ruth", "Adler"), ("", "Paul", "Adler"), Shared { office: true, ..of }, Some(0), Different),
        (
            22,
            ("", "Tunde", "Idowu"),
            ("", "Tunde", "Idowu"),
            Shared { mobile: true, staff: true, ..of },
            Some(12),
            Ask,
        ),
        (
            23,
            ("", "Mara", "Varga"),
            ("", "Mara", "Varga"),
            Shared { email: true, mobile: true, ..of },
            Some(18),
            Same,
        ),
        (
            24,
            ("", "محمد", "الخطيب"),
            ("", "Mohamad", "Alkhatib"),
            Shared { mobile: true, ..of },
            Some(5),
            Ask,
        ),
    ]
}

#[test]
fn the_labelled_pairs_come_out_as_labelled() {
    for (number, a, b, of, points, verdict) in labelled() {
        let (a, b) = (adult(1, a, of), adult(2, b, of));
        let crowd =
            Crowd::without_names(&[a.clone(), b.clone()], HashSet::from(["office@school.test".to_owned()]));
        let found = judge(&a, &b, &crowd);
        assert_eq!(found.verdict, verdict, "pair {number}: {found:?}");
        if let Some(points) = points {
            assert_eq!(found.points, points, "pair {number}: {found:?}");
        }
        assert_eq!(judge(&b, &a, &crowd), found, "pair {number} the other way round");
    }
}

#[test]
fn two_people_are_asked_about_again_only_if_something_strong_is_new() {
    // The last labelled pair.
    let then = [Evidence::SameGiven, Evidence::SameFamily];
    assert!(!asks_again(&then, &then));
    assert!(!asks_again(&then, &[Evidence::SameGiven, Evidence::SameFamily, Evidence::SameHome]));
    assert!(asks_again(&then, &[Evidence::SameGiven, Evidence::SameFamily, Evidence::SameMobile]));
    assert!(!asks_again(&[Evidence::SameMobile], &[Evidence::SameMobile]));
}

#[test]
fn what_a_household_shares_makes_two_given_names_one_person_only_with_a_birth_date_or_an_identifier() {
    let household =
        Shared { email: true, mobile: true, landline: true, child: true, home: true, ..Shared::default() };
    let of = |given: &'static str, shared| {
        let adults = vec![adult(1, ("", "Anna", "Nowak"), shared), adult(2, ("", given, "Nowak"), shared)];
        likely_pairs(adults, HashSet::new()).pop().map(|pair| pair.found.verdict)
    };
    assert_eq!(of("Jan", household), None, "a couple, although nobody else has their name");
    assert_eq!(of("Jan", Shared { born: Some((1980, 1980)), ..household }), Some(Verdict::Same));
    assert_eq!(of("Jan", Shared { key: true, ..household }), Some(Verdict::Ask));
    assert_eq!(of("Maria Anna", household), Some(Verdict::Same), "somebody who goes by a second name");
}

#[test]
fn one_letter_is_an_initial_and_one_character_of_another_script_a_name() {
    let evidence = |given: &'static str, other: &'static str, family| {
        let crowd = Crowd::default();
        let of = Shared::default();
        judge(&adult(1, ("", given, family), of), &adult(2, ("", other, family), of), &crowd).evidence
    };
    assert!(evidence("J", "Jelena", "Petrova").contains(&Evidence::GivenInitial));
    assert!(evidence("明", "明", "张").contains(&Evidence::SameGiven));
    assert!(evidence("明", "伟", "张").contains(&Evidence::OtherGiven));
}

#[test]
fn an_adult_and_their_child_of_the_same_name_are_two_people() {
    let home = Shared { email: true, home: true, ..Shared::default() };
    let mut father = adult(1, ("", "John", "Hale"), home);
    let son = adult(2, ("", "John", "Hale"), home);
    assert_eq!(likely_pairs(vec![father.clone(), son.clone()], HashSet::new()).len(), 1);
    father.add_child(ChildLink { child: son.person(), priority: None, recorded: 0 });
    assert!(likely_pairs(vec![father, son], HashSet::new()).is_empty());
}

#[test]
fn of_chosen_adults_only_their_own_pairs_are_found_and_a_name_alone_is_none() {
    let name = ("", "Tunde", "Idowu");
    let near = || {
        let alone = |number| adult(number, name, Shared::default());
        let child = Shared { child: true, ..Shared::default() };
        vec![adult(1, name, child), adult(2, name, child), alone(3), alone(4)]
    };
    let of = |chosen: u128| {
        let chosen = HashSet::from([PersonId(Uuid::from_u128(chosen))]);
        likely_pairs_of(&chosen, near(), HashSet::new())
            .into_iter()
            .map(|pair| (pair.a, pair.b))
            .collect::<Vec<_>>()
    };
    assert_eq!(of(1), [(PersonId(Uuid::from_u128(1)), PersonId(Uuid::from_u128(2)))]);
    assert!(of(3).is_empty());
    // Among all, a name that fewer than five adults have is asked about.
    assert_eq!(likely_pairs(near(), HashSet::new()).len(), 6);
    let many = (1..10).map(|number| adult(number, name, Shared::default())).collect();
    assert!(likely_pairs(many, HashSet::new()).is_empty());
}

#[test]
fn every_labelled_pair_that_is_not_different_is_found_among_all() {
    for (number, a, b, of, _, verdict) in labelled() {
        let office = HashSet::from(["office@school.test".to_owned()]);
        let found = likely_pairs(vec![adult(1, a, of), adult(2, b, of)], office);
        // Where few share a family name it counts more: one of these is then asked about.
        assert!(found.len() == 1 || verdict == Verdict::Different, "pair {number}");
    }
}

#[test]
fn a_name_of_hundreds_is_split_by_a_second_fact() {
    let mut adults: Vec<Adult> =
        (1..400).map(|number| adult(number, ("", "Mohammed", "Khan"), Shared::default())).collect();
    for known in &mut adults[10..12] {
        known.set_home("2 low road".to_owned());
    }
    let found = likely_pairs(adults, HashSet::new());
    assert_eq!(found.len(), 1);
    assert!(found[0].found.evidence.contains(&Evidence::SameHome));
}

#[test]
fn the_words_in_the_database_are_read_back() {
    for evidence in Evidence::ALL {
        assert_eq!(Evidence::from_slug(evidence.slug()), Some(evidence));
        assert_eq!(serde_json::to_value(evidence).unwrap(), evidence.slug());
    }
}

fn any_shared() -> impl Strategy<Value = Shared> {
    let flags = proptest::collection::vec(any::<bool>(), 9);
    let born = proptest::option::of((1950..1953_i32, 1950..1953_i32));
    (flags, born).prop_map(|(flag, born)| Shared {
        email: flag[0],
        mobile: flag[1],
        landline: flag[2],
        child: flag[3],
        home: flag[4],
        one_row: flag[5],
        key: flag[6],
        office: flag[7],
        staff: flag[8],
        born,
    })
}

proptest! {
    #[test]
    fn comparing_makes_no_difference_between_the_two(
        given_a in "(Mr |Mrs )?[A-Da-d]{1,6}( [a-c]{1,3})?", family_a in "[A-Da-dé]{0,6}([- ][a-c]{1,3})?",
        given_b in "(Mr |Mrs )?[A-Da-d]{1,6}( & [a-c]{1,3})?", family_b in "[A-Da-dé]{0,6}( Jr| Sr)?",
        of in any_shared(),
    ) {
        let (a, b) = (adult(1, ("", &given_a, &family_a), of), adult(2, ("", &given_b, &family_b), of));
        let crowd = Crowd::of(&[a.clone(), b.clone()], HashSet::new());
        prop_assert_eq!(judge(&a, &b, &crowd), judge(&b, &a, &crowd));
    }

    #[test]
    fn the_order_of_the_adults_makes_no_difference(
        people in proptest::collection::vec(("[ab]{1,2}", "[cd]{1,2}", any_shared()), 2..12), turn in 0..12_usize,
    ) {
        let adults: Vec<Adult> = people
            .iter()
            .zip(1..)
            .map(|((given, family, of), number)| adult(number, ("", given, family), *of))
            .collect();
        let mut turned = adults.clone();
        turned.rotate_left(turn % adults.len());
        turned.reverse();
        prop_assert_eq!(likely_pairs(adults, HashSet::new()), likely_pairs(turned, HashSet::new()));
    }
}
