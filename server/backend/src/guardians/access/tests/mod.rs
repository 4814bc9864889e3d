//! Who sees what of whom, on a real PostgreSQL.

mod changing;
mod grants;
mod mailboxes;
mod not_mine;
mod of_age;
mod restrictions;

use std::sync::Arc;

use domain::authorization::actor::Actor;
use domain::authorization::grant::PortalScope;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::authorization::role::Role;
use domain::ids::{AccountId, OrganisationId, PersonId};
use sqlx::PgPool;

use crate::Backend;
use crate::authorization::scopes::PersonScopes;
use crate::guardians::daily::of_organisation;
use crate::testing::{self, FixedClock, TestSchool, account, contact, grant, guardian, student};

/// Mara is the mother of Ben and Lio and sees both; Piotr is Ben's father; two people work in the office.
struct Scene {
    backend: Backend,
    clock: Arc<FixedClock>,
    school: TestSchool,
    ben: PersonId,
    lio: PersonId,
    mara: PersonId,
    piotr: PersonId,
    milo: Actor,
    nora: Actor,
}

impl Scene {
    async fn new(pool: PgPool) -> Self {
        let (backend, clock) = testing::backend(pool);
        let school = TestSchool::new(&backend).await;
        let ben = student(&backend, &school, "Ben", "Okafor", "00417", None).await;
        let lio = student(&backend, &school, "Lio", "Haddad", "A103", None).await;
        let mara = guardian(&backend, &school, "Mara", "Varga", Some("mara@example.test"), &[ben, lio]).await;
        let piotr = guardian(&backend, &school, "Piotr", "Varga", None, &[]).await;
        contact(&backend, &school, piotr, ben, domain::guardians::relationship::Relationship::Father).await;
        for (adult, child) in [(mara, ben), (mara, lio), (piotr, ben)] {
            grant(&backend, &school, adult, child).await;
        }
        let milo = office(&backend, &school, "milo").await;
        let nora = office(&backend, &school, "nora").await;
        Self { backend, clock, school, ben, lio, mara, piotr, milo, nora }
    }

    fn organisation(&self) -> OrganisationId {
        self.school.organisation
    }

    /// What an adult sees of a child today, as the policy says.
    async fn sees(&self, adult: PersonId, child: PersonId) -> Vec<PortalScope> {
        let mut transaction = self.backend.tenant_transaction(self.organisation()).await.unwrap();
        let today = self.backend.today(chrono_tz::Europe::London);
        let scopes: PersonScopes =
            sqlx::query_as("SELECT roles, grants, restrictions FROM person_scopes WHERE person_id = $1")
                .bind(adult.0)
                .fetch_one(&mut *transaction)
                .await
                .unwrap();
        let actor = scopes.actor(self.organisation(), self.backend.new_id(), adult, today).unwrap();
        let part = |scope| Resource::Child(self.organisation(), child, scope);
        let scopes = PortalScope::FAMILY.into_iter();
        scopes.filter(|scope| decide(&actor, Permission::ViewChild, part(*scope)).is_ok()).collect()
    }

    /// An account in this state.
    async fn account(&self, person: PersonId, username: &str, state: &str) -> AccountId {
        let made = account(&self.backend, &self.school, person, username).await;
        sqlx::query("UPDATE accounts SET state = $2 WHERE id = $1")
            .bind(made.0)
            .bind(state)
            .execute(self.backend.database.raw())
            .await
            .unwrap();
        made
    }

    async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(self.backend.database.raw()).await.unwrap()
    }

    /// What is done every hour.
    async fn hourly(&self) {
        of_organisation(&self.backend, self.organisation(), chrono_tz::Europe::London).await.unwrap();
    }
}

/// An account manager with an account, who is nobody's parent.
async fn office(backend: &Backend, at: &TestSchool, username: &str) -> Actor {
    let person = testing::member_of_staff(backend, at, username, "Office", username, None).await;
    let account = account(backend, at, person, username).await;
    let Actor { kind, .. } = at.actor(backend, Role::AccountManager);
    let domain::authorization::actor::ActorKind::Person { roles, .. } = kind else { panic!("a person") };
    Actor::signed_in(at.organisation, account, person, roles)
}
