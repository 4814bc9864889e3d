//! Reading the rules of a simulation from its form.

use std::collections::BTreeSet;

use backend::guardians::autocreate::student_groups::StudentGroups;
use domain::fields::FieldErrors;
use domain::guardians::autocreate::message::NewMessages;
use domain::guardians::autocreate::options::{AutocreateOptions, ContactRules};
use domain::guardians::contact::ContactPriority;
use domain::guardians::relationship::Relationship;
use domain::ids::ContactId;

/// The names and values of the form. A field with several values is there several times.
pub(super) type Pairs = Vec<(String, String)>;

/// Returns the options, and the errors of fields that cannot be read. `known` are the groups that the form offered.
pub(super) fn read(pairs: &Pairs, known: &StudentGroups) -> (AutocreateOptions, FieldErrors) {
    let mut errors = FieldErrors::default();
    let one = |name: &str| {
        pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim()).unwrap_or_default()
    };
    let ticked = |name: &str| one(name) == "on";
    let all = |name: &'static str| {
        pairs.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    };
    let labels = |name: &'static str| {
        all(name).map(str::trim).filter(|label| !label.is_empty()).map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let chosen = serde_json::from_str(one("students"));
    // What was chosen in a list, or everyone.
    let students = chosen.unwrap_or_else(|_| AutocreateOptions::default().students);
    let up_to_priority = match one("priority") {
        "" => None,
        typed => {
            let number = typed.parse::<u8>().ok().and_then(|number| ContactPriority::try_from(number).ok());
            if number.is_none() {
                errors.push("priority", "Choose one of the options.");
            }
            number
        }
    };
    let options = AutocreateOptions {
        students,
        years: labels("year"),
        groups: labels("group"),
        future_students: ticked("future"),
        contacts: ContactRules {
            relationships: all("relationship").filter_map(Relationship::from_slug).collect(),
            up_to_priority,
            responsible: ticked("responsible"),
            lives_with: ticked("lives_with"),
            has_email: ticked("has_email"),
        },
        create: ticked("create"),
        attach: ticked("attach"),
        messages: NewMessages {
            new_account: ticked("tell_new_account"),
            new_child: ticked("tell_new_child"),
        },
        exceptions: all("except").filter_map(|id| id.parse::<ContactId>().ok()).collect::<BTreeSet<_>>(),
    };
    let unknown =
        |chosen: &BTreeSet<String>, known: &[String]| chosen.iter().any(|label| !known.contains(label));
    if unknown(&options.years, &known.years) {
        errors.push("years", "A year group that you chose has no students any more. Choose from these.");
    }
    if unknown(&options.groups, &known.groups) {
        errors.push(
            "groups",
            "A registration group that you chose has no students any more. Choose from these.",
        );
    }
    (options, errors)
}
