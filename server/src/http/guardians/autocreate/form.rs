//! Reading the rules of a simulation from its form.

use std::collections::BTreeSet;

use domain::fields::FieldErrors;
use domain::guardians::autocreate::message::NewMessages;
use domain::guardians::autocreate::options::{AutocreateOptions, ContactRules};
use domain::guardians::contact::ContactPriority;
use domain::guardians::relationship::Relationship;
use domain::ids::ContactId;
use domain::roll::filter::RollFilter;
use domain::roll::selection::Selection;
use domain::roll::status::RollStatus;

/// The names and values of the form. A field with several values is there several times.
pub(super) type Pairs = Vec<(String, String)>;

/// Returns the options, and the errors of fields that cannot be read.
pub(super) fn read(pairs: &Pairs) -> (AutocreateOptions, FieldErrors) {
    let mut errors = FieldErrors::default();
    let one = |name: &str| {
        pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim()).unwrap_or_default()
    };
    let ticked = |name: &str| one(name) == "on";
    let all = |name: &'static str| {
        pairs.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    };
    // What was chosen in a list, or else the two fields of the form.
    let students = serde_json::from_str(one("students")).unwrap_or_else(|_| Selection::Matching {
        filter: RollFilter {
            year: one("year").to_owned(),
            group: one("group").to_owned(),
            roll: vec![RollStatus::Current],
            ..RollFilter::default()
        },
    });
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
    (options, errors)
}
