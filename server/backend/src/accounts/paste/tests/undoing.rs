use domain::ids::PersonId;
use sqlx::PgPool;

use super::super::undo;
use super::*;
use crate::testing::student;

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_undo_leaves_nothing_of_the_list(pool: PgPool) {
    let scene = Scene::new(pool).await;
    student(&scene.backend, &scene.school, "Ana", "Berg", "1", None).await;
    let rows = [["Berg", "Ana", "", "", ""], ["Dahl", "Di", "di@school.example", "", ""]];
    let content = PasteContent { into: new_group("Maths set 1"), ..scene.content(&rows) };
    let done = scene.create(&scene.office, content.clone()).await;
    let rows = undo(&scene.backend, &scene.office, scene.school.school, done.operation).await.unwrap();
    assert_eq!(rows, 2);
    for query in [
        "SELECT count(*) FROM accounts",
        "SELECT count(*) FROM people WHERE family_name = 'Dahl'",
        "SELECT count(*) FROM group_members",
        "SELECT count(*) FROM groups WHERE name = 'Maths set 1'",
        "SELECT count(*) FROM addresses",
        "SELECT count(*) FROM former_usernames f WHERE NOT EXISTS (SELECT FROM people p WHERE p.id = f.person_id)",
    ] {
        assert_eq!(scene.count(query).await, 0, "{query}");
    }
    assert_eq!(scene.count("SELECT count(*) FROM people").await, 1);
    // The same list can be created again, with the same usernames.
    let again = scene.create(&scene.office, content).await;
    let usernames =
        |done: &PasteDone| done.people.iter().map(|made| made.username.clone()).collect::<Vec<_>>();
    assert_eq!(usernames(&again), usernames(&done));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_was_built_on_it_is_named(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let rows = [["Berg", "Ana", "", "", ""], ["Dahl", "Di", "", "", ""]];
    let done = scene.create(&scene.office, scene.content(&rows)).await;
    let di: PersonId = done.people[1].person;
    crate::testing::group(&scene.backend, &scene.school, "11C", &[di]).await;
    let refused = undo(&scene.backend, &scene.office, scene.school.school, done.operation).await.unwrap_err();
    assert!(refused.to_string().starts_with("Di Dahl has contacts, other groups"), "{refused}");
    sqlx::query("UPDATE accounts SET state = 'active', activated_at = now() WHERE username = 'a.berg'")
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
    let refused = undo(&scene.backend, &scene.office, scene.school.school, done.operation).await.unwrap_err();
    assert!(refused.to_string().starts_with("Ana Berg has activated the account"), "{refused}");
    assert_eq!(scene.count("SELECT count(*) FROM accounts").await, 2);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn it_stands_among_the_batches_and_is_undone_there(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let done = scene.create(&scene.office, scene.content(&[["Berg", "Ana", "", "", ""]])).await;
    let (backend, office, school) = (&scene.backend, &scene.office, scene.school.school);
    let batch = crate::accounts::batch::batch(backend, office, school, done.operation.into()).await.unwrap();
    assert_eq!((batch.summary.size, batch.accounts.len()), (1, 1));
    let list = crate::accounts::batches::batches(backend, office, school, None).await.unwrap();
    assert_eq!(list.rows.len(), 1);
    crate::accounts::undo::undo(backend, office, school, done.operation.into()).await.unwrap();
    assert_eq!(scene.count("SELECT count(*) FROM accounts").await, 0);
}
