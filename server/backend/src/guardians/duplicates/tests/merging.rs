//! Merging.

use domain::audit::AuditAction;

use super::*;
use crate::guardians::people::postal::{self, PostalAddress};

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_merge_moves_children_addresses_keys_and_leaves_a_pointer(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (ada, ben) = (scene.child("Ada").await, scene.child("Ben").await);
    let mara = scene.adult("Mara", "mara@home.test", &[ada]).await;
    let again = scene.adult("Mara", "mara@work.test", &[ada, ben]).await;
    sqlx::query(
        "INSERT INTO person_keys (organisation_id, series, comparable, value, person_id, created_at)
         VALUES ($1, 'sims', '4711', '4711', $2, now())",
    )
    .bind(scene.school.organisation.0)
    .bind(again.0)
    .execute(scene.backend.database.raw())
    .await
    .unwrap();
    grant(&scene.backend, &scene.school, again, ben).await;
    let pair = scene.pair().await;
    let shown = preview::preview(
        &scene.backend,
        &scene.office,
        scene.school.school,
        pair,
        preview::Stays::Person(mara),
    )
    .await
    .unwrap();
    assert_eq!((shown.obstacle, shown.widens), (None, false), "nobody signs in");
    assert!(matches!(scene.merge(mara, again).await.unwrap(), MergeOutcome::Merged(_)));
    let mut both = vec![ada.0, ben.0];
    both.sort_unstable();
    assert_eq!(scene.children(mara).await, both);
    assert!(scene.children(again).await.is_empty());
    assert_eq!(scene.granted(mara).await, [ben.0]);
    let keys = scene.people("SELECT person_id FROM person_keys WHERE $1::uuid IS NOT NULL", mara).await;
    assert_eq!(keys, [mara.0], "the next file finds the person who stays");
    let addresses = scene.people("SELECT id FROM addresses WHERE person_id = $1", mara).await;
    assert_eq!(addresses.len(), 2);
    let pointer = scene.people("SELECT merged_into FROM people WHERE id = $1", again).await;
    assert_eq!(pointer, [mara.0]);
    assert!(scene.pairs(PairState::Open).await.is_empty());
    scene.search().await;
    assert!(scene.pairs(PairState::Open).await.is_empty(), "a merged row is compared with nobody");
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_merge_that_opens_a_child_to_a_login_needs_a_second_person(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let nora = office(&scene.backend, &scene.school, "nora").await;
    let (ada, ben) = (scene.child("Ada").await, scene.child("Ben").await);
    let mara = scene.adult("Mara", "mara@home.test", &[ada]).await;
    let again = scene.adult("Mara", "mara@home.test", &[ben]).await;
    grant(&scene.backend, &scene.school, mara, ada).await;
    grant(&scene.backend, &scene.school, again, ben).await;
    active_account(&scene.backend, &scene.school, mara, "mara", "correct horse battery").await;
    assert_eq!(scene.merge(mara, again).await.unwrap(), MergeOutcome::Waits, "although there is no limit");
    assert_eq!(scene.granted(mara).await, [ada.0]);
    assert_eq!(approvals::waiting(&scene.backend, &nora).await.unwrap(), Some(1));
    let asked = approvals::list(&scene.backend, &scene.office).await.unwrap()[0].id;
    let own = approvals::settle(&scene.backend, &scene.office, asked, true).await;
    assert!(matches!(own, Err(Error::Conflict { code: "own_request", .. })));
    approvals::settle(&scene.backend, &nora, asked, true).await.unwrap();
    let ran = run_approved::<MergePeople>(&scene.backend, &scene.office, asked).await.unwrap();
    assert!(matches!(ran, ApprovedRun::Ran(_)));
    assert_eq!(scene.granted(mara).await.len(), 2);
    let told: i64 = sqlx::query_scalar("SELECT count(*) FROM messages WHERE kind = 'people_merged'")
        .fetch_one(scene.backend.database.raw())
        .await
        .unwrap();
    assert_eq!(told, 1, "both have the same address");
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn what_was_approved_is_not_merged_once_it_would_open_more(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let nora = office(&scene.backend, &scene.school, "nora").await;
    let (ada, ben) = (scene.child("Ada").await, scene.child("Ben").await);
    let mara = scene.adult("Mara", "mara@home.test", &[ada]).await;
    let again = scene.adult("Mara", "mara@home.test", &[ben]).await;
    grant(&scene.backend, &scene.school, again, ben).await;
    account(&scene.backend, &scene.school, mara, "mara").await;
    assert_eq!(scene.merge(mara, again).await.unwrap(), MergeOutcome::Waits);
    let asked = approvals::list(&scene.backend, &scene.office).await.unwrap()[0].id;
    approvals::settle(&scene.backend, &nora, asked, true).await.unwrap();
    grant(&scene.backend, &scene.school, again, scene.child("Cleo").await).await;
    let ran = run_approved::<MergePeople>(&scene.backend, &scene.office, asked).await;
    assert!(matches!(ran, Err(Error::Conflict { code: "plan_moved", .. })));
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn grants_to_a_child_under_a_restriction_of_either_are_not_moved(pool: PgPool) {
    // C5.
    let scene = Scene::new(pool).await;
    let (ada, ben) = (scene.child("Ada").await, scene.child("Ben").await);
    let mara = scene.adult("Mara", "mara@home.test", &[ada]).await;
    let again = scene.adult("Mara", "mara@home.test", &[ada, ben]).await;
    for child in [ada, ben] {
        grant(&scene.backend, &scene.school, again, child).await;
    }
    sqlx::query(
        "INSERT INTO access_restrictions (id, organisation_id, child_id, adult_id, scopes, starts_on, created_at)
         VALUES (gen_random_uuid(), $1, $2, $3, '{profile}', '2026-09-01', now())",
    )
    .bind(scene.school.organisation.0)
    .bind(ada.0)
    .bind(mara.0)
    .execute(scene.backend.database.raw())
    .await
    .unwrap();
    assert!(matches!(scene.merge(mara, again).await.unwrap(), MergeOutcome::Merged(_)));
    assert_eq!(scene.granted(mara).await, [ben.0], "nothing of Ada is opened");
    assert_eq!(scene.granted(again).await, [ada.0], "it stays where it was");
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn of_two_logins_one_is_disabled_and_nothing_of_it_lost(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.child("Ada").await;
    let mara = scene.adult("Mara", "mara@home.test", &[ada]).await;
    let again = scene.adult("Mara", "mara@home.test", &[ada]).await;
    active_account(&scene.backend, &scene.school, mara, "mara", "correct horse battery").await;
    active_account(&scene.backend, &scene.school, again, "mara2", "correct horse battery").await;
    let MergeOutcome::Merged(merged) = scene.merge(mara, again).await.unwrap() else {
        panic!("it widens nothing")
    };
    let state = |person: PersonId| {
        let pool = scene.backend.database.raw();
        async move {
            sqlx::query_scalar::<_, String>("SELECT state FROM accounts WHERE person_id = $1")
                .bind(person.0)
                .fetch_one(pool)
                .await
                .unwrap()
        }
    };
    assert_eq!((state(mara).await.as_str(), state(again).await.as_str()), ("active", "suspended"));
    undo::undo(&scene.backend, &scene.office, merged, &[]).await.unwrap();
    assert_eq!((state(mara).await.as_str(), state(again).await.as_str()), ("active", "active"));
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_member_of_staff_who_is_a_parent_stays_and_nobody_gets_their_roles(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.child("Ada").await;
    let parent = scene.adult("Tunde", "tunde@home.test", &[ada]).await;
    let teacher =
        member_of_staff(&scene.backend, &scene.school, "Tunde", "Varga", "T1", Some("tunde@home.test")).await;
    staff_role(&scene.backend, &scene.school, teacher, Role::Tutor).await;
    // An office of a school sees its colleagues when they may be parents.
    let refused = |obstacle: MergeObstacle| move |error: Error| matches!(error, Error::Conflict { code, .. } if code == obstacle.code());
    assert!(scene.merge(parent, teacher).await.is_err_and(refused(MergeObstacle::Staff)));
    account(&scene.backend, &scene.school, parent, "tunde").await;
    assert!(scene.merge(teacher, parent).await.is_err_and(refused(MergeObstacle::RolesForALogin)));
    account(&scene.backend, &scene.school, teacher, "tunde2").await;
    assert!(matches!(scene.merge(teacher, parent).await.unwrap(), MergeOutcome::Merged(_)));
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn somebody_with_more_permissions_is_not_merged_with(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.child("Ada").await;
    let head = member_of_staff(&scene.backend, &scene.school, "Mara", "Varga", "H1", None).await;
    staff_role(&scene.backend, &scene.school, head, Role::Administrator).await;
    sqlx::query("UPDATE staff_roles SET school_id = NULL WHERE person_id = $1")
        .bind(head.0)
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
    contact(&scene.backend, &scene.school, head, ada, Relationship::Mother).await;
    account(&scene.backend, &scene.school, head, "head").await;
    let parent = scene.adult("Mara", "mara@home.test", &[ada]).await;
    assert!(matches!(scene.merge(head, parent).await, Err(Error::Refused(_))));
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn children_and_their_contacts_and_oneself_are_never_merged(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.child("Ada").await;
    let mara = scene.adult("Mara", "mara@home.test", &[ada]).await;
    let code = |outcome: Result<MergeOutcome, Error>| match outcome {
        Err(Error::Conflict { code, .. }) => code,
        other => panic!("{other:?}"),
    };
    assert_eq!(code(scene.merge(ada, mara).await), MergeObstacle::Related.code());
    let me = scene.office.person().unwrap();
    contact(&scene.backend, &scene.school, me, ada, Relationship::Father).await;
    assert_eq!(code(scene.merge(me, mara).await), MergeObstacle::Yourself.code());
    let ben = scene.child("Ben").await;
    assert_eq!(code(scene.merge(mara, ben).await), MergeObstacle::Student.code());
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn messages_and_history_are_on_the_record_that_stays_until_the_undo(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.child("Ada").await;
    let mara = scene.adult("Mara", "mara@home.test", &[ada]).await;
    let again = scene.adult("Mara", "mara@home.test", &[ada]).await;
    sqlx::query(
        "INSERT INTO messages (id, organisation_id, kind, channel, priority, person_id, state, due_at, created_at)
         VALUES (gen_random_uuid(), $1, 'new_child', 'email', 1, $2, 'sent', now(), now())",
    )
    .bind(scene.school.organisation.0)
    .bind(again.0)
    .execute(scene.backend.database.raw())
    .await
    .unwrap();
    let home = PostalAddress { lines: "1 High Street".to_owned(), postcode: String::new() };
    postal::set(&scene.backend, &scene.office, again, &home).await.unwrap();
    let sent = "SELECT person_id FROM messages WHERE kind = 'new_child' AND $1::uuid IS NOT NULL";
    let history = async || {
        let shown = crate::record::record(&scene.backend, &scene.office, mara).await.unwrap().history;
        let changed = AuditAction::ContactChanged.sentence();
        shown.into_iter().filter(|line| line.what.starts_with(changed)).count()
    };
    assert_eq!(history().await, 0);
    let MergeOutcome::Merged(merged) = scene.merge(mara, again).await.unwrap() else { panic!("merged") };
    assert_eq!(scene.people(sent, mara).await, [mara.0]);
    assert_eq!(history().await, 1, "what happened to the other record");
    undo::undo(&scene.backend, &scene.office, merged, &[]).await.unwrap();
    assert_eq!(scene.people(sent, mara).await, [again.0]);
    assert_eq!(history().await, 0);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_colleague_who_is_a_parent_is_merged_one_way_and_two_colleagues_are_not(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.child("Ada").await;
    let parent = scene.adult("Tunde", "tunde@home.test", &[ada]).await;
    let (backend, school) = (&scene.backend, &scene.school);
    let teacher = member_of_staff(backend, school, "Tunde", "Varga", "TV1", Some("tunde@home.test")).await;
    let second = member_of_staff(backend, school, "Tunde", "Varga", "TV2", Some("tunde@home.test")).await;
    let away = scene.merge(parent, teacher).await;
    assert!(matches!(away, Err(Error::Conflict { code: "staff", .. })), "{away:?}");
    for (stays, goes) in [(teacher, second), (second, teacher)] {
        let both = scene.merge(stays, goes).await;
        assert!(matches!(both, Err(Error::Conflict { code: "both_staff", .. })), "{both:?}");
    }
    assert!(matches!(scene.merge(teacher, parent).await.unwrap(), MergeOutcome::Merged(_)));
    assert_eq!(scene.children(teacher).await, [ada.0]);
}
