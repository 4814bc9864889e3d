//! Undoing merges and splits, also after later changes.

use super::*;

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_merge_is_undone_after_later_changes_and_new_facts_are_asked_one_by_one(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (ada, ben, cleo) = (scene.child("Ada").await, scene.child("Ben").await, scene.child("Cleo").await);
    let mara = scene.adult("Mara", "mara@home.test", &[ada]).await;
    let again = scene.adult("Mara", "mara@work.test", &[ben]).await;
    grant(&scene.backend, &scene.school, again, ben).await;
    scene.pair().await;
    let MergeOutcome::Merged(merged) = scene.merge(mara, again).await.unwrap() else {
        panic!("nobody signs in")
    };
    // Later: a child of her own, and more access to the child that came with the other record.
    contact(&scene.backend, &scene.school, mara, cleo, Relationship::Mother).await;
    sqlx::query(
        "INSERT INTO access_grants (id, organisation_id, adult_id, child_id, scope, ground, starts_on, created_at)
         SELECT gen_random_uuid(), $1, $2, $3, 'fees', 'relation', '2026-11-21', made_at + interval '1 day' FROM merges",
    )
    .bind(scene.school.organisation.0)
    .bind(mara.0)
    .bind(ben.0)
    .execute(scene.backend.database.raw())
    .await
    .unwrap();
    let asked = undo::preview(&scene.backend, &scene.office, merged).await.unwrap();
    assert_eq!(asked.since.iter().map(|fact| fact.what.as_str()).collect::<Vec<_>>(), ["Access: fees"]);
    undo::undo(&scene.backend, &scene.office, merged, &[asked.since[0].id]).await.unwrap();
    let mut own = vec![ada.0, cleo.0];
    own.sort_unstable();
    assert_eq!(scene.children(mara).await, own, "what was made since stays");
    assert_eq!(scene.children(again).await, [ben.0]);
    assert_eq!(scene.granted(again).await, [ben.0, ben.0]);
    let emails = scene
        .people(
            "SELECT id FROM addresses WHERE person_id = $1 AND is_primary AND value = 'mara@work.test'",
            again,
        )
        .await;
    assert_eq!(emails.len(), 1, "the address is primary again");
    let twice = undo::undo(&scene.backend, &scene.office, merged, &[]).await;
    assert!(matches!(twice, Err(Error::Conflict { code: "already_undone", .. })));
    scene.search().await;
    assert!(scene.pairs(PairState::Open).await.is_empty(), "the office has said that they are two");
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn an_account_that_moved_goes_back_and_chosen_values_become_what_they_were(pool: PgPool) {
    use domain::guardians::duplicates::fields::MergeField;
    let scene = Scene::new(pool).await;
    let ada = scene.child("Ada").await;
    let mara = scene.adult("Mara", "mara@home.test", &[ada]).await;
    let again = scene.adult("Maria", "mara@home.test", &[ada]).await;
    let account = active_account(&scene.backend, &scene.school, again, "mara", "correct horse battery").await;
    let input = MergePeople::new(mara, again, vec![MergeField::GivenName]);
    let school = scene.school.school;
    let shown = preview::hash(&scene.backend, &scene.office, school, &input).await.unwrap();
    let outcome = merge(&scene.backend, &scene.office, school, input, shown).await.unwrap();
    let MergeOutcome::Merged(merged) = outcome else { panic!("{outcome:?}") };
    let owner = || scene.people("SELECT person_id FROM accounts WHERE id = $1", PersonId(account.0));
    let name = |name: &'static str| {
        let pool = scene.backend.database.raw();
        async move {
            let (given, key): (String, String) =
                sqlx::query_as("SELECT given_name, search_key FROM people WHERE id = $1")
                    .bind(mara.0)
                    .fetch_one(pool)
                    .await
                    .unwrap();
            assert_eq!(given, name);
            assert!(key.contains(&name.to_lowercase()));
        }
    };
    assert_eq!(owner().await, [mara.0]);
    name("Maria").await;
    undo::undo(&scene.backend, &scene.office, merged, &[]).await.unwrap();
    assert_eq!(owner().await, [again.0]);
    name("Mara").await;
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn an_undo_does_not_open_what_was_closed_since(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (ada, ben) = (scene.child("Ada").await, scene.child("Ben").await);
    let mara = scene.adult("Mara", "mara@home.test", &[ada]).await;
    let again = scene.adult("Mara", "mara@home.test", &[ben]).await;
    grant(&scene.backend, &scene.school, again, ben).await;
    let MergeOutcome::Merged(merged) = scene.merge(mara, again).await.unwrap() else {
        panic!("nobody signs in")
    };
    sqlx::query(
        "INSERT INTO access_restrictions (id, organisation_id, child_id, adult_id, scopes, starts_on, created_at)
         SELECT gen_random_uuid(), $1, $2, $3, '{profile}', '2026-11-21', made_at + interval '1 day' FROM merges",
    )
    .bind(scene.school.organisation.0)
    .bind(ben.0)
    .bind(mara.0)
    .execute(scene.backend.database.raw())
    .await
    .unwrap();
    undo::undo(&scene.backend, &scene.office, merged, &[]).await.unwrap();
    let restricted = scene
        .people("SELECT adult_id FROM access_restrictions WHERE child_id = $1 ORDER BY adult_id", ben)
        .await;
    let mut both = vec![mara.0, again.0];
    both.sort_unstable();
    assert_eq!(restricted, both);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_later_merge_has_to_be_undone_first(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.child("Ada").await;
    let [one, two, three] = [
        scene.adult("Mara", "mara@home.test", &[ada]).await,
        scene.adult("Mara", "mara@home.test", &[ada]).await,
        scene.adult("Mara", "mara@home.test", &[ada]).await,
    ];
    let MergeOutcome::Merged(first) = scene.merge(one, two).await.unwrap() else { panic!("merged") };
    let MergeOutcome::Merged(second) = scene.merge(three, one).await.unwrap() else { panic!("merged") };
    let early = undo::undo(&scene.backend, &scene.office, first, &[]).await;
    assert!(
        matches!(early, Err(Error::NotFound(_) | Error::Conflict { code: "merged_later", .. })),
        "{early:?}"
    );
    undo::undo(&scene.backend, &scene.office, second, &[]).await.unwrap();
    undo::undo(&scene.backend, &scene.office, first, &[]).await.unwrap();
    for adult in [one, two, three] {
        assert_eq!(scene.children(adult).await, [ada.0]);
    }
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_person_is_split_in_two_and_put_together_again(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (ada, ben) = (scene.child("Ada").await, scene.child("Ben").await);
    let mara = scene.adult("Mara", "mara@home.test", &[ada, ben]).await;
    grant(&scene.backend, &scene.school, mara, ben).await;
    let nothing = split(
        &scene.backend,
        &scene.office,
        mara,
        &SplitForm { family: "Varga".to_owned(), ..SplitForm::default() },
    )
    .await;
    assert!(matches!(nothing, Err(Error::Invalid(_))));
    let form = SplitForm {
        given: "Maria".to_owned(),
        family: "Varga".to_owned(),
        children: vec![ben],
        ..SplitForm::default()
    };
    let (made, new) = split(&scene.backend, &scene.office, mara, &form).await.unwrap();
    assert_eq!((scene.children(mara).await, scene.children(new).await), (vec![ada.0], vec![ben.0]));
    assert_eq!((scene.granted(mara).await, scene.granted(new).await), (vec![], vec![ben.0]));
    undo::undo(&scene.backend, &scene.office, made, &[]).await.unwrap();
    let mut both = vec![ada.0, ben.0];
    both.sort_unstable();
    assert_eq!(scene.children(mara).await, both);
    assert_eq!(scene.granted(mara).await, [ben.0]);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_new_person_of_a_split_has_an_account_of_their_own_and_then_the_split_stands(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, &scene.school);
    let (ada, ben) = (scene.child("Ada").await, scene.child("Ben").await);
    let mara = scene.adult("Mara", "mara@home.test", &[ada]).await;
    let address = scene.people("SELECT id FROM addresses WHERE person_id = $1", mara).await;
    let form = SplitForm { given: "Maria".to_owned(), addresses: address.clone(), ..SplitForm::default() };
    let (made, new) = split(backend, &scene.office, mara, &form).await.unwrap();
    // No child went with them, and the school finds them all the same.
    let proposed =
        crate::accounts::guardian::propose_for_guardian(backend, &scene.office, school.school, new).await;
    assert!(proposed.is_ok(), "{proposed:?}");
    account(backend, school, new, "maria").await;
    let refused = undo::undo(backend, &scene.office, made, &[]).await;
    assert!(matches!(refused, Err(Error::Conflict { code: "split_lives_on", .. })), "{refused:?}");
    sqlx::query("UPDATE accounts SET state = 'closed', closed_at = now() WHERE person_id = $1")
        .bind(new.0)
        .execute(backend.database.raw())
        .await
        .unwrap();
    // What they got since goes back with the rest.
    contact(backend, school, new, ben, Relationship::Mother).await;
    undo::undo(backend, &scene.office, made, &[]).await.unwrap();
    let mut both = vec![ada.0, ben.0];
    both.sort_unstable();
    assert_eq!(scene.children(mara).await, both);
    assert_eq!(scene.people("SELECT id FROM addresses WHERE person_id = $1", mara).await, address);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn an_undo_opens_nothing_of_a_student_who_has_come_of_age_since(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.child("Ada").await;
    let mara = scene.adult("Mara", "mara@home.test", &[ada]).await;
    let again = scene.adult("Mara", "mara@home.test", &[ada]).await;
    for adult in [mara, again] {
        grant(&scene.backend, &scene.school, adult, ada).await;
    }
    let MergeOutcome::Merged(merged) = scene.merge(mara, again).await.unwrap() else {
        panic!("nobody signs in")
    };
    for of_age in [
        "INSERT INTO comings_of_age (organisation_id, person_id, comes_on, told_at, passed_at)
         SELECT organisation_id, $1, '2026-11-21', made_at, made_at + interval '1 day' FROM merges",
        "UPDATE access_grants g SET stopped_at = made_at + interval '1 day', stopped_for = 'of_age'
         FROM merges WHERE g.child_id = $1 AND g.stopped_at IS NULL",
    ] {
        sqlx::query(of_age).bind(ada.0).execute(scene.backend.database.raw()).await.unwrap();
    }
    undo::undo(&scene.backend, &scene.office, merged, &[]).await.unwrap();
    let open = "SELECT adult_id FROM access_grants WHERE child_id = $1 AND stopped_at IS NULL";
    assert!(scene.people(open, ada).await.is_empty());
}
