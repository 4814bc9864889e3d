//! The board of students without an adult who can sign in, on a real database.

use chrono::TimeDelta;
use domain::accounts::action::AccountAction;
use domain::authorization::actor::Actor;
use domain::authorization::role::Role;
use domain::guardians::coverage::{BulkStep, Coverage, MissingReason};
use domain::guardians::relationship::Relationship;
use domain::ids::{AccountId, PersonId};
use domain::invitations::views::Recipients;
use domain::roll::address::AddressKind;
use domain::roll::selection::Selection;
use sqlx::PgPool;

use super::board::{Board, BoardFilter, Chosen, board};
use super::chart::chart;
use super::chosen::{for_accounts, for_autocreate};
use super::export::export;
use super::fill_in::fill_in;
use super::invite::invite;
use crate::accounts::change_state::change_state_among;
use crate::accounts::create::Among;
use crate::accounts::print::print;
use crate::invitations::send::send;
use crate::jobs::worker::run_once;
use crate::testing::{self, TestSchool, account, active_account, contact, grant, guardian, student};
use crate::{Backend, Error};

const PASSWORD: &str = "copper ladder fog";

struct Scene {
    backend: Backend,
    school: TestSchool,
    numbers: std::cell::Cell<u32>,
}

impl Scene {
    fn new(backend: Backend, school: TestSchool) -> Self {
        Self { backend, school, numbers: std::cell::Cell::new(1000) }
    }

    fn actor(&self) -> Actor {
        self.school.actor(&self.backend, Role::AccountManager)
    }

    async fn child(&self) -> PersonId {
        let number = self.numbers.get() + 1;
        self.numbers.set(number);
        student(&self.backend, &self.school, "Ada", "Obi", &number.to_string(), None).await
    }

    /// A child with a mother who may see them, has an email address and perhaps an account.
    async fn family(&self, username: Option<&str>) -> (PersonId, PersonId, Option<AccountId>) {
        let child = self.child().await;
        let email = format!("m{}@example.org", self.numbers.get());
        let adult = guardian(&self.backend, &self.school, "Nkechi", "Obi", Some(&email), &[child]).await;
        let made = match username {
            Some(username) => {
                grant(&self.backend, &self.school, adult, child).await;
                Some(account(&self.backend, &self.school, adult, username).await)
            }
            None => None,
        };
        (child, adult, made)
    }

    async fn sql(&self, statement: &'static str, id: uuid::Uuid) {
        sqlx::query(statement).bind(id).execute(self.backend.database.raw()).await.expect("change");
    }

    async fn board(&self, filter: &BoardFilter) -> Board {
        board(&self.backend, &self.actor(), self.school.school, filter).await.expect("board")
    }

    /// Why a student is on the board; `None` if they are not.
    async fn reason(&self, child: PersonId) -> Option<MissingReason> {
        let found = self.board(&BoardFilter::default()).await;
        found.students.iter().find(|student| student.person == child).map(|student| student.reason)
    }

    /// Sends an invitation as the command line does.
    async fn invite(&self, account: AccountId) {
        let system = Actor::system(self.school.organisation);
        let to = Recipients::Accounts { ids: vec![account], again: true };
        assert_eq!(send(&self.backend, &system, self.school.school, to).await.expect("sent").queued, 1);
    }
}

async fn scene(pool: PgPool) -> (Scene, std::sync::Arc<testing::FixedClock>) {
    let (backend, clock) = testing::backend(pool);
    let school = TestSchool::new(&backend).await;
    (Scene::new(backend, school), clock)
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_student_without_a_way_to_an_adult_has_the_first_reason_that_is_in_the_way(pool: PgPool) {
    let (scene, _) = scene(pool).await;
    let nobody = scene.child().await;
    assert_eq!(scene.reason(nobody).await, Some(MissingReason::NoContact));

    let neighbour = scene.child().await;
    let adult = guardian(&scene.backend, &scene.school, "Ben", "Adler", Some("ben@example.org"), &[]).await;
    contact(&scene.backend, &scene.school, adult, neighbour, Relationship::Neighbour).await;
    assert_eq!(scene.reason(neighbour).await, Some(MissingReason::NotGuardians));

    let (marked, ..) = scene.family(None).await;
    assert_eq!(scene.reason(marked).await, Some(MissingReason::NoAccount));
    scene.sql("UPDATE contacts SET no_portal = true WHERE child_id = $1", marked.0).await;
    assert_eq!(scene.reason(marked).await, Some(MissingReason::NotGuardians), "\"no portal\" is kept");

    let unreachable = scene.child().await;
    guardian(&scene.backend, &scene.school, "Zoe", "Obi", None, &[unreachable]).await;
    assert_eq!(scene.reason(unreachable).await, Some(MissingReason::NoAddress));

    let (closed, _, made) = scene.family(Some("closed")).await;
    scene.sql("UPDATE accounts SET state = 'closed', closed_at = now() WHERE id = $1", made.unwrap().0).await;
    assert_eq!(scene.reason(closed).await, Some(MissingReason::NoAccount), "a closed account is none");

    let (ended, adult, _) = scene.family(None).await;
    scene
        .sql("UPDATE contacts SET ended_at = now(), ended_for = 'office' WHERE adult_id = $1", adult.0)
        .await;
    assert_eq!(scene.reason(ended).await, Some(MissingReason::NoContact), "an ended contact is none");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_account_on_its_way_says_how_far_it_came(pool: PgPool) {
    let (scene, clock) = scene(pool).await;
    let (child, adult, made) = scene.family(Some("n.obi")).await;
    let made = made.unwrap();
    assert_eq!(scene.reason(child).await, Some(MissingReason::NotInvited));
    scene.invite(made).await;
    assert_eq!(scene.reason(child).await, Some(MissingReason::NeverOpened));
    scene.sql("UPDATE invitations SET opened_at = now() WHERE account_id = $1", made.0).await;
    assert_eq!(scene.reason(child).await, Some(MissingReason::NotActivated));
    clock.advance(TimeDelta::days(60));
    assert_eq!(scene.reason(child).await, Some(MissingReason::Expired));
    clock.advance(TimeDelta::days(-60));
    scene
        .sql(
            "UPDATE messages SET state = 'bounced' WHERE id IN
             (SELECT id FROM invitations WHERE account_id = $1)",
            made.0,
        )
        .await;
    assert_eq!(scene.reason(child).await, Some(MissingReason::Bounced));
    scene
        .sql(
            "UPDATE invitations SET revoked_at = now(), revoked_for = 'address' WHERE account_id = $1",
            made.0,
        )
        .await;
    assert_eq!(scene.reason(child).await, Some(MissingReason::NotInvited), "the address was corrected");
    scene.sql("UPDATE accounts SET state = 'suspended', suspended_at = now() WHERE id = $1", made.0).await;
    assert_eq!(scene.reason(child).await, Some(MissingReason::Disabled));
    scene
        .sql(
            "UPDATE access_grants SET stopped_at = now(), stopped_for = 'office' WHERE adult_id = $1",
            adult.0,
        )
        .await;
    assert_eq!(scene.reason(child).await, Some(MissingReason::NoAccess));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_code_on_paper_is_a_way_in_while_it_works(pool: PgPool) {
    let (scene, clock) = scene(pool).await;
    let (child, adult, _) = scene.family(Some("n.obi")).await;
    scene.sql("DELETE FROM addresses WHERE person_id = $1", adult.0).await;
    assert_eq!(scene.reason(child).await, Some(MissingReason::NotPrinted));
    let (backend, school) = (&scene.backend, scene.school.school);
    let (clerk, all) = (scene.actor(), BoardFilter::default());
    assert_eq!(
        for_accounts(backend, &clerk, school, (&all, &Chosen::All), BulkStep::Print).await.unwrap(),
        [adult]
    );
    let whose = (Among::Guardians, Selection::People { ids: vec![adult] });
    print(backend, &clerk, school, whose.clone()).await.unwrap();
    assert_eq!(scene.reason(child).await, Some(MissingReason::OnPaper));
    assert_eq!(
        for_accounts(backend, &clerk, school, (&all, &Chosen::All), BulkStep::Print).await.unwrap(),
        [adult],
        "again"
    );
    clock.advance(TimeDelta::days(60));
    assert_eq!(scene.reason(child).await, Some(MissingReason::NotPrinted), "it does not work any more");
    print(backend, &clerk, school, whose).await.unwrap();
    scene.sql("UPDATE invitations SET opened_at = now() WHERE account_id IN (SELECT id FROM accounts WHERE person_id = $1)", adult.0).await;
    assert_eq!(scene.reason(child).await, Some(MissingReason::OnPaper), "they still have the paper alone");
    // With an address, an email can be sent too.
    crate::roll::addresses::add(
        backend,
        &scene.school.actor(backend, Role::Administrator),
        adult,
        AddressKind::Email,
        "n@example.org",
    )
    .await
    .unwrap();
    assert_eq!(scene.reason(child).await, Some(MissingReason::NotActivated));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn one_adult_who_can_sign_in_is_enough_and_a_restricted_one_is_none(pool: PgPool) {
    let (scene, _) = scene(pool).await;
    let (child, ..) = scene.family(None).await;
    let father = guardian(&scene.backend, &scene.school, "Tobe", "Obi", None, &[]).await;
    contact(&scene.backend, &scene.school, father, child, Relationship::Father).await;
    active_account(&scene.backend, &scene.school, father, "t.obi", PASSWORD).await;
    assert_eq!(scene.reason(child).await, Some(MissingReason::NoAccess), "an account without access");
    grant(&scene.backend, &scene.school, father, child).await;
    assert_eq!(scene.reason(child).await, None);
    assert_eq!(scene.board(&BoardFilter::default()).await.coverage, Coverage { students: 1, covered: 1 });

    sqlx::query(
        "INSERT INTO access_restrictions (id, organisation_id, child_id, adult_id, scopes, starts_on, created_at)
         VALUES (gen_random_uuid(), $1, $2, $3, '{profile}', '2026-09-01', now())",
    )
    .bind(scene.school.organisation.0)
    .bind(child.0)
    .bind(father.0)
    .execute(scene.backend.database.raw())
    .await
    .unwrap();
    assert_eq!(scene.reason(child).await, Some(MissingReason::NoAccount), "the mother is nearer");
    scene
        .sql("UPDATE contacts SET ended_at = now(), ended_for = 'office' WHERE child_id = $1", child.0)
        .await;
    assert_eq!(scene.reason(child).await, Some(MissingReason::Restricted));
    let (system, all) = (Actor::system(scene.school.organisation), BoardFilter::default());
    let sent = invite(&scene.backend, &system, scene.school.school, &all, &Chosen::All);
    assert_eq!(sent.await.unwrap().queued, 0, "nothing is done for a restricted pair in bulk");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn filters_count_what_they_find_and_leavers_and_other_schools_are_no_part_of_it(pool: PgPool) {
    let (scene, _) = scene(pool).await;
    let (first, second) = (scene.child().await, scene.child().await);
    let left = scene.child().await;
    scene
        .sql(
            "UPDATE enrolments SET registration_group = '10B', year_group = '10' WHERE person_id = $1",
            first.0,
        )
        .await;
    scene
        .sql(
            "UPDATE enrolments SET registration_group = '7C', year_group = '7' WHERE person_id = $1",
            second.0,
        )
        .await;
    scene.sql("UPDATE enrolments SET ends_on = '2026-09-30' WHERE person_id = $1", left.0).await;
    let other = scene.school.sibling(&scene.backend, "OTHER", "Other School").await;
    student(&scene.backend, &other, "Bo", "Brant", "1", None).await;

    let all = scene.board(&BoardFilter::default()).await;
    assert_eq!((all.coverage.students, all.total), (2, 2));
    assert_eq!(all.groups.iter().map(|(group, _)| group.as_str()).collect::<Vec<_>>(), ["7C", "10B"]);
    assert_eq!(all.reasons, [(MissingReason::NoContact, 2)]);
    let group = BoardFilter { group: "7C".to_owned(), ..BoardFilter::default() };
    let found = scene.board(&group).await;
    assert_eq!((found.total, found.students[0].person), (1, second));
    let none = BoardFilter { reason: Some(MissingReason::Bounced), ..BoardFilter::default() };
    assert_eq!(scene.board(&none).await.total, 0);
    let stranger = other.actor(&scene.backend, Role::AccountManager);
    let all = BoardFilter::default();
    let elsewhere = board(&scene.backend, &stranger, scene.school.school, &all);
    assert!(matches!(elsewhere.await, Err(Error::Refused(_) | Error::NotFound(_))));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn all_of_a_reason_or_those_ticked_are_invited_again(pool: PgPool) {
    let (scene, _) = scene(pool).await;
    let (first, ..) = scene.family(Some("a.obi")).await;
    let (second, ..) = scene.family(Some("b.obi")).await;
    let (_, _, active) = scene.family(Some("c.obi")).await;
    scene
        .sql("UPDATE accounts SET state = 'active', activated_at = now() WHERE id = $1", active.unwrap().0)
        .await;
    let system = Actor::system(scene.school.organisation);
    let filter = BoardFilter { reason: Some(MissingReason::NotInvited), ..BoardFilter::default() };
    let send = |chosen: Chosen| {
        let (backend, system, filter) = (scene.backend.clone(), system.clone(), filter.clone());
        let school = scene.school.school;
        async move { invite(&backend, &system, school, &filter, &chosen).await.unwrap().queued }
    };
    assert_eq!(send(Chosen::Students(vec![first])).await, 1);
    assert_eq!(scene.reason(first).await, Some(MissingReason::NeverOpened));
    assert_eq!(scene.reason(second).await, Some(MissingReason::NotInvited));
    assert_eq!(send(Chosen::All).await, 1, "the first is no longer in what the filter finds");
    assert_eq!(send(Chosen::All).await, 0);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_job_counts_once_a_day_and_the_file_says_what_the_board_does(pool: PgPool) {
    let (scene, clock) = scene(pool).await;
    let child = scene.child().await;
    run_once(&scene.backend).await.unwrap();
    clock.advance(TimeDelta::days(1));
    let adult = guardian(&scene.backend, &scene.school, "Ada", "Obi", None, &[child]).await;
    active_account(&scene.backend, &scene.school, adult, "a.obi", PASSWORD).await;
    grant(&scene.backend, &scene.school, adult, child).await;
    scene.child().await;
    run_once(&scene.backend).await.unwrap();
    let days = chart(&scene.backend, &scene.actor(), scene.school.school).await.unwrap();
    let counts: Vec<_> = days.iter().map(|day| (day.coverage.students, day.coverage.covered)).collect();
    assert_eq!(counts, [(1, 0), (2, 1)]);

    let administrator = scene.school.actor(&scene.backend, Role::Administrator);
    let file =
        export(&scene.backend, &administrator, scene.school.school, &BoardFilter::default()).await.unwrap();
    let file = String::from_utf8(file).unwrap();
    assert_eq!(file.lines().count(), 2, "{file}");
    assert!(file.contains("1002,Ada Obi") && file.contains("No contact"), "{file}");
    let viewer = scene.school.actor(&scene.backend, Role::OfficeViewer);
    let refused = export(&scene.backend, &viewer, scene.school.school, &BoardFilter::default()).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn each_reason_has_its_step_for_those_whom_it_solves(pool: PgPool) {
    let (scene, _) = scene(pool).await;
    let (stopped, _, made) = scene.family(Some("n.obi")).await;
    scene
        .sql("UPDATE accounts SET state = 'suspended', suspended_at = now() WHERE id = $1", made.unwrap().0)
        .await;
    let (without, ..) = scene.family(None).await;
    let nobody = scene.child().await;
    for (child, reason) in [
        (stopped, MissingReason::Disabled),
        (without, MissingReason::NoAccount),
        (nobody, MissingReason::NoContact),
    ] {
        assert_eq!(scene.reason(child).await, Some(reason));
    }
    let (backend, school, all) = (&scene.backend, scene.school.school, BoardFilter::default());
    let clerk = scene.actor();
    let one = for_autocreate(backend, &clerk, school, &all, &Chosen::All).await.unwrap();
    assert_eq!(one, [without]);
    let unticked = Chosen::Students(vec![nobody]);
    assert_eq!(for_autocreate(backend, &clerk, school, &all, &unticked).await.unwrap(), []);
    let exporter = scene.school.actor(backend, Role::Administrator);
    let file = fill_in(backend, &exporter, school, &all, &Chosen::All).await.unwrap();
    assert!(file.name.starts_with("contacts-to-fill-in-") && !file.bytes.is_empty());
    let ids = for_accounts(backend, &clerk, school, (&all, &Chosen::All), BulkStep::Enable).await.unwrap();
    let whose = (Among::Guardians, &Selection::People { ids });
    let enabled = change_state_among(backend, &clerk, school, whose, AccountAction::Enable).await.unwrap();
    assert_eq!((enabled.changed, scene.reason(stopped).await), (1, Some(MissingReason::NotInvited)));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_student_whose_rights_have_passed_needs_no_adult(pool: PgPool) {
    let (backend, _) = testing::backend(pool);
    let school = TestSchool::new(&backend).await;
    let scene = Scene::new(backend, school);
    let (of_age, soon) = (scene.child().await, scene.child().await);
    let comes = "INSERT INTO comings_of_age (organisation_id, person_id, comes_on, told_at)
                 SELECT organisation_id, id, '2026-09-01', '2026-07-01' FROM people WHERE id = $1";
    scene.sql(comes, of_age.0).await;
    scene.sql(comes, soon.0).await;
    scene.sql("UPDATE comings_of_age SET passed_at = '2026-09-01' WHERE person_id = $1", of_age.0).await;
    assert_eq!(scene.reason(of_age).await, None);
    assert_eq!(scene.reason(soon).await, Some(MissingReason::NoContact));
    assert_eq!(scene.board(&BoardFilter::default()).await.coverage.students, 1);
}
