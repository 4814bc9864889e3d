mod catalogue;
mod erase;
mod export;

use domain::authorization::actor::{Actor, ActorKind};
use domain::authorization::role::Role;
use domain::ids::{AccountId, PersonId};
use sqlx::PgPool;

use crate::Backend;
use crate::testing::{TestSchool, account, backend, grant, guardian, staff_role, student};

/// A school with an administrator, and a student with an account, a session, an address and an adult.
struct Scene {
    backend: Backend,
    school: TestSchool,
    ruth: Actor,
    ada: PersonId,
    adas: AccountId,
    mother: PersonId,
}

impl Scene {
    async fn new(pool: PgPool) -> Self {
        let (backend, _) = backend(pool);
        let school = TestSchool::new(&backend).await;
        let ruth = administrator(&backend, &school, "ruth").await;
        let ada = student(&backend, &school, "Ada", "Nwosu", "7001", Some("ada@school.test")).await;
        let adas = account(&backend, &school, ada, "anwosu").await;
        let mother = guardian(&backend, &school, "Ngozi", "Nwosu", Some("ngozi@home.test"), &[ada]).await;
        grant(&backend, &school, mother, ada).await;
        let scene = Self { backend, school, ruth, ada, adas, mother };
        scene
            .run(
                "INSERT INTO sessions (id, organisation_id, account_id, token_hash, created_at, proven_at, last_seen_at, idle_ends_at, ends_at)
                 SELECT gen_random_uuid(), organisation_id, id, uuid_send(id), now(), now(), now(), now(), now() FROM accounts WHERE id = $1",
                scene.adas.0,
            )
            .await;
        scene
            .run(
                "INSERT INTO passwords (account_id, organisation_id, hash, changed_at)
                 SELECT id, organisation_id, 'argon2-secret', now() FROM accounts WHERE id = $1",
                scene.adas.0,
            )
            .await;
        scene
    }

    /// Ada left long ago.
    async fn left(&self) {
        self.run(
            "UPDATE enrolments SET starts_on = '2020-09-01', ends_on = '2021-07-31' WHERE person_id = $1",
            self.ada.0,
        )
        .await;
    }

    async fn run(&self, statement: &'static str, id: uuid::Uuid) {
        sqlx::query(statement).bind(id).execute(self.backend.database.raw()).await.unwrap();
    }

    async fn count(&self, statement: &'static str, id: uuid::Uuid) -> i64 {
        sqlx::query_scalar(statement).bind(id).fetch_one(self.backend.database.raw()).await.unwrap()
    }
}

/// An administrator of the school, who has an account.
async fn administrator(backend: &Backend, school: &TestSchool, name: &str) -> Actor {
    let person = student(backend, school, "Office", name, name, None).await;
    let account = account(backend, school, person, name).await;
    staff_role(backend, school, person, Role::Administrator).await;
    let ActorKind::Person { roles, .. } = school.actor(backend, Role::Administrator).kind else {
        panic!("a person");
    };
    Actor::signed_in(school.organisation, account, person, roles)
}
