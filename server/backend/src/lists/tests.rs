//! Everyone has their own choice of columns.

use domain::authorization::actor::{Actor, RoleAssignment};
use domain::authorization::place::Place;
use domain::authorization::role::Role;
use domain::lists::columns::{ColumnChoice, Slug};
use sqlx::PgPool;

use super::columns::{MOST_LISTS, keep, kept};
use crate::testing::{TestSchool, account, backend, student};
use crate::{Backend, Error};

/// A member of the office with an account and a role.
async fn staff(backend: &Backend, school: &TestSchool, number: &str) -> Actor {
    let person = student(backend, school, "Milo", "Ross", number, None).await;
    let account = account(backend, school, person, &format!("m.ross{number}")).await;
    let roles = vec![RoleAssignment::new(Role::OfficeViewer.permissions(), Place::School(school.school))];
    Actor::signed_in(school.organisation, account, person, roles)
}

fn list(name: &str) -> Slug {
    name.to_owned().try_into().unwrap()
}

fn shown(columns: &[&str]) -> ColumnChoice {
    ColumnChoice::new(columns.iter().map(|column| (*column).to_owned()).collect(), vec!["roll".to_owned()])
        .unwrap()
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_choice_is_kept_for_one_person_and_one_list_until_it_is_given_up(pool: PgPool) {
    let (backend, _) = backend(pool);
    let school = TestSchool::new(&backend).await;
    let (milo, other) = (staff(&backend, &school, "1").await, staff(&backend, &school, "2").await);
    let students = list("students");
    keep(&backend, &milo, &students, &shown(&["year"])).await.unwrap();
    keep(&backend, &milo, &list("accounts"), &shown(&["email"])).await.unwrap();
    keep(&backend, &milo, &students, &shown(&["number", "year"])).await.unwrap();
    let own = kept(&backend, &milo).await.unwrap();
    assert_eq!(own.len(), 2);
    assert_eq!(own["students"], shown(&["number", "year"]));
    assert!(kept(&backend, &other).await.unwrap().is_empty(), "nobody else's");
    keep(&backend, &milo, &students, &ColumnChoice::default()).await.unwrap();
    assert_eq!(kept(&backend, &milo).await.unwrap().into_keys().collect::<Vec<_>>(), ["accounts"]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn families_have_no_lists_and_nobody_keeps_choices_without_end(pool: PgPool) {
    let (backend, _) = backend(pool);
    let school = TestSchool::new(&backend).await;
    let milo = staff(&backend, &school, "1").await;
    let (Some(account), Some(person)) = (milo.account(), milo.person()) else { panic!("somebody signed in") };
    let family = Actor::signed_in(school.organisation, account, person, vec![]);
    let refused = keep(&backend, &family, &list("students"), &shown(&["year"])).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
    for number in 0..MOST_LISTS {
        keep(&backend, &milo, &list(&format!("list-{number}")), &shown(&["year"])).await.unwrap();
    }
    let one_more = keep(&backend, &milo, &list("one-more"), &shown(&["year"])).await;
    assert!(matches!(one_more, Err(Error::NotFound("list"))));
    keep(&backend, &milo, &list("list-0"), &shown(&["email"])).await.unwrap();
}
