//! The access matrix: each role at each page and each form about guardians, for a child of Mara's, another child, and one under
//! a restriction. A new route is a new line in `lines.rs`; without it, the second test fails.

mod forms;
mod lines;
mod walk;

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use server::http::declared;
use sqlx::PgPool;

use self::lines::lines;
use self::walk::{Walk, refused_words};
use super::Families;

/// Who asks, in the order of the columns.
const WHO: [&str; 8] = [
    "nobody",
    "Ben, a student",
    "Mara, a guardian",
    "a viewer",
    "a tutor",
    "an account manager",
    "one of another school",
    "an account manager who is their aunt",
];

/// The statuses that each of [`WHO`] gets.
type Line = [u16; WHO.len()];

/// A route with a method, and what each gets for Mara's child Ben, for Noor, and for Lio under the restriction.
struct Page(Method, &'static str, [Line; 3]);

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn each_role_gets_each_page_for_the_children_that_are_theirs(pool: PgPool) {
    let walk = Walk::new(pool).await;
    let mut visitors = walk.visitors().await;
    let mut wrong = Vec::new();
    for Page(method, path, expected) in lines() {
        let mut found = [[0; WHO.len()]; 3];
        for (at, child) in walk.children().into_iter().enumerate() {
            let filled = walk.fill(path, child);
            for (column, visitor) in visitors.iter_mut().enumerate() {
                let answer = walk.send(visitor, &method, &filled, &[]).await;
                found[at][column] = answer.status.as_u16();
                for word in refused_words(column) {
                    if answer.body.contains(word) {
                        wrong.push(format!("{method} {path} tells {} \u{201c}{word}\u{201d}", WHO[column]));
                    }
                }
            }
        }
        if found != expected {
            wrong.push(format!("{method} {path} {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "for {WHO:?}:\n{}", wrong.join("\n"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn no_route_about_guardians_is_left_out(pool: PgPool) {
    let families = Families::new(pool).await;
    let mut office =
        families.staff(&families.school, "m.manager", domain::authorization::role::Role::Administrator).await;
    let walked: BTreeSet<(Method, String)> =
        lines().into_iter().map(|Page(method, path, _)| (method, in_braces(path))).collect();
    for route in declared(&families.backend).into_iter().map(|route| route.path).collect::<BTreeSet<_>>() {
        if !is_about_guardians(&route) {
            continue;
        }
        for method in [Method::GET, Method::POST] {
            let own = [("sec-fetch-site", "same-origin")];
            let form: Option<&[(&str, &str)]> = (method == Method::POST).then_some(&[]);
            let answer = office.send(method.clone(), &route, form, &own).await;
            assert!(
                answer.status == StatusCode::METHOD_NOT_ALLOWED
                    || walked.contains(&(method.clone(), in_braces(&route))),
                "{method} {route} has no line in the access matrix"
            );
        }
    }
}

fn is_about_guardians(path: &str) -> bool {
    let beginnings = [
        "/guardians",
        "/portal/access",
        "/portal/are-these-yours",
        "/portal/children",
        "/portal/not-mine",
        "/not-mine",
        "/activate/children",
        "/settings/guardian",
    ];
    beginnings.iter().any(|beginning| path.starts_with(beginning))
        || path.starts_with("/students/") && path.contains("/access")
}

/// A path without its query, and whatever stands in braces.
fn in_braces(path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part }).collect::<Vec<_>>().join("/")
}
