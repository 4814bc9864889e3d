//! When a visit to a provider counts as a step-up: not if the provider recognised the person by a cookie.

use chrono::{DateTime, Utc};

use super::*;
use crate::factors::step_up::has_recent_step_up;

/// A provider's claims about a person, with or without the time at which it asked them.
fn asked_at(email: &str, authenticated_at: Option<DateTime<Utc>>) -> Claims {
    Claims {
        email: Some(email.to_owned()),
        email_verified: true,
        authenticated_at,
        methods: vec!["mfa".to_owned()],
        ..Claims::default()
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_visit_counts_where_the_provider_was_told_to_ask_and_never_where_it_says_that_it_did_so_long_ago(
    pool: PgPool,
) {
    let scene = Scene::new(pool).await;
    let ada = scene.active("Ada", "1042", ADA).await;
    scene.link("sub-1", ADA, ada).await;
    let arrived = async |at: Option<DateTime<Utc>>, asked_anew: bool| {
        scene.session(scene.arrive_from("sub-1", asked_at(ADA, at), asked_anew).await).await
    };
    let ago = |minutes| Some(scene.backend.now() - TimeDelta::minutes(minutes));
    for (at, asked_anew, counts) in [
        (None, false, false),
        (None, true, true),
        (ago(14), false, true),
        (ago(14), true, true),
        (ago(15), false, false),
        (ago(15), true, false),
        (ago(-2), true, true),
        (ago(-6), true, false),
    ] {
        let who = arrived(at, asked_anew).await;
        assert_eq!(
            has_recent_step_up(&scene.backend, &who),
            counts,
            "asked at {at:?}, told to: {asked_anew}"
        );
    }
    let who = arrived(ago(14), true).await;
    scene.clock.advance(TimeDelta::minutes(1));
    assert!(
        !has_recent_step_up(&scene.backend, &who),
        "from when it was given, not from when they came back"
    );
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_visit_counts_for_no_more_behind_the_step_that_links_or_where_its_second_factor_is_trusted(
    pool: PgPool,
) {
    let scene = Scene::new(pool).await;
    let trusting = ProviderForm { trusts_second_factor: true, ..form() };
    save(&scene.backend, &scene.administrator, scene.provider, &trusting).await.unwrap();
    let now = scene.backend.now();
    let people = [
        ("Ada", "1042", Some(now - TimeDelta::hours(1)), true, false),
        ("Bem", "1043", None, false, false),
        ("Cal", "1044", Some(now - TimeDelta::minutes(5)), false, true),
        ("Dee", "1045", None, true, true),
    ];
    for (name, number, at, asked_anew, counts) in people {
        let email = format!("{}@quillmere.example", name.to_lowercase());
        let account = scene.active(name, number, &email).await;
        scene.set_up_app(account).await;
        let owed = scene.arrive_from(name, asked_at(&email, at), asked_anew).await;
        let Some(SignInOutcome::Owes(pending)) = owed else { panic!("it is linked first") };
        let who = scene.session(Some(scene.confirm(&pending.token, account).await)).await;
        assert_eq!(has_recent_step_up(&scene.backend, &who), counts, "{name}");
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn our_second_factor_after_a_visit_is_a_proof_whatever_the_visit_was(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.active("Ada", "1042", ADA).await;
    scene.link("sub-1", ADA, ada).await;
    scene.set_up_app(ada).await;
    let owed = scene.arrive_from("sub-1", asked_at(ADA, None), false).await;
    let Some(SignInOutcome::Owes(pending)) = owed else { panic!("the second factor is owed") };
    let code = PresentedFactor::Code(app_code(&scene.backend, ada).await);
    let shown =
        show_second_factor(&scene.backend, &Visitor::stranger(), &pending.token, &code).await.unwrap();
    let SecondFactorOutcome::Shown(end) = shown else { panic!("it is the right one") };
    assert!(has_recent_step_up(&scene.backend, &scene.session(Some(end)).await));
}
