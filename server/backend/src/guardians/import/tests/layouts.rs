//! Layouts of files: without column names, with names in two rows, with the wrong column, with names in either order.

use domain::guardians::import::{CONTACTS, LINKS};
use domain::imports::held::{ChoiceKind, HeldDecision, HeldReason};
use domain::imports::kind::{ImportDeclaration, KindSlug};
use domain::imports::mapping::{FieldSlug, Mapping, MatchedBy};
use domain::imports::outcome::RowOutcome;
use domain::imports::views::ImportView;
use sqlx::PgPool;

use super::Office;
use crate::imports::{map, settle, simulate, stage};
use crate::testing::student;

impl Office {
    async fn stage(&self, kind: &ImportDeclaration, csv: &str) -> ImportView {
        let (kind, file) = (KindSlug::from(kind), csv.as_bytes().to_vec());
        let (backend, school) = (&self.backend, self.school.school);
        stage::stage(backend, &self.actor, &kind, school, "list.csv", file).await.unwrap()
    }

    /// Confirms the guesses, and checks the file.
    async fn confirmed(&self, staged: &ImportView) -> ImportView {
        let columns: Vec<_> = staged.columns.iter().map(|column| column.goes_to.clone()).collect();
        let mapping = Mapping::try_from(columns).unwrap();
        map::map(&self.backend, &self.actor, staged.id, mapping).await.unwrap();
        simulate::simulate(&self.backend, &self.actor, staged.id).await.unwrap()
    }
}

fn fields(import: &ImportView) -> Vec<&str> {
    let columns = import.columns.iter();
    columns.map(|column| column.goes_to.field.as_ref().map_or("", FieldSlug::as_str)).collect()
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn links_of_moodle_have_no_column_names_and_are_told_by_the_roll(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    office
        .import("Student ID,Guardian ID,First name,Surname\nA102,T1,Tunde,Idowu\nA100,T2,Mara,Varga\nA101,T2,Mara,Varga\n")
        .await;
    let staged = office.stage(&LINKS, "T2,A100,del\nT1,A101,add\nT2,A102,add\n").await;
    assert_eq!((staged.row_count, staged.reading.header_row), (3, Some(0)), "no row disappears");
    assert_eq!(fields(&staged), ["adult_key", "child_number", "action"]);
    assert!(staged.columns.iter().all(|column| column.goes_to.by == MatchedBy::Guess));
    let checked = office.confirmed(&staged).await;
    assert_eq!(
        office.outcomes(&checked).await,
        [RowOutcome::Updated, RowOutcome::Linked, RowOutcome::Linked]
    );
    // With names that are no field, the values are tried too.
    let staged = office.stage(&LINKS, "a,b\nA100,T1\nA101,T1\n").await;
    assert_eq!((fields(&staged), staged.reading.header_row), (vec!["child_number", "adult_key"], Some(1)));
}

// C40
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn names_in_two_rows_are_read_together(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    let imported = office
        .import(
            "Contacts 2026\n,,Mother,,Father,\nID,Child,Name,Email,Name,Email\n\
             A100,Ilse,\"Varga, Mara\",mara@example.test,\"Varga, Piotr\",piotr@example.test\n",
        )
        .await;
    assert_eq!((imported.reading.names_above, imported.reading.header_row), (Some(2), Some(3)));
    assert_eq!(
        office.contacts().await,
        ["Mara|Varga||mara@example.test|Ilse|mother|||f", "Piotr|Varga||piotr@example.test|Ilse|father|||f",]
    );
}

// Their own tests hold these cases.
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn observers_of_canvas_are_linked_and_each_wrong_row_says_why(pool: PgPool) {
    use RowOutcome::{Linked, Rejected, Unchanged, Updated};
    let (office, _) = Office::new(pool).await;
    office.import("Student ID,Guardian ID,First name,Surname\nA102,u1,Tunde,Idowu\n").await;
    let csv = "observer_id,student_id,status\nu1,A100,active\nnobody,A100,active\nA100,A100,active\n\
        u1,X1,active\n,A100,active\nu1,,active\nu1,A101,dead\nu1,A101,deleted\nu1,A102,deleted\n";
    let checked = office.check_as(&LINKS, "user_observers.csv", csv.as_bytes()).await;
    assert_eq!(
        office.outcomes(&checked).await,
        [Linked, Rejected, Rejected, Rejected, Rejected, Rejected, Rejected, Unchanged, Updated],
        "{:?}",
        office.log(&checked).await
    );
    let told = &office.log(&checked).await[6].1;
    assert!(told.contains("\u{201c}dead\u{201d} says neither that the link is there"), "{told}");
}

// C44
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_column_of_numbers_that_nobody_has_is_one_question(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    for number in 0..40 {
        let (family, key) = (format!("Lee{number}"), format!("K{number}"));
        student(&office.backend, &office.school, "Kim", &family, &key, None).await;
    }
    let rows: String = (0..40)
        .map(|number| format!("X{number},K{number},Ada{number},Lee{number}\n"))
        .collect::<Vec<_>>()
        .concat();
    let csv = format!("Student ID,UPN number,First name,Surname\n{rows}");
    let checked = office.check(&csv).await;
    let counts = checked.counts.unwrap();
    assert_eq!((counts.held, counts.rejected, checked.findings.doubted), (40, 0, 40));
    let doubt = checked.findings.doubt(&counts).unwrap();
    assert!(doubt.starts_with("In 40 of 40 rows, nobody has the number"), "{doubt}");
    // Who says that the column is right gets forty rows to send back.
    let right = HeldDecision::Reason { reason: HeldReason::UnknownKey, choice: ChoiceKind::RightColumn };
    let decided = settle::settle(&office.backend, &office.actor, checked.id, right).await.unwrap();
    let counts = decided.counts.unwrap();
    assert_eq!((counts.held, counts.rejected, decided.findings.doubted), (0, 40, 0));
    // A few unknown numbers are a problem of their rows.
    let few = csv.replacen('X', "K", 36);
    let counts = office.check(&few).await.counts.unwrap();
    assert_eq!((counts.added, counts.rejected, counts.held), (36, 4, 0));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_column_of_logins_that_nobody_has_is_one_question(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    let rows: String = (0..12).map(|number| format!("login{number},A100\n")).collect::<Vec<_>>().concat();
    let checked =
        office.check_as(&LINKS, "links.csv", format!("LOGONID,STUDENT_ID\n{rows}").as_bytes()).await;
    let counts = checked.counts.unwrap();
    assert_eq!((counts.held, counts.rejected, checked.findings.doubted), (12, 0, 12));
}

// C46
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_order_of_names_is_told_by_the_children_or_asked_once(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    let staged = office.stage(&CONTACTS, "child_id,guardian_name\nA100,Varga Mara\nA102,Idowu Tunde\n").await;
    let by = &staged.columns[1].goes_to;
    assert_eq!(
        (by.field.as_ref().map(FieldSlug::as_str), by.by),
        (Some("family_name_first"), MatchedBy::Guess)
    );
    let staged = office.stage(&CONTACTS, "child_id,guardian_name\nA100,Mara Varga\n").await;
    assert_eq!(staged.columns[1].goes_to.by, MatchedBy::Name);
    let staged = office.stage(&CONTACTS, "child_id,guardian_name\nA100,Li Wei\n").await;
    assert!(staged.columns[1].goes_to.undecided().is_some() && staged.reading.asks_name_order);
    assert!(simulate::simulate(&office.backend, &office.actor, staged.id).await.is_err());
}
