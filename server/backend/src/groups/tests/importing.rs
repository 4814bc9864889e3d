//! Importing memberships, from a list and from a OneRoster export.

use domain::groups::import::MEMBERSHIPS;
use domain::groups::import::tutors::TUTORS;
use domain::imports::export;
use domain::imports::kind::{ImportDeclaration, KindSlug};
use domain::imports::outcome::RowOutcome;
use domain::imports::views::{CommitOutcome, ImportView};
use domain::imports::words;

use super::*;
use crate::imports::{commit, log, simulate, stage, undo};
use crate::testing::files::archive;

impl Office {
    async fn import(&self, name: &str, file: Vec<u8>) -> ImportView {
        self.import_as(&MEMBERSHIPS, name, file).await
    }

    async fn import_as(&self, kind: &ImportDeclaration, name: &str, file: Vec<u8>) -> ImportView {
        let kind = KindSlug::from(kind);
        let (backend, actor) = (&self.backend, &self.actor);
        let staged = stage::stage(backend, actor, &kind, self.school.school, name, file).await.unwrap();
        let checked = simulate::simulate(backend, actor, staged.id).await.unwrap();
        match commit::commit(backend, actor, checked.id, checked.plan.unwrap()).await.unwrap() {
            CommitOutcome::Done { import } => import,
            other => panic!("{other:?}"),
        }
    }

    async fn log(&self, import: &ImportView) -> Vec<(RowOutcome, String)> {
        let page = log::page(&self.backend, &self.actor, import.id, None, 0, 100).await.unwrap();
        let lines = page.lines.into_iter().map(|named| named.line.line);
        lines.map(|line| (line.outcome, words::line(import.kind.declaration().unwrap(), &line))).collect()
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_list_of_groups_and_students_fills_groups_and_is_undone(pool: PgPool) {
    let office = Office::new(pool).await;
    let (backend, actor) = (&office.backend, &office.actor);
    office.students(&["Ann", "Bo"]).await;
    let known = office.group("12A").await;
    let csv = "Class,Adm No,Last day\n12a,1,\n12a,2,2026-12-18\n12B,1,\n12B,9,\n";
    let import = office.import("groups.csv", csv.into()).await;
    let told = office.log(&import).await;
    let outcomes: Vec<_> = told.iter().map(|(outcome, _)| *outcome).collect();
    assert_eq!(
        outcomes,
        [RowOutcome::Added, RowOutcome::Added, RowOutcome::Added, RowOutcome::Rejected],
        "{told:?}"
    );
    assert!(told[2].1.contains("The group \u{201c}12B\u{201d} is new"), "{told:?}");
    assert!(told[3].1.contains("Import the roll first"), "{told:?}");
    assert_eq!(office.names(actor, known).await, ["Ann Roe", "Bo Roe"]);
    let found = list(backend, actor, office.school.school, &GroupFilter::default(), None).await.unwrap();
    let seen: Vec<_> = found.page.rows.iter().map(|line| (line.name.as_str(), line.members)).collect();
    assert_eq!(seen, [("12A", 2), ("12B", 1)]);

    // The same file again changes nothing.
    let again = office.import("groups.csv", "Class,Adm No\n12A,1\n12b,1\n".into()).await;
    let outcomes: Vec<_> = office.log(&again).await.into_iter().map(|(outcome, _)| outcome).collect();
    assert_eq!(outcomes, [RowOutcome::Unchanged, RowOutcome::Unchanged]);

    undo::undo(backend, actor, import.id).await.unwrap();
    assert!(office.names(actor, known).await.is_empty());
    let found = list(backend, actor, office.school.school, &GroupFilter::default(), None).await.unwrap();
    assert_eq!(found.page.rows.len(), 1);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn classes_and_enrolments_of_a_oneroster_export_become_groups(pool: PgPool) {
    let office = Office::new(pool).await;
    office.students(&["Ann", "Bo"]).await;
    let import = office.import("export.zip", roster()).await;
    let told = office.log(&import).await;
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].1.contains("The course \u{201c}Mathematics\u{201d} is new"), "{told:?}");
    let said: Vec<String> = import.reading.export.iter().map(export::words).collect();
    assert!(said.iter().any(|line| line.starts_with("1 enrolments are in homerooms.")), "{said:?}");
    assert!(said.iter().any(|line| line.starts_with("2 enrolments have another role.")), "{said:?}");
    assert!(said.iter().any(|line| line.starts_with("1 enrolments name a person or a class")), "{said:?}");
    let found = office.list().await;
    let seen: Vec<_> =
        found.iter().map(|line| (line.name.as_str(), line.members, line.courses.join(", "))).collect();
    // Two classes of one title are two groups.
    let maths = "Mathematics".to_owned();
    assert_eq!(seen, [("12A Mathematics (A)", 2, maths.clone()), ("12A Mathematics (B)", 1, maths)]);
    undo::undo(&office.backend, &office.actor, import.id).await.unwrap();
    assert!(office.list().await.is_empty());
    let courses = courses(&office.backend, &office.actor, office.school.school).await.unwrap();
    assert!(courses.is_empty(), "{courses:?}");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_teachers_of_an_export_become_tutors_as_the_simulation_says_and_are_undone(pool: PgPool) {
    let office = Office::new(pool).await;
    office.students(&["Ann", "Bo"]).await;
    member_of_staff(&office.backend, &office.school, "Mara", "Lind", "T1", None).await;
    office.import("export.zip", roster()).await;
    let import = office.import_as(&TUTORS, "export.zip", roster()).await;
    let told = office.log(&import).await;
    assert!(
        told[0].1.contains("Mara Lind becomes a tutor of \u{201c}12A Mathematics (A)\u{201d}"),
        "{told:?}"
    );
    assert!(told[1].1.contains("has the staff code \u{201c}T2\u{201d}"), "{told:?}");
    let tutors = async || {
        let lines = office.list().await.into_iter();
        lines.map(|line| line.tutors.into_iter().map(|tutor| tutor.name).collect()).collect::<Vec<Vec<_>>>()
    };
    assert_eq!(tutors().await, [vec!["Mara Lind".to_owned()], Vec::new()]);
    let again = office.import_as(&TUTORS, "export.zip", roster()).await;
    assert_eq!(office.log(&again).await[0].0, RowOutcome::Unchanged);
    undo::undo(&office.backend, &office.actor, import.id).await.unwrap();
    assert_eq!(tutors().await, [Vec::<String>::new(), Vec::new()]);
    let noted: i64 =
        sqlx::query_scalar("SELECT count(*) FROM audit_events WHERE action IN ('role_given', 'role_taken')")
            .fetch_one(office.backend.database.raw())
            .await
            .unwrap();
    assert_eq!(noted, 2);
}

impl Office {
    async fn list(&self) -> Vec<crate::groups::list::GroupLine> {
        let filter = GroupFilter::default();
        list(&self.backend, &self.actor, self.school.school, &filter, None).await.unwrap().page.rows
    }
}

/// Two classes of one title, a homeroom, two teachers, and an enrolment of somebody who is not in the export.
fn roster() -> Vec<u8> {
    let users = "sourcedId,status,role,identifier,givenName,familyName\nu1,active,student,1,Ann,Roe\n\
                 u2,active,student,2,Bo,Roe\nu3,active,teacher,T1,Mara,Lind\nu4,active,teacher,T2,Tom,Ray\n";
    let courses = "sourcedId,title,courseCode\nk1,Mathematics,MA\n";
    let classes = "sourcedId,title,classType,classCode,courseSourcedId\nc1,12A Mathematics,scheduled,A,k1\n\
                   c2,12X,homeroom,,\nc3,12A Mathematics,scheduled,B,k1\n";
    let enrollments = "sourcedId,status,classSourcedId,userSourcedId,role,beginDate,endDate\n\
                       e1,active,c1,u1,student,2026-09-01,\ne2,active,c1,u2,student,2026-09-01,2027-07-21\n\
                       e3,active,c2,u1,student,2026-09-01,\ne4,active,c1,u3,teacher,,\n\
                       e5,active,c3,u2,student,,\ne6,active,c3,u4,teacher,,\ne7,active,c3,u9,student,,\n";
    archive(&[
        ("users.csv", users.as_bytes()),
        ("courses.csv", courses.as_bytes()),
        ("classes.csv", classes.as_bytes()),
        ("enrollments.csv", enrollments.as_bytes()),
    ])
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn next_years_list_makes_next_years_groups_and_leaves_this_years_alone(pool: PgPool) {
    let office = Office::new(pool).await;
    let (backend, actor, school) = (&office.backend, &office.actor, office.school.school);
    office.students(&["Ann", "Bo"]).await;
    let mut made = Vec::new();
    for (name, starts_on, ends_on) in
        [("2026/27", "2026-09-01", "2027-08-31"), ("2027/28", "2027-09-01", "2028-08-31")]
    {
        let form = years::YearForm {
            name: name.to_owned(),
            starts_on: starts_on.to_owned(),
            ends_on: ends_on.to_owned(),
        };
        made.push(years::save(backend, actor, school, (None, &form)).await.unwrap());
    }
    let form = GroupForm { name: "12A".to_owned(), year: Some(made[0]), ..GroupForm::default() };
    let this = create(backend, actor, school, &form).await.unwrap();
    office.import("now.csv", "Class,Adm No\n12A,1\n".into()).await;
    let coming = "Class,Adm No,First day,Last day\n12A,1,2027-08-25,2028-07-20\n12A,2,2027-09-01,\n";
    let import = office.import("next.csv", coming.into()).await;
    assert_eq!(office.log(&import).await.len(), 2);
    assert_eq!(office.names(actor, this).await, ["Ann Roe"]);
    let found = office.list().await;
    let seen: Vec<_> = found.iter().map(|line| (line.name.as_str(), line.year.as_deref())).collect();
    assert_eq!(seen.len(), 2, "{seen:?}");
    assert!(seen.contains(&("12A", Some("2027/28"))), "{seen:?}");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_class_with_several_teachers_has_several_tutors(pool: PgPool) {
    let office = Office::new(pool).await;
    for (given, code) in [("Mara", "M1"), ("Tom", "T2")] {
        member_of_staff(&office.backend, &office.school, given, "Lind", code, None).await;
    }
    let (a, b) = (office.group("12A").await, office.group("12B").await);
    let list = "Staff code,Class\nM1,12A\nT2,12A\nT2,12B\n";
    office.import_as(&TUTORS, "tutors.csv", list.into()).await;
    let tutors = async |id| {
        let page = group(&office.backend, &office.actor, id).await.unwrap();
        page.tutors.into_iter().map(|tutor| tutor.name).collect::<Vec<_>>()
    };
    assert_eq!(tutors(a).await, ["Mara Lind", "Tom Lind"]);
    assert_eq!(tutors(b).await, ["Tom Lind"]);
}
