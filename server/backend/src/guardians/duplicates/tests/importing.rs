//! Files that come after a merge: the identifier of the record that was merged away finds who stayed.

use domain::guardians::import::CONTACTS;
use domain::imports::kind::KindSlug;
use domain::imports::views::CommitOutcome;

use super::*;
use crate::imports::{commit, simulate, stage};

const HEAD: &str = "Student ID,Guardian ID,Relationship,First name,Surname,Email\n";

async fn import(scene: &Scene, rows: &str) {
    let (backend, office) = (&scene.backend, &scene.office);
    let (kind, file) = (KindSlug::from(&CONTACTS), format!("{HEAD}{rows}").into_bytes());
    let staged =
        stage::stage(backend, office, &kind, scene.school.school, "guardians.csv", file).await.unwrap();
    let seen = simulate::simulate(backend, office, staged.id).await.unwrap();
    assert_eq!((seen.counts.unwrap().rejected, seen.counts.unwrap().held), (0, 0), "{seen:?}");
    let done = commit::commit(backend, office, seen.id, seen.plan.unwrap()).await.unwrap();
    assert!(matches!(done, CommitOutcome::Done { .. }), "{done:?}");
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_file_finds_who_stayed_by_the_identifier_of_who_was_merged_away(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (ada, ben) = (scene.child("Ada").await, scene.child("Ben").await);
    let cid = scene.child("Cid").await;
    let mara = scene.adult("Mara", "mara@home.test", &[cid]).await;
    import(&scene, "Ada,P1,Mother,Mara,Varga,mara@work.test\n").await;
    let [imported] =
        scene.people("SELECT person_id FROM person_keys WHERE $1::uuid IS NOT NULL", mara).await[..]
    else {
        panic!("one identifier")
    };
    let MergeOutcome::Merged(merged) = scene.merge(mara, PersonId(imported)).await.unwrap() else {
        panic!("nobody signs in")
    };
    import(&scene, "Ada,P1,Mother,Mara,Varga,mara@work.test\nBen,P1,Mother,Mara,Varga,mara@work.test\n")
        .await;
    let mut all = vec![ada.0, ben.0, cid.0];
    all.sort_unstable();
    assert_eq!(scene.children(mara).await, all, "and nobody else was made");
    assert!(scene.children(PersonId(imported)).await.is_empty());
    // After the undo the identifier is that of the other record again, and the child that came since is asked about.
    let since = undo::preview(&scene.backend, &scene.office, merged).await.unwrap().since;
    assert!(since.iter().all(|fact| fact.child == ada), "{since:?}");
    undo::undo(&scene.backend, &scene.office, merged, &[]).await.unwrap();
    assert_eq!(scene.children(PersonId(imported)).await, [ada.0]);
    let mut stays = vec![ben.0, cid.0];
    stays.sort_unstable();
    assert_eq!(scene.children(mara).await, stays, "made since, so it stays");
}
