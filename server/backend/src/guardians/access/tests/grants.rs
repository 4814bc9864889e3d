//! What an adult sees of a child, changed by the office.

use domain::authorization::grant::PortalScope;
use domain::guardians::grants::{GrantForm, GrantRow};
use domain::guardians::relationship::Relationship;
use domain::ids::PersonId;
use sqlx::PgPool;

use super::Scene;
use crate::Error;
use crate::guardians::access::grants::change::{AccessChange, change};
use crate::guardians::access::grants::page::page;
use crate::testing::{TestSchool, contact, guardian, student};

/// The parts of the form that are ticked.
fn form(ticked: &[PortalScope]) -> GrantForm {
    GrantForm(PortalScope::FAMILY.map(|scope| GrantRow {
        ticked: ticked.contains(&scope),
        ground: "relation".to_owned(),
        ..GrantRow::default()
    }))
}

impl Scene {
    async fn change(
        &self,
        adult: PersonId,
        child: PersonId,
        form: &GrantForm,
    ) -> crate::Result<AccessChange> {
        change(&self.backend, &self.milo, (adult, child), form).await
    }

    async fn code(&self, adult: PersonId, child: PersonId) -> &'static str {
        match self.change(adult, child, &form(&[PortalScope::Grades])).await.unwrap_err() {
            Error::Conflict { code, .. } => code,
            Error::NotFound(what) => what,
            error => panic!("{error:?}"),
        }
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn parts_are_opened_and_closed_by_themselves_and_what_ended_stays_as_a_record(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (mara, ben) = (scene.mara, scene.ben);
    let wanted = form(&[PortalScope::Grades, PortalScope::Fees]);
    let done = scene.change(mara, ben, &wanted).await.unwrap();
    assert_eq!(done, AccessChange { given: 2, ended: 1 });
    assert_eq!(scene.sees(mara, ben).await, [PortalScope::Grades, PortalScope::Fees]);
    assert_eq!(scene.sees(mara, scene.lio).await, [PortalScope::Profile]);
    let shown = page(&scene.backend, &scene.milo, mara, Some(ben)).await.unwrap().chosen.unwrap();
    assert_eq!(shown.ended.iter().map(|grant| grant.scope).collect::<Vec<_>>(), [PortalScope::Profile]);
    // Saved again as it is shown, it changes nothing.
    assert_eq!(scene.change(mara, ben, &shown.form).await.unwrap(), AccessChange::default());
    assert_eq!(scene.count("SELECT count(*) FROM audit_events WHERE action = 'access_granted'").await, 2);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_grant_that_ends_before_it_begins_changes_nothing(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut wrong = form(&[PortalScope::Grades]);
    wrong.0[1].from = "2026-12-02".to_owned();
    wrong.0[1].until = "2026-12-01".to_owned();
    let Error::Invalid(errors) = scene.change(scene.mara, scene.ben, &wrong).await.unwrap_err() else {
        panic!("a field error")
    };
    assert!(errors.of("until-grades").unwrap().contains("before the first day"));
    assert_eq!(scene.sees(scene.mara, scene.ben).await, [PortalScope::Profile]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn who_cannot_see_a_child_is_told_why(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, &scene.school);
    // A student as guardian of another.
    contact(backend, school, scene.lio, scene.ben, Relationship::Sibling).await;
    assert_eq!(scene.code(scene.lio, scene.ben).await, "student_as_guardian");
    // Oneself.
    let milo = scene.milo.person().unwrap();
    contact(backend, school, milo, scene.ben, Relationship::Relative).await;
    assert_eq!(scene.code(milo, scene.ben).await, "own_access");
    // Nobody is their own guardian: neither a contact nor a grant says so.
    assert_eq!(scene.code(scene.ben, scene.ben).await, "student_as_guardian");
    // An adult of this school who has nothing to do with the child.
    assert_eq!(scene.code(scene.piotr, scene.lio).await, "no_contact");
    // People of another organisation are like nobody.
    let other = TestSchool::new(backend).await;
    let theirs = student(backend, &other, "Noor", "Idowu", "A102", None).await;
    let stranger = guardian(backend, &other, "Tunde", "Idowu", None, &[theirs]).await;
    assert_eq!(scene.code(scene.mara, theirs).await, "student");
    assert_eq!(scene.code(stranger, scene.ben).await, "guardian");
}
