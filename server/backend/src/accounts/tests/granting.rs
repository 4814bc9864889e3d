use domain::authorization::policy::Refusal;
use domain::authorization::role::Role;
use sqlx::PgPool;

use crate::Error;
use crate::accounts::grant::{grant, propose};
use crate::testing::{TestSchool, account, backend, student};

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn one_student_is_given_the_account_that_was_proposed_or_typed(pool: PgPool) {
    let (backend, _) = backend(pool);
    let school = TestSchool::new(&backend).await;
    let actor = school.actor(&backend, Role::AccountManager);
    let ann = student(&backend, &school, "Ann", "Lee", "1", None).await;
    let proposed =
        propose(&backend, &actor, school.school, ann).await.unwrap().username().unwrap().to_string();
    let given = grant(&backend, &actor, school.school, ann, &proposed, false).await.unwrap();
    assert_eq!(given.as_str(), proposed);
    for again in [
        propose(&backend, &actor, school.school, ann).await.map(|_| ()),
        grant(&backend, &actor, school.school, ann, "other", false).await.map(|_| ()),
    ] {
        assert!(matches!(again, Err(Error::Conflict { code: "no_candidate", .. })));
    }
    let bo = student(&backend, &school, "Bo", "Kim", "2", None).await;
    assert_eq!(
        grant(&backend, &actor, school.school, bo, "Bo.The.Second", false).await.unwrap().as_str(),
        "bo.the.second"
    );
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_stands_in_the_way_of_a_username_is_said_at_its_field(pool: PgPool) {
    let (backend, _) = backend(pool);
    let school = TestSchool::new(&backend).await;
    let actor = school.actor(&backend, Role::AccountManager);
    let ann = student(&backend, &school, "Ann", "Lee", "1", None).await;
    let bo = student(&backend, &school, "Bo", "Kim", "2", None).await;
    account(&backend, &school, bo, "taken").await;
    for (typed, said) in [("a b", "space"), ("taken", "is taken by"), ("admin", "Accept it or change it")] {
        let Err(Error::Invalid(errors)) = grant(&backend, &actor, school.school, ann, typed, false).await
        else {
            panic!("{typed} was taken");
        };
        assert!(errors.of("username").unwrap().contains(said), "{errors:?}");
    }
    assert_eq!(grant(&backend, &actor, school.school, ann, "admin", true).await.unwrap().as_str(), "admin");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn who_may_only_look_grants_nothing(pool: PgPool) {
    let (backend, _) = backend(pool);
    let school = TestSchool::new(&backend).await;
    let ann = student(&backend, &school, "Ann", "Lee", "1", None).await;
    let viewer = school.actor(&backend, Role::OfficeViewer);
    let refused = grant(&backend, &viewer, school.school, ann, "alee", false).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::NoRole))));
}
