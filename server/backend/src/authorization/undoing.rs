//! What an undo must not be: a way round the rights of the action. Someone undoes what somebody else did only for people
//! to whom they could have done it.

use std::collections::HashSet;

use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::ids::PersonId;
use sqlx::PgConnection;
use uuid::Uuid;

use super::roles::outranking;
use crate::tenancy::places::SchoolContext;
use crate::{Backend, Error, Result};

/// Why someone may not undo something, and for how many people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BeyondReach {
    /// A restriction hides them.
    Hidden(usize),
    /// The role that gives this permission is for other people.
    Elsewhere(usize, Permission),
    /// They have permissions that the actor does not have.
    Outranking(usize),
    /// The email address that messages to their accounts go to would change.
    Readdressed(usize),
}

impl BeyondReach {
    fn sentence(self) -> String {
        let people =
            |count: usize| if count == 1 { "1 person".to_owned() } else { format!("{count} people") };
        match self {
            Self::Hidden(count) => {
                format!("a restriction hides {} from you. Ask someone else to undo it.", people(count))
            }
            Self::Elsewhere(count, permission) => format!(
                "it is about {} for whom you don\u{2019}t have the permission \u{201c}{}\u{201d}. Ask someone who has it.",
                people(count),
                permission.label()
            ),
            Self::Outranking(count) => {
                let have = if count == 1 { "has" } else { "have" };
                format!(
                    "it is about {} who {have} more permissions than you have. Ask someone with the same permissions.",
                    people(count)
                )
            }
            Self::Readdressed(count) => format!(
                "it would change where messages to the account of {} go, and for that you need the permission \u{201c}{}\u{201d}. \
                 Ask someone who has it.",
                people(count),
                Permission::EditContacts.label()
            ),
        }
    }
}

impl From<BeyondReach> for Error {
    fn from(why: BeyondReach) -> Self {
        Self::conflict("undo_beyond_reach", format!("You can\u{2019}t undo this: {}", why.sentence()))
    }
}

/// Counts those of `people` whom a restriction hides from someone who entered for a school.
pub(crate) fn hidden_among(school: &SchoolContext, people: &[PersonId]) -> Option<BeyondReach> {
    let hidden: HashSet<&PersonId> = school.visible.hidden.iter().collect();
    let count = people.iter().filter(|person| hidden.contains(person)).count();
    (count > 0).then_some(BeyondReach::Hidden(count))
}

/// Finds whom of `people` someone could not do this to, who entered for a school with `permission`. Counts only: names
/// are not for everyone.
pub(crate) async fn beyond_reach(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    (school, permission): (&SchoolContext, Permission),
    people: &[PersonId],
) -> Result<Option<BeyondReach>> {
    if let Some(hidden) = hidden_among(school, people) {
        return Ok(Some(hidden));
    }
    // A role for a group is for its members; one for the school is also for staff, and for those who have left.
    if !school.everybody() {
        let elsewhere: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM unnest($1::uuid[]) AS p (id)
             WHERE p.id NOT IN (SELECT r.person_id FROM reached_people r)",
        )
        .bind(people.iter().map(|person| person.0).collect::<Vec<Uuid>>())
        .fetch_one(&mut *connection)
        .await?;
        if elsewhere > 0 {
            let count = usize::try_from(elsewhere).unwrap_or(usize::MAX);
            return Ok(Some(BeyondReach::Elsewhere(count, permission)));
        }
    }
    let count = outranking(backend, connection, actor, people).await?.len();
    Ok((count > 0).then_some(BeyondReach::Outranking(count)))
}
