//! Who is who in a file, and to which students they belong.

use proptest::prelude::*;

use super::*;
use crate::imports::held::{ChoiceKind, HeldChoice, HeldReason};
use crate::imports::outcome::RowOutcome;

const HEAD: &str = "child_id,guardian_name,email,phone,relationship\n";

fn of(rows: &str) -> String {
    format!("{HEAD}{rows}")
}

// C1
#[test]
fn the_same_parent_twice_in_a_file_is_one_adult_with_two_children() {
    let plan = planned(
        &of("A100,Mara Varga,mara@example.test,,mother\nA101,Mara Varga,MARA@Example.test,,mother"),
        &roll(),
    );
    assert_eq!(new_adults(&plan), 1);
    assert_eq!(links(&plan), ["Mara Varga > 100 mother", "Mara Varga > 101 mother"]);
    assert_eq!(outcomes(&plan), ["added new_adult", "linked linked"]);
    let note = plan.rows[1].line.notes.iter().find(|note| note.code == "same_as_row").unwrap();
    assert_eq!((note.get("row"), note.get("by")), ("2", "email"));
}

#[test]
fn a_name_that_nobody_can_be_called_by_rejects_the_row_and_links_nobody() {
    let (long, half) = ("x".repeat(150), "x".repeat(60));
    let file = of(&format!("A100,Mara {long},,,mother\nA101,{half} {half},,,organisation"));
    let plan = planned(&file, &roll());
    assert_eq!(outcomes(&plan), ["rejected name_too_long", "rejected name_too_long"]);
    assert!(links(&plan).is_empty());
}

// C2
#[test]
fn a_surname_alone_never_joins() {
    let plan =
        planned(&of("A100,Mara Varga,mara@example.test,,\nA103,Otto Varga,otto@example.test,,"), &roll());
    assert_eq!(new_adults(&plan), 2);
}

// C3
#[test]
fn two_parents_with_one_address_are_two_adults() {
    let plan = planned(
        &of("A100,Mara Varga,home@example.test,,mother\nA100,Piotr Varga,home@example.test,,father"),
        &roll(),
    );
    assert_eq!(links(&plan), ["Mara Varga > 100 mother", "Piotr Varga > 100 father"]);
}

// C6
#[test]
fn a_link_that_the_office_ended_is_held_and_begins_again_only_by_decision() {
    let mut known = roll();
    known.adults = vec![adult(7, "Piotr", "Varga", "piotr@example.test")];
    known.ended.insert((id(7), id(ILSE)), "2026-05-03".parse().unwrap());
    let file = of("A100,Piotr Varga,piotr@example.test,,father");
    let plan = planned(&file, &known);
    assert_eq!(outcomes(&plan), ["held ended_link"]);
    assert!(plan.rows[0].write.is_none());
    let mut choices = Choices::default();
    choices.add(2, HeldReason::EndedLink, HeldChoice::of(ChoiceKind::LinkAgain));
    assert_eq!(outcomes(&planned_with(&file, &known, &choices)), ["linked linked"]);
}

// C8
#[test]
fn an_unknown_word_is_kept_as_text_and_opens_nothing() {
    let plan = planned(&of("A100,Mara Varga,,,Godmother"), &roll());
    let write = plan.rows[0].write.as_ref().unwrap();
    assert_eq!(write.links[0].facts.relationship, Relationship::Other);
    assert_eq!(write.links[0].facts.relationship_said, "Godmother");
    assert!(says(&plan, 0, "relation_unknown"));
}

// C9
#[test]
fn a_mother_who_is_an_emergency_contact_too_is_one_contact_with_both() {
    let plan = planned(
        &of("A100,Mara Varga,,,mother\nA103,Mara Varga,,,aunt\nA100,Mara Varga,,,emergency"),
        &roll(),
    );
    let first = plan.rows[0].write.as_ref().unwrap();
    assert_eq!(first.links.len(), 1);
    assert_eq!(first.links[0].facts.relationship, Relationship::Mother);
    assert_eq!(first.links[0].facts.functions, [crate::guardians::contact::ContactFunction::Emergency]);
    assert!(says(&plan, 2, "with_row") && plan.rows[2].write.is_none());
}

// C10
#[test]
fn columns_for_mother_portal_and_emergency_do_not_make_three_people() {
    let file = "child_id,mother,mother_phone,guardian_email,emergency1\n\
        A100,Mara Varga,07900900123,mara@example.test,Mara Varga\n\
        A101,M. Varga,07900 900123,mara@example.test,Mara Varga";
    let plan = planned(file, &roll());
    // The name at A101 joins its own row, and the phone number both rows.
    assert_eq!(new_adults(&plan), 1, "{:?}", links(&plan));
    assert!(says(&plan, 0, "email"), "an address with nobody beside it is a question");
}

// C12
#[test]
fn twins_each_keep_the_contact_of_their_own_row() {
    let plan = planned(&of("A104,Mara Twin,,,mother\nA105,Piotr Twin,,,father"), &roll());
    assert_eq!(links(&plan), ["Mara Twin > 104 mother", "Piotr Twin > 105 father"]);
    let file = "child_date_of_birth,guardian_name\n2014-05-06,Mara Twin";
    assert_eq!(outcomes(&planned(file, &roll())), ["rejected child_missing"]);
}

// C13
#[test]
fn a_name_of_a_colleague_is_asked_about_and_never_joined_by_itself() {
    let mut known = roll();
    known.adults = vec![KnownAdult { works_here: true, ..adult(8, "Tunde", "Idowu", "t.idowu@school.test") }];
    let file = of("A102,Tunde Idowu,tunde@example.test,07900 900123,father");
    assert_eq!(outcomes(&planned(&file, &known)), ["held colleague"]);
    let mut choices = Choices::default();
    choices.add(2, HeldReason::Colleague, HeldChoice::about(ChoiceKind::ThisPerson, id(8)));
    assert_eq!(outcomes(&planned_with(&file, &known, &choices)), ["linked linked"]);
}

// C15
#[test]
fn a_blank_address_is_never_a_key() {
    let plan = planned(&of("A102,Tunde Idowu,,,\nA103,Nadia Haddad,,,"), &roll());
    assert_eq!(new_adults(&plan), 2);
}

// C16
#[test]
fn a_row_has_as_many_guardians_as_its_columns() {
    let columns: Vec<String> = (1..=6)
        .map(|n| format!("Guardian {n} First Name,Guardian {n} Last Name,Guardian {n} Relationship"))
        .collect();
    let people: Vec<String> =
        ["Ann", "Bea", "Cem", "Dov", "Eli", "Fay"].map(|name| format!("{name},Varga,carer")).to_vec();
    let plan = planned(&format!("Student ID,{}\nA100,{}", columns.join(","), people.join(",")), &roll());
    assert_eq!(new_adults(&plan), 6);
    assert_eq!(outcomes(&plan), ["added new_adult"]);
}

// C41
#[test]
fn a_blank_cell_erases_nothing_and_the_word_clear_does() {
    let mut known = roll();
    known.adults = vec![adult(7, "Mara", "Varga", "mara@example.test")];
    let mut stored = contact(Relationship::Mother);
    stored.facts.priority = Some(2.try_into().unwrap());
    known.contacts.insert((id(7), id(ILSE)), stored);
    let head = "child_id,guardian_name,email,priority\nA100,Mara Varga,mara@example.test,";
    assert_eq!(outcomes(&planned(head, &known)), ["unchanged no_difference"]);
    let plan = planned(&format!("{head}(clear)"), &known);
    assert_eq!(plan.rows[0].write.as_ref().unwrap().links[0].facts.priority, None);
}

// C42
#[test]
fn a_couple_in_one_cell_is_no_person() {
    assert_eq!(
        outcomes(&planned(&of("A102,Mr & Mrs T Idowu,idowu@example.test,,"), &roll())),
        ["held two_people"]
    );
}

// C44
#[test]
fn lost_zeros_are_asked_about_once_and_rejected_if_they_fit_two() {
    let plan = planned(&of("417,Grace Okafor,grace@example.test,,"), &roll());
    assert_eq!(outcomes(&plan), ["held near_key"]);
    let mut choices = Choices::default();
    choices.add(2, HeldReason::NearKey, HeldChoice::about(ChoiceKind::ThisPerson, id(BEN)));
    let file = of("417,Grace Okafor,grace@example.test,,");
    assert_eq!(outcomes(&planned_with(&file, &roll(), &choices)), ["added new_adult"]);
}

// C45
#[test]
fn a_list_in_a_cell_says_the_same_as_a_row_for_each() {
    let one = planned("Name,Email,Student IDs\nNadia Haddad,nadia@example.test,A103; A102", &roll());
    let two = planned(
        "Name,Email,Student IDs\nNadia Haddad,nadia@example.test,A103\nNadia Haddad,nadia@example.test,A102",
        &roll(),
    );
    assert_eq!(links(&one), links(&two));
    assert_eq!(links(&one).len(), 2);
}

#[test]
fn a_student_is_nobodys_guardian_and_nobody_is_their_own() {
    let mut known = roll();
    known.adults =
        vec![KnownAdult { is_student: true, ..adult(ILSE, "Ilse", "Varga", "ilse@school.example") }];
    let plan = planned(&of("A101,Ilse Varga,ilse@school.example,,sister"), &known);
    assert_eq!(outcomes(&plan), ["rejected pupil_as_guardian"]);
}

#[test]
fn access_is_lowered_by_a_file_and_never_raised() {
    let head = "child_id,guardian_name,relationship,PR,has access\n";
    let plan = planned(&format!("{head}A100,Rosa Lind,neighbour,Y,Y\nA100,Piotr Varga,father,N,N"), &roll());
    let facts = |row: usize| plan.rows[row].write.as_ref().unwrap().links[0].facts.clone();
    assert_eq!((facts(0).parental_responsibility, facts(0).no_portal), (None, false));
    assert_eq!((facts(1).parental_responsibility, facts(1).no_portal), (Some(false), true));
    assert!(says(&plan, 0, "responsibility_not_taken") && says(&plan, 1, "no_access"));
}

#[test]
fn what_somebody_set_by_hand_is_kept() {
    let mut known = roll();
    known.adults = vec![adult(7, "Mara", "Varga", "mara@example.test")];
    let stored = KnownContact { kept: vec!["relationship".to_owned()], ..contact(Relationship::Guardian) };
    known.contacts.insert((id(7), id(ILSE)), stored);
    let plan = planned(&of("A100,Mara Varga,mara@example.test,,mother"), &known);
    assert_eq!(plan.rows[0].line.outcome, RowOutcome::Kept);
    assert!(plan.rows[0].write.is_none());
}

#[test]
fn a_key_with_two_names_is_rejected_and_a_key_without_a_name_joins() {
    let head = "child_id,guardian_id,guardian_name\n";
    let plan = planned(&format!("{head}A100,P1,Mara Varga\nA101,P1,Otto Lind"), &roll());
    assert_eq!(outcomes(&plan), ["rejected key_two_names", "rejected key_two_names"]);
    let plan = planned(&format!("{head}A100,P1,Mara Varga\nA101,P1,"), &roll());
    assert_eq!(links(&plan), ["Mara Varga > 100 carer", "Mara Varga > 101 carer"]);
    assert_eq!(outcomes(&planned(&format!("{head}A101,P9,"), &roll())), ["rejected adult_unknown"]);
}

#[test]
fn somebody_of_another_school_alone_is_held_and_not_named() {
    let mut known = roll();
    let mut head = adult(9, "Mara", "Varga", "mara@example.test");
    head.keys = vec!["head".to_owned()];
    head.is_reached = false;
    known.adults.push(head);
    for row in ["A100,head,", "A100,head,Somebody Else"] {
        let plan = planned(&format!("child_id,guardian_id,guardian_name\n{row}"), &known);
        assert_eq!(outcomes(&plan), ["held other_school_student"], "{row}");
        assert!(!format!("{:?}", plan.rows[0].line).contains("Varga"), "{row}");
    }
    let plan = planned(&of("A100,Mara Varga,mara@example.test,,mother"), &known);
    assert_eq!((outcomes(&plan), links(&plan)), (vec!["held other_school_student".to_owned()], Vec::new()));
}

const ROWS: [&str; 9] = [
    "A100,Mara Varga,mara@example.test,,mother",
    "A101,Mara Varga,MARA@example.test,07900 900123,mother",
    "A101,M. Varga,,07900 900123,emergency",
    "A100,Piotr Varga,home@example.test,,father",
    "A103,Otto Varga,home@example.test,,uncle",
    "A102,Tunde Idowu,,07900 900124,father",
    "A103,Tunde Idowu,,07900 900124,friend",
    "A102,Mr & Mrs Idowu,,,",
    "X9,Nobody Knows,,,",
];

proptest! {
    // C5, C11
    #[test]
    fn the_order_of_rows_means_nothing(order in Just(ROWS.to_vec()).prop_shuffle()) {
        let usual = planned(&of(&ROWS.join("\n")), &roll());
        let shuffled = planned(&of(&order.join("\n")), &roll());
        prop_assert_eq!(links(&usual), links(&shuffled));
        prop_assert_eq!(usual.counts.rejected, shuffled.counts.rejected);
        prop_assert_eq!(usual.counts.held, shuffled.counts.held);
        prop_assert_eq!(shuffled.counts.total(), 9);
    }
}
