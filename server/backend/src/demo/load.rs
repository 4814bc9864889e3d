//! Loading the demonstration school.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::authorization::role::Role;
use domain::authorization::visible::VisiblePeople;
use domain::fold::{search_key, sort_key};
use domain::ids::{AddressId, EnrolmentId, PersonId, SchoolId};
use domain::roll::address::{AddressKind, EmailAddress, PhoneNumber};
use serde_json::json;
use sqlx::PgConnection;

use super::families::families;
use super::groups::load_groups;
use super::load_families::{copy_families, make_parent};
use super::staff::DemoStaff;
use super::students::{DemoStudent, students};
use crate::audit::{self, AuditEntry};
use crate::db::{into, load_rows};
use crate::error::breaks_constraint;
use crate::roll::organisation::UNNAMED;
use crate::tenancy::enter::Entered;
use crate::tenancy::places::SchoolContext;
use crate::tenancy::target::Organisation;
use crate::{Backend, Error, Result};

/// The school's code on the command line.
pub const SCHOOL_CODE: &str = "QUILL";
/// Its name.
const SCHOOL_NAME: &str = "Quillmere School";
/// Its office: a number that Ofcom keeps free for drama, and an address of a reserved domain (RFC 2606).
const OFFICE: (&str, &str) = ("020 7946 0000", "office@quillmere.example");
/// A fixed seed gives the same students everywhere, so that people can compare what they see.
const SEED: u64 = 1869;

/// What was loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoadedDemo {
    /// The school.
    pub school: SchoolId,
    /// Its students, including leavers and future starters.
    pub students: usize,
}

/// Whether there is no school yet, so that adding the demonstration school is harmless.
pub async fn is_empty(backend: &Backend) -> Result<bool> {
    Ok(sqlx::query_scalar("SELECT NOT EXISTS (SELECT FROM schools)")
        .fetch_one(&mut *backend.system_connection().await?)
        .await?)
}

/// Loads the school with its students and their families, and any given staff who can sign in; all or nothing.
pub async fn load(backend: &Backend, actor: &Actor, staff: &[DemoStaff]) -> Result<LoadedDemo> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageSettings, Organisation).await?;
    // Passwords are hashed before anything is locked.
    let mut hashed = Vec::with_capacity(staff.len());
    for member in staff {
        hashed.push((member.role, member.form.parse(backend, SCHOOL_NAME).await?));
    }
    let students = students(at.today, SEED);
    let school = insert_school(backend, &mut transaction, actor).await?;
    let people = copy_students(backend, &mut transaction, actor, school, &students).await?;
    let adults = families(&students, SEED);
    let roll = (people.as_slice(), at.today);
    copy_families(backend, &mut transaction, actor, school, roll, &adults).await?;
    let mut tutor = None;
    for (role, member) in &hashed {
        let (_, colleague) = member.insert(backend, &mut transaction, actor.organisation, *role).await?;
        // The member of staff who manages accounts has a child at the school.
        if let (Role::AccountManager, Some(child), Some(like)) = (role, people.last(), adults.first()) {
            make_parent(backend, &mut transaction, actor, (colleague, *child), like).await?;
        }
        tutor = tutor.or((*role == Role::GroupTutor).then_some(colleague));
    }
    let here = SchoolContext {
        organisation: actor.organisation,
        school,
        code: SCHOOL_CODE.to_owned(),
        name: SCHOOL_NAME.to_owned(),
        zone: at.zone,
        today: at.today,
        visible: VisiblePeople::of(actor, Permission::ManageGroups),
    };
    load_groups(backend, &mut transaction, &here, (&people, &students), tutor).await?;
    let entry = AuditEntry::new(AuditAction::SchoolAdded)
        .subject("school", school.0)
        .details(json!({ "demonstration": true, "students": students.len(), "staff": staff.len() }));
    audit::record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(LoadedDemo { school, students: students.len() })
}

async fn insert_school(backend: &Backend, connection: &mut PgConnection, actor: &Actor) -> Result<SchoolId> {
    let school: SchoolId = backend.new_id();
    let added = sqlx::query(
        "INSERT INTO schools (id, organisation_id, code, name, created_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(school.0)
    .bind(actor.organisation.0)
    .bind(SCHOOL_CODE)
    .bind(SCHOOL_NAME)
    .bind(backend.now())
    .execute(&mut *connection)
    .await;
    match added {
        Err(error) if breaks_constraint(&error, "schools_code_key") => {
            return Err(Error::conflict(
                "demonstration_exists",
                "The demonstration school is already loaded. Nothing was changed.",
            ));
        }
        other => other?,
    };
    sqlx::query(
        "UPDATE organisations SET name = $2, office_phone = $4, office_email = $5 WHERE id = $1 AND name = $3",
    )
        .bind(actor.organisation.0)
        .bind(SCHOOL_NAME)
        .bind(UNNAMED)
        .bind(OFFICE.0)
        .bind(OFFICE.1)
        .execute(connection)
        .await?;
    Ok(school)
}

async fn copy_students(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    school: SchoolId,
    students: &[DemoStudent],
) -> Result<Vec<PersonId>> {
    let (organisation, now) = (actor.organisation.0, backend.now());
    let rows: Vec<(PersonId, &DemoStudent)> =
        students.iter().map(|student| (backend.new_id(), student)).collect();
    load_rows(
        connection,
        into!(
            "people",
            "id, organisation_id, given_name, middle_name, family_name, preferred_name, born_on, \
             language, search_key, sort_key, created_at, updated_at"
        ),
        &rows,
        |row, (person, student)| {
            let name = &student.name;
            let (given, family) = (name.given(), name.family());
            row.plain(person.0).plain(organisation).text(given).text(name.middle()).text(family);
            row.text(name.preferred()).plain(student.born_on).text(student.language);
            let number = &student.admission_number;
            row.text(&search_key(given, name.middle(), family, name.preferred(), number));
            row.text(&sort_key(given, family)).time(now).time(now);
        },
    )
    .await?;
    load_rows(
        connection,
        into!(
            "enrolments",
            "id, organisation_id, school_id, person_id, admission_number, year_group, \
             registration_group, starts_on, ends_on, created_at, updated_at"
        ),
        &rows,
        |row, (person, student)| {
            row.plain(backend.new_id::<EnrolmentId>().0).plain(organisation).plain(school.0).plain(person.0);
            row.text(&student.admission_number).text(&student.year).text(&student.group);
            row.plain(student.starts_on).plain_or_null(student.ends_on).time(now).time(now);
        },
    )
    .await?;
    let addresses =
        rows.iter().map(|(person, student)| (*person, student.email.as_ref(), student.phone.as_ref()));
    load_addresses(backend, connection, actor, addresses).await?;
    Ok(rows.into_iter().map(|(person, _)| person).collect())
}

/// Loads an email address and a phone number for each of these people.
pub(super) async fn load_addresses(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    people: impl Iterator<Item = (PersonId, Option<&EmailAddress>, Option<&PhoneNumber>)>,
) -> Result<()> {
    let (organisation, now) = (actor.organisation.0, backend.now());
    let addresses = people.flat_map(|(person, email, phone)| {
        let email = email.map(|email| (person, AddressKind::Email, email.as_str(), email.comparable()));
        let phone =
            phone.map(|phone| (person, AddressKind::Phone, phone.as_str(), phone.as_str().to_owned()));
        email.into_iter().chain(phone)
    });
    load_rows(
        connection,
        into!("addresses", "id, organisation_id, person_id, kind, value, comparable, is_primary, created_at"),
        addresses,
        |row, (person, kind, value, comparable)| {
            row.plain(backend.new_id::<AddressId>().0).plain(organisation).plain(person.0).text(kind.slug());
            row.text(value).text(&comparable).plain(true).time(now);
        },
    )
    .await?;
    Ok(())
}
