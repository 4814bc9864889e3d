//! Guardians in the portal: whom they see, whom they do not, and the preview of it.

use domain::authorization::role::Role;
use domain::guardians::relationship::Relationship;
use domain::ids::PersonId;
use domain::portal::PreviewReason;
use sqlx::PgPool;

use super::{PASSWORD, manager, signed_in};
use crate::guardians::access::not_mine::{NotMine, press};
use crate::portal::child::child;
use crate::portal::home::home;
use crate::portal::preview::{begin, show, show_child};
use crate::testing::{self, TestSchool, active_account, contact, grant, guardian, student};
use crate::{Backend, Error};

/// Nkechi with two children at two schools, and another child at the first who is not hers.
struct Family {
    backend: Backend,
    school: TestSchool,
    other: TestSchool,
    mother: PersonId,
    tobenna: PersonId,
    adaeze: PersonId,
    stranger: PersonId,
}

async fn family(pool: PgPool) -> Family {
    let (backend, _) = testing::backend(pool);
    let school = TestSchool::new(&backend).await;
    let other = school.sibling(&backend, "OTHER", "Little Quillmere").await;
    let tobenna = student(&backend, &other, "Tobenna", "Obi", "3", None).await;
    let adaeze = student(&backend, &school, "Adaeze", "Obi", "1042", None).await;
    let stranger = student(&backend, &school, "Bo", "Brant", "1043", None).await;
    let mother = guardian(&backend, &school, "Nkechi", "Obi", None, &[tobenna, adaeze]).await;
    active_account(&backend, &school, mother, "n.obi", PASSWORD).await;
    for mine in [tobenna, adaeze] {
        grant(&backend, &school, mother, mine).await;
    }
    Family { backend, school, other, mother, tobenna, adaeze, stranger }
}

impl Family {
    async fn names(&self) -> Vec<String> {
        let actor = signed_in(&self.backend, "n.obi").await.actor;
        let found = home(&self.backend, &actor).await.unwrap();
        found.children.into_iter().map(|child| child.familiar).collect()
    }

    async fn sees(&self, person: PersonId) -> bool {
        let actor = signed_in(&self.backend, "n.obi").await.actor;
        match child(&self.backend, &actor, person).await {
            Ok(page) => page.child.person == person,
            Err(Error::NotFound(_)) => false,
            Err(error) => panic!("{error}"),
        }
    }

    async fn restrict(&self, child: PersonId, scope: &'static str) {
        sqlx::query(
            "INSERT INTO access_restrictions (id, organisation_id, child_id, adult_id, scopes, starts_on, created_at)
             VALUES (gen_random_uuid(), $1, $2, $3, ARRAY[$4], '2026-09-01', now())",
        )
        .bind(self.school.organisation.0)
        .bind(child.0)
        .bind(self.mother.0)
        .bind(scope)
        .execute(self.backend.database.raw())
        .await
        .unwrap();
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_guardian_sees_children_of_two_schools_by_first_name_and_nobody_else(pool: PgPool) {
    let family = family(pool).await;
    assert_eq!(family.names().await, ["Adaeze", "Tobenna"]);
    assert!(family.sees(family.adaeze).await && family.sees(family.tobenna).await);
    assert!(!family.sees(family.stranger).await, "not found, as if it were made up");
    assert!(!family.sees(family.mother).await);
    assert!(!family.sees(family.backend.new_id()).await);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_contact_alone_opens_nothing(pool: PgPool) {
    let family = family(pool).await;
    contact(&family.backend, &family.school, family.mother, family.stranger, Relationship::Relative).await;
    assert_eq!(family.names().await, ["Adaeze", "Tobenna"]);
    assert!(!family.sees(family.stranger).await);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_restriction_of_the_profile_hides_the_child_and_one_of_grades_does_not(pool: PgPool) {
    let family = family(pool).await;
    family.restrict(family.adaeze, "grades").await;
    assert!(family.sees(family.adaeze).await);
    family.restrict(family.adaeze, "profile").await;
    assert!(!family.sees(family.adaeze).await);
    assert_eq!(family.names().await, ["Tobenna"]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_child_that_is_not_theirs_is_gone_at_once_and_the_others_stay(pool: PgPool) {
    let family = family(pool).await;
    let actor = signed_in(&family.backend, "n.obi").await.actor;
    press(&family.backend, &actor, family.adaeze, NotMine::Portal).await.unwrap();
    assert_eq!(family.names().await, ["Tobenna"]);
    let after = home(&family.backend, &signed_in(&family.backend, "n.obi").await.actor).await.unwrap();
    assert!(after.guardian, "and a guardian they remain");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn staff_who_are_parents_see_their_own_child_here_and_only_by_their_grant(pool: PgPool) {
    let family = family(pool).await;
    testing::staff_role(&family.backend, &family.other, family.mother, Role::AccountManager).await;
    let actor = signed_in(&family.backend, "n.obi").await.actor;
    let found = home(&family.backend, &actor).await.unwrap();
    assert!(found.frame.works_here, "the way to the office is there");
    assert_eq!(found.children.len(), 2);
    // The role is at Tobenna's school. In the portal it gives nothing.
    family.restrict(family.tobenna, "profile").await;
    assert!(!family.sees(family.tobenna).await);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_preview_shows_a_guardian_s_children_as_far_as_the_staff_may_see_them(pool: PgPool) {
    let family = family(pool).await;
    let (actor, session) = manager(&family.backend, &family.school).await;
    let (of, preview) =
        begin(&family.backend, &actor, session, family.mother, PreviewReason::Helping).await.unwrap();
    assert_eq!(of.record(), format!("/guardians/{}", family.mother));
    let (_, shown) = show(&family.backend, &actor, session, family.mother, preview).await.unwrap().unwrap();
    let names: Vec<_> = shown.children.iter().map(|child| child.familiar.as_str()).collect();
    assert_eq!((names, shown.children_not_shown), (vec!["Adaeze"], 1), "Tobenna is of another school");
    let open = |child: PersonId| {
        let (backend, actor, mother) = (family.backend.clone(), actor.clone(), family.mother);
        async move { show_child(&backend, &actor, session, mother, preview, child).await }
    };
    assert!(open(family.adaeze).await.unwrap().is_some());
    for other in [family.tobenna, family.stranger] {
        assert!(
            matches!(open(other).await, Err(Error::NotFound(_))),
            "the guardian's grants, and the staff's reach"
        );
    }
    let visits =
        home(&family.backend, &signed_in(&family.backend, "n.obi").await.actor).await.unwrap().visits;
    assert_eq!(visits.len(), 1, "the guardian sees the visit");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_adult_of_no_family_here_has_no_preview(pool: PgPool) {
    let family = family(pool).await;
    let (actor, session) = manager(&family.backend, &family.school).await;
    let aunt = guardian(&family.backend, &family.other, "Ify", "Obi", None, &[family.tobenna]).await;
    active_account(&family.backend, &family.other, aunt, "i.obi", PASSWORD).await;
    let refused = begin(&family.backend, &actor, session, aunt, PreviewReason::Helping).await;
    assert!(matches!(refused, Err(Error::NotFound(_))));
}
