//! Groups and courses as a command names them.

use domain::accounts::paste::{NewPasteGroup, PasteInto};
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::ids::{CourseId, GroupId, PersonId, SchoolId};
use uuid::Uuid;

use crate::tenancy::target::InSchool;
use crate::{Backend, Error, Result};

/// Finds an open group by its name, its code or its id.
///
/// # Errors
/// If there is none, or several.
pub async fn group_named(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    text: &str,
) -> Result<PasteInto> {
    let mut transaction =
        backend.enter_snapshot(actor, Permission::ManageAccounts, InSchool(school)).await?.transaction;
    let found: Vec<Uuid> = sqlx::query_scalar(
        "SELECT id FROM groups WHERE organisation_id = $1 AND school_id = $2
           AND (id = $3 OR closed_at IS NULL AND (lower(name) = lower($4) OR code = $4))",
    )
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(text.parse::<Uuid>().ok())
    .bind(text.trim())
    .fetch_all(&mut *transaction)
    .await?;
    match found[..] {
        [group] => Ok(PasteInto::Group(GroupId(group))),
        [] => Err(Error::conflict(
            "no_such_group",
            format!("There is no open group called {text}. Create it with --new-group."),
        )),
        _ => Err(Error::conflict(
            "group_not_unique",
            format!(
                "Several open groups are called {text}. Use the id that the group\u{2019}s page has in its address."
            ),
        )),
    }
}

/// A new group with the courses of these codes, and these tutors.
///
/// # Errors
/// If there is no such course.
pub async fn new_group_named(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    (name, courses, tutors): (&str, &[String], Vec<PersonId>),
) -> Result<PasteInto> {
    let mut transaction =
        backend.enter_snapshot(actor, Permission::ManageAccounts, InSchool(school)).await?.transaction;
    let found: Vec<(String, Uuid)> = sqlx::query_as(
        "SELECT code, id FROM courses WHERE organisation_id = $1 AND school_id = $2 AND ended_at IS NULL AND code = ANY ($3)",
    )
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(courses)
    .fetch_all(&mut *transaction)
    .await?;
    if let Some(missing) = courses.iter().find(|course| !found.iter().any(|(code, _)| code == *course)) {
        return Err(Error::conflict(
            "no_such_course",
            format!("There is no course with the code {missing}."),
        ));
    }
    let courses = found.into_iter().map(|(_, course)| CourseId(course)).collect();
    Ok(PasteInto::New(NewPasteGroup { name: name.to_owned(), courses, tutors }))
}
