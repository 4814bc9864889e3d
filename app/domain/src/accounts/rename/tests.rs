use uuid::Uuid;

use super::*;
use crate::accounts::parts::{NameParts, RomanPart};
use crate::accounts::plan::{ReviewReason, UsernameProblem};
use crate::accounts::taken::TakenBy;

fn holder(id: u128, given: &str, family: &str, current: &str, former: &[&str]) -> Candidate {
    Candidate {
        person: PersonId(Uuid::from_u128(id)),
        name: format!("{given} {family}"),
        group: "10B".to_owned(),
        admission_number: format!("{id:04}"),
        sort_key: format!("{family} {given}").to_lowercase(),
        parts: NameParts {
            given: RomanPart::new(given),
            family: RomanPart::new(family),
            ..NameParts::default()
        },
        reserved: former.iter().map(|username| username.parse().unwrap()).collect(),
        account: Some(Box::new(HeldAccount {
            id: AccountId(Uuid::from_u128(id + 100)),
            username: current.parse().unwrap(),
        })),
    }
}

/// What everybody has, and `others`, as the database tells it.
fn taken(people: &[Candidate], others: &[&str]) -> TakenUsernames {
    let theirs = people.iter().flat_map(|candidate| {
        let current = candidate.account.as_ref().map(|account| &account.username);
        current.into_iter().chain(&candidate.reserved).map(ToString::to_string)
    });
    let others = others.iter().map(|username| (*username).to_owned());
    theirs.chain(others).map(|username| (username, TakenBy::Past)).collect()
}

fn changes(people: Vec<Candidate>, others: &[&str]) -> (Vec<(String, String)>, u32) {
    let taken = taken(&people, others);
    let (plan, unchanged) = RenamePlan::make(&Naming::default(), people, &taken);
    let pairs =
        plan.rows.iter().map(|row| (row.from.to_string(), row.username().unwrap().to_string())).collect();
    (pairs, unchanged.count)
}

fn pair(from: &str, to: &str) -> (String, String) {
    (from.to_owned(), to.to_owned())
}

#[test]
fn after_a_new_name_the_pattern_proposes_a_new_username_and_who_fits_keeps_theirs() {
    let people = vec![
        holder(1, "Ana", "Voss", "a.berg", &[]),
        // The number was added because of somebody else. It fits the pattern.
        holder(2, "Bem", "Okoronta", "b.okoronta2", &[]),
    ];
    assert_eq!(changes(people, &["b.okoronta"]), (vec![pair("a.berg", "a.voss")], 1));
}

#[test]
fn a_username_somebody_had_before_is_free_for_them_alone() {
    let back = vec![holder(1, "Ana", "Berg", "a.voss", &["a.berg"])];
    assert_eq!(changes(back, &[]).0, [pair("a.voss", "a.berg")]);
    let again =
        vec![holder(1, "Ana", "Berg", "a.voss", &["a.berg"]), holder(2, "Bem", "Lund", "b.voss", &[])];
    let (plan, _) = RenamePlan::make(&Naming::default(), again.clone(), &taken(&again, &[]));
    let former: Vec<bool> = plan.rows.iter().map(RenameRow::is_former).collect();
    assert_eq!(former, [true, false], "it is marked as a former one");
    let fits = vec![holder(1, "Ana", "Voss", "a.voss", &["a.berg"])];
    let (_, unchanged) = RenamePlan::make(&Naming::default(), fits.clone(), &taken(&fits, &[]));
    let PlannedUsername::Ready(made) = unchanged.first.unwrap().made else { panic!("it fits") };
    assert_eq!(made.changes, [], "what they have is no former one");
    let other = vec![holder(2, "Alma", "Berg", "a.lind", &[])];
    assert_eq!(changes(other, &["a.berg"]).0, [pair("a.lind", "a.berg2")]);
}

#[test]
fn nobody_takes_over_what_another_gives_up_in_the_same_change() {
    let people = vec![holder(1, "Ana", "Voss", "a.berg", &[]), holder(2, "Alma", "Berg", "a.voss", &[])];
    assert_eq!(changes(people, &[]).0, [pair("a.voss", "a.berg2"), pair("a.berg", "a.voss2")]);
}

#[test]
fn a_typed_username_is_checked_like_any_other() {
    let people = vec![holder(1, "Ana", "Berg", "a.berg", &[])];
    let person = people[0].person;
    let plan = |typed: &str| {
        let naming =
            Naming { typed: [(person, typed.to_owned())].into_iter().collect(), ..Naming::default() };
        RenamePlan::make(&naming, people.clone(), &taken(&people, &["r.lind"]))
    };
    assert_eq!(plan("alex.berg").0.rows[0].username().unwrap().as_str(), "alex.berg");
    let kept = plan("A.Berg").1;
    assert_eq!((kept.count, kept.first.unwrap().from.as_str()), (1, "a.berg"), "it is the current one");
    assert!(matches!(
        &plan("r.lind").0.rows[0].made,
        PlannedUsername::Problem { problem: UsernameProblem::Taken { .. }, .. }
    ));
    let complaint = plan("r.lind").0.rows[0].complaint();
    assert_eq!(
        complaint.as_deref(),
        Some("r.lind is taken by someone who had it before. Choose another."),
        "what the pattern makes is what they have"
    );
    assert!(matches!(plan("admin").0.rows[0].made, PlannedUsername::NeedsReview(_, ReviewReason::Reserved)));
    assert!(!plan("a b").0.is_ready());
}

#[test]
fn the_hash_of_a_plan_tells_from_what_and_to_what() {
    let plan = |current: &str, family: &str| {
        let people = vec![holder(1, "Ana", family, current, &[])];
        RenamePlan::make(&Naming::default(), people, &TakenUsernames::default()).0.hash
    };
    assert_eq!(plan("a.berg", "Voss"), plan("a.berg", "Voss"));
    assert_ne!(plan("a.berg", "Voss"), plan("a.lind", "Voss"));
    assert_ne!(plan("a.berg", "Voss"), plan("a.berg", "Lind"));
}

#[test]
fn an_old_username_signs_in_for_as_many_days_as_were_given() {
    let now = DateTime::from_timestamp(0, 0).unwrap();
    assert_eq!(OldUsernameDays::USUAL.after(now), Some(now + TimeDelta::days(30)));
    assert_eq!(OldUsernameDays::NONE.after(now), None);
    assert_eq!(" 7 ".parse::<OldUsernameDays>(), Ok(OldUsernameDays(7)));
    for wrong in ["-1", "366", "a week", ""] {
        assert!(wrong.parse::<OldUsernameDays>().is_err(), "{wrong}");
    }
}

#[test]
fn a_change_in_the_list_names_its_person_or_one_of_several() {
    let who = |size: u32, first: Option<&str>| {
        let operation = PastOperation {
            id: OperationId(Uuid::from_u128(1)),
            by: None,
            at: DateTime::from_timestamp(0, 0).unwrap(),
            size,
            undone_at: None,
        };
        RenameSummary { operation, first: first.map(str::to_owned) }.who()
    };
    assert_eq!(who(1, Some("Ana Voss")), "Ana Voss");
    assert_eq!(who(2, Some("Ana Voss")), "Ana Voss and 1 other");
    assert_eq!(who(6, Some("Ana Voss")), "Ana Voss and 5 others");
    assert_eq!((who(1, None), who(6, None)), ("1 person".to_owned(), "6 people".to_owned()));
}
