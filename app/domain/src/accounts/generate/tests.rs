//! Tests generation through the plan, as pages and the server use it.

use std::collections::HashSet;

use proptest::prelude::*;
use uuid::Uuid;

use crate::accounts::clash::ClashCandidates;
use crate::accounts::drift::PlanDrift;
use crate::accounts::naming::{Candidate, HeldAccount, Naming};
use crate::accounts::parts::{NameParts, RomanPart};
use crate::accounts::plan::{AccountPlan, PlanRow, PlannedUsername, ReviewReason, UsernameProposal};
use crate::accounts::taken::{TakenBy, TakenUsernames};
use crate::accounts::username::Username;
use crate::fold::sort_key;
use crate::ids::{AccountId, PersonId};
use crate::roll::name::display_name;

fn candidate(id: u128, given: &str, family: &str, admission_number: &str) -> Candidate {
    Candidate {
        person: PersonId(Uuid::from_u128(id)),
        name: display_name(given, family, ""),
        group: "10B".to_owned(),
        admission_number: admission_number.to_owned(),
        sort_key: sort_key(given, family),
        parts: NameParts {
            given: RomanPart::new(given),
            family: RomanPart::new(family),
            admission: RomanPart::new(admission_number),
            entry_year: 2026,
            ..NameParts::default()
        },
        reserved: Vec::new(),
        account: None,
    }
}

#[test]
fn a_closed_account_is_opened_again_with_its_username_and_not_another_that_was_typed() {
    let mut chosen = people(&[("Ana", "Berg"), ("Bem", "Okoronta")]);
    let closed = HeldAccount { id: AccountId(Uuid::from_u128(9)), username: "old.name".parse().unwrap() };
    chosen[0].account = Some(Box::new(closed.clone()));
    let naming = Naming {
        typed: [(chosen[0].person, "new.name".to_owned())].into_iter().collect(),
        ..Naming::default()
    };
    let plan = AccountPlan::make(&naming, &chosen, &taken(&["old.name"]));
    assert_eq!(usernames(&plan), ["old.name", "b.okoronta"]);
    assert_eq!((plan.rows[0].reopens, plan.rows[1].reopens), (Some(closed.id), None));
    assert_eq!((plan.summary().ready, plan.summary().reopened), (2, 1));
    chosen[0].account = None;
    let naming =
        Naming { typed: [(chosen[0].person, "old.name".to_owned())].into_iter().collect(), ..naming };
    let created = AccountPlan::make(&naming, &chosen, &taken(&[]));
    assert_ne!(plan.hash, created.hash, "whether an account is new is part of what is approved");
}

fn people(names: &[(&str, &str)]) -> Vec<Candidate> {
    let numbered = (1_u128..).zip(names);
    numbered.map(|(id, (given, family))| candidate(id, given, family, &format!("{id:04}"))).collect()
}

fn by_template(template: &str) -> Naming {
    Naming { template: template.parse().unwrap(), ..Naming::default() }
}

fn taken(usernames: &[&str]) -> TakenUsernames {
    usernames.iter().map(|u| ((*u).to_owned(), TakenBy::Leaver)).collect()
}

fn usernames(plan: &AccountPlan) -> Vec<&str> {
    plan.rows.iter().map(|row| row.username().unwrap().as_str()).collect()
}

fn made(template: &str, names: &[(&str, &str)], taken_names: &[&str]) -> Vec<String> {
    let plan = AccountPlan::make(&by_template(template), &people(names), &taken(taken_names));
    usernames(&plan).into_iter().map(str::to_owned).collect()
}

fn proposal_of(plan: &AccountPlan, row: usize) -> &UsernameProposal {
    match &plan.rows[row].made {
        PlannedUsername::Ready(proposal) | PlannedUsername::NeedsReview(proposal, _) => proposal,
        PlannedUsername::Problem { .. } => panic!("row {row} has a problem"),
    }
}

/// The highlighted ranges and the sentences of a row.
fn explained(plan: &AccountPlan, row: usize) -> (Vec<&str>, Vec<String>) {
    let proposal = proposal_of(plan, row);
    let text = proposal.username.as_str();
    let highlights =
        proposal.highlights.iter().map(|m| &text[usize::from(m.start)..usize::from(m.end)]).collect();
    (highlights, proposal.changes.iter().map(ToString::to_string).collect())
}

#[test]
fn same_surname_and_initial_get_a_number_and_the_reason_names_the_other() {
    let chosen = people(&[("Tymon", "Wilczarek"), ("Tomasz", "Wilczarek")]);
    let plan = AccountPlan::make(&Naming::default(), &chosen, &TakenUsernames::default());
    assert_eq!(usernames(&plan), ["t.wilczarek", "t.wilczarek2"]);
    let reason = "Same as Tomasz Wilczarek, 10B. Number added.".to_owned();
    assert_eq!(explained(&plan, 1), (vec!["2"], vec![reason]));
}

#[test]
fn a_leavers_username_is_never_given_again() {
    let plan =
        AccountPlan::make(&Naming::default(), &people(&[("Aisha", "Rahmanzai")]), &taken(&["a.rahmanzai"]));
    let reason = "a.rahmanzai belonged to a leaver. Usernames are never reused.".to_owned();
    assert_eq!(usernames(&plan), ["a.rahmanzai2"]);
    assert_eq!(explained(&plan, 0), (vec!["2"], vec![reason]));
}

#[test]
fn changed_letters_are_highlighted_only_where_they_are_used() {
    let chosen =
        people(&[("Ben", "Achterberg-Doyle"), ("Žofie", "Příhodová"), ("Renée", "Ng"), ("李", "明")]);
    let plan = AccountPlan::make(&Naming::default(), &chosen, &TakenUsernames::default());
    assert_eq!(usernames(&plan), ["b.achterbergdoyle", "l.ming", "r.ng", "z.prihodova"]);
    assert_eq!(explained(&plan, 0), (vec!["gd"], vec!["Hyphen removed.".to_owned()]));
    assert_eq!(explained(&plan, 1), (vec!["l", "ming"], vec!["Converted to Latin letters.".to_owned()]));
    assert_eq!(explained(&plan, 2), (vec![], vec![]));
    assert_eq!(explained(&plan, 3), (vec!["z", "ri", "a"], vec!["Accents removed.".to_owned()]));
}

#[test]
fn twins_take_the_next_letters_of_their_names_and_then_numbers() {
    let twins = [("Maya", "Okoro"), ("Max", "Okoro"), ("Max", "Okoro"), ("Max", "Okoro"), ("Max", "Okoro")];
    let given = made("{given:1}.{family};clash=letters", &twins, &[]);
    assert_eq!(given, ["m.okoro", "ma.okoro", "max.okoro", "m.okoro2", "may.okoro"]);
}

#[test]
fn pieces_that_are_empty_fall_away_with_their_separator() {
    assert_eq!(made("{given}.{middle}.{family}", &[("Suharto", "")], &[]), ["suharto"]);
    assert_eq!(made("{given:1}.{family}", &[("", "Suharto")], &[]), ["suharto"]);
    assert_eq!(made("{given:2}{year:2}", &[("", "Suharto")], &[]), ["su26"]);
}

#[test]
fn a_name_without_letters_falls_back_to_the_admission_number_and_then_to_a_count() {
    let mut chosen = people(&[("\u{2014}", "!"), ("\u{2014}", "?"), ("\u{2014}", ".")]);
    chosen[1].parts.admission = RomanPart::default();
    chosen[2].parts.admission = RomanPart::default();
    let plan = AccountPlan::make(&Naming::default(), &chosen, &TakenUsernames::default());
    assert_eq!(usernames(&plan), ["0001", "student1", "student2"]);
}

#[test]
fn a_number_never_runs_into_another() {
    let names = [("Ann", "Li"), ("Amy", "Li")];
    assert_eq!(made("{family}{year:2}", &names, &[]), ["li26", "li26-2"]);
    assert_eq!(made("{family};from=1;digits=2", &names, &["li"]), ["li01", "li02"]);
}

#[test]
fn a_counter_counts_inside_the_username() {
    let names = [("Ann", "Li"), ("Amy", "Li"), ("Bo", "Ek")];
    assert_eq!(made("s{counter:3}.{family}", &names, &["s001.li"]), ["s001.ek", "s002.li", "s003.li"]);
}

#[test]
fn the_same_person_gets_the_same_username_back_and_nobody_else_does() {
    let mut chosen = people(&[("Tomasz", "Wilczarek"), ("Tymon", "Wilczarek")]);
    let [first, second]: [Username; 2] =
        ["t.wilczarek", "t.wilczarek2"].map(|username| username.parse().unwrap());
    let held = taken(&["t.wilczarek", "t.wilczarek2"]);
    chosen[0].reserved = vec![second];
    chosen[1].reserved = vec![first];
    let plan = AccountPlan::make(&Naming::default(), &chosen, &held);
    assert_eq!(usernames(&plan), ["t.wilczarek2", "t.wilczarek"]);
    // A different template is a different choice: changes to the old one do not block it.
    let plan = AccountPlan::make(&by_template("{given}.{family}"), &chosen, &held);
    assert_eq!(usernames(&plan), ["tomasz.wilczarek", "tymon.wilczarek"]);
}

#[test]
fn what_staff_type_is_settled_first_and_judged() {
    let chosen = people(&[("Ana", "Berg"), ("Bo", "Carr"), ("Cy", "Dunn"), ("Di", "Eads")]);
    let mut naming = Naming::default();
    for (row, typed) in [(1, "A.Berg"), (2, "dunn c"), (3, "leaver")] {
        naming.typed.insert(chosen[row].person, typed.to_owned());
    }
    let plan = AccountPlan::make(&naming, &chosen, &taken(&["leaver"]));
    assert_eq!(plan.rows[0].username().unwrap().as_str(), "a.berg2");
    assert_eq!(plan.rows[1].username().unwrap().as_str(), "a.berg");
    let complaints: Vec<String> = plan.rows.iter().filter_map(PlanRow::complaint).collect();
    assert_eq!(
        complaints,
        [
            "Usernames cannot contain a space. Use letters, numbers, dots or hyphens.",
            "leaver is taken by a leaver. Choose another, such as d.eads.",
        ]
    );
    assert!(!plan.is_ready());
}

#[test]
fn reserved_and_offensive_results_wait_until_they_are_accepted() {
    let chosen = people(&[("", "Root"), ("Fay", "Uck")]);
    let mut naming = Naming::default();
    let plan = AccountPlan::make(&naming, &chosen, &TakenUsernames::default());
    let reviews: Vec<_> =
        plan.rows.iter().map(|row| matches!(row.made, PlannedUsername::NeedsReview(..))).collect();
    assert_eq!(reviews, [true, true]);
    for row in &plan.rows {
        naming.accepted.insert(row.person, row.username().unwrap().clone());
    }
    let accepted = AccountPlan::make(&naming, &chosen, &TakenUsernames::default());
    assert!(accepted.is_ready());
    assert_ne!(accepted.hash, plan.hash);
    // A different username for the same person is a different decision.
    let moved = AccountPlan::make(&naming, &chosen, &taken(&["root"]));
    assert!(!moved.is_ready());
}

#[test]
fn a_school_that_wants_to_be_asked_is_asked() {
    let chosen = people(&[("Ann", "Li"), ("Amy", "Li")]);
    let plan =
        AccountPlan::make(&by_template("{given:1}.{family};clash=ask"), &chosen, &TakenUsernames::default());
    let asked: Vec<_> = plan
        .rows
        .iter()
        .map(|row| matches!(row.made, PlannedUsername::NeedsReview(_, ReviewReason::Clash)))
        .collect();
    assert_eq!(asked, [false, true]);
}

#[test]
fn the_drift_names_who_went_who_came_and_whose_username_moved() {
    let chosen = people(&[("Ana", "Berg"), ("Bo", "Carr"), ("Cy", "Dunn")]);
    let seen = AccountPlan::make(&Naming::default(), &chosen, &TakenUsernames::default());
    let mut later = people(&[("Ana", "Berg"), ("Bo", "Carr"), ("Cy", "Dunn"), ("Di", "Eads")]);
    later.remove(0);
    later[0].name = "Bob Carr".to_owned();
    let now = AccountPlan::make(&Naming::default(), &later, &taken(&["c.dunn"]));
    let drift = PlanDrift::between(&seen, &now);
    assert_eq!(drift.gone, ["Ana Berg, 10B"]);
    assert_eq!(drift.new, ["Di Eads, 10B"]);
    assert_eq!(drift.renamed, [("Bo Carr".to_owned(), "Bob Carr".to_owned())]);
    assert_eq!(drift.username.len(), 1);
    assert!(PlanDrift::between(&seen, &seen).is_empty());
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        // Few letters, so that names clash often.
        "[abc]{0,3}",
        prop::sample::select(vec![
            "Wilczarek",
            "Achterberg-Doyle",
            "O\u{2019}Neil",
            "李",
            "Žofie",
            "محمد",
            "X2",
            "9"
        ])
        .prop_map(str::to_owned),
        "\\PC{0,12}",
    ]
}

fn template() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "{given:1}.{family}",
        "{given:1}.{family};max=10",
        "{family:3}{given:2};clash=letters;max=10",
        "{preferred}-{family};clash=letters",
        "{family}{year:2};max=10;from=1;digits=3",
        "{year:4}_{admission}",
        "st{counter:2}.{family};max=10",
        "{family:1}{counter}",
        "{admission}",
        "st{admission};max=10",
        "{counter:2}{family}{year:2}",
        "{given:1}-{counter}-{year:2}",
        "{year:2}{counter:2};max=10",
    ])
}

/// Usernames that somebody has: of every form that the templates make.
fn held() -> impl Strategy<Value = String> {
    prop_oneof![
        "[abc]\\.[abc]{1,3}[23]?",
        "(st)?00[0-6](-[23])?",
        "0[1-4][abc]{1,3}26(-2)?",
        "[abc]-[1-4]-26",
        "260[1-5]",
    ]
}

prop_compose! {
    fn situation()(
        names in prop::collection::vec((name(), name()), 1..60),
        held in prop::collection::vec(held(), 0..20),
        template in template(),
    ) -> (Vec<Candidate>, TakenUsernames, Naming) {
        let chosen = (1_u128..)
            .zip(&names)
            .map(|(id, (given, family))| candidate(id, given, family, &format!("{:03}", id % 7)))
            .collect();
        let held: Vec<&str> = held.iter().map(String::as_str).collect();
        (chosen, taken(&held), by_template(template))
    }
}

proptest! {
    #[test]
    fn usernames_are_valid_bounded_unique_and_never_taken((chosen, held, naming) in situation()) {
        let plan = AccountPlan::make(&naming, &chosen, &held);
        let mut given = HashSet::new();
        prop_assert_eq!(plan.rows.len(), chosen.len());
        for username in usernames(&plan) {
            prop_assert!(username.parse::<Username>().is_ok(), "{}", username);
            prop_assert!(username.len() <= usize::from(naming.template.max_length()), "{}", username);
            prop_assert!(held.holder(username).is_none(), "{}", username);
            prop_assert!(given.insert(username.to_owned()), "{} twice", username);
        }
    }

    #[test]
    fn the_order_of_picking_changes_nothing((chosen, held, naming) in situation(), turn in 0_usize..60) {
        let plan = AccountPlan::make(&naming, &chosen, &held);
        let mut other = chosen.clone();
        other.rotate_left(turn % chosen.len());
        other.reverse();
        other.push(chosen[0].clone());
        prop_assert_eq!(AccountPlan::make(&naming, &other, &held), plan);
    }

    #[test]
    fn only_taken_usernames_within_reach_matter((chosen, held, naming) in situation()) {
        let clashes = ClashCandidates::of(&naming, &chosen);
        let near = Vec::from(held.clone()).into_iter().filter(|(username, _)| clashes.covers(username)).collect();
        prop_assert_eq!(AccountPlan::make(&naming, &chosen, &near), AccountPlan::make(&naming, &chosen, &held));
    }

    #[test]
    fn highlights_lie_inside_the_username((chosen, held, naming) in situation()) {
        let plan = AccountPlan::make(&naming, &chosen, &held);
        for row in 0..plan.rows.len() {
            let (highlights, _) = explained(&plan, row);
            prop_assert!(highlights.iter().all(|letters| !letters.is_empty()));
        }
    }
}

#[test]
fn ten_thousand_people_of_one_name_get_ten_thousand_usernames() {
    let chosen: Vec<_> = (1..=10_000).map(|id| candidate(id, "Ann", "Li", &id.to_string())).collect();
    let plan =
        AccountPlan::make(&by_template("{given:1}.{family};max=10"), &chosen, &TakenUsernames::default());
    let given: HashSet<_> = usernames(&plan).into_iter().collect();
    assert_eq!(given.len(), 10_000);
    assert!(given.contains("a.li10000"));
}
