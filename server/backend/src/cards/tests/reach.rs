//! Who makes cards for whom: tutors for their own groups, nobody for those with more permissions or for themselves.

use domain::authorization::role::Role;
use domain::cards::views::CardsFor;
use domain::roll::selection::Selection;
use sqlx::PgPool;

use super::{OLD, Scene, phrase_of};
use crate::Error;
use crate::cards::chosen::of_group;
use crate::cards::make::CardsEnd;
use crate::cards::{piles, void};
use crate::sign_in::sign_in::SignInOutcome;
use crate::testing::{account, active_account, group, staff_role, student};

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_tutor_makes_cards_for_the_own_group_and_for_nobody_else(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, &scene.school);
    let dan = student(backend, school, "dan", "Okoronta", "9", None).await;
    account(backend, school, dan, "dan").await;
    let others = group(backend, school, "7B", &[dan]).await;
    let tutor = scene.tutor(scene.class);

    let made = scene.cards(&tutor, CardsFor::Waiting).await;
    assert_eq!(made.cards.len(), 2);
    assert!(scene.invited("ben", &phrase_of(&made, "ben")).await.is_some());

    let refused = of_group(backend, &tutor, others).await;
    assert!(matches!(refused, Err(Error::NotFound("group") | Error::Refused(_))), "{refused:?}");
    let mixed = Selection::People { ids: vec![dan, scene.people[0]] };
    let CardsEnd::Made(some) = scene.try_make(&tutor, mixed, CardsFor::Waiting).await.unwrap() else {
        panic!("not made")
    };
    assert_eq!(some.cards.len(), 1, "only the own student");
    let alone = Selection::People { ids: vec![dan] };
    assert!(matches!(scene.try_make(&tutor, alone, CardsFor::Waiting).await.unwrap(), CardsEnd::Nobody));

    // The office's pile for both groups: the tutor sees the own students in it, and can't make all of it void.
    let everyone = Selection::People { ids: vec![dan, scene.people[0], scene.people[1]] };
    let CardsEnd::Made(whole) = scene.try_make(&scene.office, everyone, CardsFor::Waiting).await.unwrap()
    else {
        panic!("not made")
    };
    let seen = piles::pile(backend, &tutor, school.school, whole.pile).await.unwrap();
    assert_eq!((seen.cards.len(), seen.voidable), (2, false));
    let refused = void::void(backend, &tutor, school.school, whole.pile, None).await;
    assert!(matches!(refused, Err(Error::Conflict { code: "pile_of_others", .. })), "{refused:?}");
    void::void(backend, &tutor, school.school, whole.pile, Some(scene.people[0])).await.unwrap();
    let beyond = void::void(backend, &tutor, school.school, whole.pile, Some(dan)).await;
    assert!(matches!(beyond, Err(Error::NotFound("pile"))), "{beyond:?}");
    assert!(scene.invited("dan", &phrase_of(&whole, "dan")).await.is_some());

    // A pile of others alone does not exist for a tutor; the own pile is theirs.
    let other_tutor = scene.tutor(others);
    let unseen = piles::pile(backend, &other_tutor, school.school, made.pile).await;
    assert!(matches!(unseen, Err(Error::NotFound("pile"))), "{unseen:?}");
    let unseen = void::void(backend, &other_tutor, school.school, made.pile, None).await;
    assert!(matches!(unseen, Err(Error::NotFound("pile"))), "{unseen:?}");
    let list = piles::piles(backend, &other_tutor, school.school, None).await.unwrap().rows;
    assert_eq!(list.iter().map(|pile| pile.number).collect::<Vec<_>>(), [whole.number]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn nobody_prints_a_way_into_the_account_of_someone_with_more_permissions_or_their_own(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, &scene.school);
    let head = student(backend, school, "head", "Okoronta", "8", None).await;
    active_account(backend, school, head, "head", OLD).await;
    staff_role(backend, school, head, Role::Administrator).await;
    let selection = Selection::People { ids: vec![head] };
    let end = scene.try_make(&scene.office, selection, CardsFor::Everyone).await.unwrap();
    assert!(matches!(end, CardsEnd::Nobody));
    // A card made before somebody got more permissions opens nothing either.
    let made = scene.cards(&scene.office, CardsFor::Everyone).await;
    staff_role(backend, school, scene.people[2], Role::Administrator).await;
    let end = scene.type_in("cleo", &phrase_of(&made, "cleo")).await;
    assert!(matches!(end, SignInOutcome::Refused));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn cards_for_many_wait_for_a_second_person_and_count_with_other_ways_in(pool: PgPool) {
    let scene = Scene::new(pool).await;
    sqlx::query(
        "INSERT INTO settings (organisation_id, setting, value, changed_at) VALUES ($1, 'approval_over', '2', now())",
    )
    .bind(scene.school.organisation.0)
    .execute(scene.backend.database.raw())
    .await
    .unwrap();
    let all = Selection::People { ids: scene.people.clone() };
    let end = scene.try_make(&scene.office, all, CardsFor::Everyone).await.unwrap();
    assert!(matches!(end, CardsEnd::Waits));
    let one = |at: usize| Selection::People { ids: vec![scene.people[at]] };
    for at in [2, 0] {
        let end = scene.try_make(&scene.office, one(at), CardsFor::Everyone).await.unwrap();
        assert!(matches!(end, CardsEnd::Made(_)));
    }
    let end = scene.try_make(&scene.office, one(1), CardsFor::Everyone).await.unwrap();
    assert!(matches!(end, CardsEnd::Waits), "one by one they count together");
}
