//! The group that the people of a list become members of, and whether the actor may add them.

use domain::accounts::paste::PasteInto;
use domain::accounts::paste::outcome::PastePlace;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::authorization::policy::{Resource, decide};
use domain::groups::name::GroupName;
use domain::ids::{AcademicYearId, GroupId, PersonId, SchoolId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::authorization::roles::tutors::refuse_tutors;
use crate::groups::create::NewGroup;
use crate::groups::tutors::refuse_strangers;
use crate::tenancy::enter::Entered;
use crate::tenancy::places::SchoolContext;
use crate::tenancy::target::{InSchool, decide_found};
use crate::{Backend, Error, Result};

/// A group that was found, or one to create.
#[derive(Debug, Clone)]
pub(super) enum PastePlaceFound {
    /// It exists.
    Group(GroupId, String),
    /// It is created, with its tutors.
    New(NewGroup, Vec<PersonId>),
}

impl PastePlaceFound {
    /// The group, if it exists.
    pub(super) fn group(&self) -> Option<GroupId> {
        match self {
            Self::Group(group, _) => Some(*group),
            Self::New(..) => None,
        }
    }

    /// Its name.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Group(_, name) => name,
            Self::New(new, _) => new.name.as_str(),
        }
    }
}

/// Finds the group of a list. Who adds people to a group manages the accounts of its members; who creates one manages the
/// school's groups.
///
/// # Errors
/// A sentence if it is closed, or a new one has a name that another has.
pub(super) async fn find(
    connection: &mut PgConnection,
    actor: &Actor,
    school: &SchoolContext,
    into: &PasteInto,
) -> Result<PastePlaceFound> {
    match into {
        PasteInto::Group(group) => existing(connection, actor, school, *group).await,
        PasteInto::New(new) => {
            let whole = Resource::School(school.organisation, school.school);
            decide(actor, Permission::ManageGroups, whole)?;
            let name: GroupName =
                new.name.parse().map_err(|error| Error::conflict("group_name", format!("{error}")))?;
            let year = this_year(connection, school).await?;
            let is_taken: bool = sqlx::query_scalar(
                "SELECT EXISTS (SELECT FROM groups WHERE organisation_id = $1 AND school_id = $2 AND kind = 'teaching'
                                AND academic_year_id IS NOT DISTINCT FROM $3 AND lower(name) = lower($4) AND closed_at IS NULL)",
            )
            .bind(school.organisation.0)
            .bind(school.school.0)
            .bind(year.map(|year| year.0))
            .bind(name.as_str())
            .fetch_one(&mut *connection)
            .await?;
            if is_taken {
                return Err(Error::conflict(
                    "group_name_taken",
                    format!(
                        "There is already a teaching group called {name}. Choose another name, or open that group."
                    ),
                ));
            }
            if !new.tutors.is_empty() {
                // The group has no id yet, and nobody has a role for it alone.
                refuse_tutors(actor, (school.school, GroupId(Uuid::nil())), &new.tutors)?;
                refuse_strangers(connection, school, &new.tutors).await?;
            }
            let courses = new.courses.iter().copied().collect();
            Ok(PastePlaceFound::New(NewGroup { name, year, courses }, new.tutors.clone()))
        }
    }
}

async fn existing(
    connection: &mut PgConnection,
    actor: &Actor,
    school: &SchoolContext,
    group: GroupId,
) -> Result<PastePlaceFound> {
    let found: Option<(String, bool)> = sqlx::query_as(
        "SELECT name, closed_at IS NOT NULL FROM groups WHERE organisation_id = $1 AND school_id = $2 AND id = $3",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(group.0)
    .fetch_optional(connection)
    .await?;
    let (name, is_closed) = found.ok_or(Error::NotFound("group"))?;
    let resource = Resource::Group(school.organisation, school.school, group);
    decide_found(actor, Permission::ManageAccounts, resource, "group")?;
    if is_closed {
        return Err(Error::conflict(
            "group_closed",
            format!("The group {name} is closed. Open it again, or choose another group."),
        ));
    }
    Ok(PastePlaceFound::Group(group, name))
}

/// The school's year today, or the one that begins next.
async fn this_year(connection: &mut PgConnection, school: &SchoolContext) -> Result<Option<AcademicYearId>> {
    let year: Option<Uuid> = sqlx::query_scalar(
        "SELECT id FROM academic_years WHERE organisation_id = $1 AND school_id = $2 AND ends_on >= $3
         ORDER BY starts_on LIMIT 1",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(school.today)
    .fetch_optional(connection)
    .await?;
    Ok(year.map(AcademicYearId))
}

/// Says where the people of a list would go, for the head of its page.
pub async fn place(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    into: &PasteInto,
) -> Result<PastePlace> {
    let Entered { mut transaction, at } =
        backend.enter_snapshot(actor, Permission::ManageAccounts, InSchool(school)).await?;
    let found = find(&mut transaction, actor, &at, into).await?;
    let chosen: Vec<Uuid> = match &found {
        PastePlaceFound::Group(..) => Vec::new(),
        PastePlaceFound::New(new, _) => new.courses.iter().map(|course| course.0).collect(),
    };
    let courses: Vec<String> = sqlx::query_scalar(
        "SELECT c.name FROM courses c
         WHERE c.organisation_id = $1 AND c.school_id = $2
           AND (c.id = ANY ($3) OR c.id IN (SELECT g.course_id FROM group_courses g WHERE g.group_id = $4))
         ORDER BY c.name",
    )
    .bind(at.organisation.0)
    .bind(at.school.0)
    .bind(chosen)
    .bind(found.group().map(|group| group.0))
    .fetch_all(&mut *transaction)
    .await?;
    Ok(PastePlace { name: found.name().to_owned(), is_new: found.group().is_none(), courses })
}
