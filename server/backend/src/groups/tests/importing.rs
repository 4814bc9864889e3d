//! Importing memberships, from a list and from a OneRoster export.

use domain::groups::import::MEMBERSHIPS;
use domain::imports::kind::KindSlug;
use domain::imports::outcome::RowOutcome;
use domain::imports::views::{CommitOutcome, ImportView};
use domain::imports::words;

use super::*;
use crate::imports::{commit, log, simulate, stage, undo};
use crate::testing::files::archive;

impl Office {
    async fn import(&self, name: &str, file: Vec<u8>) -> ImportView {
        let kind = KindSlug::from(&MEMBERSHIPS);
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
        lines.map(|line| (line.outcome, words::line(&MEMBERSHIPS, &line))).collect()
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
    let users = "sourcedId,status,role,identifier,givenName,familyName\nu1,active,student,1,Ann,Roe\nu2,active,student,2,Bo,Roe\nu3,active,teacher,T1,Mara,Lind\n";
    let classes = "sourcedId,title,classType\nc1,12A Mathematics,scheduled\nc2,12X,homeroom\n";
    let enrollments = "sourcedId,status,classSourcedId,userSourcedId,role,beginDate,endDate\n\
                       e1,active,c1,u1,student,2026-09-01,\ne2,active,c1,u2,student,2026-09-01,2027-07-21\n\
                       e3,active,c2,u1,student,2026-09-01,\ne4,active,c1,u3,teacher,,\n";
    let file = archive(&[
        ("users.csv", users.as_bytes()),
        ("classes.csv", classes.as_bytes()),
        ("enrollments.csv", enrollments.as_bytes()),
    ]);
    let import = office.import("export.zip", file).await;
    let told = office.log(&import).await;
    assert_eq!(told.len(), 2, "{told:?}");
    let found = list(&office.backend, &office.actor, office.school.school, &GroupFilter::default(), None)
        .await
        .unwrap();
    let seen: Vec<_> = found.page.rows.iter().map(|line| (line.name.as_str(), line.members)).collect();
    assert_eq!(seen, [("12A Mathematics", 2)]);
}
