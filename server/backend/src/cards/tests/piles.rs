//! Piles: their numbers, what became of their cards, making one void, renewing what nobody used.

use domain::cards::views::{CardState, CardsFor, VoidReport};
use domain::invitations::views::Opening;
use domain::roll::selection::Selection;
use sqlx::PgPool;

use super::{NEW, OLD, Scene, phrase_of, token_of};
use crate::Error;
use crate::cards::chosen::unused;
use crate::cards::make::CardsEnd;
use crate::cards::{piles, void};
use crate::invitations::activate::activate;
use crate::invitations::open::open;
use crate::recovery::reset::opened;
use crate::sessions::visitor::Visitor;
use crate::sign_in::sign_in::SignInOutcome;

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_lost_pile_is_void_as_a_whole_and_who_used_a_card_stays(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let made = scene.cards(&scene.office, CardsFor::Everyone).await;
    assert_eq!(made.number, 1);
    let (backend, school) = (&scene.backend, scene.school.school);
    activate(backend, &Visitor::stranger(), &token_of(&made, "ann"), NEW).await.unwrap();

    let list = piles::piles(backend, &scene.office, school, None).await.unwrap().rows;
    let [pile] = list.as_slice() else { panic!("{list:?}") };
    assert_eq!((pile.size, pile.used, pile.live, pile.group.as_deref()), (3, 1, 2, Some("7A")));
    let detail = piles::pile(backend, &scene.office, school, made.pile).await.unwrap();
    let states: Vec<_> = detail.cards.iter().map(|card| (card.username.as_str(), card.state)).collect();
    let expected = [("ann", CardState::Used), ("ben", CardState::Unused), ("cleo", CardState::Unused)];
    assert_eq!(states, expected);
    assert!(detail.voidable);

    let report = void::void(backend, &scene.office, school, made.pile, None).await.unwrap();
    assert_eq!(report, VoidReport { voided: 2 });
    assert!(report.sentence().starts_with("2 cards are void."));
    assert!(scene.invited("ben", &phrase_of(&made, "ben")).await.is_none());
    assert!(matches!(open(backend, &token_of(&made, "ben")).await.unwrap(), Opening::Ended));
    assert!(matches!(scene.type_in("cleo", &phrase_of(&made, "cleo")).await, SignInOutcome::Refused));
    assert!(opened(backend, &token_of(&made, "cleo")).await.unwrap().is_none());
    assert!(
        matches!(scene.type_in("cleo", OLD).await, SignInOutcome::Entered(_)),
        "the password is not the card's"
    );
    assert!(matches!(scene.type_in("ann", NEW).await, SignInOutcome::Entered(_)));

    let detail = piles::pile(backend, &scene.office, school, made.pile).await.unwrap();
    assert!(detail.summary.voided_at.is_some() && !detail.voidable);
    let again = void::void(backend, &scene.office, school, made.pile, None).await.unwrap();
    assert_eq!(again, VoidReport { voided: 0 });
    let entries = scene.count("SELECT count(*) FROM audit_events WHERE action = 'cards_voided'").await;
    assert_eq!(entries, 2);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn only_those_who_did_not_use_theirs_get_another_and_the_first_stops(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, scene.school.school);
    let first = scene.cards(&scene.office, CardsFor::Everyone).await;
    activate(backend, &Visitor::stranger(), &token_of(&first, "ann"), NEW).await.unwrap();
    let (group, left) = unused(backend, &scene.office, school, first.pile).await.unwrap();
    assert_eq!(group, Some(scene.class));
    let CardsEnd::Made(second) = scene.try_make(&scene.office, left, CardsFor::Everyone).await.unwrap()
    else {
        panic!("not made")
    };
    assert_eq!((second.number, second.cards.len()), (2, 2));
    assert!(scene.invited("ben", &phrase_of(&first, "ben")).await.is_none(), "the lost one");
    assert!(scene.invited("ben", &phrase_of(&second, "ben")).await.is_some());
    assert!(matches!(scene.type_in("cleo", &phrase_of(&first, "cleo")).await, SignInOutcome::Refused));
    assert!(matches!(scene.type_in("cleo", &phrase_of(&second, "cleo")).await, SignInOutcome::Owes(_)));
    assert!(matches!(scene.type_in("ann", NEW).await, SignInOutcome::Entered(_)));
    let list = piles::piles(backend, &scene.office, school, None).await.unwrap().rows;
    let live: Vec<_> = list.iter().map(|pile| (pile.number, pile.live)).collect();
    assert_eq!(live, [(2, 2), (1, 0)], "newest first");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn one_card_of_a_pile_is_made_void_alone(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, scene.school.school);
    let made = scene.cards(&scene.office, CardsFor::Waiting).await;
    let report = void::void(backend, &scene.office, school, made.pile, Some(scene.people[0])).await.unwrap();
    assert_eq!(report, VoidReport { voided: 1 });
    assert!(scene.invited("ann", &phrase_of(&made, "ann")).await.is_none());
    assert!(scene.invited("ben", &phrase_of(&made, "ben")).await.is_some());
    let nobody = void::void(backend, &scene.office, school, made.pile, Some(scene.people[2])).await;
    assert!(matches!(nobody, Err(Error::NotFound("card"))), "Cleo has none in it: {nobody:?}");
    let detail = piles::pile(backend, &scene.office, school, made.pile).await.unwrap();
    assert!(detail.summary.voided_at.is_none());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_files_of_a_pile_are_safe_for_spreadsheets(pool: PgPool) {
    let scene = Scene::new(pool).await;
    sqlx::query("UPDATE people SET given_name = '=HYPERLINK(1)' WHERE id = $1")
        .bind(scene.people[0].0)
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
    let made = scene.cards(&scene.office, CardsFor::Waiting).await;
    let [csv, xlsx] = made.files.as_slice() else { panic!("{:?}", made.files) };
    let (kind, content) = csv.address.split_once(";base64,").unwrap();
    assert_eq!(kind, "data:text/csv;charset=utf-8");
    let csv = String::from_utf8(data_encoding::BASE64.decode(content.as_bytes()).unwrap()).unwrap();
    assert!(csv.contains(&phrase_of(&made, "ann")), "{csv}");
    assert!(
        csv.contains("'=HYPERLINK(1)")
            || csv.contains("\u{2019}=HYPERLINK(1)")
            || !csv.contains("\n=HYPERLINK"),
        "{csv}"
    );
    assert!(xlsx.name.ends_with("-pile-1.xlsx") && xlsx.address.len() > 1000);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn nobody_is_left_who_can_get_one(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let cleo = Selection::People { ids: vec![scene.people[2]] };
    let end = scene.try_make(&scene.office, cleo, CardsFor::Waiting).await.unwrap();
    assert!(matches!(end, CardsEnd::Nobody));
    assert_eq!(scene.count("SELECT count(*) FROM print_runs").await, 0);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_record_calls_a_card_that_works_by_its_name(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let told = async |person: usize| {
        let record =
            crate::record::record(&scene.backend, &scene.office, scene.people[person]).await.unwrap();
        let facts = record.help.unwrap().facts;
        let card =
            facts.iter().find(|fact| fact.about == "Password on a card").map(|fact| fact.tells.clone());
        (card, facts.iter().any(|fact| fact.about == "Invitation" || fact.about == "One-time code"))
    };
    assert_eq!(told(0).await, (None, false));
    let made = scene.cards(&scene.office, CardsFor::Everyone).await;
    for person in [0, 2] {
        let (card, other) = told(person).await;
        let card = card.unwrap();
        assert!(card.contains("xpires at the end of") && card.ends_with("pile 1") && !other, "{card}");
    }
    void::void(&scene.backend, &scene.office, scene.school.school, made.pile, None).await.unwrap();
    assert_eq!(told(2).await, (None, false));
}
