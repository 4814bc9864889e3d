//! Who may import files.

use domain::authorization::role::Role;
use domain::imports::mapping::Mapping;
use domain::roll::import::STUDENTS;
use sqlx::PgPool;

use super::{Office, students};
use crate::Error;
use crate::imports::{commit, discard, export, list, log, map, simulate, stage, undo, view};
use crate::testing::TestSchool;

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn another_organisation_finds_nothing_and_a_viewer_may_nothing(pool: PgPool) {
    let office = Office::new(pool).await;
    let import = office.check("Adm No,Forename\n1,Ada\n").await;
    let stranger = TestSchool::new(&office.backend).await.actor(&office.backend, Role::Administrator);
    let viewer = office.school.actor(&office.backend, Role::OfficeViewer);
    let (backend, school) = (&office.backend, office.school.school);
    for (actor, is_stranger) in [(&stranger, true), (&viewer, false)] {
        let expected = |error: &Error| {
            if is_stranger {
                matches!(error, Error::NotFound(_) | Error::Refused(_))
            } else {
                matches!(error, Error::Refused(_))
            }
        };
        let mapping = Mapping::automatic(&STUDENTS, &["Adm No".to_owned(), "Forename".to_owned()], None);
        let errors = [
            stage::stage(backend, actor, &students(), school, "a.csv", b"Adm No,Forename\n1,A\n".to_vec())
                .await
                .err(),
            view::view(backend, actor, import.id).await.err(),
            map::map(backend, actor, import.id, mapping).await.err(),
            simulate::simulate(backend, actor, import.id).await.err(),
            commit::commit(backend, actor, import.id, import.plan.unwrap()).await.err(),
            log::page(backend, actor, import.id, None, 0, 10).await.err(),
            export::export(backend, actor, import.id, None).await.err(),
            list::list(backend, actor, &students(), school, None).await.err(),
            undo::undo(backend, actor, import.id).await.err(),
            discard::discard(backend, actor, import.id).await.err(),
        ];
        for (at, error) in errors.into_iter().enumerate() {
            assert!(error.as_ref().is_some_and(expected), "{at}: {error:?}");
        }
    }
    assert_eq!(office.roll().await.len(), 0);
}
