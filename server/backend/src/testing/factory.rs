//! Quickly creates a school with students.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate};
use domain::authorization::actor::{Actor, RoleAssignment};
use domain::authorization::place::Place;
use domain::authorization::role::Role;
use domain::fold::{search_key, sort_key};
use domain::guardians::contact::ContactFacts;
use domain::guardians::relationship::Relationship;
use domain::ids::{
    AccountId, AddressId, ContactId, EmploymentId, EnrolmentId, GroupId, OrganisationId, PersonId, SchoolId,
};
use sqlx::PgPool;

use super::{FixedClock, SeededRandom};
use crate::Backend;
use crate::config::Config;
use crate::crypto::Keys;
use crate::db::Database;
use crate::guardians::contacts::write::{NewContact, insert};
use crate::rooms::ROOMS;
use crate::tables::TableReader;

/// A backend on this database with a clock that stands at 21 November 2026, 09:00 UTC, and that clock.
pub fn backend(pool: PgPool) -> (Backend, Arc<FixedClock>) {
    let values = BTreeMap::from([
        ("GREENCAP_PEPPER".to_owned(), "0f".repeat(32)),
        ("GREENCAP_BASE_URL".to_owned(), "http://localhost:3000".to_owned()),
        ("DATABASE_URL".to_owned(), "postgres://given".to_owned()),
    ]);
    let config = Config::from_values(&values).expect("the test's configuration is right");
    let clock = Arc::new(FixedClock::at(DateTime::from_timestamp(1_795_251_600, 0).expect("a valid time")));
    let backend = Backend {
        database: Database::new(pool),
        clock: clock.clone(),
        random: Arc::new(SeededRandom::new(7)),
        keys: Arc::new(Keys::new(&config.pepper.0)),
        config: Arc::new(config),
        tables: Arc::new(TableReader::inside()),
        memory: Arc::default(),
        rooms: &ROOMS,
    };
    (backend, clock)
}

/// A school and people who may act there.
#[derive(Debug, Clone)]
pub struct TestSchool {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Its only school.
    pub school: SchoolId,
}

impl TestSchool {
    /// Creates an organisation with one school, code `QUILL`.
    pub async fn new(backend: &Backend) -> Self {
        let made = Self { organisation: backend.new_id(), school: backend.new_id() };
        sqlx::query("INSERT INTO organisations (id, name, created_at) VALUES ($1, 'Quillmere Trust', $2)")
            .bind(made.organisation.0)
            .bind(backend.now())
            .execute(backend.database.raw())
            .await
            .expect("insert organisation");
        made.insert_school(backend, "QUILL", "Quillmere School").await;
        made
    }

    /// Creates another school of the same organisation.
    pub async fn sibling(&self, backend: &Backend, code: &str, name: &str) -> Self {
        let made = Self { organisation: self.organisation, school: backend.new_id() };
        made.insert_school(backend, code, name).await;
        made
    }

    async fn insert_school(&self, backend: &Backend, code: &str, name: &str) {
        sqlx::query(
            "INSERT INTO schools (id, organisation_id, code, name, created_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(self.school.0)
        .bind(self.organisation.0)
        .bind(code)
        .bind(name)
        .bind(backend.now())
        .execute(backend.database.raw())
        .await
        .expect("insert school");
    }

    /// An actor with `role` at this school, without a row in the database.
    pub fn actor(&self, backend: &Backend, role: Role) -> Actor {
        let roles = vec![RoleAssignment::new(role.permissions(), Place::School(self.school))];
        Actor::signed_in(self.organisation, backend.new_id(), backend.new_id(), roles)
    }
}

/// Adds a student to the roll, current since 1 September 2026, with an email address if one is given.
pub async fn student(
    backend: &Backend,
    at: &TestSchool,
    given: &str,
    family: &str,
    admission_number: &str,
    email: Option<&str>,
) -> PersonId {
    let person = somebody(backend, at, (given, family), admission_number, email).await;
    sqlx::query(
        "INSERT INTO enrolments (id, organisation_id, school_id, person_id, admission_number, year_group, registration_group, starts_on, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, '7', '7A', $6, $7, $7)",
    )
    .bind(backend.new_id::<EnrolmentId>().0)
    .bind(at.organisation.0)
    .bind(at.school.0)
    .bind(person.0)
    .bind(admission_number)
    .bind(NaiveDate::from_ymd_opt(2026, 9, 1))
    .bind(backend.now())
    .execute(backend.database.raw())
    .await
    .expect("insert enrolment");
    person
}

/// Employs somebody at the test's school since 1 September 2026, with an email address if one is given, as an import of staff
/// does: without an account and without a role.
pub async fn member_of_staff(
    backend: &Backend,
    at: &TestSchool,
    given: &str,
    family: &str,
    staff_code: &str,
    email: Option<&str>,
) -> PersonId {
    let person = somebody(backend, at, (given, family), "", email).await;
    sqlx::query(
        "INSERT INTO employments (id, organisation_id, school_id, person_id, staff_code, starts_on, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7)",
    )
    .bind(backend.new_id::<EmploymentId>().0)
    .bind(at.organisation.0)
    .bind(at.school.0)
    .bind(person.0)
    .bind(staff_code)
    .bind(NaiveDate::from_ymd_opt(2026, 9, 1))
    .bind(backend.now())
    .execute(backend.database.raw())
    .await
    .expect("insert employment");
    person
}

/// A person of the organisation, found by their number too if they have one.
async fn somebody(
    backend: &Backend,
    at: &TestSchool,
    (given, family): (&str, &str),
    number: &str,
    email: Option<&str>,
) -> PersonId {
    let person: PersonId = backend.new_id();
    sqlx::query(
        "INSERT INTO people (id, organisation_id, given_name, family_name, search_key, sort_key, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7)",
    )
    .bind(person.0)
    .bind(at.organisation.0)
    .bind(given)
    .bind(family)
    .bind(search_key(given, "", family, "", number))
    .bind(sort_key(given, family))
    .bind(backend.now())
    .execute(backend.database.raw())
    .await
    .expect("insert person");
    if let Some(email) = email {
        sqlx::query(
            "INSERT INTO addresses (id, organisation_id, person_id, kind, value, comparable, is_primary, created_at)
             VALUES ($1, $2, $3, 'email', $4, lower($4), true, $5)",
        )
        .bind(backend.new_id::<AddressId>().0)
        .bind(at.organisation.0)
        .bind(person.0)
        .bind(email)
        .bind(backend.now())
        .execute(backend.database.raw())
        .await
        .expect("insert address");
    }
    person
}

/// Gives a person an active account with this password.
pub async fn active_account(
    backend: &Backend,
    at: &TestSchool,
    person: PersonId,
    username: &str,
    password: &str,
) -> AccountId {
    let account: AccountId = backend.new_id();
    let typed = domain::credentials::password::Password::typed(password).expect("a short enough password");
    let hash = crate::credentials::password::hash(backend, &typed).await.expect("hash");
    sqlx::query(
        "WITH opened AS (
             INSERT INTO accounts (id, organisation_id, person_id, username, state, created_at, activated_at)
             VALUES ($5, $1, $3, $2, 'active', $4, $4) RETURNING id
         )
         INSERT INTO passwords (organisation_id, account_id, hash, changed_at) SELECT $1, id, $6, $4 FROM opened",
    )
    .bind(at.organisation.0)
    .bind(username)
    .bind(person.0)
    .bind(backend.now())
    .bind(account.0)
    .bind(hash)
    .execute(backend.database.raw())
    .await
    .expect("insert account");
    account
}

/// Gives a person a role at the test's school.
pub async fn staff_role(backend: &Backend, at: &TestSchool, person: PersonId, role: Role) {
    sqlx::query(
        "INSERT INTO staff_roles (id, organisation_id, person_id, school_id, role, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(backend.new_id::<uuid::Uuid>())
    .bind(at.organisation.0)
    .bind(person.0)
    .bind(at.school.0)
    .bind(role.slug())
    .bind(backend.now())
    .execute(backend.database.raw())
    .await
    .expect("insert role");
}

/// Makes someone the tutor of a group.
pub async fn tutor_role(backend: &Backend, at: &TestSchool, person: PersonId, group: GroupId) {
    sqlx::query(
        "INSERT INTO staff_roles (id, organisation_id, person_id, school_id, group_id, role, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(backend.new_id::<uuid::Uuid>())
    .bind(at.organisation.0)
    .bind(person.0)
    .bind(at.school.0)
    .bind(group.0)
    .bind(Role::GroupTutor.slug())
    .bind(backend.now())
    .execute(backend.database.raw())
    .await
    .expect("insert role");
}

/// Creates a registration group with these members since 1 September 2026.
pub async fn group(backend: &Backend, at: &TestSchool, name: &str, members: &[PersonId]) -> GroupId {
    let id: GroupId = backend.new_id();
    sqlx::query(
        "INSERT INTO groups (id, organisation_id, school_id, kind, code, name, created_at)
         VALUES ($1, $2, $3, 'registration', $4, $4, $5)",
    )
    .bind(id.0)
    .bind(at.organisation.0)
    .bind(at.school.0)
    .bind(name)
    .bind(backend.now())
    .execute(backend.database.raw())
    .await
    .expect("insert group");
    for member in members {
        sqlx::query(
            "INSERT INTO group_members (id, organisation_id, group_id, person_id, starts_on, created_at)
             VALUES ($1, $2, $3, $4, '2026-09-01', $5)",
        )
        .bind(backend.new_id::<uuid::Uuid>())
        .bind(at.organisation.0)
        .bind(id.0)
        .bind(member.0)
        .bind(backend.now())
        .execute(backend.database.raw())
        .await
        .expect("insert member");
    }
    id
}

/// Gives a person a newly created account.
pub async fn account(backend: &Backend, at: &TestSchool, person: PersonId, username: &str) -> AccountId {
    let id: AccountId = backend.new_id();
    sqlx::query(
        "INSERT INTO accounts (id, organisation_id, person_id, username, state, created_at)
         VALUES ($4, $1, $2, $3, 'created', $5)",
    )
    .bind(at.organisation.0)
    .bind(person.0)
    .bind(username)
    .bind(id.0)
    .bind(backend.now())
    .execute(backend.database.raw())
    .await
    .expect("insert account");
    id
}

/// Adds an adult who is a child's mother with parental responsibility since 1 September 2026, with an email address if one is
/// given. It gives them no access.
pub async fn guardian(
    backend: &Backend,
    at: &TestSchool,
    given: &str,
    family: &str,
    email: Option<&str>,
    children: &[PersonId],
) -> PersonId {
    let person = somebody(backend, at, (given, family), "", email).await;
    for child in children {
        contact(backend, at, person, *child, Relationship::Mother).await;
    }
    person
}

/// What a form says of a contact since a day, with parental responsibility if they are a parent.
pub fn contact_facts(relationship: Relationship, starts_on: NaiveDate) -> ContactFacts {
    ContactFacts {
        relationship,
        relationship_said: String::new(),
        functions: Vec::new(),
        priority: None,
        parental_responsibility: relationship.is_parent().then_some(true),
        lives_with: None,
        no_portal: false,
        starts_on,
        ends_on: None,
    }
}

/// Makes an adult a child's contact since 1 September 2026, with parental responsibility if they are a parent.
pub async fn contact(
    backend: &Backend,
    at: &TestSchool,
    adult: PersonId,
    child: PersonId,
    relationship: Relationship,
) -> ContactId {
    let id: ContactId = backend.new_id();
    let facts = contact_facts(relationship, NaiveDate::from_ymd_opt(2026, 9, 1).expect("a day"));
    let mut connection = backend.database.raw().acquire().await.expect("a connection");
    insert(backend, &mut connection, at.organisation, &[NewContact { id, adult, child, facts }])
        .await
        .expect("insert contact");
    id
}

/// Lets an adult see the profile of a child, since 1 September 2026.
pub async fn grant(backend: &Backend, at: &TestSchool, adult: PersonId, child: PersonId) {
    sqlx::query(
        "INSERT INTO access_grants (id, organisation_id, adult_id, child_id, scope, ground, starts_on, created_at)
         VALUES ($1, $2, $3, $4, 'profile', 'parental_responsibility', '2026-09-01', $5)",
    )
    .bind(backend.new_id::<uuid::Uuid>())
    .bind(at.organisation.0)
    .bind(adult.0)
    .bind(child.0)
    .bind(backend.now())
    .execute(backend.database.raw())
    .await
    .expect("insert grant");
}
