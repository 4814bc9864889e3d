//! The matrix again, for forms that are filled in: what they say has to reach the use case for those who may, and nobody else.
//! Each is wrong in something that only the use case knows, so that nothing changes, no matter who sends it.

use axum::http::{Method, StatusCode};
use sqlx::PgPool;

use super::WHO;
use super::walk::Walk;

/// The columns of the visitors to whom a use case answers, for Ben, for Noor, and for Lio.
type Reached = [&'static [usize]; 3];

/// A form, and the sentence of its use case.
struct Filled {
    path: &'static str,
    fields: &'static [(&'static str, &'static str)],
    says: &'static str,
    reached: Reached,
}

const MANAGER: usize = 5;
const AUNT: usize = 7;

/// The office, and the aunt, from whom Lio is kept.
const OFFICE: Reached = [&[MANAGER, AUNT], &[MANAGER, AUNT], &[MANAGER]];

/// The same for what nobody decides about a child of their own.
const NOT_THEIR_OWN: Reached = [&[MANAGER], &[MANAGER, AUNT], &[MANAGER]];

/// The same for Lio's restriction.
const OF_LIO: Reached = [&[], &[], &[MANAGER]];

const FORMS: [Filled; 9] = [
    Filled {
        path: "/students/{child}/access/restrict",
        fields: &[("whom", "one"), ("adult", "{stranger}"), ("scopes", "profile"), ("reason", "court_order")],
        says: "This person is no contact of the child.",
        reached: NOT_THEIR_OWN,
    },
    Filled {
        path: "/students/{child}/access/review",
        fields: &[("restriction", "{restriction}"), ("review", "1999-01-01")],
        says: "Enter a day after today",
        reached: NOT_THEIR_OWN,
    },
    Filled {
        path: "/students/{child}/access/change",
        fields: &[
            ("restriction", "{restriction}"),
            ("scopes", "profile"),
            ("reason", "court_order"),
            ("from", "2026-09-01"),
            ("until", "2026-09-02"),
        ],
        says: "A restriction in the past restricts nobody",
        reached: OF_LIO,
    },
    Filled {
        path: "/guardians/{adult}/access",
        fields: &[
            ("child", "{child}"),
            ("see-grades", "on"),
            ("ground-grades", "relation"),
            ("from-grades", "2026-12-02"),
            ("until-grades", "2026-12-01"),
        ],
        says: "the last day is before the first day",
        reached: OFFICE,
    },
    Filled {
        path: "/guardians/{adult}/access/restore",
        fields: &[("child", "{child}")],
        says: "There is nothing to give back",
        reached: OFFICE,
    },
    Filled {
        path: "/guardians/{adult}/attach",
        fields: &[("student", "{number}"), ("relationship", "mother"), ("starts_on", "2026-09-01")],
        says: "They are already a contact of this student",
        reached: OFFICE,
    },
    Filled {
        path: "/guardians/contacts/{contact}/again",
        fields: &[],
        says: "This contact has not ended",
        reached: OFFICE,
    },
    Filled {
        path: "/guardians/{adult}/split",
        fields: &[("given", "Mia"), ("family", "Varga")],
        says: "Choose what belongs to the new person",
        reached: [&[MANAGER, AUNT]; 3],
    },
    Filled {
        path: "/guardians/duplicates/{twice}/merge/run",
        fields: &[
            ("stays", "{mara}"),
            ("plan", "0000000000000000000000000000000000000000000000000000000000000000"),
        ],
        says: "Something changed since this page was shown",
        reached: [&[MANAGER]; 3],
    },
];

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_form_that_is_filled_in_reaches_its_use_case_for_those_who_may_and_nobody_else(pool: PgPool) {
    let walk = Walk::new(pool).await;
    let mut visitors = walk.visitors().await;
    let mut wrong = Vec::new();
    for Filled { path, fields, says, reached } in FORMS {
        for (child, reached) in walk.children().into_iter().zip(reached) {
            let fields: Vec<(&str, String)> =
                fields.iter().map(|(name, value)| (*name, walk.fill(value, child))).collect();
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            for (column, visitor) in visitors.iter_mut().enumerate() {
                let answer = walk.send(visitor, &Method::POST, &walk.fill(path, child), &fields).await;
                let answered = answer.status == StatusCode::OK && answer.body.contains(says);
                if answered != reached.contains(&column) {
                    let whom = WHO[column];
                    wrong.push(format!("{path} {fields:?} of {whom}: {} {}", answer.status, answer.body));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} answers\n{}", wrong.len(), wrong.join("\n"));
}
