//! What a card opens, how often, and until when.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use domain::cards::views::CardsFor;
use domain::invitations::views::Opening;
use domain::sign_in::steps::SignInStep;
use sqlx::PgPool;

use super::{NEW, OLD, Scene, phrase_of, token_of};
use crate::credentials::phrases::MAX_WRONG_PHRASES;
use crate::invitations::activate::{Activation, activate};
use crate::invitations::open::open;
use crate::recovery::reset::{ResetOutcome, choose_with_code, choose_with_link, opened};
use crate::sessions::visitor::Visitor;
use crate::sign_in::flow::PendingSignIn;
use crate::sign_in::sign_in::SignInOutcome;

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_phrase_typed_as_the_password_leads_to_a_password_of_ones_own(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let made = scene.cards(&scene.office, CardsFor::Waiting).await;
    assert_eq!(made.cards.iter().map(|card| card.username.as_str()).collect::<Vec<_>>(), ["ann", "ben"]);
    let (ann, ben) = (phrase_of(&made, "ann"), phrase_of(&made, "ben"));
    assert_ne!(ann, ben);
    assert!(scene.invited("ann", &ben).await.is_none(), "somebody else's card opens nothing");

    let typed = ann.replace('-', " ").to_uppercase();
    let token = scene.invited("ann", &typed).await.expect("the card opens");
    assert_eq!(token, token_of(&made, "ann"), "as if the QR code had been opened");
    let Opening::Ready { view } = open(&scene.backend, &token).await.unwrap() else { panic!("ended") };
    assert_eq!(view.username, "ann");
    let visitor = Visitor::stranger();
    let refused = activate(&scene.backend, &visitor, &token, "short").await.unwrap();
    assert!(matches!(refused, Activation::PasswordRefused(_)), "the school's rules hold");
    let end = activate(&scene.backend, &visitor, &token, NEW).await.unwrap();
    assert!(matches!(end, Activation::Active(_)));

    assert!(matches!(scene.type_in("ann", NEW).await, SignInOutcome::Entered(_)));
    assert!(matches!(scene.type_in("ann", &ann).await, SignInOutcome::Refused), "it works once");
    let again = activate(&scene.backend, &visitor, &token, OLD).await.unwrap();
    assert!(matches!(again, Activation::Ended));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_card_of_an_account_in_use_replaces_its_password_and_nothing_before_that(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let made = scene.cards(&scene.office, CardsFor::Everyone).await;
    assert_eq!(made.cards.len(), 3);
    let phrase = phrase_of(&made, "cleo");
    assert!(
        matches!(scene.type_in("cleo", OLD).await, SignInOutcome::Entered(_)),
        "the password still works"
    );
    let SignInOutcome::Owes(flow) = scene.type_in("cleo", &phrase).await else { panic!("refused") };
    assert_eq!(flow.step, SignInStep::ChoosePassword);
    let waiting = PendingSignIn::of(&scene.backend, &flow.token).await.unwrap().unwrap();
    let end = choose_with_code(&scene.backend, &Visitor::stranger(), &waiting, NEW).await.unwrap();
    assert!(matches!(end, ResetOutcome::Chosen(SignInOutcome::Entered(_))));
    assert!(matches!(scene.type_in("cleo", &phrase).await, SignInOutcome::Refused), "it works once");
    assert!(matches!(scene.type_in("cleo", OLD).await, SignInOutcome::Refused));
    assert!(opened(&scene.backend, &token_of(&made, "cleo")).await.unwrap().is_none(), "nor its QR code");

    // By the QR code, without typing anything.
    let made = scene.cards(&scene.office, CardsFor::Everyone).await;
    let token = token_of(&made, "cleo");
    assert_eq!(opened(&scene.backend, &token).await.unwrap().unwrap().username, "cleo");
    let end = choose_with_link(&scene.backend, &Visitor::stranger(), &token, OLD).await.unwrap();
    assert!(matches!(end, ResetOutcome::Chosen(SignInOutcome::Entered(_))));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn cards_work_for_as_long_as_the_school_says(pool: PgPool) {
    let scene = Scene::new(pool).await;
    sqlx::query(
        "INSERT INTO settings (organisation_id, school_id, setting, value, changed_at) VALUES ($1, $2, 'card_days', '3', now())",
    )
    .bind(scene.school.organisation.0)
    .bind(scene.school.school.0)
    .execute(scene.backend.database.raw())
    .await
    .unwrap();
    let made = scene.cards(&scene.office, CardsFor::Everyone).await;
    let (ann, cleo) = (phrase_of(&made, "ann"), phrase_of(&made, "cleo"));
    scene.clock.advance(TimeDelta::days(3));
    assert!(scene.invited("ann", &ann).await.is_some(), "on the whole of the last day");
    assert!(matches!(scene.type_in("cleo", &cleo).await, SignInOutcome::Owes(_)));
    scene.clock.advance(TimeDelta::days(1));
    assert!(scene.invited("ann", &ann).await.is_none());
    assert!(matches!(scene.type_in("cleo", &cleo).await, SignInOutcome::Refused));
    assert!(matches!(open(&scene.backend, &token_of(&made, "ann")).await.unwrap(), Opening::Ended));
    assert!(opened(&scene.backend, &token_of(&made, "cleo")).await.unwrap().is_none());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn guesses_are_slowed_like_passwords_and_end_the_phrase_but_not_the_qr_code(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let made = scene.cards(&scene.office, CardsFor::Everyone).await;
    let (ann, cleo) = (phrase_of(&made, "ann"), phrase_of(&made, "cleo"));
    for _ in 0..10 {
        assert!(matches!(scene.type_in("ann", &cleo).await, SignInOutcome::Refused));
    }
    assert!(matches!(scene.type_in("ann", &ann).await, SignInOutcome::Slowed), "right or not");
    // A patient stranger, over hours.
    sqlx::query("UPDATE invitations SET failed_attempts = failed_attempts + $1")
        .bind(MAX_WRONG_PHRASES - 11)
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
    scene.clock.advance(TimeDelta::hours(1));
    assert!(scene.invited("ann", &ann).await.is_some(), "one try before");
    assert!(matches!(scene.type_in("ann", &cleo).await, SignInOutcome::Refused));
    assert!(scene.invited("ann", &ann).await.is_none(), "the phrase is dead");
    assert!(matches!(open(&scene.backend, &token_of(&made, "ann")).await.unwrap(), Opening::Ready { .. }));
    // What is no phrase of the lists counts against no card, and what was right does not count.
    for _ in 0..3 {
        assert!(matches!(scene.type_in("cleo", "maple-maple").await, SignInOutcome::Refused));
        assert!(matches!(scene.type_in("cleo", &cleo).await, SignInOutcome::Owes(_)));
    }
    assert_eq!(scene.count("SELECT failed_attempts::bigint FROM password_resets").await, 0);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_disabled_account_opens_with_no_card(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let made = scene.cards(&scene.office, CardsFor::Everyone).await;
    sqlx::query("UPDATE accounts SET state = 'suspended'")
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
    for username in ["ann", "cleo"] {
        let phrase = phrase_of(&made, username);
        assert!(matches!(scene.type_in(username, &phrase).await, SignInOutcome::Refused), "{username}");
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn no_phrase_is_stored_anywhere(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let made = scene.cards(&scene.office, CardsFor::Everyone).await;
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT query_to_xml(format('SELECT * FROM %I', c.relname), true, true, '')::text FROM pg_class c
         WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'",
    )
    .fetch_all(scene.backend.database.raw())
    .await
    .unwrap();
    let stored = tables.concat();
    assert!(stored.contains("cards_made") && stored.contains("make_cards"));
    let mut words = BTreeSet::new();
    for card in &made.cards {
        assert!(!stored.contains(&card.phrase.to_string()) && !stored.contains(&card.phrase.canonical()));
        assert!(!stored.contains(&card.link), "nor the link");
        words.insert(card.phrase.to_string());
    }
    assert_eq!(words.len(), 3, "each has their own");
}
