//! Lists contain only the people the actor may see.

use domain::accounts::action::{AccountAction, LeftAlone};
use domain::accounts::export::ExportFormat;
use domain::accounts::naming::Naming;
use domain::authorization::actor::RoleAssignment;
use domain::authorization::grant::{PortalScope, Restriction};
use domain::authorization::permission::Permission;
use domain::authorization::place::Place;
use domain::authorization::role::Role;
use domain::ids::PersonId;
use domain::roll::filter::RollFilter;
use domain::roll::selection::Selection;
use uuid::Uuid;

use super::*;
use crate::Error;
use crate::accounts;
use crate::accounts::candidates::candidates;
use crate::accounts::change_state::change_state;
use crate::accounts::create::Among;
use crate::accounts::export::{ExportAccounts, ExportOutcome, export, hidden_of};
use crate::operations::{Operation as _, preview};
use crate::record::record;
use crate::recovery::office_codes::ask_for_codes;
use crate::roll::cache::rolls;
use crate::roll::list::list;
use crate::roll::selection;
use crate::roll::summary::summary;
use crate::tenancy::enter::Entered;
use crate::tenancy::target::InSchool;
use crate::testing::group;

/// Ann, with an account, and Bo, each in a group; Cy in none.
async fn three(backend: &Backend, school: &TestSchool) -> [PersonId; 3] {
    let ann = student(backend, school, "Ann", "Lee", "1", None).await;
    let bo = student(backend, school, "Bo", "Ray", "2", None).await;
    let cy = student(backend, school, "Cy", "Orr", "3", None).await;
    account(backend, school, ann, "a.lee").await;
    [ann, bo, cy]
}

async fn listed(backend: &Backend, school: &TestSchool, actor: &Actor) -> Vec<PersonId> {
    let page = list(backend, actor, school.school, &RollFilter::default(), None).await.unwrap();
    page.rows.iter().map(|row| row.person).collect()
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_tutor_finds_their_tutees_alone_with_what_they_may_see_of_them(pool: PgPool) {
    let (backend, school, _) = office(pool).await;
    let [ann, bo, _] = three(&backend, &school).await;
    let tutees = group(&backend, &school, "7A", &[ann]).await;
    group(&backend, &school, "7B", &[bo]).await;
    let place = Place::Group(school.school, tutees);
    let holding = |permissions: &[Permission]| {
        let role = RoleAssignment::new(permissions.iter().copied().collect(), place);
        Actor::signed_in(school.organisation, backend.new_id(), backend.new_id(), vec![role])
    };
    let tutor = holding(&[Permission::ViewRoll, Permission::ViewAccounts]);
    assert_eq!(listed(&backend, &school, &tutor).await, [ann]);
    let counted = summary(&backend, &tutor, school.school).await.unwrap();
    assert_eq!((counted.on_roll, counted.with_account), (1, 1));
    assert!(record(&backend, &tutor, ann).await.unwrap().account.is_some());
    assert!(matches!(record(&backend, &tutor, bo).await, Err(Error::Refused(_))));

    let without_accounts = holding(&[Permission::ViewRoll]);
    let page = list(&backend, &without_accounts, school.school, &RollFilter::default(), None).await.unwrap();
    assert_eq!((page.rows.len(), page.rows[0].account.is_some()), (1, false));

    // Someone who joins the group is visible at once, under another version.
    let place = backend.enter(&tutor, Permission::ViewRoll, InSchool(school.school)).await.unwrap().at;
    let seen = async || {
        rolls(&backend).seen_by(&backend, &tutor, Permission::ViewRoll, &place).await.unwrap().version.clone()
    };
    let before = seen().await;
    assert_eq!(seen().await, before, "the same people under the same version");
    sqlx::query("UPDATE group_members SET group_id = $1")
        .bind(tutees.0)
        .execute(backend.database.raw())
        .await
        .unwrap();
    assert_ne!(seen().await, before);
    assert_eq!(listed(&backend, &school, &tutor).await, [ann, bo]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_child_under_a_restriction_is_on_no_list_of_the_one_it_is_about(pool: PgPool) {
    let (backend, school, actor) = office(pool).await;
    let [ann, bo, cy] = three(&backend, &school).await;
    assert_eq!(listed(&backend, &school, &actor).await, [ann, cy, bo]);
    let closed = Restriction { child: ann, scopes: vec![PortalScope::Contacts] };
    let restricted = actor.clone().with_children(vec![], vec![closed]);
    assert_eq!(listed(&backend, &school, &restricted).await, [cy, bo]);
    assert_eq!(summary(&backend, &restricted, school.school).await.unwrap().on_roll, 2);
    assert_eq!(listed(&backend, &school, &actor).await, [ann, cy, bo], "the others see her still");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn accounts_are_shown_where_they_may_be_seen_of_everybody_shown(pool: PgPool) {
    let (backend, school, _) = office(pool).await;
    let [ann, ..] = three(&backend, &school).await;
    let tutees = group(&backend, &school, "7A", &[ann]).await;
    let whole =
        RoleAssignment::new([Permission::ViewRoll].into_iter().collect(), Place::School(school.school));
    let place = Place::Group(school.school, tutees);
    let of_group = RoleAssignment::new([Permission::ViewAccounts].into_iter().collect(), place);
    let (account, person) = (backend.new_id(), backend.new_id());
    let actor = Actor::signed_in(school.organisation, account, person, vec![whole, of_group]);
    let page = list(&backend, &actor, school.school, &RollFilter::default(), None).await.unwrap();
    assert_eq!(page.rows.len(), 3);
    assert!(page.rows.iter().all(|row| row.account.is_none()));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_selection_holds_whom_the_actor_may_do_this_to(pool: PgPool) {
    let (backend, school, actor) = office(pool).await;
    let [ann, bo, cy] = three(&backend, &school).await;
    let tutees = group(&backend, &school, "7A", &[ann]).await;
    let rights = [Permission::ManageAccounts].into_iter().collect();
    let role = RoleAssignment::new(rights, Place::Group(school.school, tutees));
    let tutor = Actor::signed_in(school.organisation, backend.new_id(), backend.new_id(), vec![role]);
    let closed = Restriction { child: ann, scopes: vec![PortalScope::Contacts] };
    let restricted = actor.clone().with_children(vec![], vec![closed]);
    let named = Selection::People { ids: vec![ann, bo, cy] };
    let matching = Selection::Matching { filter: RollFilter::default() };
    for (actor, expected) in [(&actor, vec![ann, bo, cy]), (&tutor, vec![ann]), (&restricted, vec![bo, cy])] {
        for selected in [&named, &matching] {
            let Entered { mut transaction, at } =
                backend.enter(actor, Permission::ManageAccounts, InSchool(school.school)).await.unwrap();
            let mut found = selection::people(&mut transaction, &at, selected, backend.now()).await.unwrap();
            found.sort_unstable();
            assert_eq!(found, expected, "{selected:?}");
        }
    }
}

/// Ann and Bo have accounts; a restriction hides Ann from the manager.
async fn with_ann_hidden(pool: PgPool) -> (Backend, TestSchool, Actor, [PersonId; 2]) {
    let (backend, school, _) = office(pool).await;
    let [ann, bo, _] = three(&backend, &school).await;
    account(&backend, &school, bo, "b.ray").await;
    let closed = Restriction { child: ann, scopes: vec![PortalScope::Contacts] };
    let manager = school.actor(&backend, Role::AccountManager).with_children(vec![], vec![closed]);
    (backend, school, manager, [ann, bo])
}

fn everybody() -> Selection {
    Selection::Matching { filter: RollFilter::default() }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn whom_a_restriction_hides_is_in_no_list_and_in_no_file(pool: PgPool) {
    let (backend, school, manager, [ann, bo]) = with_ann_hidden(pool).await;
    assert!(!listed(&backend, &school, &manager).await.contains(&ann));
    let accounts = accounts::list::list(&backend, &manager, school.school, None).await.unwrap();
    assert_eq!(accounts.iter().map(|line| line.username.as_str()).collect::<Vec<_>>(), ["b.ray"]);
    for chosen in [everybody(), Selection::People { ids: vec![ann, bo] }] {
        let file = export(&backend, &manager, school.school, &chosen, ExportFormat::Csv).await.unwrap();
        let ExportOutcome::File(file) = file else { panic!("it waits for nobody") };
        let text = String::from_utf8(file.bytes).unwrap();
        assert!(text.contains("b.ray") && !text.contains("a.lee"), "{text}");
        assert_eq!(hidden_of(&backend, &manager, school.school, &chosen).await.unwrap(), 1);
        let input = ExportAccounts { selection: chosen, format: ExportFormat::Csv };
        let (_, not_listed) = preview(&backend, &manager, school.school, &input).await.unwrap();
        let [left] = ExportAccounts::left_out(&not_listed).try_into().unwrap();
        assert_eq!((left.reason.as_str(), left.count), (LeftAlone::RESTRICTED, 1));
    }
    let unrestricted = school.actor(&backend, Role::AccountManager);
    assert_eq!(hidden_of(&backend, &unrestricted, school.school, &everybody()).await.unwrap(), 0);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn whom_a_restriction_hides_is_acted_on_by_no_bulk_which_says_so(pool: PgPool) {
    let (backend, school, manager, [ann, bo]) = with_ann_hidden(pool).await;
    for chosen in [everybody(), Selection::People { ids: vec![ann, bo] }] {
        let outcome =
            change_state(&backend, &manager, school.school, &chosen, AccountAction::Disable).await.unwrap();
        let reasons: Vec<_> =
            outcome.left_alone.iter().map(|left| (left.reason.as_str(), left.count)).collect();
        assert!(reasons.contains(&(LeftAlone::RESTRICTED, 1)), "{reasons:?}");
    }
    let states: Vec<(Uuid, String)> = sqlx::query_as("SELECT person_id, state FROM accounts")
        .fetch_all(backend.database.raw())
        .await
        .unwrap();
    let state = |person: PersonId| &states.iter().find(|(id, _)| *id == person.0).unwrap().1;
    assert_eq!((state(ann).as_str(), state(bo).as_str()), ("created", "suspended"));

    let asked =
        ask_for_codes(&backend, &manager, school.school, (Among::Students, &everybody())).await.unwrap();
    assert!(asked.left_alone.iter().any(|left| left.reason == LeftAlone::RESTRICTED && left.count == 1));
    let new = student(&backend, &school, "Ann", "Roe", "4", None).await;
    let closed = Restriction { child: new, scopes: vec![PortalScope::Contacts] };
    let manager = manager.with_children(vec![], vec![closed]);
    let found =
        candidates(&backend, &manager, school.school, &everybody(), &Naming::default()).await.unwrap();
    assert_eq!((found.people.len(), found.left_out, found.restricted), (1, 2, 1));
}
