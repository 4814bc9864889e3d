//! What columns mean is remembered for each sender, can be looked at, and can be forgotten.

use domain::imports::mapping::{Mapping, MatchedBy};
use sqlx::PgPool;

use super::*;
use crate::Error;
use crate::imports::{map, senders};

const FIRST: &str = "Adm No,Forename,Surname,Kode A\n1,Ada,Lee,9\n";
const SECOND: &str = "Adm No,Forename,Surname,Kode A,Kode B\n2,Ben,Lee,x,10\n";

/// Imports a file whose column is the year group, by hand.
async fn imported(office: &Office, name: &str, csv: &str, year: usize) {
    let staged = office.stage(name, csv.as_bytes()).await.unwrap();
    let columns: Vec<_> = staged.columns.iter().map(|column| column.goes_to.clone()).collect();
    let mut mapping = Mapping::try_from(columns).unwrap();
    mapping.assign(year, STUDENTS.field("year_group").unwrap());
    map::map(&office.backend, &office.actor, staged.id, mapping).await.unwrap();
    let checked = simulate::simulate(&office.backend, &office.actor, staged.id).await.unwrap();
    office.written(&checked).await;
}

/// The column that is the year group in a new file, and how it was matched.
async fn year_in(office: &Office, csv: &str) -> Option<(usize, MatchedBy)> {
    let staged = office.stage("new.csv", csv.as_bytes()).await.unwrap();
    let is_year = |slug: &str| slug == "year_group";
    let found = staged
        .columns
        .iter()
        .enumerate()
        .find(|(_, column)| column.goes_to.field.as_ref().is_some_and(|field| is_year(field.as_str())));
    found.map(|(at, column)| (at, column.goes_to.by))
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn each_sender_has_its_own_columns_and_a_forgotten_one_has_none(pool: PgPool) {
    let office = Office::new(pool).await;
    let Office { backend, school, actor } = &office;
    imported(&office, "sims weekly.csv", FIRST, 3).await;
    imported(&office, "other.csv", SECOND, 4).await;
    // The latest file is another sender's, and its column of the same name is something else.
    assert_eq!(year_in(&office, FIRST).await, Some((3, MatchedBy::LastTime)));
    assert_eq!(year_in(&office, SECOND).await, Some((4, MatchedBy::LastTime)));

    let found = senders::list(backend, actor, &students(), school.school).await.unwrap();
    let mut names: Vec<&str> = found.iter().map(|sender| sender.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["other", "sims weekly"]);
    let weekly = found.iter().find(|sender| sender.name == "sims weekly").unwrap();
    assert!(weekly.columns.contains(&("Kode A".to_owned(), "Year group".to_owned())));
    senders::rename(backend, actor, school.school, weekly.id, " SIMS ").await.unwrap();
    let empty = senders::rename(backend, actor, school.school, weekly.id, " ").await;
    assert!(matches!(empty, Err(Error::Invalid(_))), "{empty:?}");
    for sender in &found {
        senders::forget(backend, actor, school.school, sender.id).await.unwrap();
    }
    let again = senders::forget(backend, actor, school.school, found[0].id).await;
    assert!(matches!(again, Err(Error::NotFound("sender"))), "{again:?}");
    assert_eq!(year_in(&office, FIRST).await, None);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_same_sender_again_is_one_line_and_keeps_its_name(pool: PgPool) {
    let office = Office::new(pool).await;
    imported(&office, "monday.csv", FIRST, 3).await;
    imported(
        &office,
        "tuesday.csv",
        &FIRST.replace("Forename,Surname", "Forename,SURNAME").replace("Ada", "Eve"),
        3,
    )
    .await;
    let found =
        senders::list(&office.backend, &office.actor, &students(), office.school.school).await.unwrap();
    assert_eq!(found.iter().map(|sender| sender.name.as_str()).collect::<Vec<_>>(), ["monday"]);
}
