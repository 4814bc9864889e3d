//! What was made for someone before they got a role, on a real database.

use domain::authorization::actor::Actor;
use domain::authorization::permission::{Permission, PermissionSet};
use domain::authorization::role::Role;
use domain::ids::{AccountId, PersonId};
use domain::invitations::views::{NotInvitedReason, Opening, Recipients};
use domain::recovery::{CodeHandout, CodeOutcome};
use domain::roll::selection::Selection;
use domain::sign_in::steps::SignInStep;
use sqlx::PgPool;
use uuid::Uuid;

use super::{PASSWORD, Scene, everywhere};
use crate::authorization::roles::kinds;
use crate::invitations::open::open;
use crate::invitations::revoke::revoke;
use crate::invitations::send::send;
use crate::recovery::office_code::make_code;
use crate::recovery::reset::{ResetOutcome, choose_with_code};
use crate::sessions::session::resolve;
use crate::sessions::visitor::Visitor;
use crate::sign_in::flow::PendingSignIn;
use crate::sign_in::sign_in::{SignInOutcome, sign_in};
use crate::testing::{account, active_account, student};

const SHORT: &str = "copper fog 12";
const LONG: &str = "kettle orbit mustard";

impl Scene {
    async fn type_in(&self, username: &str, typed: &str) -> SignInOutcome {
        sign_in(&self.backend, &Visitor::stranger(), username, typed).await.unwrap()
    }

    async fn code_for(&self, actor: &Actor, person: PersonId) -> String {
        match make_code(&self.backend, actor, person, CodeHandout::Shown).await.unwrap() {
            CodeOutcome::Shown { code, .. } => code,
            CodeOutcome::Queued => panic!("not shown"),
        }
    }

    /// Someone who manages accounts, with an account.
    async fn manager(&self) -> Actor {
        let odo = self.teacher("Odo", "77").await;
        self.give(&self.operator(), odo, &self.here("account_manager")).await.unwrap();
        self.signed_in("odo.okoronta").await
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_code_made_for_a_plain_person_does_not_open_the_account_of_an_administrator(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let manager = scene.manager().await;
    let ada = scene.teacher("Ada", "1").await;
    let code = scene.code_for(&manager, ada).await;
    assert!(
        matches!(scene.type_in("ada.okoronta", &code).await, SignInOutcome::Owes(_)),
        "until then it works"
    );

    let code = scene.code_for(&manager, ada).await;
    let session = match scene.type_in("ada.okoronta", PASSWORD).await {
        SignInOutcome::Entered(session) => session.token,
        _ => panic!("not let in"),
    };
    let SignInOutcome::Owes(flow) = scene.type_in("ada.okoronta", &code).await else { panic!("refused") };
    scene.give(&scene.operator(), ada, &everywhere("administrator")).await.unwrap();
    assert!(
        PendingSignIn::of(&scene.backend, &flow.token).await.unwrap().is_none(),
        "half a sign-in is over"
    );
    assert!(resolve(&scene.backend, &session).await.unwrap().is_none(), "a session is over");
    assert!(matches!(scene.type_in("ada.okoronta", &code).await, SignInOutcome::Refused));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_is_used_is_compared_with_the_rights_of_its_maker_again(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let manager = scene.manager().await;
    let ada = scene.teacher("Ada", "1").await;
    let code = scene.code_for(&manager, ada).await;
    // A role that reached the database in some other way.
    sqlx::query(
        "INSERT INTO staff_roles (id, organisation_id, person_id, role, created_at) VALUES ($1, $2, $3, 'administrator', $4)",
    )
    .bind(Uuid::from_u128(7))
    .bind(scene.school.organisation.0)
    .bind(ada.0)
    .bind(scene.backend.now())
    .execute(scene.backend.database.raw())
    .await
    .unwrap();
    assert!(matches!(scene.type_in("ada.okoronta", &code).await, SignInOutcome::Refused));
    let head = scene.signed_in("i.marchetti").await;
    let code = scene.code_for(&head, ada).await;
    assert!(matches!(scene.type_in("ada.okoronta", &code).await, SignInOutcome::Owes(_)), "made by an equal");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_invitation_for_a_plain_person_ends_when_they_get_a_role(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let manager = scene.manager().await;
    let ben = student(&scene.backend, &scene.school, "Ben", "Okoronta", "2", Some("ben@example.org")).await;
    let ben_account: AccountId = account(&scene.backend, &scene.school, ben, "ben.okoronta").await;
    let link = async || {
        let invitation: Uuid =
            sqlx::query_scalar("SELECT id FROM invitations WHERE account_id = $1 AND current")
                .bind(ben_account.0)
                .fetch_one(scene.backend.database.raw())
                .await
                .unwrap();
        scene.backend.keys.invitations.secrets(invitation).link
    };
    let invite = async |actor: &Actor| {
        let recipients = Recipients::Selected { selection: Selection::People { ids: vec![ben] }, only: None };
        send(&scene.backend, actor, scene.school.school, recipients).await.unwrap();
    };
    invite(&manager).await;
    let before = link().await;
    assert!(matches!(open(&scene.backend, &before).await.unwrap(), Opening::Ready { .. }));
    scene.give(&scene.operator(), ben, &everywhere("administrator")).await.unwrap();
    assert!(matches!(open(&scene.backend, &before).await.unwrap(), Opening::Ended));

    let head = scene.signed_in("i.marchetti").await;
    invite(&head).await;
    assert!(matches!(open(&scene.backend, &link().await).await.unwrap(), Opening::Ready { .. }));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_short_password_is_replaced_before_a_role_is_used_and_once(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ben = student(&scene.backend, &scene.school, "Ben", "Okoronta", "2", None).await;
    active_account(&scene.backend, &scene.school, ben, "ben.okoronta", SHORT).await;
    assert!(matches!(scene.type_in("ben.okoronta", SHORT).await, SignInOutcome::Entered(_)));
    scene.give(&scene.operator(), ben, &scene.here("tutor")).await.unwrap();

    let SignInOutcome::Owes(flow) = scene.type_in("ben.okoronta", SHORT).await else { panic!("let in") };
    assert_eq!(flow.step, SignInStep::ChoosePassword);
    let waiting = PendingSignIn::of(&scene.backend, &flow.token).await.unwrap().unwrap();
    let choose =
        async |typed| choose_with_code(&scene.backend, &Visitor::stranger(), &waiting, typed).await.unwrap();
    assert!(matches!(choose("orbit fog 123").await, ResetOutcome::Refused(_)), "as short as before");
    assert!(matches!(choose(LONG).await, ResetOutcome::Chosen(SignInOutcome::Entered(_))));
    assert!(matches!(choose("another orbit mustard").await, ResetOutcome::Ended), "it works once");
    assert!(matches!(scene.type_in("ben.okoronta", SHORT).await, SignInOutcome::Refused));
    assert!(matches!(scene.type_in("ben.okoronta", LONG).await, SignInOutcome::Entered(_)));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_role_that_gains_a_permission_ends_what_was_made_for_those_who_have_it(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let manager = scene.manager().await;
    let head = scene.signed_in("i.marchetti").await;
    let view: PermissionSet = [Permission::ViewRoll].into_iter().collect();
    let kind = kinds::save(&scene.backend, &head, None, "Reception", view).await.unwrap();
    let ada = scene.teacher("Ada", "1").await;
    scene.give(&head, ada, &scene.here(&kind.to_string())).await.unwrap();
    let code = scene.code_for(&manager, ada).await;
    kinds::save(&scene.backend, &head, Some(kind), "Front desk", view).await.unwrap();
    assert!(
        matches!(scene.type_in("ada.okoronta", &code).await, SignInOutcome::Owes(_)),
        "nothing was added"
    );
    kinds::save(&scene.backend, &head, Some(kind), "Front desk", Role::Administrator.permissions())
        .await
        .unwrap();
    assert!(matches!(scene.type_in("ada.okoronta", &code).await, SignInOutcome::Refused));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn nobody_sends_or_revokes_the_invitation_of_someone_with_more_permissions(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, scene.school.school);
    let manager = scene.manager().await;
    let plain = student(backend, &scene.school, "Cleo", "Okoronta", "3", Some("cleo@example.org")).await;
    let ben = student(backend, &scene.school, "Ben", "Okoronta", "2", Some("ben@example.org")).await;
    let ids = [
        account(backend, &scene.school, ben, "ben.okoronta").await,
        account(backend, &scene.school, plain, "cleo.okoronta").await,
    ];
    scene.give(&scene.operator(), ben, &everywhere("administrator")).await.unwrap();
    let to = || Recipients::Accounts { ids: ids.to_vec(), again: true };
    let sent = send(backend, &manager, school, to()).await.unwrap();
    assert_eq!(sent.queued, 1);
    let [left] = sent.left_out.as_slice() else { panic!("{sent:?}") };
    assert_eq!((left.person, left.reason), (ben, NotInvitedReason::Outranks));
    assert!(left.reason.phrase().starts_with("more permissions than you have"));

    let head = scene.signed_in("i.marchetti").await;
    send(backend, &head, school, Recipients::Accounts { ids: vec![ids[0]], again: true }).await.unwrap();
    let revoked = revoke(backend, &manager, school, &ids).await.unwrap();
    assert_eq!((revoked.revoked, revoked.outranking), (1, 1));
    assert!(
        revoked.sentence().contains("1 skipped: more permissions than you have"),
        "{}",
        revoked.sentence()
    );
    let live: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM invitations i JOIN messages m ON m.id = i.id
         WHERE i.account_id = $1 AND i.revoked_at IS NULL AND m.state = 'queued'",
    )
    .bind(ids[0].0)
    .fetch_one(backend.database.raw())
    .await
    .unwrap();
    assert_eq!(live, 1);
    assert_eq!(revoke(backend, &head, school, &ids).await.unwrap().revoked, 1);
}
