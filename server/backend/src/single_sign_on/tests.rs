//! Which account a confirmed identity is linked to, and what it can sign in to, on a real PostgreSQL. What
//! providers send, right and wrong, is tested through browsers.

mod proofs;
mod relinking;
mod settings;
mod takeovers;

use std::sync::Arc;

use chrono::TimeDelta;
use domain::authorization::actor::{Actor, RoleAssignment};
use domain::authorization::place::Place;
use domain::authorization::role::Role;
use domain::factors::PresentedFactor;
use domain::ids::{AccountId, PersonId, ProviderId};
use domain::invitations::views::Recipients;
use domain::sign_in::steps::SignInStep;
use domain::single_sign_on::Claims;
use sqlx::PgPool;
use uuid::Uuid;

use super::identify::identify;
use super::own::identities_of;
use super::providers::save::save;
use super::providers::{Provider, ProviderForm};
use super::token::ConfirmedPerson;
use super::verify::{Unlinked, confirm, type_code};
use crate::Backend;
use crate::factors::step_up::has_one;
use crate::factors::step_up::step_up_by;
use crate::invitations::send::send;
use crate::sessions::session::{SignedIn, resolve};
use crate::sessions::visitor::Visitor;
use crate::sign_in::flow::{SecondFactorOutcome, show_second_factor};
use crate::sign_in::sign_in::{SignInOutcome, sign_in};
use crate::testing::{FixedClock, TestSchool, account, active_account, app_code, backend, student};

const PASSWORD: &str = "copper ladder fog";
const ADA: &str = "ada@quillmere.example";

struct Scene {
    backend: Backend,
    clock: Arc<FixedClock>,
    school: TestSchool,
    provider: ProviderId,
    administrator: Actor,
}

fn form() -> ProviderForm {
    ProviderForm {
        kind: "other".to_owned(),
        name: "Quill ID".to_owned(),
        issuer: "https://login.quillmere.example".to_owned(),
        client_id: "greencap".to_owned(),
        client_secret: "what they gave us".to_owned(),
        domains: "quillmere.example, post.example".to_owned(),
        ..ProviderForm::default()
    }
}

impl Scene {
    async fn new(pool: PgPool) -> Self {
        let (backend, clock) = backend(pool);
        let school = TestSchool::new(&backend).await;
        let everywhere = RoleAssignment::new(Role::Administrator.permissions(), Place::Organisation);
        let administrator =
            Actor::signed_in(school.organisation, backend.new_id(), backend.new_id(), vec![everywhere]);
        let provider = backend.new_id();
        save(&backend, &administrator, provider, &form()).await.unwrap();
        Self { backend, clock, school, provider, administrator }
    }

    async fn person(&self, name: &str, number: &str, email: Option<&str>) -> PersonId {
        student(&self.backend, &self.school, name, "Okoronta", number, email).await
    }

    /// A person with an active account.
    async fn active(&self, name: &str, number: &str, email: &str) -> AccountId {
        let person = self.person(name, number, Some(email)).await;
        active_account(&self.backend, &self.school, person, &name.to_lowercase(), PASSWORD).await
    }

    async fn set_state(&self, account: AccountId, state: &str) {
        self.sql("UPDATE accounts SET state = $2 WHERE id = $1", account.0, state).await;
    }

    async fn sql(&self, statement: &'static str, id: Uuid, value: &str) {
        sqlx::query(statement).bind(id).bind(value).execute(self.backend.database.raw()).await.unwrap();
    }

    async fn count(&self, statement: &'static str) -> i64 {
        sqlx::query_scalar(statement).fetch_one(self.backend.database.raw()).await.unwrap()
    }

    /// Returns from the provider as `subject` with an address.
    async fn arrive(&self, subject: &str, email: &str, verified: bool) -> Option<SignInOutcome> {
        let claims = Claims { email: Some(email.to_owned()), email_verified: verified, ..Claims::default() };
        self.arrive_with(subject, claims).await
    }

    async fn arrive_with(&self, subject: &str, claims: Claims) -> Option<SignInOutcome> {
        self.arrive_from(subject, claims, false).await
    }

    /// Like [`Self::arrive`], after a visit for which the provider was, or was not, told to ask for a proof.
    async fn arrive_from(&self, subject: &str, claims: Claims, asked_anew: bool) -> Option<SignInOutcome> {
        let provider = Provider::enabled(&self.backend, self.provider).await.unwrap().unwrap();
        let confirmed = ConfirmedPerson { subject: subject.to_owned(), claims };
        let visitor = Visitor::stranger();
        identify(&self.backend, &visitor, &provider, confirmed, asked_anew, None).await.unwrap().ok()
    }

    /// Returns for the first time; gives the token of the step "Verify your account".
    async fn verify(&self, subject: &str, email: &str, verified: bool) -> String {
        match self.arrive(subject, email, verified).await {
            Some(SignInOutcome::Owes(pending)) if pending.step == SignInStep::VerifyAccount => pending.token,
            _ => panic!("the account has to be verified first"),
        }
    }

    async fn confirm(&self, token: &str, account: AccountId) -> SignInOutcome {
        confirm(&self.backend, &Visitor::stranger(), token, account).await.unwrap()
    }

    async fn type_code(&self, token: &str, typed: &str) -> bool {
        type_code(&self.backend, &Visitor::stranger(), token, typed).await.unwrap()
    }

    /// Links `subject` to the only account with this address.
    async fn link(&self, subject: &str, email: &str, account: AccountId) {
        let token = self.verify(subject, email, true).await;
        assert!(matches!(self.confirm(&token, account).await, SignInOutcome::Entered(_)));
    }

    async fn session(&self, end: Option<SignInOutcome>) -> SignedIn {
        match end {
            Some(SignInOutcome::Entered(session)) => {
                resolve(&self.backend, &session.token).await.unwrap().unwrap()
            }
            _ => panic!("a session begins"),
        }
    }

    async fn by_password(&self, name: &str) -> bool {
        let end = sign_in(&self.backend, &Visitor::stranger(), name, PASSWORD).await.unwrap();
        matches!(end, SignInOutcome::Entered(_))
    }

    /// Gives an account an authenticator app.
    async fn set_up_app(&self, account: AccountId) {
        let app = "INSERT INTO authenticators (id, organisation_id, account_id, created_at, confirmed_at)
                   SELECT gen_random_uuid(), organisation_id, id, now(), now() FROM accounts WHERE id = $1 AND $2 <> ''";
        self.sql(app, account.0, "app").await;
    }

    /// The code in the last message to an account.
    async fn code(&self, account: AccountId) -> String {
        let reset: Uuid = sqlx::query_scalar(
            "SELECT id FROM password_resets WHERE account_id = $1 AND kind = 'identity' ORDER BY created_at DESC, id DESC LIMIT 1",
        )
        .bind(account.0)
        .fetch_one(self.backend.database.raw())
        .await
        .unwrap();
        self.backend.keys.resets.secrets(reset).code.to_string()
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_first_time_someone_confirms_whom_they_are_linked_to_and_then_they_come_straight_in(
    pool: PgPool,
) {
    let scene = Scene::new(pool).await;
    let ada = scene.active("Ada", "1042", ADA).await;
    let token = scene.verify("sub-1", "Ada@Quillmere.example", true).await;
    assert_eq!(scene.count("SELECT count(*) FROM linked_identities").await, 0, "nothing is linked before");
    let unlinked = Unlinked::of(&scene.backend, &token).await.unwrap().unwrap();
    let owner = unlinked.owner().unwrap();
    assert_eq!((owner.person.account, owner.person.name.as_str()), (ada, "Ada Okoronta"));
    let who = scene.session(Some(scene.confirm(&token, ada).await)).await;
    assert_eq!(who.account, ada);
    assert!(matches!(scene.confirm(&token, ada).await, SignInOutcome::Refused), "once");
    let again = scene.session(scene.arrive("sub-1", "new@elsewhere.example", false).await).await;
    assert_eq!(again.account, ada, "by the subject, whatever the address is now");
    assert_eq!(identities_of(&scene.backend, &again).await.unwrap()[0].provider, "Quill ID");
    let noted =
        "SELECT count(*) FROM audit_events WHERE action = 'signed_in' AND subject_kind = 'identity provider'";
    assert_eq!(scene.count(noted).await, 2);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn someone_invited_comes_into_use_without_a_password_and_the_invitation_is_spent(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let person = scene.person("Ada", "1042", Some(ADA)).await;
    let ada = account(&scene.backend, &scene.school, person, "ada").await;
    assert!(scene.arrive("sub-1", ADA, true).await.is_none(), "who was never invited is nobody yet");
    let manager = scene.school.actor(&scene.backend, Role::AccountManager);
    send(&scene.backend, &manager, scene.school.school, Recipients::Accounts { ids: vec![ada], again: true })
        .await
        .unwrap();
    scene.link("sub-1", ADA, ada).await;
    assert_eq!(scene.count("SELECT count(*) FROM accounts WHERE state = 'active'").await, 1);
    let asks = "SELECT count(*) FROM accounts WHERE asks_children";
    assert_eq!(scene.count(asks).await, 1, "nobody has said yet whether there are children, and whose");
    assert_eq!(scene.count("SELECT count(*) FROM passwords").await, 0);
    let live = "SELECT count(*) FROM invitations WHERE revoked_at IS NULL AND used_at IS NULL";
    assert_eq!(scene.count(live).await, 0);
    // What asks for the password elsewhere does not ask here, because there is none.
    let who = scene.session(scene.arrive("sub-1", ADA, true).await).await;
    assert!(!has_one(&scene.backend, &who).await.unwrap());
    assert_eq!(step_up_by(&scene.backend, &who).await.unwrap(), None);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_invitation_that_staff_took_back_opens_nothing(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let person = scene.person("Ada", "1042", Some(ADA)).await;
    let ada = account(&scene.backend, &scene.school, person, "ada").await;
    let manager = scene.school.actor(&scene.backend, Role::AccountManager);
    send(&scene.backend, &manager, scene.school.school, Recipients::Accounts { ids: vec![ada], again: true })
        .await
        .unwrap();
    let token = scene.verify("sub-1", ADA, true).await;
    crate::invitations::revoke::revoke(&scene.backend, &manager, scene.school.school, &[ada]).await.unwrap();
    assert!(matches!(scene.confirm(&token, ada).await, SignInOutcome::Refused), "also in the middle of it");
    assert!(scene.arrive("sub-1", ADA, true).await.is_none());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn strangers_and_stopped_accounts_get_nothing(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.active("Ada", "1042", ADA).await;
    assert!(scene.arrive("sub-9", "nobody@quillmere.example", true).await.is_none());
    assert!(scene.arrive_with("sub-9", Claims::default()).await.is_none(), "without an address");
    for state in ["suspended", "closed", "locked"] {
        scene.set_state(ada, state).await;
        assert!(scene.arrive("sub-1", ADA, true).await.is_none(), "{state}");
    }
    scene.set_state(ada, "active").await;
    let token = scene.verify("sub-1", ADA, true).await;
    scene.set_state(ada, "suspended").await;
    assert!(matches!(scene.confirm(&token, ada).await, SignInOutcome::Refused));
    assert_eq!(scene.count("SELECT count(*) FROM linked_identities").await, 0);
    scene.set_state(ada, "active").await;
    scene.link("sub-1", ADA, ada).await;
    for state in ["suspended", "closed"] {
        scene.set_state(ada, state).await;
        assert!(scene.arrive("sub-1", ADA, true).await.is_none(), "{state}");
    }
    scene.set_state(ada, "locked").await;
    let who = scene.session(scene.arrive("sub-1", ADA, true).await).await;
    assert_eq!(who.account, ada, "locked is against those who guess passwords");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_address_that_changes_hands_gives_nothing_to_either(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.active("Ada", "1042", ADA).await;
    scene.link("sub-1", ADA, ada).await;
    // At the provider someone else has it now.
    assert!(scene.arrive("sub-2", ADA, true).await.is_none());
    // In the records someone else has it now.
    let bem = scene.active("Bem", "1043", ADA).await;
    scene.sql("DELETE FROM addresses WHERE person_id = (SELECT person_id FROM accounts WHERE id = $1) AND comparable = $2", ada.0, ADA).await;
    let who = scene.session(scene.arrive("sub-1", ADA, true).await).await;
    assert_eq!(who.account, ada, "who is linked stays who they are");
    scene.link("sub-2", ADA, bem).await;
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_address_beside_the_one_that_messages_go_to_opens_nothing(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.active("Ada", "1042", ADA).await;
    let beside = "INSERT INTO addresses (id, organisation_id, person_id, kind, value, comparable, is_primary, created_at)
                  SELECT gen_random_uuid(), organisation_id, person_id, 'email', $2, $2, false, now() FROM accounts WHERE id = $1";
    scene.sql(beside, ada.0, "family@post.example").await;
    assert!(scene.arrive("sub-1", "family@post.example", true).await.is_none());
    scene.link("sub-1", ADA, ada).await;
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn codes_are_not_guessed_without_end_from_one_network(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.active("Ada", "1042", ADA).await;
    let nobody = scene.verify("sub-8", "nobody@quillmere.example", false).await;
    let token = scene.verify("sub-1", ADA, false).await;
    for _ in 0..300 {
        assert!(!scene.type_code(&nobody, "00000-00000").await);
    }
    let code = scene.code(ada).await;
    assert!(!scene.type_code(&token, &code).await, "from the same network");
    let elsewhere = Visitor { source: Some([203, 0, 113, 7].into()), ..Visitor::stranger() };
    assert!(type_code(&scene.backend, &elsewhere, &token, &code).await.unwrap());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_identity_is_linked_once_when_several_confirm_at_the_same_moment(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.active("Ada", "1042", ADA).await;
    let (one, two) = (scene.verify("sub-1", ADA, true).await, scene.verify("sub-2", ADA, true).await);
    let (one, two) = tokio::join!(scene.confirm(&one, ada), scene.confirm(&two, ada));
    let entered = [one, two].into_iter().filter(|end| matches!(end, SignInOutcome::Entered(_))).count();
    assert_eq!(entered, 1);
    assert_eq!(scene.count("SELECT count(*) FROM linked_identities").await, 1);
    // Nor is it linked to an account that was not shown.
    let bem = scene.active("Bem", "1043", "bem@quillmere.example").await;
    let token = scene.verify("sub-3", "bem@quillmere.example", true).await;
    assert!(matches!(scene.confirm(&token, ada).await, SignInOutcome::Refused));
    assert!(matches!(scene.confirm(&token, bem).await, SignInOutcome::Entered(_)));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_address_that_is_not_verified_or_shared_needs_the_code_of_a_message(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.active("Ada", "1042", ADA).await;
    let token = scene.verify("sub-1", ADA, false).await;
    let unlinked = Unlinked::of(&scene.backend, &token).await.unwrap().unwrap();
    assert_eq!((unlinked.owner(), unlinked.address()), (None, ADA), "nobody is named before");
    assert!(matches!(scene.confirm(&token, ada).await, SignInOutcome::Refused));
    assert!(!scene.type_code(&token, "7K2QM-9XB4T").await);
    let code = scene.code(ada).await;
    assert!(scene.type_code(&token, &code.to_lowercase()).await);
    assert!(matches!(scene.confirm(&token, ada).await, SignInOutcome::Entered(_)));

    let shared = "family@post.example";
    let (bem, cal) = (scene.active("Bem", "1043", shared).await, scene.active("Cal", "1044", shared).await);
    let token = scene.verify("sub-2", shared, true).await;
    assert!(Unlinked::of(&scene.backend, &token).await.unwrap().unwrap().owner().is_none());
    assert!(matches!(scene.confirm(&token, cal).await, SignInOutcome::Refused));
    let code = scene.code(cal).await;
    assert!(scene.type_code(&token, &code).await);
    let owner = Unlinked::of(&scene.backend, &token).await.unwrap().unwrap().owner().unwrap();
    assert_eq!(owner.person.account, cal);
    assert!(!scene.type_code(&token, &code).await, "a code works once");
    assert!(matches!(scene.confirm(&token, bem).await, SignInOutcome::Refused));
    assert!(matches!(scene.confirm(&token, cal).await, SignInOutcome::Entered(_)));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn who_only_says_that_an_address_is_theirs_learns_nothing_and_cannot_guess_the_code(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.active("Ada", "1042", ADA).await;
    let nobody = scene.verify("sub-8", "nobody@quillmere.example", false).await;
    let somebody = scene.verify("sub-9", ADA, false).await;
    for token in [&nobody, &somebody] {
        assert!(Unlinked::of(&scene.backend, token).await.unwrap().unwrap().owner().is_none());
    }
    let code = scene.code(ada).await;
    assert!(!scene.type_code(&nobody, &code).await, "another's code");
    for _ in 0..10 {
        assert!(!scene.type_code(&somebody, "00000-00000").await);
    }
    assert!(!scene.type_code(&somebody, &code).await, "dead after ten wrong ones");
    scene.clock.advance(TimeDelta::minutes(10));
    assert!(Unlinked::of(&scene.backend, &somebody).await.unwrap().is_none(), "too late");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn our_second_factor_is_asked_for_unless_the_provider_is_trusted_with_it_and_shows_one(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.active("Ada", "1042", ADA).await;
    scene.set_up_app(ada).await;
    // Before anything is linked.
    let token = scene.verify("sub-1", ADA, true).await;
    let SignInOutcome::Owes(pending) = scene.confirm(&token, ada).await else {
        panic!("the second factor is owed")
    };
    assert_eq!(pending.step, SignInStep::SecondFactor);
    assert_eq!(scene.count("SELECT count(*) FROM linked_identities").await, 0);
    let code = PresentedFactor::Code(app_code(&scene.backend, ada).await);
    let shown =
        show_second_factor(&scene.backend, &Visitor::stranger(), &pending.token, &code).await.unwrap();
    assert!(matches!(shown, SecondFactorOutcome::Shown(SignInOutcome::Entered(_))));
    assert_eq!(scene.count("SELECT count(*) FROM linked_identities").await, 1);
    let with = |methods: &[&str]| Claims {
        methods: methods.iter().map(|method| (*method).to_owned()).collect(),
        ..Claims::default()
    };
    let owes = |end: Option<SignInOutcome>| matches!(end, Some(SignInOutcome::Owes(pending)) if pending.step == SignInStep::SecondFactor);
    assert!(owes(scene.arrive_with("sub-1", with(&["mfa"])).await));
    let trusting = ProviderForm { trusts_second_factor: true, ..form() };
    save(&scene.backend, &scene.administrator, scene.provider, &trusting).await.unwrap();
    assert!(owes(scene.arrive_with("sub-1", with(&["pwd"])).await));
    let end = scene.arrive_with("sub-1", with(&["pwd", "mfa"])).await;
    assert_eq!(scene.session(end).await.account, ada);
}
