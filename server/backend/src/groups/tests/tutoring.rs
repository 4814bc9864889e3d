//! Who tutors a group, and what tutors see.

use domain::groups::members::MemberChange;
use domain::groups::tutor::TutorStanding;
use domain::roll::selection::Selection;

use super::*;
use crate::testing::active_account;

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_tutor_sees_the_own_groups_and_gets_nowhere_else(pool: PgPool) {
    let office = Office::new(pool).await;
    let (backend, school) = (&office.backend, office.school.school);
    let (mine, other) = (office.group("12A").await, office.group("12B").await);
    let people = office.students(&["Ann", "Bo"]).await;
    for (person, to) in people.iter().zip([mine, other]) {
        let input = ChangeMembers {
            selection: Selection::People { ids: vec![*person] },
            change: MemberChange::Join { to },
            on: "2026-09-01".parse().unwrap(),
        };
        change::change(backend, &office.actor, school, (input, READY)).await.unwrap();
    }
    let tutor = office.tutor(mine);
    let found = list(backend, &tutor, school, &GroupFilter::default(), None).await.unwrap();
    let seen: Vec<_> = found.page.rows.iter().map(|line| (line.name.as_str(), line.members)).collect();
    assert_eq!((seen, found.own), (vec![("12A", 1)], true));
    assert_eq!(office.names(&tutor, mine).await, ["Ann Roe"]);
    assert!(matches!(group(backend, &tutor, other).await, Err(Error::Refused(_))));
    let change = ChangeMembers {
        selection: Selection::People { ids: people.clone() },
        change: MemberChange::Join { to: mine },
        on: "2026-11-21".parse().unwrap(),
    };
    assert!(matches!(change::change(backend, &tutor, school, (change, READY)).await, Err(Error::Refused(_))));
    let form = GroupForm { name: "12C".to_owned(), ..GroupForm::default() };
    assert!(matches!(create(backend, &tutor, school, &form).await, Err(Error::Refused(_))));
    assert!(matches!(edit::close(backend, &tutor, mine, true).await, Err(Error::Refused(_))));
    let course = CourseForm { code: "X".to_owned(), name: "X".to_owned(), adds: BTreeSet::new() };
    assert!(matches!(course::save(backend, &tutor, school, (None, &course)).await, Err(Error::Refused(_))));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_tutor_is_appointed_and_dismissed_and_one_who_leaves_is_asked_about(pool: PgPool) {
    let office = Office::new(pool).await;
    let (backend, actor, school) = (&office.backend, &office.actor, office.school.school);
    let mara = member_of_staff(backend, &office.school, "Mara", "Lind", "MLI", None).await;
    let stranger = student(backend, &office.school, "Ann", "Roe", "1", None).await;
    active_account(backend, &office.school, mara, "m.lind", "correct horse battery").await;
    let form = GroupForm { name: "12A".to_owned(), tutors: vec![mara], ..GroupForm::default() };
    let id = create(backend, actor, school, &form).await.unwrap();
    let standing = async || {
        let page = group(backend, actor, id).await.unwrap();
        page.tutors.into_iter().map(|tutor| (tutor.name, tutor.standing)).collect::<Vec<_>>()
    };
    assert_eq!(standing().await, [("Mara Lind".to_owned(), TutorStanding::Stays)]);
    assert!(matches!(tutors::add(backend, actor, id, stranger).await, Err(Error::NotFound(_))));
    let wanted = async || {
        let filter = GroupFilter { tutor_wanted: true, ..GroupFilter::default() };
        list(backend, actor, school, &filter, None).await.unwrap().page.rows.len()
    };
    assert_eq!(wanted().await, 0);
    sqlx::query("UPDATE employments SET ends_on = '2026-12-18'")
        .execute(backend.database.raw())
        .await
        .unwrap();
    assert_eq!(
        standing().await,
        [("Mara Lind".to_owned(), TutorStanding::Leaves("2026-12-18".parse().unwrap()))]
    );
    assert_eq!(wanted().await, 1);
    tutors::remove(backend, actor, id, mara).await.unwrap();
    assert!(standing().await.is_empty());
    assert!(matches!(tutors::remove(backend, actor, id, mara).await, Err(Error::NotFound(_))));
    tutors::add(backend, actor, id, mara).await.unwrap();
    assert_eq!(standing().await.len(), 1);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn nobody_appoints_a_tutor_with_more_than_they_have_or_themselves(pool: PgPool) {
    let office = Office::new(pool).await;
    let (backend, school) = (&office.backend, office.school.school);
    let id = office.group("12A").await;
    let mara = member_of_staff(backend, &office.school, "Mara", "Lind", "MLI", None).await;
    let lesser = RoleAssignment::new(
        [domain::authorization::permission::Permission::ManageGroups].into_iter().collect(),
        Place::School(school),
    );
    let lesser =
        Actor::signed_in(office.school.organisation, backend.new_id(), backend.new_id(), vec![lesser]);
    assert!(matches!(tutors::add(backend, &lesser, id, mara).await, Err(Error::Refused(_))));
    let all = Role::AccountManager.permissions();
    let role = RoleAssignment::new(all, Place::School(school));
    let own = Actor::signed_in(office.school.organisation, backend.new_id(), mara, vec![role]);
    assert_eq!(conflict(tutors::add(backend, &own, id, mara).await).0, "own_role");
}
