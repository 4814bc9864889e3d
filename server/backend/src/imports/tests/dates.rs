//! The order of the dates in a file: shown by the file, or asked.

use domain::fields::FieldErrors;
use domain::imports::dates::DateOrder;
use domain::imports::plan::PlanCounts;
use domain::roll::import::STUDENTS;
use sqlx::PgPool;

use super::{Office, counts, message};
use crate::Error;
use crate::imports::{dates, simulate, view};

const UNDECIDED: &str =
    "Adm No,Forename,Surname,DOB,Start date\n1,Ada,Lovelace,03/04/2012,01/09/2023\n2,Eve,Moss,05/05/2012,\n";

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_file_that_does_not_show_its_order_is_asked_about_and_read_as_was_answered(pool: PgPool) {
    let office = Office::new(pool).await;
    let staged = office.stage("students.csv", UNDECIDED.as_bytes()).await.unwrap();
    let question = staged.date_question(&STUDENTS).expect("neither date shows the order");
    assert_eq!(question.words(), "Is 03/04/2012 the 3rd of April or the 4th of March?");
    let refused = simulate::simulate(&office.backend, &office.actor, staged.id).await.unwrap_err();
    let Error::Invalid(FieldErrors(errors)) = refused else { panic!("{refused:?}") };
    assert_eq!((errors[0].field.as_str(), errors[0].message.as_str()), ("dates", question.words().as_str()));

    let answer = Some(DateOrder::MonthFirst);
    let answered = dates::choose(&office.backend, &office.actor, staged.id, answer).await.unwrap();
    assert_eq!(answered.date_question(&STUDENTS), None);
    let (order, example, day) = answered.dates_read(&STUDENTS).expect("its dates depend on the order");
    assert_eq!(
        (order, example.as_str(), day.to_string().as_str()),
        (DateOrder::MonthFirst, "03/04/2012", "2012-03-04")
    );
    let checked = simulate::simulate(&office.backend, &office.actor, staged.id).await.unwrap();
    assert_eq!(
        message(&office.lines(&checked).await[0]),
        "New student. Date of birth 4 Mar 2012, Start date 9 Jan 2023."
    );
    office.commit(&checked).await.unwrap();
    assert_eq!(office.roll().await[0], "1|Ada|Lovelace|2012-03-04|en||2023-01-09|t");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_file_from_before_the_question_is_asked_about_too(pool: PgPool) {
    let office = Office::new(pool).await;
    let staged = office.stage("students.csv", UNDECIDED.as_bytes()).await.unwrap();
    sqlx::query("UPDATE imports SET date_orders = NULL")
        .execute(office.backend.database.raw())
        .await
        .unwrap();
    let shown = view::view(&office.backend, &office.actor, staged.id).await.unwrap();
    assert!(shown.date_question(&STUDENTS).is_some());
    let refused = simulate::simulate(&office.backend, &office.actor, staged.id).await;
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn one_telling_date_in_any_column_decides_for_all_columns(pool: PgPool) {
    let office = Office::new(pool).await;
    let file = "Adm No,Forename,Surname,DOB,Start date\n1,Ada,Lovelace,03/04/2012,09/25/2023\n";
    assert_eq!(office.import(file).await.counts.unwrap(), counts(1, 0, 0, 0, 0));
    assert_eq!(office.roll().await, ["1|Ada|Lovelace|2012-03-04|en||2023-09-25|t"]);
    // A column that is not imported does not decide.
    let other = "Adm No,Forename,Surname,DOB,Trip\n1,Ada,Lovelace,03/04/2012,09/25/2023\n";
    let staged = office.stage("other.csv", other.as_bytes()).await.unwrap();
    assert!(staged.date_question(&STUDENTS).is_some());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_date_that_does_not_fit_the_order_is_left_out_and_the_order_is_said(pool: PgPool) {
    let office = Office::new(pool).await;
    let file = "Adm No,Forename,Surname,DOB\n1,Ada,Lovelace,25/12/2011\n2,Eve,Moss,12/25/2011\n";
    let staged = office.stage("students.csv", file.as_bytes()).await.unwrap();
    let question = staged.date_question(&STUDENTS).expect("the dates contradict each other");
    assert!(question.words().contains("25/12/2011 and 12/25/2011"), "{}", question.words());
    let answer = Some(DateOrder::DayFirst);
    dates::choose(&office.backend, &office.actor, staged.id, answer).await.unwrap();
    let checked = simulate::simulate(&office.backend, &office.actor, staged.id).await.unwrap();
    assert_eq!(checked.counts.unwrap(), PlanCounts { left_out: 1, ..counts(2, 0, 0, 0, 0) });
    let told = message(&office.lines(&checked).await[1]);
    assert!(
        told.ends_with("Dates in this file are read as day, month, year. Left out: Date of birth."),
        "{told}"
    );
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_columns_say_about_dates_is_kept_as_long_as_their_rows(pool: PgPool) {
    let office = Office::new(pool).await;
    let import = office.import("Adm No,Forename,Surname,DOB\n1,Ada,Lovelace,25/12/2011\n").await;
    let kept = async || -> bool {
        sqlx::query_scalar("SELECT date_orders IS NOT NULL FROM imports WHERE id = $1")
            .bind(import.id.0)
            .fetch_one(office.backend.database.raw())
            .await
            .unwrap()
    };
    assert!(kept().await);
    let rule = crate::imports::retention::RETENTION
        .rules
        .iter()
        .find(|rule| rule.statement.contains("date_orders IS NOT NULL"));
    sqlx::query(rule.expect("there is a rule").statement)
        .bind(office.backend.now())
        .bind(10i64)
        .execute(office.backend.database.raw())
        .await
        .unwrap();
    assert!(!kept().await);
}
