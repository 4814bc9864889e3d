use super::*;
use crate::roll::import::STUDENTS;
use proptest::prelude::*;

fn headers(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn automatic(names: &[&str]) -> Mapping {
    Mapping::automatic(&STUDENTS, &headers(names), None)
}

fn slug(name: &str) -> Option<FieldSlug> {
    STUDENTS.field(name).map(FieldSlug::from)
}

#[test]
fn usual_names_are_matched_in_any_order_and_hints_are_guesses() {
    let mapping = automatic(&["Surname", "Notes", "Forename", "Pupil e-mail (home)", "ADM NO"]);
    let fields: Vec<_> = mapping.columns().iter().map(|c| (c.field.clone(), c.by)).collect();
    assert_eq!(fields[0], (slug("family_name"), MatchedBy::Name));
    assert_eq!(fields[1].0, None);
    assert_eq!(fields[3], (slug("email"), MatchedBy::Guess));
    assert_eq!(mapping.column_of("admission_number"), Some(4));
    assert!(mapping.has_guesses() && mapping.missing(&STUDENTS).is_empty());
}

#[test]
fn of_two_columns_with_one_meaning_someone_must_choose() {
    let names = ["Adm No", "Forename", "Email", "Email", "__proto__"];
    let mapping = automatic(&names);
    let email = slug("email").unwrap();
    assert_eq!(mapping.contested(), [(&email, vec![2, 3])]);
    let errors = mapping.open_questions(&STUDENTS, &headers(&names));
    assert_eq!(
        errors.of("column-3"),
        Some(
            "Email could be \u{201c}Email\u{201d} (column 3) or \u{201c}Email\u{201d} (column 4). Choose one of them."
        )
    );
    let undecided =
        vec![slug("admission_number"), slug("given_name"), Some(FieldSlug::UNDECIDED), None, None];
    assert!(mapping.chosen(&STUDENTS, &undecided).unwrap_err().of("column-2").is_some());
    let neither = mapping.chosen(&STUDENTS, &[slug("admission_number"), slug("given_name")]).unwrap();
    assert!(neither.open_questions(&STUDENTS, &headers(&names)).is_empty());
    let mut second = mapping;
    second.assign(3, STUDENTS.field("email").unwrap());
    assert!(second.contested().is_empty() && second.column_of("email") == Some(3));
    let messages: Vec<_> = STUDENTS.needs.iter().map(|need| need.message).collect();
    assert_eq!(automatic(&["x"]).missing(&STUDENTS), messages);
}

#[test]
fn a_column_chosen_twice_is_an_error_at_the_second_and_an_unknown_field_at_its_own() {
    let mapping = automatic(&["a", "b"]);
    let errors = mapping.chosen(&STUDENTS, &[slug("email"), slug("email")]).unwrap_err();
    assert!(errors.of("column-1").is_some() && errors.of("column-0").is_none());
    let unknown: FieldSlug = serde_json::from_str("\"shoe_size\"").unwrap();
    assert!(mapping.chosen(&STUDENTS, &[Some(unknown)]).unwrap_err().of("column-0").is_some());
}

#[test]
fn a_guess_that_was_looked_at_is_no_guess() {
    let mapping = automatic(&["UPN", "Name"]);
    let choices: Vec<_> = mapping.columns().iter().map(|c| c.field.clone()).collect();
    assert!(mapping.has_guesses() && !mapping.chosen(&STUDENTS, &choices).unwrap().has_guesses());
}

#[test]
fn what_someone_chose_last_time_goes_before_usual_names_and_counts_as_looked_at() {
    let first = headers(&["Ref", "Forename", "Adm No", "Extra"]);
    let chosen = Mapping::automatic(&STUDENTS, &first, None)
        .chosen(&STUDENTS, &[slug("admission_number"), slug("given_name"), None, None])
        .unwrap();
    let last = LastTime { headers: &first, mapping: &chosen, is_same_file: false };
    let again =
        Mapping::automatic(&STUDENTS, &headers(&["Adm No", "REF", "Surname", "Forename"]), Some(last));
    let fields: Vec<_> = again.columns().iter().map(|c| (c.field.clone(), c.by)).collect();
    assert_eq!(
        fields,
        [
            (None, MatchedBy::LastTime),
            (slug("admission_number"), MatchedBy::LastTime),
            (slug("family_name"), MatchedBy::Name),
            (slug("given_name"), MatchedBy::Name),
        ]
    );
    let twice = Mapping::automatic(&STUDENTS, &headers(&["Ref", "Ref"]), Some(last));
    assert!(twice.columns().iter().all(|column| column.field.is_none()), "which of them was meant?");
}

proptest! {
    #[test]
    fn no_field_is_ever_matched_twice(names in proptest::collection::vec("(Email|UPN|Name|Forename|E-mail|DOB|Birth day|x|[a-z ]{0,8})", 0..30),
                                      before in proptest::collection::vec(("(Email|Name|x|DOB)", proptest::option::of(0..STUDENTS.fields.len())), 0..6)) {
        let (old, choices): (Vec<String>, Vec<_>) = before.into_iter().map(|(name, field)| (name, field.map(|at| FieldSlug::from(&STUDENTS.fields[at])))).unzip();
        let chosen = Mapping::automatic(&STUDENTS, &old, None).chosen(&STUDENTS, &choices).unwrap_or_default();
        let mapping = Mapping::automatic(&STUDENTS, &names, Some(LastTime { headers: &old, mapping: &chosen, is_same_file: false }));
        let columns: Vec<ColumnMatch> = mapping.clone().into();
        prop_assert_eq!(columns.len(), names.len());
        prop_assert_eq!(Mapping::try_from(columns), Ok(mapping));
    }

    #[test]
    fn assigning_takes_the_field_from_the_other_column(first in 0usize..4, second in 0usize..4) {
        let mut mapping = automatic(&["a", "b", "c", "d"]);
        let phone = STUDENTS.field("phone").unwrap();
        mapping.assign(first, phone);
        mapping.assign(second, phone);
        prop_assert_eq!(mapping.column_of("phone"), Some(second));
    }
}

#[test]
fn who_chooses_a_column_of_secrets_is_told_why_it_is_not_kept() {
    let choices = [slug("admission_number"), slug("given_name")];
    let errors = automatic(&["Pass No", "Forename"]).chosen(&STUDENTS, &choices).unwrap_err();
    let said = errors.of("column-0").unwrap();
    assert!(said.contains("password") && said.contains("another name in the file"), "{said}");
    assert!(automatic(&["Admin No", "Forename"]).chosen(&STUDENTS, &choices).is_ok());
}
