//! People who are somebody else to a provider than before, and what staff learn about those who were refused.

use domain::audit::AuditAction;
use domain::single_sign_on::RefusedVisit;
use domain::single_sign_on::settings::SignInAddresses;

use super::*;
use crate::jobs::worker::run_once;
use crate::single_sign_on::providers::addresses::set_addresses;
use crate::single_sign_on::providers::relink::relink;
use crate::single_sign_on::refused::note;

const TENANT: &str = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490";

fn entra() -> ProviderForm {
    ProviderForm { kind: "microsoft".to_owned(), issuer: TENANT.to_owned(), ..form() }
}

/// A person of the directory.
fn of(object: u128) -> Claims {
    Claims {
        directory: Some((TENANT.to_owned(), Uuid::from_u128(object).to_string())),
        preferred_username: Some(ADA.to_owned()),
        ..Claims::default()
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_new_registration_at_microsoft_changes_nobody(pool: PgPool) {
    let scene = Scene::new(pool).await;
    save(&scene.backend, &scene.administrator, scene.provider, &entra()).await.unwrap();
    let ada = scene.active("Ada", "1042", ADA).await;
    // Linked before Greencap read the id in the directory, which it then remembers.
    let old = "INSERT INTO linked_identities (id, organisation_id, account_id, issuer, subject, created_at)
               SELECT gen_random_uuid(), organisation_id, id, 'https://login.microsoftonline.com/' || $2 || '/v2.0', 'sub-1', now()
               FROM accounts WHERE id = $1";
    scene.sql(old, ada.0, TENANT).await;
    assert_eq!(scene.session(scene.arrive_with("sub-1", of(7)).await).await.account, ada);
    assert_eq!(scene.session(scene.arrive_with("sub-of-another-app", of(7)).await).await.account, ada);
    assert_eq!(scene.session(scene.arrive_with("sub-of-another-app", of(7)).await).await.account, ada);
    assert!(scene.arrive_with("sub-1", of(8)).await.is_none(), "another person of the directory");
    let elsewhere =
        Claims { directory: Some((Uuid::from_u128(1).to_string(), Uuid::from_u128(7).to_string())), ..of(7) };
    assert!(scene.arrive_with("sub-9", elsewhere).await.is_none(), "the same id in another directory");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn everybody_links_again_after_all_links_were_removed(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.active("Ada", "1042", ADA).await;
    scene.link("sub-1", ADA, ada).await;
    assert!(scene.arrive("sub-of-another-app", ADA, true).await.is_none());
    let session = scene.session(scene.arrive("sub-1", ADA, true).await).await;
    assert_eq!(relink(&scene.backend, &scene.administrator, scene.provider).await.unwrap(), 1);
    assert!(identities_of(&scene.backend, &session).await.unwrap().is_empty(), "and nobody was signed out");
    scene.link("sub-of-another-app", ADA, ada).await;
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn who_is_refused_is_on_their_record_and_in_the_log_with_the_reason(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.active("Ada", "1042", ADA).await;
    scene.link("sub-1", ADA, ada).await;
    let new = scene.person("Bem", "1043", Some("bem@quillmere.example")).await;
    account(&scene.backend, &scene.school, new, "bem").await;
    let visitor = Visitor::stranger();
    let refused = async |subject: &str, claims: Claims| {
        let provider = Provider::enabled(&scene.backend, scene.provider).await.unwrap().unwrap();
        let confirmed = ConfirmedPerson { subject: subject.to_owned(), claims };
        let refused = identify(&scene.backend, &visitor, &provider, confirmed, false, None).await.unwrap();
        let refused = refused.err().expect("they are refused");
        note(&scene.backend, &visitor, scene.school.organisation, scene.provider, &refused).await.unwrap();
        note(&scene.backend, &visitor, scene.school.organisation, scene.provider, &refused).await.unwrap();
        (refused.reason, refused.people.len())
    };
    let with =
        |email: &str| Claims { email: Some(email.to_owned()), email_verified: true, ..Claims::default() };
    assert_eq!(refused("sub-2", with(ADA)).await, (RefusedVisit::OtherIdentity, 1));
    assert_eq!(refused("sub-3", with("bem@quillmere.example")).await, (RefusedVisit::NotInvited, 1));
    assert_eq!(refused("sub-4", with("cal@quillmere.example")).await, (RefusedVisit::UnknownAddress, 0));
    assert_eq!(refused("sub-5", with("ada@elsewhere.example")).await, (RefusedVisit::OtherDomain, 0));
    assert_eq!(refused("sub-6", Claims::default()).await, (RefusedVisit::NoAddress, 0));
    scene.set_state(ada, "suspended").await;
    assert_eq!(refused("sub-1", with(ADA)).await, (RefusedVisit::Disabled, 1));
    scene.set_state(ada, "closed").await;
    assert_eq!(refused("sub-1", with(ADA)).await, (RefusedVisit::Closed, 1));
    let noted: Vec<(String, bool)> = sqlx::query_as(
        "SELECT details ->> 'reason', person_id IS NOT NULL FROM audit_events WHERE action = $1 ORDER BY sequence",
    )
    .bind(AuditAction::ProviderVisitRefused.slug())
    .fetch_all(scene.backend.database.raw())
    .await
    .unwrap();
    let reasons: Vec<(Option<RefusedVisit>, bool)> =
        noted.iter().map(|(reason, known)| (RefusedVisit::from_slug(reason), *known)).collect();
    assert_eq!(
        reasons,
        [
            (Some(RefusedVisit::OtherIdentity), true),
            (Some(RefusedVisit::NotInvited), true),
            (Some(RefusedVisit::UnknownAddress), false),
            (Some(RefusedVisit::OtherDomain), false),
            (Some(RefusedVisit::NoAddress), false),
            (Some(RefusedVisit::Disabled), true),
            (Some(RefusedVisit::Closed), true),
        ],
        "once each, however often they try"
    );
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn any_address_of_a_record_counts_where_the_organisation_chose_so(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.active("Ada", "1042", ADA).await;
    let bem = scene.active("Bem", "1043", "bem@quillmere.example").await;
    let beside = "INSERT INTO addresses (id, organisation_id, person_id, kind, value, comparable, is_primary, created_at)
                  SELECT gen_random_uuid(), organisation_id, person_id, 'email', $2, $2, false, '2026-01-05' FROM accounts WHERE id = $1";
    scene.sql(beside, ada.0, "a.okoronta@post.example").await;
    assert!(scene.arrive("sub-1", "a.okoronta@post.example", true).await.is_none());
    set_addresses(&scene.backend, &scene.administrator, SignInAddresses::Any).await.unwrap();
    scene.link("sub-1", "a.okoronta@post.example", ada).await;
    // One that two people share still asks for a code.
    for account in [ada, bem] {
        scene.sql(beside, account.0, "family@post.example").await;
    }
    relink(&scene.backend, &scene.administrator, scene.provider).await.unwrap();
    let token = scene.verify("sub-2", "family@post.example", true).await;
    assert!(Unlinked::of(&scene.backend, &token).await.unwrap().unwrap().owner().is_none());
    run_once(&scene.backend).await.unwrap();
    let sent = "SELECT count(*) FROM mailbox WHERE recipient LIKE '%family@post.example%'";
    assert_eq!(scene.count(sent).await, 1);
    let code = scene.code(bem).await;
    assert!(scene.type_code(&token, &code).await);
    assert!(matches!(scene.confirm(&token, bem).await, SignInOutcome::Entered(_)));
}
