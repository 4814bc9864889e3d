//! Roles, on a real database.

mod growing;

use chrono::TimeDelta;
use domain::accounts::action::AccountAction;
use domain::authorization::actor::Actor;
use domain::authorization::permission::{Permission, PermissionSet};
use domain::authorization::policy::{Refusal, Resource, decide};
use domain::authorization::role::Role;
use domain::ids::{GivenRoleId, PersonId};
use domain::recovery::CodeHandout;
use domain::roll::address::AddressKind;
use domain::roll::selection::Selection;
use domain::sessions::views::SessionsToEnd;
use sqlx::PgPool;
use uuid::Uuid;

use super::give::{RoleForm, give};
use super::holders::holders;
use super::kinds;
use super::kinds::RoleKey;
use super::people::{find, person};
use super::take::take;
use super::why::why;
use crate::accounts::change_state::change_state;
use crate::recovery::office_code::make_code;
use crate::roll::addresses;
use crate::sessions::list;
use crate::sessions::visitor::Visitor;
use crate::sign_in::sign_in::{SignInOutcome, sign_in};
use crate::tenancy::target::{Group, Person};
use crate::testing;
use crate::testing::{FixedClock, TestSchool, active_account, group, student};
use crate::{Backend, Error};

const PASSWORD: &str = "copper ladder fog";

struct Scene {
    backend: Backend,
    clock: std::sync::Arc<FixedClock>,
    school: TestSchool,
    /// An administrator of all schools, stored in the database.
    head: PersonId,
}

impl Scene {
    async fn new(pool: PgPool) -> Self {
        let (backend, clock) = testing::backend(pool);
        let school = TestSchool::new(&backend).await;
        let head = student(&backend, &school, "Ines", "Marchetti", "900", None).await;
        active_account(&backend, &school, head, "i.marchetti", PASSWORD).await;
        let scene = Self { backend, clock, school, head };
        scene.give(&scene.operator(), head, &everywhere("administrator")).await.unwrap();
        scene
    }

    fn operator(&self) -> Actor {
        Actor::system(self.school.organisation)
    }

    async fn teacher(&self, given: &str, number: &str) -> PersonId {
        let person = student(&self.backend, &self.school, given, "Okoronta", number, None).await;
        active_account(
            &self.backend,
            &self.school,
            person,
            &format!("{}.okoronta", given.to_lowercase()),
            PASSWORD,
        )
        .await;
        person
    }

    /// The actor for this person, as if signed in.
    async fn signed_in(&self, username: &str) -> Actor {
        let entered = sign_in(&self.backend, &Visitor::stranger(), username, PASSWORD).await.unwrap();
        let SignInOutcome::Entered(begun) = entered else { panic!("not let in") };
        crate::sessions::session::resolve(&self.backend, &begun.token).await.unwrap().unwrap().actor
    }

    async fn give(&self, actor: &Actor, person: PersonId, form: &RoleForm) -> crate::Result<GivenRoleId> {
        give(&self.backend, actor, person, form).await
    }

    fn here(&self, role: &str) -> RoleForm {
        RoleForm { role: role.to_owned(), place: self.school.school.to_string(), ..RoleForm::default() }
    }

    async fn may(&self, username: &str, permission: Permission) -> bool {
        let actor = self.signed_in(username).await;
        let at = Resource::School(self.school.organisation, self.school.school);
        decide(&actor, permission, at).is_ok()
    }
}

fn everywhere(role: &str) -> RoleForm {
    RoleForm { role: role.to_owned(), place: "all".to_owned(), ..RoleForm::default() }
}

fn code(error: &Error) -> &'static str {
    match error {
        Error::Conflict { code, .. } => code,
        _ => "another error",
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_role_is_given_for_its_days_and_taken_with_effect_at_once(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.teacher("Ada", "1").await;
    let head = scene.signed_in("i.marchetti").await;
    let form = RoleForm {
        from: "2026-11-22".to_owned(),
        until: "2026-11-23".to_owned(),
        ..scene.here("account_manager")
    };
    let given = scene.give(&head, ada, &form).await.unwrap();
    assert!(!scene.may("ada.okoronta", Permission::EditContacts).await, "not before the first day");
    scene.clock.advance(TimeDelta::days(1));
    assert!(scene.may("ada.okoronta", Permission::EditContacts).await);
    scene.clock.advance(TimeDelta::days(2));
    assert!(!scene.may("ada.okoronta", Permission::EditContacts).await, "not after the last day");

    assert_eq!(
        scene.give(&head, ada, &scene.here("account_manager")).await.unwrap(),
        given,
        "its days are changed"
    );
    let theirs = scene.signed_in("ada.okoronta").await;
    assert!(theirs.is_staff());
    assert_eq!(take(&scene.backend, &head, given).await.unwrap(), ada);
    assert!(!scene.may("ada.okoronta", Permission::ViewRoll).await);
    let told: Vec<String> = sqlx::query_scalar(
        "SELECT action FROM audit_events WHERE person_id = $1 AND action LIKE 'role%' ORDER BY sequence",
    )
    .bind(ada.0)
    .fetch_all(scene.backend.database.raw())
    .await
    .unwrap();
    assert_eq!(told, ["role_given", "role_given", "role_taken"]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn nobody_gives_more_than_they_have_nor_anything_to_themselves(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (ada, ben) = (scene.teacher("Ada", "1").await, scene.teacher("Ben", "2").await);
    let head = scene.signed_in("i.marchetti").await;
    scene.give(&head, ada, &scene.here("administrator")).await.unwrap();
    let ada_here = scene.signed_in("ada.okoronta").await;
    scene.give(&ada_here, ben, &scene.here("administrator")).await.unwrap();
    let outranking = scene.give(&ada_here, ben, &everywhere("office_viewer")).await;
    assert!(matches!(outranking, Err(Error::Refused(Refusal::OneSchool))));
    let own = scene.give(&ada_here, ada, &scene.here("administrator")).await.unwrap_err();
    assert_eq!(code(&own), "own_role");

    // Nor can they remove a role that they could not give.
    let all = holders(&scene.backend, &ada_here).await.unwrap();
    let heads = all.iter().find(|holder| holder.person == scene.head).unwrap();
    assert!(!heads.may_take);
    assert!(matches!(
        take(&scene.backend, &ada_here, heads.id).await,
        Err(Error::Refused(Refusal::OneSchool))
    ));

    // A role that allows giving roles and little else can give little.
    let allows: PermissionSet = [Permission::ManageRoles, Permission::ViewRoll].into_iter().collect();
    let kind = kinds::save(&scene.backend, &head, None, "Porter", allows).await.unwrap();
    let cleo = scene.teacher("Cleo", "3").await;
    scene.give(&head, cleo, &scene.here(&kind.to_string())).await.unwrap();
    let porter = scene.signed_in("cleo.okoronta").await;
    let refused = scene.give(&porter, ben, &scene.here("office_viewer")).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::Outranked))));
    scene.give(&porter, ben, &scene.here(&kind.to_string())).await.unwrap();
    // Nor by changing a role that they have.
    scene.give(&head, ada, &scene.here(&kind.to_string())).await.unwrap();
    scene.give(&head, ada, &everywhere("administrator")).await.unwrap();
    let ada_anywhere = scene.signed_in("ada.okoronta").await;
    let own =
        kinds::save(&scene.backend, &ada_anywhere, Some(kind), "Porter", Role::Administrator.permissions())
            .await;
    assert_eq!(code(&own.unwrap_err()), "own_role");
    // Nobody can use the office's actions on their own account.
    let own = make_code(&scene.backend, &ada_anywhere, ada, CodeHandout::Shown).await.unwrap_err();
    assert_eq!(code(&own), "own_code");
    let manager = scene.school.actor(&scene.backend, Role::AccountManager);
    assert!(matches!(
        scene.give(&manager, ben, &scene.here("tutor")).await,
        Err(Error::Refused(Refusal::NoRole))
    ));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_last_administrator_stays_whichever_way_they_would_go(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, operator) = (&scene.backend, scene.operator());
    let role = holders(backend, &operator).await.unwrap()[0].id;
    assert_eq!(code(&take(backend, &operator, role).await.unwrap_err()), "last_administrator");
    let limited = RoleForm { until: "2027-07-31".to_owned(), ..everywhere("administrator") };
    assert_eq!(code(&scene.give(&operator, scene.head, &limited).await.unwrap_err()), "last_administrator");
    let selection = Selection::People { ids: vec![scene.head] };
    let disabled =
        change_state(backend, &operator, scene.school.school, &selection, AccountAction::Disable).await;
    assert_eq!(code(&disabled.unwrap_err()), "last_administrator");

    // Neither someone with a last day nor someone who cannot sign in can be the only administrator.
    let ada = scene.teacher("Ada", "1").await;
    scene.give(&operator, ada, &limited).await.unwrap();
    assert_eq!(code(&take(backend, &operator, role).await.unwrap_err()), "last_administrator");
    scene.give(&operator, ada, &everywhere("administrator")).await.unwrap();
    assert_eq!(take(backend, &operator, role).await.unwrap(), scene.head);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn of_two_administrators_who_take_from_each_other_one_stays(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.teacher("Ada", "1").await;
    scene.give(&scene.operator(), ada, &everywhere("administrator")).await.unwrap();
    let tasks: Vec<_> = holders(&scene.backend, &scene.operator())
        .await
        .unwrap()
        .into_iter()
        .map(|holder| {
            let (backend, operator) = (scene.backend.clone(), scene.operator());
            tokio::spawn(async move { take(&backend, &operator, holder.id).await.is_ok() })
        })
        .collect();
    let mut taken = 0;
    for task in tasks {
        taken += u32::from(task.await.unwrap());
    }
    assert_eq!(taken, 1);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn nothing_is_done_to_an_account_with_more_rights(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let manager = scene.school.actor(&scene.backend, Role::AccountManager);
    let selection = Selection::People { ids: vec![scene.head] };
    let outcome =
        change_state(&scene.backend, &manager, scene.school.school, &selection, AccountAction::Disable)
            .await
            .unwrap();
    assert_eq!(outcome.changed, 0);
    assert!(outcome.left_alone[0].reason.starts_with("more permissions than you have"));
    // Someone who reads their mailbox could sign in as them.
    let added =
        addresses::add(&scene.backend, &manager, scene.head, AddressKind::Email, "mine@example.org").await;
    assert!(matches!(added, Err(Error::Refused(Refusal::Outranked))));
    let code = make_code(&scene.backend, &manager, scene.head, CodeHandout::Shown).await;
    assert!(matches!(code, Err(Error::Refused(Refusal::Outranked))));
    let preview = crate::portal::preview::subject(&scene.backend, &manager, scene.head).await;
    assert!(matches!(preview, Err(Error::Refused(Refusal::Outranked))));
    let ended = list::end_of_person(&scene.backend, &manager, scene.head, SessionsToEnd::Others).await;
    assert!(matches!(ended, Err(Error::Refused(Refusal::Outranked))));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_role_of_ones_own_is_made_changed_and_removed_when_nobody_holds_it(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, head) = (&scene.backend, scene.signed_in("i.marchetti").await);
    let contacts: PermissionSet = [Permission::ViewRoll, Permission::EditContacts].into_iter().collect();
    let kind = kinds::save(backend, &head, None, " Reception ", contacts).await.unwrap();
    let again = kinds::save(backend, &head, None, "reception", contacts).await;
    assert!(matches!(again, Err(Error::Invalid(fields)) if fields.of("name").is_some()));
    let nothing = kinds::save(backend, &head, None, "Nobody", PermissionSet::default()).await;
    assert!(matches!(nothing, Err(Error::Invalid(fields)) if fields.of("permissions").is_some()));

    let ada = scene.teacher("Ada", "1").await;
    let given = scene.give(&head, ada, &scene.here(&kind.to_string())).await.unwrap();
    assert!(scene.may("ada.okoronta", Permission::EditContacts).await);
    assert!(
        !scene.may("ada.okoronta", Permission::ManageAccounts).await,
        "editing contacts is not managing access"
    );
    kinds::save(backend, &head, Some(kind), "Reception", [Permission::ViewRoll].into_iter().collect())
        .await
        .unwrap();
    assert!(!scene.may("ada.okoronta", Permission::EditContacts).await);

    assert_eq!(code(&kinds::remove(backend, &head, kind).await.unwrap_err()), "role_held");
    take(backend, &head, given).await.unwrap();
    kinds::remove(backend, &head, kind).await.unwrap();
    assert_eq!(kinds::kinds(backend, &head).await.unwrap().len(), Role::ALL.len());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn who_gives_roles_at_one_school_finds_the_people_of_that_school_alone(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.teacher("Ada", "1").await;
    let elsewhere = TestSchool { school: scene.backend.new_id(), ..scene.school.clone() };
    let here = scene.school.actor(&scene.backend, Role::Administrator);
    assert_eq!(find(&scene.backend, &here, "okor ada").await.unwrap()[0].person, ada);
    let other = elsewhere.actor(&scene.backend, Role::Administrator);
    assert_eq!(find(&scene.backend, &other, "ada").await.unwrap(), []);
    assert!(matches!(person(&scene.backend, &other, ada).await, Err(Error::NotFound(_))));
    let stranger = TestSchool::new(&scene.backend).await.actor(&scene.backend, Role::Administrator);
    assert!(matches!(person(&scene.backend, &stranger, ada).await, Err(Error::NotFound(_))));
    assert_eq!(holders(&scene.backend, &stranger).await.unwrap(), []);
    let shown = person(&scene.backend, &here, ada).await.unwrap();
    assert_eq!((shown.places.len(), shown.everywhere, shown.kinds.len()), (1, false, Role::ALL.len()));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn why_is_answered_by_the_policy_with_the_remedy(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, head) = (&scene.backend, scene.signed_in("i.marchetti").await);
    let ada = scene.teacher("Ada", "1").await;
    let here = Some(scene.school.school);
    let ask = |permission, school| {
        let head = head.clone();
        async move { why(backend, &head, ada, permission, school).await.unwrap() }
    };
    let none = ask(Permission::ManageAccounts, here).await;
    assert!(!none.can && none.remedy.unwrap().contains("Administrator, Account manager"));

    let coming = RoleForm { from: "2027-01-04".to_owned(), ..scene.here("account_manager") };
    scene.give(&head, ada, &coming).await.unwrap();
    assert!(ask(Permission::ManageAccounts, here).await.reason.contains("from 4 January 2027."));
    scene.give(&head, ada, &scene.here("account_manager")).await.unwrap();
    let yes = ask(Permission::ManageAccounts, here).await;
    assert!(yes.can && yes.reason.starts_with("Ada Okoronta is Account manager at Quillmere School."));
    assert!(ask(Permission::ManageAccounts, None).await.reason.contains("only has roles for single schools"));

    let selection = Selection::People { ids: vec![ada] };
    change_state(backend, &head, scene.school.school, &selection, AccountAction::Disable).await.unwrap();
    let stopped = ask(Permission::ManageAccounts, here).await;
    assert!(!stopped.can && stopped.reason.contains("disabled"));
    assert_eq!(stopped.remedy.as_deref(), Some("Enable the account."));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn why_counts_no_role_for_a_closed_group_and_no_account_outside_its_days(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, head) = (&scene.backend, scene.signed_in("i.marchetti").await);
    let ada = scene.teacher("Ada", "1").await;
    let group = group(backend, &scene.school, "7A", &[]).await;
    testing::staff_role(backend, &scene.school, ada, Role::GroupTutor).await;
    let run = async |statement: &'static str, id: Uuid| {
        sqlx::query(statement).bind(id).execute(backend.database.raw()).await.unwrap();
    };
    run("UPDATE staff_roles SET group_id = $1 WHERE role = 'group_tutor'", group.0).await;
    let ask =
        async || why(backend, &head, ada, Permission::ViewAccounts, Some(scene.school.school)).await.unwrap();
    assert!(ask().await.reason.contains("only for single groups"), "{:?}", ask().await);
    run("UPDATE groups SET closed_at = now() WHERE id = $1", group.0).await;
    let closed = ask().await;
    assert!(!closed.can && closed.reason.contains("That group is closed"), "{closed:?}");
    assert!(closed.remedy.unwrap().starts_with("Open the group again"));

    scene.give(&head, ada, &scene.here("account_manager")).await.unwrap();
    assert!(ask().await.can);
    run("UPDATE accounts SET valid_from = '2027-01-04' WHERE person_id = $1", ada.0).await;
    let outside = ask().await;
    assert!(!outside.can && outside.reason.contains("opens on 4 January 2027"), "{outside:?}");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_a_form_can_send_wrong_is_named_by_its_field(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = scene.teacher("Ada", "1").await;
    let form = RoleForm {
        role: "emperor".to_owned(),
        place: String::new(),
        from: "tomorrow".to_owned(),
        until: "2026-01-01".to_owned(),
    };
    let Err(Error::Invalid(fields)) = scene.give(&scene.operator(), ada, &form).await else {
        panic!("taken")
    };
    assert!(["role", "place", "from"].iter().all(|field| fields.of(field).is_some()));
    let backwards =
        RoleForm { from: "2026-12-02".to_owned(), until: "2026-12-01".to_owned(), ..scene.here("tutor") };
    let Err(Error::Invalid(fields)) = scene.give(&scene.operator(), ada, &backwards).await else {
        panic!("taken")
    };
    assert!(fields.of("until").is_some());
    assert_eq!(RoleKey::from_text("tutor"), Some(RoleKey::BuiltIn(Role::Tutor)));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_role_for_a_group_reaches_its_members_and_is_named_with_its_school(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, head) = (&scene.backend, scene.signed_in("i.marchetti").await);
    let ada = scene.teacher("Ada", "1").await;
    let ann = student(backend, &scene.school, "Ann", "Lee", "2", None).await;
    let bo = student(backend, &scene.school, "Bo", "Ray", "3", None).await;
    let tutees = group(backend, &scene.school, "7A", &[ann]).await;
    let offered = person(backend, &head, ada).await.unwrap().places;
    let choice = offered.iter().find(|choice| choice.name == "7A, Quillmere School").unwrap();
    let form = RoleForm { place: choice.value(), ..scene.here("tutor") };
    let given = scene.give(&head, ada, &form).await.unwrap();
    assert_eq!(scene.give(&head, ada, &form).await.unwrap(), given, "once");

    let tutor = scene.signed_in("ada.okoronta").await;
    assert!(tutor.is_staff());
    assert!(backend.enter(&tutor, Permission::ViewRoll, Person(ann)).await.is_ok());
    let refused = backend.enter(&tutor, Permission::ViewRoll, Person(bo)).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::OneGroup))), "{refused:?}");
    let shown = person(backend, &head, ada).await.unwrap().roles;
    assert_eq!(shown[0].place.as_deref(), Some("7A, Quillmere School"));
    let answer = why(backend, &head, ada, Permission::ViewRoll, Some(scene.school.school)).await.unwrap();
    assert!(!answer.can && answer.reason.contains("only for single groups"), "{answer:?}");

    let neighbour = TestSchool::new(backend).await;
    let elsewhere = group(backend, &neighbour, "7A", &[]).await;
    let form = RoleForm { place: format!("group:{elsewhere}"), ..scene.here("tutor") };
    assert!(matches!(scene.give(&head, ada, &form).await, Err(Error::NotFound("group"))));
    take(backend, &head, given).await.unwrap();
    assert!(
        backend.enter(&tutor, Permission::ViewRoll, Group(tutees)).await.is_ok(),
        "until the next request"
    );
    assert!(!scene.signed_in("ada.okoronta").await.is_staff());
}
