//! The access matrix: each role at each page about guardians, for a child of Mara's, another child, and one under a
//! restriction. A new page is a new line of [`PAGES`].

use std::collections::BTreeSet;

use axum::http::Method;
use backend::testing::TestSchool;
use domain::authorization::role::Role;
use server::http::declared;
use sqlx::PgPool;

use super::Families;
use crate::browser::Browser;

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

/// A page: its route, and what each gets for Mara's child Ben, for Noor, and for Lio under the restriction.
struct Page(Method, &'static str, [Line; 3]);

/// For pages of the office that need no more than to see the roll.
const ROLL: [Line; 3] = [
    [303, 403, 403, 200, 200, 200, 404, 200],
    [303, 403, 403, 200, 200, 200, 404, 200],
    [303, 403, 403, 200, 200, 200, 404, 403],
];

/// For pages of those who record restrictions.
const RESTRICTIONS: [Line; 3] = [
    [303, 403, 403, 403, 403, 200, 404, 200],
    [303, 403, 403, 403, 403, 200, 404, 200],
    [303, 403, 403, 403, 403, 200, 404, 403],
];

/// For Mara's own page in the office, with a child chosen.
const OF_MARA: [Line; 3] = [
    [303, 403, 403, 403, 403, 200, 404, 200],
    [303, 403, 403, 403, 403, 404, 404, 404],
    [303, 403, 403, 403, 403, 200, 404, 404],
];

/// For pages about nobody in particular.
const OFFICE: [Line; 3] = [[303, 403, 403, 403, 403, 200, 200, 200]; 3];

/// For a child's page in the portal: only Mara sees Ben's, and a student is led to their own.
const CHILD: [Line; 3] = [
    [303, 303, 200, 404, 404, 404, 404, 404],
    [303, 404, 404, 404, 404, 404, 404, 404],
    [303, 404, 404, 404, 404, 404, 404, 404],
];

/// For a person's own page in the portal.
const OWN: [Line; 3] = [[303, 200, 200, 200, 200, 200, 200, 200]; 3];

/// For forms that only say no here: nothing that is sent is valid, or there is nobody it could be about.
const REFUSED: [Line; 3] = [
    [401, 404, 404, 404, 404, 404, 404, 404],
    [401, 404, 404, 404, 404, 404, 404, 404],
    [401, 404, 404, 404, 404, 404, 404, 404],
];

fn pages() -> Vec<Page> {
    let get = |path, lines| Page(Method::GET, path, lines);
    vec![
        get("/students/{person}/access", ROLL),
        get("/students/{person}/access/restrict", RESTRICTIONS),
        get("/guardians/{adult}/access?child={person}", OF_MARA),
        get("/guardians/tasks", OFFICE),
        get("/portal/children/{person}/access", CHILD),
        get("/portal/access", OWN),
        Page(Method::POST, "/portal/children/{other}/access", REFUSED),
    ]
}

/// Routes about guardians without a line: forms of pages that have one, refused where the page is; a setting; and a page that
/// anyone who has its link may open.
const ELSEWHERE: [&str; 6] = [
    "/students/{person}/access/review",
    "/students/{person}/access/lift",
    "/guardians/{person}/access",
    "/guardians/{person}/access/restore",
    "/settings/guardian-access",
    "/not-mine/{token}",
];

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn each_role_gets_each_page_for_the_children_that_are_theirs(pool: PgPool) {
    let families = Families::new(pool).await;
    let nobody = student_without_family(&families).await;
    let mut visitors = visitors(&families).await;
    for Page(method, path, lines) in pages() {
        for (child, line) in [families.ben, families.noor, families.lio].into_iter().zip(lines) {
            let path = path
                .replace("{person}", &child.to_string())
                .replace("{adult}", &families.mara.to_string())
                .replace("{other}", &nobody);
            let mut found = Vec::new();
            for visitor in &mut visitors {
                let own = [("sec-fetch-site", "same-origin")];
                let form: Option<&[(&str, &str)]> = (method == Method::POST).then_some(&[]);
                found.push(visitor.send(method.clone(), &path, form, &own).await.status.as_u16());
            }
            assert_eq!(found, line, "{method} {path} for {WHO:?}");
        }
    }
}

/// A student whom none of the visitors has anything to do with.
async fn student_without_family(families: &Families) -> String {
    let person =
        backend::testing::student(&families.backend, &families.school, "Tam", "Lone", "A199", None).await;
    person.to_string()
}

async fn visitors(families: &Families) -> [Browser; WHO.len()] {
    let here = &families.school;
    let sibling: TestSchool = here.sibling(&families.backend, "SIB", "Sibling School").await;
    [
        Browser::new(&families.backend),
        families.signed_in("b.okafor").await,
        families.signed_in("m.varga").await,
        families.staff(here, "o.viewer", Role::OfficeViewer).await,
        families.staff(here, "t.utor", Role::Tutor).await,
        families.staff(here, "m.manager", Role::AccountManager).await,
        families.staff(&sibling, "e.lsewhere", Role::AccountManager).await,
        families.aunt().await,
    ]
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn no_page_about_who_sees_whom_is_left_out(pool: PgPool) {
    let families = Families::new(pool).await;
    let here = |path: &str| {
        path.contains("/access") || path.starts_with("/guardians/tasks") || path.starts_with("/not-mine")
    };
    let routes: BTreeSet<String> =
        declared(&families.backend).into_iter().map(|route| route.path).filter(|path| here(path)).collect();
    let walked =
        pages().into_iter().map(|Page(_, path, _)| path.split('?').next().unwrap_or_default().to_owned());
    let walked: BTreeSet<String> =
        walked.map(|path| path.replace("{adult}", "{person}").replace("{other}", "{person}")).collect();
    for route in routes {
        assert!(
            walked.contains(&route) || ELSEWHERE.contains(&route.as_str()),
            "{route} has no line in the access matrix"
        );
    }
}
