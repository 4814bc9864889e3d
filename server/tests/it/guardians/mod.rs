//! Guardians: what they see of whom, through the router.

mod access;
mod activating;
mod autocreate;
mod bulk;
mod family;
mod matrix;
mod missing;
mod parted;
mod records;
mod separated;

use backend::Backend;
use backend::testing::{
    self, TestSchool, active_account, contact, grant, guardian, member_of_staff, staff_role, student,
};
use domain::authorization::role::Role;
use domain::guardians::relationship::Relationship;
use domain::ids::PersonId;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::scene::PASSWORD;

/// Mara is the mother of Ben, and of Lio, whom a restriction closes to her. Noor is no child of hers. Piotr is Ben's and Noor's
/// father, and has no account.
pub struct Families {
    pub backend: Backend,
    pub school: TestSchool,
    pub ben: PersonId,
    pub noor: PersonId,
    pub lio: PersonId,
    pub mara: PersonId,
    pub piotr: PersonId,
}

impl Families {
    pub async fn new(pool: PgPool) -> Self {
        let (backend, _) = testing::backend(pool);
        let school = TestSchool::new(&backend).await;
        let ben = student(&backend, &school, "Ben", "Okafor", "00417", None).await;
        let noor = student(&backend, &school, "Noor", "Idowu", "A102", None).await;
        let lio = student(&backend, &school, "Lio", "Haddad", "A103", None).await;
        let mara = guardian(&backend, &school, "Mara", "Varga", Some("mara@example.test"), &[ben, lio]).await;
        let piotr =
            guardian(&backend, &school, "Piotr", "Varga", Some("piotr@example.test"), &[ben, noor]).await;
        let families = Self { backend, school, ben, noor, lio, mara, piotr };
        for child in [ben, lio] {
            grant(&families.backend, &families.school, mara, child).await;
        }
        families.restrict(mara, lio).await;
        active_account(&families.backend, &families.school, ben, "b.okafor", PASSWORD).await;
        active_account(&families.backend, &families.school, mara, "m.varga", PASSWORD).await;
        families
    }

    /// Closes a child to an adult, as the office did some time ago.
    pub async fn restrict(&self, adult: PersonId, child: PersonId) {
        sqlx::query(
            "INSERT INTO access_restrictions (id, organisation_id, child_id, adult_id, scopes, reference, starts_on, created_at)
             VALUES ($1, $2, $3, $4, ARRAY['profile', 'timetable', 'attendance', 'grades', 'assignments', 'fees', 'contacts',
                                           'messages'], 'FD26P00321', '2026-09-01', $5)",
        )
        .bind(self.backend.new_id::<uuid::Uuid>())
        .bind(self.school.organisation.0)
        .bind(child.0)
        .bind(adult.0)
        .bind(self.backend.now())
        .execute(self.backend.database.raw())
        .await
        .unwrap();
    }

    /// Somebody who is signed in.
    pub async fn signed_in(&self, username: &str) -> Browser {
        let mut browser = Browser::new(&self.backend);
        browser.sign_in(username, PASSWORD).await;
        browser
    }

    /// A member of staff of a school, signed in.
    pub async fn staff(&self, school: &TestSchool, username: &str, role: Role) -> Browser {
        let person = member_of_staff(&self.backend, school, "Office", username, username, None).await;
        active_account(&self.backend, school, person, username, PASSWORD).await;
        staff_role(&self.backend, school, person, role).await;
        self.signed_in(username).await
    }

    /// An account manager who is Ben's and Lio's aunt, and kept from Lio.
    pub async fn aunt(&self) -> Browser {
        let person = member_of_staff(&self.backend, &self.school, "Ines", "Varga", "VAR", None).await;
        for child in [self.ben, self.lio] {
            contact(&self.backend, &self.school, person, child, Relationship::Relative).await;
        }
        self.restrict(person, self.lio).await;
        active_account(&self.backend, &self.school, person, "i.varga", PASSWORD).await;
        staff_role(&self.backend, &self.school, person, Role::AccountManager).await;
        self.signed_in("i.varga").await
    }
}
