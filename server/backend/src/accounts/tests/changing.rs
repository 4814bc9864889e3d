use domain::accounts::action::{AccountAction, ActionOutcome, LeftAlone};
use domain::authorization::actor::{Actor, ActorKind};
use domain::authorization::policy::Refusal;
use domain::authorization::role::Role;
use domain::credentials::state::AccountState;
use domain::credentials::status::StatusGroup;
use domain::ids::{AccountId, PersonId};
use domain::roll::filter::RollFilter;
use domain::roll::selection::Selection;
use sqlx::PgPool;
use uuid::Uuid;

use crate::accounts::change_state::change_state;
use crate::testing::{TestSchool, account, backend, student};
use crate::{Backend, Error};

async fn office(pool: PgPool) -> (Backend, TestSchool, Actor) {
    let (backend, _) = backend(pool);
    let school = TestSchool::new(&backend).await;
    let actor = school.actor(&backend, Role::AccountManager);
    (backend, school, actor)
}

fn these(ids: &[PersonId]) -> Selection {
    Selection::People { ids: ids.to_vec() }
}

/// Sets an account's state directly.
async fn set(backend: &Backend, id: AccountId, state: AccountState, activated: bool) {
    sqlx::query("UPDATE accounts SET state = $2, activated_at = CASE WHEN $3 THEN $4 END WHERE id = $1")
        .bind(id.0)
        .bind(state.stored())
        .bind(activated)
        .bind(backend.now())
        .execute(backend.database.raw())
        .await
        .unwrap();
}

async fn state(backend: &Backend, id: AccountId) -> String {
    sqlx::query_scalar("SELECT account_state(id, state) FROM accounts WHERE id = $1")
        .bind(id.0)
        .fetch_one(backend.database.raw())
        .await
        .unwrap()
}

async fn count(backend: &Backend, sql: &'static str, id: AccountId) -> i64 {
    sqlx::query_scalar(sql).bind(id.0).fetch_one(backend.database.raw()).await.unwrap()
}

async fn session(backend: &Backend, school: &TestSchool, id: AccountId) {
    sqlx::query(
        "INSERT INTO sessions (id, organisation_id, account_id, token_hash, created_at, proven_at, last_seen_at, idle_ends_at, ends_at)
         VALUES ($1, $2, $3, $4, $5, $5, $5, $5, $5)",
    )
    .bind(backend.new_id::<Uuid>())
    .bind(school.organisation.0)
    .bind(id.0)
    .bind(id.0.as_bytes().as_slice())
    .bind(backend.now())
    .execute(backend.database.raw())
    .await
    .unwrap();
}

/// An invitation whose message is queued.
async fn waiting(backend: &Backend, school: &TestSchool, id: AccountId) {
    let invitation: Uuid = backend.new_id();
    for statement in [
        "INSERT INTO invitations (id, organisation_id, account_id, channel, link_hash, code_hash, created_at, expires_at, current)
         VALUES ($1, $2, $3, 'email', uuid_send($1), 'c', $4, $4 + interval '14 days', true)",
        "INSERT INTO messages (id, organisation_id, kind, channel, priority, state, due_at, created_at)
         SELECT i.id, $2, 'invitation', 'email', 0, 'queued', $4, $4 FROM invitations i WHERE i.id = $1 AND i.account_id = $3",
    ] {
        sqlx::query(statement)
            .bind(invitation)
            .bind(school.organisation.0)
            .bind(id.0)
            .bind(backend.now())
            .execute(backend.database.raw())
            .await
            .unwrap();
    }
}

const SESSIONS: &str = "SELECT count(*) FROM sessions WHERE account_id = $1";
const QUEUED: &str = "SELECT count(*) FROM invitations i JOIN messages m ON m.id = i.id
                      WHERE i.account_id = $1 AND i.current AND m.state = 'queued'";
const LIVE: &str = "SELECT count(*) FROM invitations WHERE account_id = $1 AND revoked_at IS NULL";

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn disabling_ends_sessions_and_holds_messages_back_and_enabling_brings_all_back(pool: PgPool) {
    let (backend, school, actor) = office(pool).await;
    let ann = student(&backend, &school, "Ann", "Lee", "1", None).await;
    let bo = student(&backend, &school, "Bo", "Kim", "2", None).await;
    let (anns, bos) =
        (account(&backend, &school, ann, "alee").await, account(&backend, &school, bo, "bkim").await);
    set(&backend, anns, AccountState::Active, true).await;
    session(&backend, &school, anns).await;
    session(&backend, &school, bos).await;
    set(&backend, bos, AccountState::Invited, false).await;
    waiting(&backend, &school, bos).await;

    let outcome = change_state(&backend, &actor, school.school, &these(&[ann, bo]), AccountAction::Disable)
        .await
        .unwrap();
    assert_eq!(outcome, ActionOutcome { changed: 2, ..ActionOutcome::default() });
    for id in [anns, bos] {
        assert_eq!(
            (state(&backend, id).await.as_str(), count(&backend, SESSIONS, id).await),
            ("suspended", 0)
        );
    }
    assert_eq!((count(&backend, QUEUED, bos).await, count(&backend, LIVE, bos).await), (0, 1));

    change_state(&backend, &actor, school.school, &these(&[ann, bo]), AccountAction::Enable).await.unwrap();
    assert_eq!(state(&backend, anns).await, "active");
    assert_eq!((state(&backend, bos).await.as_str(), count(&backend, QUEUED, bos).await), ("invited", 1));
    let told = crate::record::record(&backend, &actor, bo).await.unwrap().history;
    assert!(told.iter().any(|line| line.what == "Account disabled"));
    assert!(told.iter().any(|line| line.what == "Account enabled"));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_action_leaves_alone_what_it_does_not_fit_and_says_why(pool: PgPool) {
    let (backend, school, actor) = office(pool).await;
    let [ann, bo, cy] = [("Ann", "1"), ("Bo", "2"), ("Cy", "3")]
        .map(|(given, number)| student(&backend, &school, given, "Lee", number, None));
    let (ann, bo, cy) = (ann.await, bo.await, cy.await);
    let locked = account(&backend, &school, ann, "alee").await;
    set(&backend, locked, AccountState::Locked, true).await;
    let active = account(&backend, &school, bo, "blee").await;
    set(&backend, active, AccountState::Active, true).await;
    let twice = these(&[ann, bo, cy, ann]);
    let outcome = change_state(&backend, &actor, school.school, &twice, AccountAction::Unlock).await.unwrap();
    assert_eq!(outcome.changed, 1);
    let mut reasons: Vec<_> =
        outcome.left_alone.iter().map(|LeftAlone { reason, count }| (reason.as_str(), *count)).collect();
    reasons.sort_unstable();
    assert_eq!(reasons, [("an account that is active cannot be unlocked", 1), ("no account", 1)]);
    assert_eq!(state(&backend, locked).await, "active");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn closing_is_for_good_and_kills_invitations(pool: PgPool) {
    let (backend, school, actor) = office(pool).await;
    let ann = student(&backend, &school, "Ann", "Lee", "1", None).await;
    let id = account(&backend, &school, ann, "alee").await;
    set(&backend, id, AccountState::Invited, false).await;
    waiting(&backend, &school, id).await;
    change_state(&backend, &actor, school.school, &these(&[ann]), AccountAction::Close).await.unwrap();
    assert_eq!((state(&backend, id).await.as_str(), count(&backend, LIVE, id).await), ("closed", 0));
    let again =
        change_state(&backend, &actor, school.school, &these(&[ann]), AccountAction::Enable).await.unwrap();
    assert_eq!((again.changed, state(&backend, id).await.as_str()), (0, "closed"));
    assert_eq!(count(&backend, QUEUED, id).await, 0);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_selection_by_filter_is_those_who_match_when_it_happens(pool: PgPool) {
    let (backend, school, actor) = office(pool).await;
    let ann = student(&backend, &school, "Ann", "Lee", "1", None).await;
    let anns = account(&backend, &school, ann, "alee").await;
    set(&backend, anns, AccountState::Active, true).await;
    let active = RollFilter { status: vec![StatusGroup::Active], ..RollFilter::default() };
    let shown = crate::roll::list::list(&backend, &actor, school.school, &active, None).await.unwrap();
    assert_eq!(shown.total, 1);
    // After the page opened and before the button was pressed, one was activated and a colleague disabled the
    // other.
    let bo = student(&backend, &school, "Bo", "Kim", "2", None).await;
    let bos = account(&backend, &school, bo, "bkim").await;
    set(&backend, bos, AccountState::Active, true).await;
    set(&backend, anns, AccountState::Suspended, true).await;
    let chosen = Selection::Matching { filter: active };
    let outcome =
        change_state(&backend, &actor, school.school, &chosen, AccountAction::Disable).await.unwrap();
    assert_eq!(outcome, ActionOutcome { changed: 1, ..ActionOutcome::default() });
    assert_eq!(state(&backend, bos).await, "suspended");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn nobody_stops_accounts_of_another_school_their_own_or_without_the_role(pool: PgPool) {
    let (backend, school, actor) = office(pool).await;
    let ann = student(&backend, &school, "Ann", "Lee", "1", None).await;
    let id = account(&backend, &school, ann, "alee").await;
    let viewer = school.actor(&backend, Role::OfficeViewer);
    let refused =
        change_state(&backend, &viewer, school.school, &these(&[ann]), AccountAction::Disable).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::NoRole))));

    let other = TestSchool::new(&backend).await;
    let stranger = other.actor(&backend, Role::Administrator);
    let refused =
        change_state(&backend, &stranger, school.school, &these(&[ann]), AccountAction::Disable).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::OtherSchool))));
    let nobody = change_state(&backend, &stranger, other.school, &these(&[ann]), AccountAction::Disable)
        .await
        .unwrap();
    assert_eq!(nobody, ActionOutcome::default());
    assert_eq!(state(&backend, id).await, "created");

    let own = Actor {
        kind: match actor.kind {
            ActorKind::Person { roles, grants, restrictions, .. } => {
                ActorKind::Person { account: id, person: ann, roles, grants, restrictions }
            }
            system @ ActorKind::System => system,
        },
        ..actor
    };
    let outcome =
        change_state(&backend, &own, school.school, &these(&[ann]), AccountAction::Disable).await.unwrap();
    assert_eq!(outcome.changed, 0);
    assert!(outcome.left_alone[0].reason.starts_with("your own account"));
}
