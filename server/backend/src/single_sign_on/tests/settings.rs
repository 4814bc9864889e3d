//! Settings by administrators and owners: providers, schools that require them, removed links.

use domain::audit::AuditAction;
use domain::authorization::actor::{Actor, RoleAssignment};
use domain::authorization::place::Place;
use domain::authorization::role::Role;
use domain::invitations::views::Recipients;
use domain::settings::SettingValue as _;
use domain::single_sign_on::settings::SingleSignOnUse;
use serde_json::Value;
use sqlx::PgPool;

use crate::Error;
use crate::db::MIGRATOR;
use crate::invitations::by_code::by_code;
use crate::invitations::send::send;
use crate::jobs::worker::run_once;
use crate::sessions::session::resolve;
use crate::sessions::visitor::Visitor;
use crate::sign_in::sign_in::SignInOutcome;
use crate::single_sign_on::offers::offers;
use crate::single_sign_on::own::{identities_of, unlink_own, unlink_person};
use crate::single_sign_on::providers::list::{list, load};
use crate::single_sign_on::providers::remove::remove;
use crate::single_sign_on::providers::require::require;
use crate::single_sign_on::providers::save::save;
use crate::single_sign_on::providers::{Provider, ProviderForm};
use crate::testing::{TestSchool, account, active_account, staff_role, tables_before};

use super::{ADA, PASSWORD, Scene, form};

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_school_that_asks_for_it_takes_no_passwords_but_those_of_administrators_of_all_schools(
    pool: PgPool,
) {
    let scene = Scene::new(pool).await;
    scene.active("Ada", "1042", ADA).await;
    let chief = scene.person("Bem", "1043", None).await;
    let account = active_account(&scene.backend, &scene.school, chief, "bem", PASSWORD).await;
    staff_role(&scene.backend, &scene.school, chief, Role::Administrator).await;
    assert!(scene.by_password("ada").await && scene.by_password("bem").await);
    require(&scene.backend, &scene.administrator, &[scene.school.school]).await.unwrap();
    assert!(!scene.by_password("ada").await);
    assert!(!scene.by_password("bem").await, "administrator of one school");
    let everywhere = "UPDATE staff_roles SET school_id = NULL WHERE person_id = (SELECT person_id FROM accounts WHERE id = $1) AND $2 <> ''";
    scene.sql(everywhere, account.0, "all").await;
    assert!(scene.by_password("bem").await);
    assert!(!offers(&scene.backend).await.unwrap().passwords);
    // A removed provider requires nothing.
    remove(&scene.backend, &scene.administrator, scene.provider).await.unwrap();
    assert!(scene.by_password("ada").await);
    assert!(offers(&scene.backend).await.unwrap().passwords);
    let none = require(&scene.backend, &scene.administrator, &[scene.school.school]).await;
    assert!(matches!(none, Err(Error::Invalid(_))), "nothing to ask for");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_upgrade_takes_over_which_schools_require_single_sign_on(pool: PgPool) {
    let mut older = tables_before(&pool, 20_261_129_090_000).await;
    sqlx::query(
        "WITH trust AS (
             INSERT INTO organisations (id, name, created_at) VALUES (gen_random_uuid(), 'Quillmere Trust', now()) RETURNING id)
         INSERT INTO schools (id, organisation_id, code, name, single_sign_on_required, created_at)
         SELECT gen_random_uuid(), trust.id, school.code, school.code, school.required, now()
         FROM trust, (VALUES ('YES', true), ('NO', false)) AS school (code, required)",
    )
    .execute(&mut *older)
    .await
    .unwrap();
    MIGRATOR.run(&mut *older).await.unwrap();
    let set: Vec<(String, Value)> =
        sqlx::query_as("SELECT s.code, c.value FROM settings c JOIN schools s ON s.id = c.school_id")
            .fetch_all(&mut *older)
            .await
            .unwrap();
    assert_eq!(set, [("YES".to_owned(), SingleSignOnUse::Required.stored())]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn where_a_provider_alone_lets_people_in_an_invitation_calls_them_by_their_address_there(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, scene.school.school);
    let person = scene.person("Ada", "1042", Some(ADA)).await;
    let ada = account(backend, &scene.school, person, "ada").await;
    require(backend, &scene.administrator, &[school]).await.unwrap();
    let manager = scene.school.actor(backend, Role::AccountManager);
    send(backend, &manager, school, Recipients::Accounts { ids: vec![ada], again: true }).await.unwrap();
    run_once(backend).await.unwrap();
    let text: String =
        sqlx::query_scalar("SELECT body_text FROM mailbox").fetch_one(backend.database.raw()).await.unwrap();
    assert!(text.contains("Your username: ada@quillmere.example\n"), "{text}");
    let code = text.lines().skip_while(|line| !line.contains("this code")).nth(2).unwrap();
    assert!(
        by_code(backend, &Visitor::stranger(), ADA, code).await.unwrap().is_some(),
        "and there it is taken for one: {code}"
    );
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_linked_identity_is_removed_by_its_owner_where_another_way_in_remains_and_by_staff(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.active("Ada", "1042", ADA).await;
    scene.link("sub-1", ADA, ada).await;
    let who = scene.session(scene.arrive("sub-1", ADA, true).await).await;
    require(&scene.backend, &scene.administrator, &[scene.school.school]).await.unwrap();
    let [linked] = identities_of(&scene.backend, &who).await.unwrap().try_into().unwrap();
    assert!(!linked.removable, "the password is off");
    let last = unlink_own(&scene.backend, &who, &Visitor::stranger(), linked.identity).await;
    assert!(matches!(last, Err(Error::Conflict { code: "last_way_in", .. })));
    require(&scene.backend, &scene.administrator, &[]).await.unwrap();
    let other = scene.active("Bem", "1043", "bem@quillmere.example").await;
    scene.link("sub-2", "bem@quillmere.example", other).await;
    let stranger = scene.session(scene.arrive("sub-2", ADA, true).await).await;
    let not_theirs = unlink_own(&scene.backend, &stranger, &Visitor::stranger(), linked.identity).await;
    assert!(matches!(not_theirs, Err(Error::NotFound(_))));
    unlink_own(&scene.backend, &who, &Visitor::stranger(), linked.identity).await.unwrap();
    assert!(identities_of(&scene.backend, &who).await.unwrap().is_empty());

    scene.link("sub-3", ADA, ada).await;
    let session = scene.arrive("sub-3", ADA, true).await;
    let Some(SignInOutcome::Entered(session)) = session else { panic!("a session begins") };
    let manager = scene.school.actor(&scene.backend, Role::AccountManager);
    unlink_person(&scene.backend, &manager, who.person).await.unwrap();
    assert!(resolve(&scene.backend, &session.token).await.unwrap().is_none(), "and their sessions end");

    // Of staff, it is a reset that administrators hear of.
    let alerts = async || -> i64 {
        sqlx::query_scalar(
            "SELECT count(*) FROM audit_events WHERE action = $1 AND details ->> 'how' = 'identities'",
        )
        .bind(AuditAction::StaffReset.slug())
        .fetch_one(scene.backend.database.raw())
        .await
        .unwrap()
    };
    assert_eq!(alerts().await, 0, "Ada is no staff");
    scene.link("sub-4", ADA, ada).await;
    staff_role(&scene.backend, &scene.school, who.person, Role::AccountManager).await;
    unlink_person(&scene.backend, &scene.administrator, who.person).await.unwrap();
    assert_eq!(alerts().await, 1);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_secret_is_sealed_and_never_shown_and_providers_are_set_by_administrators_of_all_schools(
    pool: PgPool,
) {
    let scene = Scene::new(pool).await;
    let kept: String = sqlx::query_scalar(
        "SELECT i::text || (SELECT string_agg(e::text, ' ') FROM audit_events e) FROM identity_providers i",
    )
    .fetch_one(scene.backend.database.raw())
    .await
    .unwrap();
    assert!(
        !kept.contains("what they gave us") && !kept.contains(&data_encoding::HEXLOWER.encode(b"what they"))
    );
    let shown = load(&scene.backend, &scene.administrator, scene.provider).await.unwrap();
    assert_eq!(shown.form, ProviderForm { client_secret: String::new(), ..form() });
    let base_url = &scene.backend.config.base_url;
    assert_eq!(shown.redirect_uri, format!("{base_url}/sign-in/with/{}/back", scene.provider));
    // Saved again without a secret, the secret is kept.
    save(&scene.backend, &scene.administrator, scene.provider, &shown.form).await.unwrap();
    let provider = Provider::enabled(&scene.backend, scene.provider).await.unwrap().unwrap();
    assert_eq!(provider.client_secret, "what they gave us");

    let of_one = scene.school.actor(&scene.backend, Role::Administrator);
    assert!(!list(&scene.backend, &of_one).await.unwrap().sets);
    assert!(matches!(save(&scene.backend, &of_one, scene.provider, &form()).await, Err(Error::Refused(_))));
    let neighbour = TestSchool::new(&scene.backend).await;
    let everywhere = RoleAssignment::new(Role::Administrator.permissions(), Place::Organisation);
    let theirs = Actor::signed_in(
        neighbour.organisation,
        scene.backend.new_id(),
        scene.backend.new_id(),
        vec![everywhere],
    );
    assert!(list(&scene.backend, &theirs).await.unwrap().providers.is_empty());
    assert!(!load(&scene.backend, &theirs, scene.provider).await.unwrap().saved);
    let saved = save(&scene.backend, &theirs, scene.provider, &form()).await;
    assert!(matches!(saved, Err(Error::NotFound(_))), "{saved:?}");
    assert!(matches!(remove(&scene.backend, &theirs, scene.provider).await, Err(Error::NotFound(_))));
}
