//! Attacks by way of a provider: on staff, on people who sign in elsewhere, by guessing, and by waiting.

use domain::authorization::permission::Permission;
use domain::authorization::policy::Refusal;
use domain::ids::AddressId;
use domain::roll::address::AddressKind;
use futures_util::future::join_all;

use super::*;
use crate::Error;
use crate::credentials::resting::LINKS_REST;
use crate::crypto::{random_token, token_hash};
use crate::own_account::change_password::change_password;
use crate::roll::addresses::{add, edit};
use crate::single_sign_on::providers::addresses::set_addresses;
use crate::single_sign_on::providers::relink::relink;
use crate::single_sign_on::providers::remove::remove;
use crate::single_sign_on::providers::require::require;
use crate::single_sign_on::visit::{ProviderParams, VisitEnd, come_back};
use crate::testing::staff_role;
use domain::single_sign_on::settings::SignInAddresses;

const LINKS: &str = "SELECT count(*) FROM linked_identities";
const ALERTS: &str = "SELECT count(*) FROM alerts";

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn change_settings_alone_changes_no_provider_and_each_change_is_an_alert(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let settings = [Permission::ManageSettings].into_iter().collect();
    let librarian = Actor::signed_in(
        scene.school.organisation,
        scene.backend.new_id(),
        scene.backend.new_id(),
        vec![RoleAssignment::new(settings, Place::Organisation)],
    );
    let (backend, provider) = (&scene.backend, scene.provider);
    let own = ProviderForm { issuer: "https://login.evil.example".to_owned(), ..form() };
    let outranked = |result: crate::Result<()>| matches!(result, Err(Error::Refused(Refusal::Outranked)));
    let before = scene.count(ALERTS).await;
    assert!(outranked(save(backend, &librarian, backend.new_id(), &own).await), "one of their own");
    assert!(outranked(save(backend, &librarian, provider, &own).await), "the school's");
    assert!(outranked(remove(backend, &librarian, provider).await));
    assert!(outranked(relink(backend, &librarian, provider).await.map(drop)));
    assert!(outranked(require(backend, &librarian, &[scene.school.school]).await));
    assert!(outranked(set_addresses(backend, &librarian, SignInAddresses::Any).await));
    assert_eq!(scene.count(ALERTS).await, before + 6, "and administrators are told of each try");
    assert_eq!(scene.count("SELECT count(*) FROM identity_providers").await, 1);

    let before = scene.count(ALERTS).await;
    let chief = &scene.administrator;
    save(backend, chief, provider, &form()).await.unwrap();
    relink(backend, chief, provider).await.unwrap();
    require(backend, chief, &[]).await.unwrap();
    set_addresses(backend, chief, SignInAddresses::Any).await.unwrap();
    remove(backend, chief, provider).await.unwrap();
    assert_eq!(scene.count(ALERTS).await, before + 5);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_secret_is_not_sent_to_another_issuer(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let moved = ProviderForm {
        issuer: "https://login.evil.example".to_owned(),
        client_secret: String::new(),
        ..form()
    };
    let Err(Error::Invalid(fields)) =
        save(&scene.backend, &scene.administrator, scene.provider, &moved).await
    else {
        panic!("the secret is asked for again")
    };
    assert!(fields.of("client_secret").is_some_and(|said| said.contains("The issuer changed")));
    let given = ProviderForm { client_secret: "another".to_owned(), ..moved };
    save(&scene.backend, &scene.administrator, scene.provider, &given).await.unwrap();
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_provider_without_domains_speaks_for_nobody(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.active("Ada", "1042", ADA).await;
    let open = ProviderForm { domains: String::new(), ..form() };
    save(&scene.backend, &scene.administrator, scene.provider, &open).await.unwrap();
    let token = scene.verify("sub-1", ADA, true).await;
    assert!(Unlinked::of(&scene.backend, &token).await.unwrap().unwrap().owner().is_none());
    assert!(matches!(scene.confirm(&token, ada).await, SignInOutcome::Refused));
    let code = scene.code(ada).await;
    assert!(scene.type_code(&token, &code).await);
    assert!(matches!(scene.confirm(&token, ada).await, SignInOutcome::Entered(_)), "by a code");
}

/// Arrives with a verified address while `who` is signed in in this browser.
async fn arrive_beside(scene: &Scene, subject: &str, who: Option<&SignedIn>) -> String {
    let provider = Provider::enabled(&scene.backend, scene.provider).await.unwrap().unwrap();
    let claims = Claims {
        email: Some(ADA.to_owned()),
        email_verified: true,
        methods: vec!["mfa".to_owned()],
        ..Claims::default()
    };
    let confirmed = ConfirmedPerson { subject: subject.to_owned(), claims };
    let end = identify(&scene.backend, &Visitor::stranger(), &provider, confirmed, true, who).await.unwrap();
    match end {
        Ok(SignInOutcome::Owes(pending)) => pending.token,
        _ => panic!("the account has to be verified first"),
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn staff_prove_their_old_way_before_a_provider_speaks_for_them(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.active("Ada", "1042", ADA).await;
    let person: Uuid = sqlx::query_scalar("SELECT person_id FROM accounts WHERE id = $1")
        .bind(ada.0)
        .fetch_one(scene.backend.database.raw())
        .await
        .unwrap();
    staff_role(&scene.backend, &scene.school, PersonId(person), Role::Tutor).await;
    let token = arrive_beside(&scene, "sub-1", None).await;
    let owes = async |token: &str| Unlinked::of(&scene.backend, token).await.unwrap().unwrap().owes_old_way();
    assert!(owes(&token).await);
    assert!(matches!(scene.confirm(&token, ada).await, SignInOutcome::Refused), "one click is not enough");
    // Nor is a session of somebody else, or one whose proof is long ago.
    let bem = scene.active("Bem", "1043", "bem@quillmere.example").await;
    let session = async |name: &str| {
        let end = sign_in(&scene.backend, &Visitor::stranger(), name, PASSWORD).await.unwrap();
        scene.session(Some(end)).await
    };
    let (other, own) = (session("bem").await, session("ada").await);
    assert_eq!(other.account, bem);
    assert!(owes(&arrive_beside(&scene, "sub-1", Some(&other)).await).await);
    scene.clock.advance(TimeDelta::minutes(16));
    assert!(owes(&arrive_beside(&scene, "sub-1", Some(&own)).await).await);
    assert_eq!(scene.count(LINKS).await, 0);
    // Their own, just proved, is; but the provider's second factor does not count in this sign-in.
    let trusting = ProviderForm { trusts_second_factor: true, ..form() };
    save(&scene.backend, &scene.administrator, scene.provider, &trusting).await.unwrap();
    scene.set_up_app(ada).await;
    let own = session_with_app(&scene, ada).await;
    let token = arrive_beside(&scene, "sub-1", Some(&own)).await;
    assert!(!owes(&token).await);
    let SignInOutcome::Owes(pending) = scene.confirm(&token, ada).await else {
        panic!("our second factor is owed")
    };
    assert_eq!(pending.step, SignInStep::SecondFactor);
}

/// Signs Ada in with her password and her app.
async fn session_with_app(scene: &Scene, ada: AccountId) -> SignedIn {
    let end = sign_in(&scene.backend, &Visitor::stranger(), "ada", PASSWORD).await.unwrap();
    let SignInOutcome::Owes(pending) = end else { panic!("the second factor is owed") };
    let code = PresentedFactor::Code(app_code(&scene.backend, ada).await);
    let shown =
        show_second_factor(&scene.backend, &Visitor::stranger(), &pending.token, &code).await.unwrap();
    let SecondFactorOutcome::Shown(end) = shown else { panic!("it is right") };
    scene.session(Some(end)).await
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn staff_without_another_way_and_people_linked_elsewhere_are_not_taken_over(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.active("Ada", "1042", ADA).await;
    let elsewhere = "INSERT INTO linked_identities (id, organisation_id, account_id, issuer, subject, created_at)
                     SELECT gen_random_uuid(), organisation_id, id, $2, 'x', now() FROM accounts WHERE id = $1";
    scene.sql(elsewhere, ada.0, "https://login.other.example").await;
    let token = arrive_beside(&scene, "sub-1", None).await;
    assert!(Unlinked::of(&scene.backend, &token).await.unwrap().unwrap().owes_old_way());
    assert!(matches!(scene.confirm(&token, ada).await, SignInOutcome::Refused));
    // Without a password and without that provider, nothing is left but the mailbox.
    scene.sql("DELETE FROM passwords WHERE account_id = $1 AND $2 <> ''", ada.0, "x").await;
    let token = arrive_beside(&scene, "sub-1", None).await;
    let unlinked = Unlinked::of(&scene.backend, &token).await.unwrap().unwrap();
    assert!(unlinked.owner().is_none() && !unlinked.owes_old_way());
    let code = scene.code(ada).await;
    assert!(scene.type_code(&token, &code).await);
    assert!(matches!(scene.confirm(&token, ada).await, SignInOutcome::Entered(_)));
}

/// Somebody of the office replaces Ada's address by one that their own identity at the provider has.
async fn redirect(scene: &Scene, ada: AccountId) {
    let (person, address): (Uuid, Uuid) = sqlx::query_as(
        "SELECT m.person_id, m.id FROM addresses m JOIN accounts a ON a.person_id = m.person_id WHERE a.id = $1",
    )
    .bind(ada.0)
    .fetch_one(scene.backend.database.raw())
    .await
    .unwrap();
    let clerk = scene.school.actor(&scene.backend, Role::AccountManager);
    edit(&scene.backend, &clerk, PersonId(person), AddressId(address), CLERK).await.unwrap();
}

const CLERK: &str = "clerk@quillmere.example";
const NOTED: &str = "SELECT count(*) FROM audit_events WHERE action = 'provider_visit_refused'
                     AND details ->> 'reason' = 'staff_changed_the_address' AND person_id IS NOT NULL";

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_address_that_staff_have_just_changed_links_nobody(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.active("Ada", "1042", ADA).await;
    redirect(&scene, ada).await;
    let token = scene.verify("sub-clerk", CLERK, true).await;
    assert!(Unlinked::of(&scene.backend, &token).await.unwrap().unwrap().owes_old_way());
    assert!(matches!(scene.confirm(&token, ada).await, SignInOutcome::Refused), "a click is not enough");
    assert_eq!(scene.count(NOTED).await, 1, "and her record says why");
    // Nor is a code: it goes to the new address.
    let token = scene.verify("sub-clerk", CLERK, false).await;
    let code = scene.code(ada).await;
    assert!(scene.type_code(&token, &code).await);
    assert!(matches!(scene.confirm(&token, ada).await, SignInOutcome::Refused));
    assert_eq!(scene.count(LINKS).await, 0);

    // Without another way in, nothing is enough until the days are over.
    scene.sql("DELETE FROM passwords WHERE account_id = $1 AND $2 <> ''", ada.0, "x").await;
    scene.clock.advance(TimeDelta::minutes(11));
    assert!(scene.arrive("sub-clerk", CLERK, true).await.is_none());
    assert_eq!(scene.count(NOTED).await, 1, "the visit itself writes down what lets nobody in");
    scene.clock.advance(LINKS_REST);
    scene.link("sub-ada", CLERK, ada).await;
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn who_just_signed_in_in_the_old_way_links_a_changed_address_at_once(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.active("Ada", "1042", ADA).await;
    redirect(&scene, ada).await;
    let end = sign_in(&scene.backend, &Visitor::stranger(), "ada", PASSWORD).await.unwrap();
    let own = scene.session(Some(end)).await;
    let provider = Provider::enabled(&scene.backend, scene.provider).await.unwrap().unwrap();
    let claims = Claims { email: Some(CLERK.to_owned()), email_verified: true, ..Claims::default() };
    let confirmed = ConfirmedPerson { subject: "sub-ada".to_owned(), claims };
    let end = identify(&scene.backend, &Visitor::stranger(), &provider, confirmed, true, Some(&own)).await;
    let Ok(Ok(SignInOutcome::Owes(pending))) = end else { panic!("the account has to be verified first") };
    assert!(matches!(scene.confirm(&pending.token, ada).await, SignInOutcome::Entered(_)));
    assert_eq!((scene.count(LINKS).await, scene.count(NOTED).await), (1, 0));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn nor_does_a_second_address_that_staff_have_just_added_or_changed(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.active("Ada", "1042", ADA).await;
    set_addresses(&scene.backend, &scene.administrator, SignInAddresses::Any).await.unwrap();
    let person: Uuid = sqlx::query_scalar("SELECT person_id FROM accounts WHERE id = $1")
        .bind(ada.0)
        .fetch_one(scene.backend.database.raw())
        .await
        .unwrap();
    let (person, clerk) = (PersonId(person), scene.school.actor(&scene.backend, Role::AccountManager));
    let owes = async |address: &str| {
        let token = scene.verify("sub-clerk", address, true).await;
        Unlinked::of(&scene.backend, &token).await.unwrap().unwrap().owes_old_way()
    };
    scene.clock.advance(TimeDelta::minutes(1));
    let all = add(&scene.backend, &clerk, person, AddressKind::Email, "old@post.example").await.unwrap();
    let second = all.iter().find(|address| !address.primary).unwrap().id;
    assert!(owes("old@post.example").await, "added");
    scene.clock.advance(LINKS_REST);
    assert!(!owes("old@post.example").await, "long ago");
    edit(&scene.backend, &clerk, person, second, CLERK).await.unwrap();
    assert!(owes(CLERK).await, "changed");
    assert!(!owes(ADA).await, "her own still speaks for her");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_identity_proved_before_a_change_does_not_outlive_it(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.active("Ada", "1042", ADA).await;
    // One that a provider vouches for, and one whose code was typed.
    let vouched = scene.verify("sub-1", ADA, true).await;
    let typed = scene.verify("sub-2", ADA, false).await;
    let code = scene.code(ada).await;
    assert!(scene.type_code(&typed, &code).await);
    scene.clock.advance(TimeDelta::minutes(1));
    let end = sign_in(&scene.backend, &Visitor::stranger(), "ada", PASSWORD).await.unwrap();
    let owner = scene.session(Some(end)).await;
    change_password(&scene.backend, &owner, &Visitor::stranger(), PASSWORD, "kettle orbit mustard")
        .await
        .unwrap();
    scene.clock.advance(TimeDelta::minutes(1));
    for token in [&vouched, &typed] {
        assert!(matches!(scene.confirm(token, ada).await, SignInOutcome::Refused));
    }
    assert_eq!(scene.count(LINKS).await, 0);
    // Proved since, it counts.
    scene.link("sub-1", ADA, ada).await;
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn guesses_at_the_same_moment_are_no_more_than_ten(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.active("Ada", "1042", ADA).await;
    let token = scene.verify("sub-1", ADA, false).await;
    let code = scene.code(ada).await;
    join_all((0..30).map(|_| scene.type_code(&token, "00000-00000"))).await;
    let counted: i32 = sqlx::query_scalar("SELECT max(failed_attempts) FROM password_resets")
        .fetch_one(scene.backend.database.raw())
        .await
        .unwrap();
    assert_eq!(counted, 10, "only ten were compared with the code");
    assert!(!scene.type_code(&token, &code).await, "and it is dead");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_empty_code_never_goes_to_a_provider(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let visit = async |code: Option<&str>| {
        let (browser, browser_hash) = random_token(&*scene.backend.random);
        let (state, state_hash) = random_token(&*scene.backend.random);
        assert_eq!(token_hash(&state), state_hash);
        sqlx::query(
            "INSERT INTO provider_visits (state_hash, organisation_id, provider_id, browser_hash, asked_anew, expires_at)
             VALUES ($1, $2, $3, $4, false, $5)",
        )
        .bind(state_hash.as_slice())
        .bind(scene.school.organisation.0)
        .bind(scene.provider.0)
        .bind(browser_hash.as_slice())
        .bind(scene.backend.now() + TimeDelta::minutes(1))
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
        let brought = ProviderParams { state, code: code.map(str::to_owned), ..ProviderParams::default() };
        come_back(&scene.backend, &Visitor::stranger(), scene.provider, &browser, brought, None)
            .await
            .unwrap()
    };
    for empty in ["", " "] {
        assert!(matches!(visit(Some(empty)).await, VisitEnd::Unconfirmed), "{empty:?}");
    }
    // Anything else would: nobody answers at that issuer.
    assert!(matches!(visit(Some("x")).await, VisitEnd::Unreachable));
}
