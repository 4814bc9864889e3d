//! For whom a change of members is possible.

use chrono::NaiveDate;
use domain::groups::members::MemberChange;
use domain::ids::PersonId;
use domain::operations::facts::{Facts, FactsFormat, FactsWriter, Sink, Tag};
use domain::operations::plan::{Plan, PlannedRow};
use uuid::Uuid;

use super::ChangeMembers;
use crate::Result;
use crate::operations::OperationContext;
use crate::roll::selection;
use crate::roll::simulation::{OfPerson, StaysAsItIs};

/// A student whose groups change.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct MemberRow {
    person_id: Uuid,
    /// The first day of the membership that ends, if one does.
    member_since: Option<NaiveDate>,
    /// Whether they are in the group to join already, on that day or later.
    already: bool,
    /// Whether they have left the school on that day.
    left_school: bool,
    /// The group to join, if any.
    joins: Option<Uuid>,
}

impl OfPerson for MemberRow {
    fn person(&self) -> PersonId {
        PersonId(self.person_id)
    }
}

impl MemberRow {
    /// Whether they join a group.
    pub(super) fn joins(&self) -> bool {
        self.joins.is_some() && !self.already
    }

    /// Why nothing can be done for them.
    fn left_out(&self, change: MemberChange) -> Option<&'static str> {
        match change {
            MemberChange::Join { .. } | MemberChange::Move { .. } if self.left_school => {
                Some("not at the school on that day")
            }
            MemberChange::Join { .. } if self.already => Some("in the group already"),
            MemberChange::Move { .. } | MemberChange::Leave { .. } if self.member_since.is_none() => {
                Some("not in the group on that day or later")
            }
            _ => None,
        }
    }
}

const PERSON: Tag = Tag::new(1);
const SINCE: Tag = Tag::new(2);
const JOINS: Tag = Tag::new(3);

impl Facts for MemberRow {
    const FORM: FactsFormat = FactsFormat { name: "change_members", version: 1 };

    fn write(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        fields.id(PERSON, self.person_id);
        if let Some(since) = self.member_since {
            fields.day(SINCE, since);
        }
        if let Some(group) = self.joins.filter(|_| !self.already) {
            fields.id(JOINS, group);
        }
    }
}

impl PlannedRow for MemberRow {}

/// The rows, and who stays where they are.
pub(super) async fn plan(
    input: &ChangeMembers,
    work: &mut OperationContext<'_>,
) -> Result<(Plan<MemberRow>, StaysAsItIs)> {
    let now = work.backend.now();
    let people = selection::people(work.connection, work.school, &input.selection, now).await?;
    let restricted = selection::restricted(work.connection, work.school, &input.selection, now).await?;
    let found = sqlx::query_as::<_, MemberRow>(
        "SELECT p.id AS person_id, $6::uuid AS joins,
                roll_status_on($4, e.starts_on, e.ends_on) = 'leaver' AS left_school,
                (SELECT min(m.starts_on) FROM group_members m
                 WHERE m.person_id = p.id AND m.group_id = $5 AND (m.ends_on < $4) IS NOT TRUE) AS member_since,
                EXISTS (SELECT FROM group_members m
                        WHERE m.person_id = p.id AND m.group_id = $6 AND (m.ends_on < $4) IS NOT TRUE) AS already
         FROM people p
         JOIN enrolments e ON e.person_id = p.id AND e.school_id = $2 AND e.latest
         WHERE p.organisation_id = $1 AND p.id = ANY ($3)
         ORDER BY p.sort_key, p.id",
    )
    .bind(work.school.organisation.0)
    .bind(work.school.school.0)
    .bind(people.iter().map(|person| person.0).collect::<Vec<_>>())
    .bind(input.on)
    .bind(input.change.from().map(|group| group.0))
    .bind(input.change.to().map(|group| group.0))
    .fetch_all(&mut *work.connection)
    .await?;
    let mut stays = StaysAsItIs::hiding(restricted);
    let rows = stays.sort_out(found, |row| row.left_out(input.change));
    Ok((Plan::of(rows), stays))
}
