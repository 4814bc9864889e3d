//! Rows that are held back until the office decides whom they are about, or where messages go.

use domain::authorization::actor::{Actor, RoleAssignment};
use domain::authorization::permission::Permission;
use domain::authorization::place::Place;
use domain::authorization::role::Role;
use domain::imports::held::{ChoiceKind, HeldChoice, HeldDecision, HeldReason, HeldRow};
use domain::imports::outcome::RowOutcome;
use domain::imports::plan::PlanCounts;
use domain::imports::views::ImportView;
use sqlx::PgPool;

use super::{Office, counts, message};
use crate::Error;
use crate::imports::settle::settle;
use crate::imports::simulate::simulate;
use crate::imports::undo::undo;
use crate::testing::{account, active_account, staff_role, student};

const ROLL: &str = "Adm No,Forename,Surname,DOB\n\
    100,Ann,Oak,2012-01-10\n200,Ben,Elm,2012-02-20\n004512,Cat,Ash,2012-03-30\n";

impl Office {
    /// The held rows of an import, with their numbers.
    async fn held(&self, import: &ImportView) -> Vec<(u32, HeldRow)> {
        let lines = self.lines(import).await.into_iter();
        lines.filter_map(|line| Some((line.row, *line.line.held?))).collect()
    }

    /// Numbers, given and family names on the roll.
    async fn names(&self) -> Vec<String> {
        let first_three = |line: String| line.split('|').take(3).collect::<Vec<_>>().join("|");
        self.roll().await.into_iter().map(first_three).collect()
    }

    async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(self.backend.database.raw()).await.unwrap()
    }
}

fn held(held: u32) -> PlanCounts {
    PlanCounts { held, ..counts(0, 0, 0, 0, 0) }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn swapped_numbers_are_held_back_until_both_rows_are_decided(pool: PgPool) {
    let office = Office::new(pool).await;
    office.import(ROLL).await;
    let before = office.roll().await;
    let swapped = "Adm No,Forename,Surname,DOB\n200,Ann,Oak,2012-01-10\n100,Ben,Elm,2012-02-20\n";
    let left = office.import(swapped).await;
    assert_eq!((left.counts.unwrap(), office.roll().await), (held(2), before.clone()), "nothing is guessed");
    let shown = office.held(&left).await;
    let first = &shown[0].1;
    assert_eq!((first.reason, first.in_file.name.as_str()), (HeldReason::KeyOfAnother, "Ann Oak"));
    let people: Vec<_> = first.people.iter().map(|shown| (shown.name.as_str(), shown.key.as_str())).collect();
    assert_eq!(people, [("Ben Elm", "200"), ("Ann Oak", "100")], "both are shown");
    assert!(message(&office.lines(&left).await[0]).starts_with("Held back: the admission number"));

    let checked = office.check(swapped).await;
    let all = HeldDecision::Reason { reason: HeldReason::KeyOfAnother, choice: ChoiceKind::Renumber };
    let one = HeldDecision::Row { row: 2, choice: shown[0].1.only(ChoiceKind::Renumber).unwrap() };
    let half = office.decide(&checked, one).await;
    assert_eq!(half.counts.unwrap(), held(2), "the number is still somebody else's");
    assert!(office.held(&half).await[0].1.waiting.is_some());
    let decided = office.decide(&half, all).await;
    assert_eq!(decided.counts.unwrap(), counts(0, 2, 0, 0, 0));
    let written = office.written(&decided).await;
    assert_eq!(office.names().await, ["004512|Cat|Ash", "100|Ben|Elm", "200|Ann|Oak"]);
    assert_eq!(
        office
            .count("SELECT count(*) FROM people WHERE search_key LIKE '% 200' AND given_name = 'Ann'")
            .await,
        1
    );
    assert_eq!(office.import(swapped).await.counts.unwrap(), counts(0, 0, 2, 0, 0));
    undo(&office.backend, &office.actor, written.id).await.unwrap();
    assert_eq!(office.roll().await, before);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn columns_that_were_sorted_one_by_one_are_held_back(pool: PgPool) {
    let office = Office::new(pool).await;
    office.import(ROLL).await;
    let before = office.roll().await;
    let dates = "Adm No,Forename,Surname,DOB\n100,Ann,Oak,2012-02-20\n200,Ben,Elm,2012-01-10\n";
    for (file, why) in [
        ("Adm No,Forename,Surname,DOB\n100,Ben,Elm,2012-01-10\n200,Ann,Oak,2012-02-20\n", "names"),
        ("Adm No,Forename,Surname,DOB\n100,Ben,Oak,2012-01-10\n200,Ann,Elm,2012-02-20\n", "given names"),
        (dates, "dates of birth"),
        ("Adm No,Forename,Surname\n100,Zoe,Oak\n300,Ann,Oak\n", "the name has another number"),
    ] {
        let import = office.import(file).await;
        assert_eq!((import.counts.unwrap(), office.roll().await), (held(2), before.clone()), "{why}");
    }
    // What was decided is planned in the same way again, when it is imported.
    let checked = office.check(dates).await;
    let told = message(&office.lines(&checked).await[0]);
    assert!(told.contains("Its date of birth was that of row 3"), "{told}");
    let all = HeldDecision::Reason { reason: HeldReason::KeyOfAnother, choice: ChoiceKind::ThisPerson };
    let decided = office.decide(&checked, all).await;
    assert_eq!(decided.counts.unwrap(), counts(0, 2, 0, 0, 0));
    office.written(&decided).await;
    assert_eq!(office.import(dates).await.counts.unwrap(), counts(0, 0, 2, 0, 0));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_number_that_is_somebody_elses_renames_nobody(pool: PgPool) {
    let office = Office::new(pool).await;
    office.import(ROLL).await;
    let before = office.roll().await;
    for (file, why) in [
        ("Adm No,Forename,Surname,DOB\n100,Zoe,Fir,2013-05-05\n", "a number that was given again"),
        ("Adm No,Forename,Surname\n100,Zoe,Fir\n200,Yan,Yew\n", "a list with numbers of its own"),
        ("Adm No,Forename,Surname\n100,Ben,Elm\n", "known by the name alone"),
    ] {
        let import = office.import(file).await;
        assert_eq!(import.counts.unwrap().held, import.row_count, "{why}");
        assert_eq!(office.roll().await, before, "{why}");
    }
    // Who marries, or whose date of birth is corrected, is the same student.
    let fine = "Adm No,Forename,Surname,DOB\n100,Ann,Birch,2012-01-10\n200,Ben,Elm,2012-02-21\n";
    assert_eq!(office.import(fine).await.counts.unwrap(), counts(0, 2, 0, 0, 0));
    // The office can say that it is this student all the same, or that the row is not wanted.
    let checked = office.check("Adm No,Forename,Surname,DOB\n100,Zoe,Fir,2013-05-05\n").await;
    let (row, shown) = office.held(&checked).await.remove(0);
    let choice = shown.only(ChoiceKind::ThisPerson).unwrap();
    assert_eq!(office.decide(&checked, HeldDecision::Row { row, choice }).await.counts.unwrap().updated, 1);
    let choice = HeldChoice::of(ChoiceKind::LeaveOut);
    let open = office.decide(&checked, HeldDecision::Nothing).await;
    assert_eq!((open.decided, open.counts.unwrap()), (0, held(1)));
    assert_eq!(office.decide(&checked, HeldDecision::Row { row, choice }).await.counts.unwrap().skipped, 1);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_spreadsheet_that_ate_the_zeros_makes_no_second_student(pool: PgPool) {
    let office = Office::new(pool).await;
    office.import(ROLL).await;
    let before = office.roll().await;
    for number in ["4512", "\u{FEFF}004512", "45\u{200B}12", "\u{FF14}\u{FF15}\u{FF11}\u{FF12}"] {
        let import =
            office.import(&format!("Adm No,Forename,Surname,DOB\n{number},Cat,Ash,2012-03-30\n")).await;
        assert_eq!(
            (import.counts.unwrap(), office.roll().await),
            (counts(0, 0, 1, 0, 0), before.clone()),
            "{number}"
        );
        let told = message(&office.lines(&import).await[0]);
        assert!(
            told.contains("taken as \u{201c}004512\u{201d}") || told == "No changes.",
            "{number}: {told}"
        );
    }
    // Without a date of birth it is a question.
    let checked = office.check("Adm No,Forename,Surname,Year\n4512,Cat,Ash,9\n").await;
    assert_eq!(checked.counts.unwrap(), held(1));
    assert_eq!(office.held(&checked).await[0].1.reason, HeldReason::NearKey);
    let decided = office.decide(&checked, HeldDecision::Proposals).await;
    office.written(&decided).await;
    assert_eq!(office.names().await, ["004512|Cat|Ash", "100|Ann|Oak", "200|Ben|Elm"]);
    // Another child with such a number is another child.
    let other = office.import("Adm No,Forename,Surname,DOB\n0100,Dan,Fir,2013-01-01\n").await;
    assert_eq!(other.counts.unwrap(), counts(1, 0, 0, 0, 0));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn one_student_with_two_numbers_in_one_file_is_added_once(pool: PgPool) {
    let office = Office::new(pool).await;
    let file = "Adm No,Forename,Surname,DOB\n004512,Cat,Ash,2012-03-30\n4512,Cat,Ash,\n77,CAT,Ash,2012-03-30\n78,Cat,Ash,2011-01-01\n";
    let import = office.check(file).await;
    assert_eq!(import.counts.unwrap(), PlanCounts { held: 2, ..counts(2, 0, 0, 0, 0) });
    let told = message(&office.lines(&import).await[2]);
    assert!(told.contains("Row 2 is about the same person"), "{told}");
    let choice = HeldChoice::of(ChoiceKind::NewPerson);
    let decided = office.decide(&import, HeldDecision::Row { row: 4, choice }).await;
    assert_eq!(decided.counts.unwrap(), PlanCounts { held: 1, ..counts(3, 0, 0, 0, 0) });
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_renumbered_system_is_said_and_keeps_every_student(pool: PgPool) {
    let office = Office::new(pool).await;
    office.import(ROLL).await;
    let before = office.roll().await;
    let file = "Adm No,Forename,Surname,DOB\nN1,Ann,Oak,2012-01-10\nN2,Ben,Elm,2012-02-20\nN3,Cat,Ash,2012-03-30\nN4,Dan,Fir,2012-04-04\n";
    let checked = office.check(file).await;
    assert_eq!(checked.counts.unwrap(), PlanCounts { held: 3, ..counts(1, 0, 0, 0, 0) });
    assert!(checked.findings.has_only_new_keys(&checked.counts.unwrap()));
    let all = HeldDecision::Reason { reason: HeldReason::OtherKey, choice: ChoiceKind::Renumber };
    let written = office.written(&office.decide(&checked, all).await).await;
    assert_eq!(written.counts.unwrap(), counts(1, 3, 0, 0, 0));
    assert_eq!(office.names().await, ["N1|Ann|Oak", "N2|Ben|Elm", "N3|Cat|Ash", "N4|Dan|Fir"]);
    let again = office.check(file).await;
    assert!(!again.findings.has_only_new_keys(&again.counts.unwrap()));
    undo(&office.backend, &office.actor, written.id).await.unwrap();
    assert_eq!(office.roll().await, before);
    // Names alone are no proof, but the page says it.
    let nameless = office.check("Adm No,Forename,Surname\nN1,Ann,Oak\nN2,Ben,Elm\n").await;
    assert_eq!(nameless.counts.unwrap().added, 2);
    assert!(nameless.findings.has_only_new_keys(&nameless.counts.unwrap()));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_student_of_another_school_is_offered_as_a_move(pool: PgPool) {
    let mut office = Office::new(pool).await;
    office.import("Adm No,Forename,Surname,DOB\n100,Ann,Oak,2012-01-10\n").await;
    let ann = office.count("SELECT count(*) FROM people").await;
    let person =
        sqlx::query_scalar("SELECT id FROM people").fetch_one(office.backend.database.raw()).await.unwrap();
    account(&office.backend, &office.school, domain::ids::PersonId(person), "ann.oak").await;
    let old = office.school.clone();
    let new = old.sibling(&office.backend, "NORTH", "North School").await;
    office.school = new.clone();
    let file = "Adm No,Forename,Surname,DOB,Email\n7,Ann,Oak,2012-01-10,\n";

    // Who imports at the new school alone sees that there is such a student, and no more.
    office.actor = new.actor(&office.backend, Role::AccountManager);
    let seen = office.check(file).await;
    let shown = office.held(&seen).await.remove(0).1;
    assert_eq!(
        (shown.reason, shown.people[0].school.as_str()),
        (HeldReason::OtherSchool, "Quillmere School")
    );
    assert_eq!((shown.people[0].key.as_str(), shown.people[0].account.as_str()), ("", "Has an account"));
    assert_eq!(shown.only(ChoiceKind::ThisPerson), None);

    let both = [&old, &new]
        .map(|at| RoleAssignment::new(Role::AccountManager.permissions(), Place::School(at.school)));
    office.actor =
        Actor::signed_in(new.organisation, office.backend.new_id(), office.backend.new_id(), both.into());
    let checked = office.check(file).await;
    assert_eq!(office.held(&checked).await[0].1.people[0].account, "ann.oak");
    let decided = office.decide(&checked, HeldDecision::Proposals).await;
    let written = office.written(&decided).await;
    assert_eq!(written.counts.unwrap(), counts(1, 0, 0, 0, 0));
    assert_eq!(office.count("SELECT count(*) FROM people").await, ann, "one person");
    assert_eq!(office.count("SELECT count(*) FROM enrolments WHERE latest").await, 2, "two enrolments");
    assert_eq!(office.import(file).await.counts.unwrap(), counts(0, 0, 1, 0, 0));
    undo(&office.backend, &office.actor, written.id).await.unwrap();
    assert_eq!(office.count("SELECT count(*) FROM enrolments").await, 1);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_file_is_no_way_round_edit_contacts(pool: PgPool) {
    let mut office = Office::new(pool).await;
    let (backend, school) = (office.backend.clone(), office.school.clone());
    let ada = student(&backend, &school, "Ada", "Lovelace", "1", Some("ada@home.example")).await;
    active_account(&backend, &school, ada, "ada", "copper ladder fog").await;
    let bob = student(&backend, &school, "Bob", "Moss", "2", Some("bob@home.example")).await;
    let before = office.roll().await;
    let file = "Adm No,Forename,Surname,Year,Email\n1,Ada,Lovelace,7,thief@evil.example\n2,Bob,Moss,7,bob@school.example\n";

    let rights = [Permission::ViewRoll, Permission::ImportRoll].into_iter().collect();
    let roles = vec![RoleAssignment::new(rights, Place::School(school.school))];
    let importer = Actor::signed_in(school.organisation, backend.new_id(), backend.new_id(), roles);
    let manager = std::mem::replace(&mut office.actor, importer);
    let checked = office.check(file).await;
    let (row, shown) = office.held(&checked).await.remove(0);
    assert_eq!((row, shown.reason, shown.only(ChoiceKind::ConfirmAddress)), (2, HeldReason::Address, None));
    let told = message(&office.lines(&checked).await[0]);
    assert!(told.contains("Edit contacts") && told.contains("thief@evil.example"), "{told}");
    let choice = HeldChoice::of(ChoiceKind::ConfirmAddress);
    let refused = settle(&backend, &office.actor, checked.id, HeldDecision::Row { row, choice }).await;
    assert!(matches!(refused, Err(Error::Conflict { code: "not_offered", .. })), "{refused:?}");

    // What a colleague confirmed is not confirmed for who may not: the plan is made for who imports.
    let importer = std::mem::replace(&mut office.actor, manager);
    let confirmed = office.decide(&checked, HeldDecision::Proposals).await;
    assert_eq!(confirmed.counts.unwrap(), counts(0, 2, 0, 0, 0));
    let manager = std::mem::replace(&mut office.actor, importer);
    assert!(matches!(
        office.commit(&confirmed).await.unwrap(),
        domain::imports::views::CommitOutcome::Drifted { .. }
    ));
    assert_eq!(office.roll().await, before);

    office.actor = manager;
    let kept = office.check(file).await;
    let keep = HeldDecision::Reason { reason: HeldReason::Address, choice: ChoiceKind::KeepAddress };
    let kept = office.written(&office.decide(&kept, keep).await).await;
    assert_eq!(kept.counts.unwrap(), counts(0, 1, 1, 0, 0), "without an account there is nothing to confirm");
    assert!(office.roll().await[0].ends_with("ada@home.example*"), "{:?}", office.roll().await);
    account(&backend, &school, bob, "bob").await;
    let none =
        office.import("Adm No,Forename,Email\n1,Ada,ada@home.example\n2,Bob,BOB@school.example\n").await;
    assert_eq!(none.counts.unwrap().held, 0, "another spelling is the same mailbox");
    office.import_confirmed("Adm No,Forename,Email\n1,Ada,ada@school.example\n").await;
    assert!(office.roll().await[0].contains("ada@school.example*"), "{:?}", office.roll().await);
}

/// A colleague's log offers more than someone may decide, and what was decided would count when the colleague imports.
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn only_who_may_do_it_decides_whoever_checked_the_file(pool: PgPool) {
    let office = Office::new(pool).await;
    let (backend, school) = (&office.backend, &office.school);
    for (name, number) in [("Ada", "1"), ("Bob", "2")] {
        let email = format!("{name}@home.example");
        let person = student(backend, school, name, "Moss", number, Some(&email)).await;
        active_account(backend, school, person, &name.to_lowercase(), "copper ladder fog").await;
    }
    let rights = [Permission::ViewRoll, Permission::ImportRoll].into_iter().collect();
    let roles = vec![RoleAssignment::new(rights, Place::School(school.school))];
    let importer = Actor::signed_in(school.organisation, backend.new_id(), backend.new_id(), roles);
    let file =
        "Adm No,Forename,Surname,Email\n1,Ada,Moss,thief@evil.example\n2,Bob,Moss,bob@school.example\n";
    let by_the_manager = office.check(file).await;
    let confirm = HeldChoice::of(ChoiceKind::ConfirmAddress);
    assert!(office.held(&by_the_manager).await[0].1.choices.contains(&confirm));

    let of_row = HeldDecision::Row { row: 2, choice: confirm };
    let refused = settle(backend, &importer, by_the_manager.id, of_row).await;
    assert!(matches!(refused, Err(Error::Conflict { code: "not_offered", .. })), "{refused:?}");
    assert_eq!(
        office.held(&by_the_manager).await[0].1.only(ChoiceKind::ConfirmAddress),
        None,
        "as they see it"
    );
    let all = HeldDecision::Reason { reason: HeldReason::Address, choice: ChoiceKind::ConfirmAddress };
    for decision in [all, HeldDecision::Proposals] {
        simulate(backend, &office.actor, by_the_manager.id).await.unwrap();
        let none = settle(backend, &importer, by_the_manager.id, decision).await.unwrap();
        assert_eq!((none.decided, none.counts.unwrap().held), (0, 2), "{decision:?}");
    }
    simulate(backend, &office.actor, by_the_manager.id).await.unwrap();
    let decided = office.decide(&by_the_manager, HeldDecision::Row { row: 3, choice: confirm }).await;
    office.written(&decided).await;
    let roll = office.roll().await;
    assert!(roll[0].ends_with("Ada@home.example*") && roll[1].contains("bob@school.example*"), "{roll:?}");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_operators_file_changes_an_administrators_address_only_when_it_is_confirmed(pool: PgPool) {
    let mut office = Office::new(pool).await;
    let (backend, school) = (office.backend.clone(), office.school.clone());
    let head = student(&backend, &school, "Grace", "Hopper", "900", Some("head@school.example")).await;
    staff_role(&backend, &school, head, Role::Administrator).await;
    active_account(&backend, &school, head, "grace", "copper ladder fog").await;
    office.actor = Actor::system(school.organisation);
    let file = "Adm No,Forename,Surname,Email\n900,Grace,Hopper,mine@evil.example\n";
    assert_eq!(office.import(file).await.counts.unwrap(), held(1));
    assert!(office.roll().await[0].ends_with("|head@school.example*"));
    // Never by who has fewer permissions.
    office.actor = school.actor(&backend, Role::AccountManager);
    let outranked = office.import_confirmed(file).await;
    assert_eq!(office.lines(&outranked).await[0].line.outcome, RowOutcome::Rejected);
    assert!(office.roll().await[0].ends_with("|head@school.example*"));
}
