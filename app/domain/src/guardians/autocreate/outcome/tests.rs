use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use uuid::Uuid;

use super::*;
use crate::guardians::autocreate::household::households;
use crate::guardians::relationship::Relationship;
use crate::ids::{AccountId, AddressId, ContactId, PersonId};

fn person(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(number))
}

/// A mother with an address of her own, no account, and no access.
fn mother() -> PairFacts {
    PairFacts {
        contact: ContactId(Uuid::from_u128(1)),
        adult: person(2),
        child: person(3),
        relationship: Relationship::Mother,
        priority: None,
        responsible: None,
        lives_with: None,
        no_portal: false,
        contact_is: ContactStanding::Now,
        restricted: false,
        excepted: false,
        is_organisation: false,
        is_pupil: false,
        child_is: RollStatus::Current,
        is_yourself: false,
        child_of_age: false,
        gets_access: true,
        account: AccountStanding::None,
        granted: false,
        email: Some(AddressId(Uuid::from_u128(4))),
        email_is_shared: false,
        alike: None,
        username_needs_review: false,
    }
}

fn open() -> AccountStanding {
    AccountStanding::Open { id: AccountId(Uuid::from_u128(9)), active: true }
}

fn facts() -> impl Strategy<Value = PairFacts> {
    let standing = select(vec![
        ContactStanding::Now,
        ContactStanding::NotYet,
        ContactStanding::Over,
        ContactStanding::Ended,
    ]);
    let account =
        select(vec![AccountStanding::None, AccountStanding::Closed(AccountId(Uuid::from_u128(9))), open()]);
    let alike = option::of(select(vec![Alike::Person(person(7)), Alike::Colleague(person(8))]));
    let marks = proptest::array::uniform12(any::<bool>());
    let people = (0..6_u128, 0..6_u128);
    (
        people,
        select(&Relationship::ALL),
        standing,
        account,
        alike,
        select(&RollStatus::ALL),
        marks,
        option::of(any::<bool>()),
    )
        .prop_map(
            |((adult, child), relationship, contact_is, account, alike, child_is, marks, responsible)| {
                let [
                    no_portal,
                    restricted,
                    excepted,
                    is_organisation,
                    is_pupil,
                    gets_access,
                    granted,
                    shared,
                    review,
                    mail,
                    child_of_age,
                    is_yourself,
                ] = marks;
                PairFacts {
                    contact: ContactId(Uuid::from_u128(adult * 100 + child)),
                    adult: person(adult),
                    child: person(10 + child),
                    relationship,
                    responsible,
                    contact_is,
                    account,
                    alike,
                    child_is,
                    is_yourself,
                    child_of_age,
                    no_portal,
                    restricted,
                    excepted,
                    is_organisation,
                    is_pupil,
                    gets_access,
                    granted,
                    email_is_shared: shared,
                    username_needs_review: review,
                    email: mail.then_some(AddressId(Uuid::from_u128(4))),
                    ..mother()
                }
            },
        )
}

proptest! {
    /// Complaint C11: the plan is the same in every order of the contacts.
    #[test]
    fn every_pair_has_one_outcome_in_whatever_order_the_contacts_come(
        pairs in proptest::collection::vec(facts(), 1..30),
        seed in any::<u64>(),
    ) {
        let options = AutocreateOptions::default();
        let mut shuffled: Vec<(usize, PairFacts)> = pairs.iter().cloned().enumerate().collect();
        shuffled.sort_by_key(|(at, _)| (*at as u64 ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        for (at, facts) in &shuffled {
            prop_assert_eq!(outcome(&options, facts), outcome(&options, &pairs[*at]));
        }
        // Families are the same too, whatever their numbers.
        let before = households(&pairs);
        let after = households(&shuffled.iter().map(|(_, facts)| facts.clone()).collect::<Vec<_>>());
        for (a, (first, _)) in shuffled.iter().enumerate() {
            for (b, (second, _)) in shuffled.iter().enumerate() {
                prop_assert_eq!(before[*first] == before[*second], after[a] == after[b]);
            }
        }
    }

    #[test]
    fn nobody_under_an_order_or_a_mark_gets_anything_unless_somebody_included_them(facts in facts()) {
        let (outcome, rule) = outcome(&AutocreateOptions::default(), &facts);
        if outcome.acts() {
            prop_assert!(facts.excepted || !(facts.restricted || facts.no_portal), "{}", rule.slug());
            prop_assert!(facts.relationship.can_be_guardian() && !facts.is_pupil && !facts.is_organisation);
            prop_assert_eq!(facts.contact_is, ContactStanding::Now);
            prop_assert!(facts.granted || !facts.child_of_age && !facts.is_yourself);
            prop_assert!(facts.gets_access && !facts.granted || facts.account == AccountStanding::None);
        }
    }

    #[test]
    fn what_the_outcome_depends_on_is_part_of_the_revision(a in facts(), b in facts()) {
        let options = AutocreateOptions::default();
        if outcome(&options, &a) != outcome(&options, &b) && a.adult != b.adult {
            prop_assert_ne!(a.revision(), b.revision());
        }
        prop_assert_eq!(a.revision(), a.clone().revision());
    }
}

#[test]
fn the_first_rule_that_fits_decides() {
    let options = AutocreateOptions::default();
    let of = |facts: PairFacts| outcome(&options, &facts).0;
    // Everything at once; then one reason after the other goes.
    let mut facts = PairFacts {
        child: person(2),
        is_pupil: true,
        restricted: true,
        no_portal: true,
        contact_is: ContactStanding::Ended,
        relationship: Relationship::Neighbour,
        child_is: RollStatus::Leaver,
        gets_access: false,
        account: open(),
        granted: true,
        ..mother()
    };
    assert_eq!(of(facts.clone()), Outcome::IsSelf);
    facts.child = person(3);
    assert_eq!(of(facts.clone()), Outcome::PupilAsGuardian);
    facts.is_pupil = false;
    assert_eq!(of(facts.clone()), Outcome::Restricted);
    facts.restricted = false;
    assert_eq!(of(facts.clone()), Outcome::NoPortal);
    facts.no_portal = false;
    assert_eq!(of(facts.clone()), Outcome::Ended);
    facts.contact_is = ContactStanding::Now;
    assert_eq!(of(facts.clone()), Outcome::NotAGuardian);
    facts.relationship = Relationship::Grandparent;
    assert_eq!(of(facts.clone()), Outcome::NotQualified);
    facts.relationship = Relationship::Mother;
    assert_eq!(of(facts.clone()), Outcome::ChildNotCurrent);
    facts.child_is = RollStatus::Current;
    assert_eq!(of(facts.clone()), Outcome::HasAccess);
    (facts.granted, facts.gets_access) = (false, true);
    assert_eq!(of(facts.clone()), Outcome::Attach);
    facts.account = AccountStanding::None;
    (facts.alike, facts.username_needs_review) = (Some(Alike::Person(person(7))), true);
    assert_eq!(of(facts.clone()), Outcome::AskSamePerson);
    facts.alike = None;
    assert_eq!(of(facts.clone()), Outcome::AskUsername);
    facts.username_needs_review = false;
    facts.email = None;
    assert_eq!(of(facts.clone()), Outcome::CreateNoChannel);
    (facts.email, facts.email_is_shared) = (mother().email, true);
    assert_eq!(of(facts), Outcome::CreateShared);
    assert_eq!(of(mother()), Outcome::Create);
}

/// Complaint C7: the kind of relation only proposes.
#[test]
fn a_neighbour_gets_nothing_even_if_somebody_chose_neighbours() {
    let mut options = AutocreateOptions::default();
    options.contacts.relationships = Relationship::ALL.into_iter().collect();
    let neighbour = PairFacts { relationship: Relationship::Neighbour, ..mother() };
    assert_eq!(outcome(&options, &neighbour), (Outcome::NotAGuardian, Rule::RelationshipNever));
}

#[test]
fn each_rule_of_the_run_says_itself() {
    let with = |change: fn(&mut AutocreateOptions)| {
        let mut options = AutocreateOptions::default();
        change(&mut options);
        outcome(&options, &PairFacts { email: None, ..mother() }).1
    };
    assert_eq!(with(|options| options.contacts.responsible = true), Rule::NotResponsible);
    assert_eq!(with(|options| options.contacts.lives_with = true), Rule::LivesElsewhere);
    assert_eq!(with(|options| options.contacts.has_email = true), Rule::NoEmail);
    assert_eq!(with(|options| options.contacts.up_to_priority = 2.try_into().ok()), Rule::PriorityBeyond);
    assert_eq!(with(|options| options.contacts.relationships.clear()), Rule::RelationshipNotChosen);
    assert_eq!(with(|options| options.create = false), Rule::CreatesNone);
}

#[test]
fn a_doctor_connects_no_families() {
    let of = |adult, child, relationship| PairFacts {
        adult: person(adult),
        child: person(child),
        relationship,
        ..mother()
    };
    let pairs = [
        of(1, 11, Relationship::Mother),
        of(1, 12, Relationship::Mother),
        of(2, 13, Relationship::Father),
        of(3, 11, Relationship::Doctor),
        of(3, 13, Relationship::Doctor),
    ];
    assert_eq!(households(&pairs), [0, 0, 1, 0, 1]);
}
