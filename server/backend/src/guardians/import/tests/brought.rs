//! Files as people bring them: what their systems write, and what those say of their own formats.

use domain::guardians::import::{ADULTS, CONTACTS, LINKS};
use domain::guardians::task::TaskKind;
use domain::imports::about::people_in;
use domain::imports::held::{ChoiceKind, HeldDecision, HeldReason};
use domain::imports::kind::KindSlug;
use domain::imports::mapping::{Mapping, MatchedBy};
use domain::imports::outcome::RowOutcome::{self, Added, Linked, Rejected, Skipped};
use sqlx::PgPool;

use super::Office;
use crate::imports::export::export;
use crate::imports::{settle, simulate, stage};
use crate::testing::files::archive;
use crate::testing::{account, guardian, student};

// PowerSchool SIS, "Export contacts": a contact with more addresses than students has rows without a student.
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_row_with_no_more_than_another_number_of_a_contact_is_read_with_the_others(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    let file = "Contact ID\tLast Name\tFirst Name\tEmail Address\tPhone Number\tStudent Number\tRelationship Type\n\
        4411\tVarga\tMara\tmara@example.test\t07900 900123\tA100\tMother\n\
        4411\tVarga\tMara\tm.varga@work.example\t0161 496 0000\tA101\tMother\n\
        4411\tVarga\tMara\t\t0161 496 0001\t\t\n\
        4412\tIdowu\tTunde\t\t0161 496 0002\t\t\n";
    let checked = office.check_as(&CONTACTS, "contacts.txt", file.as_bytes()).await;
    let log = office.log(&checked).await;
    let outcomes: Vec<RowOutcome> = log.iter().map(|(outcome, _)| *outcome).collect();
    assert_eq!(outcomes, [Added, Linked, Skipped, Rejected], "{log:?}");
    assert!(
        log[0].1.contains("Messages go to m.varga@work.example; kept too: mara@example.test."),
        "{log:?}"
    );
    assert!(log[2].1.contains("The same adult as in row 2: the same key."), "{log:?}");
    assert!(log[3].1.starts_with("The row names no student."), "{log:?}");
    office.written(&checked).await;
    assert_eq!(office.count("SELECT count(*) FROM addresses WHERE kind = 'phone'").await, 3);
    let again = office.check_as(&CONTACTS, "contacts.txt", file.as_bytes()).await;
    assert_eq!(again.counts.unwrap().changes(), 0);
}

// Microsoft, "Parent and guardian sync file format": the number stands under a name that can be anybody's.
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_name_that_only_suggests_the_student_is_right_if_the_roll_has_the_numbers(pool: PgPool) {
    let (office, [ilse, ..]) = Office::new(pool).await;
    guardian(&office.backend, &office.school, "Mara", "Varga", Some("mara@example.test"), &[ilse]).await;
    let kind = KindSlug::from(&LINKS);
    let staged = async |numbers: [&str; 2]| {
        let file = format!(
            "SIS ID,Email,Role\n{},mara@example.test,Parent\n{},mara@example.test,\n",
            numbers[0], numbers[1]
        );
        let name = "guardianrelationship.csv";
        stage::stage(&office.backend, &office.actor, &kind, office.school.school, name, file.into_bytes())
            .await
            .unwrap()
    };
    let sure = staged(["A101", "A102"]).await;
    assert_eq!(sure.columns[0].goes_to.by, MatchedBy::Name);
    let checked = simulate::simulate(&office.backend, &office.actor, sure.id).await.unwrap();
    assert_eq!(office.outcomes(&checked).await, [RowOutcome::Linked, RowOutcome::Linked]);
    assert_eq!(staged(["A101", "X1"]).await.columns[0].goes_to.by, MatchedBy::Guess);
}

// Linewize, "Formatting your Community CSV parent upload"; Moodle's uploads of roles name the child in the same way.
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn students_are_found_by_their_usernames(pool: PgPool) {
    let (office, [ilse, tam, ..]) = Office::new(pool).await;
    account(&office.backend, &office.school, ilse, "ilse.varga").await;
    account(&office.backend, &office.school, tam, "tam.varga").await;
    let file = "StudentUsername,ParentFirstName,ParentLastName,ParentEmail\n\
        Ilse.Varga|tam.varga,Mara,Varga,mara@example.test\nnobody,Tunde,Idowu,tunde@example.test\n";
    let checked = office.check_as(&CONTACTS, "parents.csv", file.as_bytes()).await;
    assert_eq!(office.outcomes(&checked).await, [RowOutcome::Added, RowOutcome::Rejected]);
    office.written(&checked).await;
    assert_eq!(office.contacts().await.len(), 2);
}

// GAM-team/GAM issue 1663: `gam print guardians` has the number of another system beside the student's address.
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_number_of_another_system_beside_the_address_of_a_student_is_asked_about(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    let file = "studentEmail,studentId,guardianId,guardianProfile.name.givenName,guardianProfile.name.familyName,guardianProfile.emailAddress\n\
        ben@school.example,113598460230650191863,1181033466,Grace,Okafor,grace@example.test\n\
        -,113486881024228864227,A2CgcI2O2ctbgS,Ada,Lind,ada@example.test\n";
    let checked = office.check_as(&CONTACTS, "guardians.csv", file.as_bytes()).await;
    assert_eq!(office.outcomes(&checked).await, [RowOutcome::Held, RowOutcome::Rejected]);
    let decided =
        settle::settle(&office.backend, &office.actor, checked.id, HeldDecision::Proposals).await.unwrap();
    assert_eq!(office.outcomes(&decided).await, [RowOutcome::Added, RowOutcome::Rejected]);
}

// C43: EPS Learning, "Coach Digital Compass import parents", has a row for each parent and nothing but a name that is read.
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_adult_with_no_more_than_a_name_is_not_added_twice(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    let file = b"First Name,Last Name\nMara,Varga\n";
    let checked = office.check_as(&ADULTS, "parents.csv", file).await;
    office.written(&checked).await;
    let again = office.check_as(&ADULTS, "parents.csv", file).await;
    assert_eq!(office.outcomes(&again).await, [RowOutcome::Held]);
    let new = HeldDecision::Reason { reason: HeldReason::SeveralPeople, choice: ChoiceKind::NewPerson };
    let decided = settle::settle(&office.backend, &office.actor, again.id, new).await.unwrap();
    assert_eq!(office.outcomes(&decided).await, [RowOutcome::Added]);
    let same = HeldDecision::Reason { reason: HeldReason::SeveralPeople, choice: ChoiceKind::ThisPerson };
    settle::settle(&office.backend, &office.actor, again.id, HeldDecision::Nothing).await.unwrap();
    let decided = settle::settle(&office.backend, &office.actor, again.id, same).await.unwrap();
    assert_eq!(office.outcomes(&decided).await, [RowOutcome::Unchanged]);
}

// 1EdTech, OneRoster 1.1 CSV binding: in a file of changes, "tobedeleted" says that the system has somebody no longer.
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_adult_whom_a_file_of_changes_deletes_is_linked_to_nobody_any_more(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    let header = "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,givenName,familyName,identifier,email,agentSourcedIds\n";
    let export = |mode: &str, users: &str| {
        let manifest = format!("propertyName,value\noneroster.version,1.1\nfile.users,{mode}\n");
        let users = format!("{header}{users}");
        archive(&[("users.csv", users.as_bytes()), ("manifest.csv", manifest.as_bytes())])
    };
    let whole = "s1,,,true,q,student,x,Ilse,Varga,A100,,\"g1,g2\"\ns2,,,true,q,student,x,Tam,Varga,A101,,g1\n\
        g1,,,true,q,parent,x,Mara,Varga,,mara@example.test,\ng2,,,true,q,parent,x,Piotr,Varga,,,\n";
    let checked = office.check_as(&CONTACTS, "whole.zip", &export("bulk", whole)).await;
    office.written(&checked).await;
    let changes = "g1,tobedeleted,2026-11-01T08:00:00.000Z,true,q,parent,x,Mara,Other,,other@example.test,\n\
        g3,tobedeleted,2026-11-01T08:00:00.000Z,true,q,parent,x,Nadia,Haddad,,,\n";
    let checked = office.check_as(&CONTACTS, "changes.zip", &export("delta", changes)).await;
    let log = office.log(&checked).await;
    assert_eq!(
        log.iter().map(|(outcome, _)| *outcome).collect::<Vec<_>>(),
        [RowOutcome::Updated, RowOutcome::Unchanged],
        "{log:?}"
    );
    assert_eq!(checked.counts.unwrap().ended, 1);
    office.written(&checked).await;
    let left = "SELECT count(*) FROM contacts WHERE ended_at IS NULL";
    assert_eq!(office.count(left).await, 1, "Piotr stays, and nobody was added");
    assert_eq!(office.count("SELECT count(*) FROM people WHERE family_name IN ('Other', 'Haddad')").await, 0);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn staff_of_both_schools_are_asked_about_an_adult_of_another_school(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    let other = office.school.sibling(&office.backend, "OTHER", "Other School").await;
    let child = student(&office.backend, &other, "Zoe", "Varga", "Z1", None).await;
    guardian(&office.backend, &other, "Mara", "Varga", Some("mara@example.test"), &[child]).await;
    let file = "Student ID,First name,Surname,Email\nA100,Mara,Varga,mara@example.test\n";
    for _ in 0..2 {
        let checked = office.check(file).await;
        let log = office.log(&checked).await;
        assert_eq!(log[0].0, RowOutcome::Held);
        assert!(log[0].1.contains("staff who work for both schools are asked"), "{log:?}");
        office.written(&checked).await;
    }
    let tasks = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM office_tasks WHERE kind = $1")
        .bind(TaskKind::KnownElsewhere.slug());
    assert_eq!(tasks.fetch_one(office.backend.database.raw()).await.unwrap(), 1, "the same file asks once");
    assert!(office.contacts().await.iter().all(|contact| contact.contains("Zoe")), "nothing was linked");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_log_names_the_student_every_adult_and_what_stands_in_the_file(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    let file =
        "Student ID,Mother Name,Father Name,Father Email\nA100,\"Varga, Mara\",\"Varga, Piotr\",piotr@home\n";
    let checked = office.check(file).await;
    let text = export(&office.backend, &office.actor, checked.id, None).await.unwrap();
    let text = String::from_utf8(text.part(0).await.unwrap().0).unwrap();
    let mut lines = text.lines();
    assert!(lines.next().unwrap().ends_with(",Student (of this row),Adults (of this row)"), "{text}");
    let line = lines.next().unwrap();
    assert!(line.ends_with(",A100,\"Varga, Mara; Varga, Piotr\"") && line.contains(",piotr@home,"), "{text}");
    assert!(!line.contains("father_email"), "in words: {text}");
    // The log comes back as a file of guardians.
    assert_eq!(office.check(&text).await.counts.unwrap().total(), 1);
    assert!(people_in(&domain::roll::import::STUDENTS, &Mapping::default(), &[]).is_none());
}

// OfficeDev/O365-EDU-Tools, "CSV Samples/SDS v2.1": no file gives guardians a role.
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn guardians_without_a_role_are_no_question_about_students(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    let files: [(&str, &[u8]); 3] = [
        ("users.csv", b"sourcedId,username,givenName,familyName,password,email\n\
            114001,jcraig@x.example,Jack,Craig,P@ssword123,\n114002,jean@x.example,Jean,Craig,P@ssword123,jean@x.example\n"),
        ("roles.csv", b"userSourcedId,orgSourcedId,role,grade,roleStartDate,roleEndDate\n114001,110003,student,10,8/24/2021,\n"),
        ("relationships.csv", b"userSourcedId,relationshipUserSourcedId,relationshipRole\n114001,114002,guardian\n"),
    ];
    let kind = KindSlug::from(&domain::roll::import::STUDENTS);
    let (backend, school) = (&office.backend, office.school.school);
    let staged =
        stage::stage(backend, &office.actor, &kind, school, "sds.zip", archive(&files)).await.unwrap();
    assert!((staged.row_count, staged.decisions.len()) == (1, 0), "{staged:?}");
}

// frappe/education, data export: the student's own name columns stand before those of the guardians.
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_adult_with_the_name_of_the_child_is_asked_about(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    let file = "Student ID,First Name,Surname,Relationship\nA100,Ilse,Varga,Mother\nA101,Mara,Varga,Mother\n";
    let checked = office.check(file).await;
    let log = office.log(&checked).await;
    assert_eq!((log[0].0, log[1].0), (RowOutcome::Held, RowOutcome::Added), "{log:?}");
    assert!(log[0].1.contains("the adult has the name of the student, Ilse Varga"), "{log:?}");
    let new = HeldDecision::Reason { reason: HeldReason::SeveralPeople, choice: ChoiceKind::NewPerson };
    let decided = settle::settle(&office.backend, &office.actor, checked.id, new).await.unwrap();
    office.written(&decided).await;
    assert_eq!(office.check(file).await.counts.unwrap().unchanged, 2, "what was said once is known");
}

// C46: a list in the cell of the student, and a number without its zeros, tell the order too.
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_order_of_names_is_told_by_students_of_lists_and_without_zeros(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    let kind = KindSlug::from(&CONTACTS);
    for file in
        ["child_ids,guardian_name\nA102; A100,Tunde Idowu\n", "child_id,guardian_name\n417,Grace Okafor\n"]
    {
        let (backend, school) = (&office.backend, office.school.school);
        let staged =
            stage::stage(backend, &office.actor, &kind, school, "list.csv", file.as_bytes().to_vec())
                .await
                .unwrap();
        assert_eq!(staged.columns[1].goes_to.by, MatchedBy::Name, "{file}");
    }
}

// School Stream, "Import contact details": no number, no date of birth, and staff in rows without a student.
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn students_of_whom_a_file_has_the_name_alone_are_asked_about(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    student(&office.backend, &office.school, "Noor", "Idowu", "A200", None).await;
    let file = "FirstName,LastName,Contact1FirstName,Contact1LastName,Contact1Email,Contact2FirstName,Contact2LastName,Contact2Email\n\
        Ilse,Varga,Mara,Varga,mara@example.test,Piotr,Varga,piotr@example.test\nNoor,Idowu,Tunde,Idowu,,,,\n,,Ann,Staff,staff@example.test,,,\n";
    let checked = office.check(file).await;
    let log = office.log(&checked).await;
    let outcomes: Vec<RowOutcome> = log.iter().map(|(outcome, _)| *outcome).collect();
    assert_eq!(outcomes, [RowOutcome::Held, RowOutcome::Held, RowOutcome::Rejected], "{log:?}");
    assert!(log[0].1.contains("Ilse Varga, number A100 has this name."), "{log:?}");
    let proposals =
        settle::settle(&office.backend, &office.actor, checked.id, HeldDecision::Proposals).await.unwrap();
    assert_eq!(proposals.counts.unwrap().held, 2, "a name alone is no proposal");
    let same = HeldDecision::Reason { reason: HeldReason::OtherKey, choice: ChoiceKind::ThisPerson };
    let decided = settle::settle(&office.backend, &office.actor, checked.id, same).await.unwrap();
    let outcomes = office.outcomes(&decided).await;
    assert_eq!(
        outcomes,
        [RowOutcome::Added, RowOutcome::Held, RowOutcome::Rejected],
        "of two, somebody chooses"
    );
}
