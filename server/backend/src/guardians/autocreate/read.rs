//! The facts of a simulation: one statement for the students, and one for all their contacts.

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::authorization::actor::Actor;
use domain::guardians::access::DefaultAccess;
use domain::guardians::autocreate::facts::{AccountStanding, ContactStanding, PairFacts};
use domain::guardians::autocreate::options::AutocreateOptions;
use domain::guardians::contact::{ContactFacts, ContactPriority};
use domain::guardians::relationship::Relationship;
use domain::ids::{AccountId, AddressId, ContactId, PersonId};
use domain::roll::selection::Selection;
use domain::roll::status::RollStatus;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::roll::selection;
use crate::tenancy::places::SchoolContext;
use crate::{Backend, Error, Result};

/// A contact, as a simulation looks at it.
#[derive(Debug, Clone)]
pub(super) struct ReadPair {
    /// What the outcome depends on.
    pub(super) facts: PairFacts,
    /// What the default access is decided by, and the last day of a grant.
    pub(super) contact: ContactFacts,
}

/// A student of the simulation.
#[derive(Debug, Clone, Copy)]
pub(super) struct ReadChild {
    /// The student.
    pub(super) child: PersonId,
    /// Where they stand on the roll.
    pub(super) status: RollStatus,
}

#[derive(sqlx::FromRow)]
struct ChildRow {
    person_id: Uuid,
    status: String,
}

#[derive(sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact that the query finds")]
struct PairRow {
    id: Uuid,
    adult_id: Uuid,
    child_id: Uuid,
    relationship: String,
    priority: Option<i16>,
    parental_responsibility: Option<bool>,
    lives_with: Option<bool>,
    no_portal: bool,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
    is_ended: bool,
    is_organisation: bool,
    email: Option<Uuid>,
    account_id: Option<Uuid>,
    state: Option<String>,
    is_pupil: bool,
    granted: bool,
    restricted: bool,
    child_of_age: bool,
}

/// Reads the students of a selection whom the actor may see, in the order of lists.
pub(super) async fn children(
    backend: &Backend,
    connection: &mut PgConnection,
    school: &SchoolContext,
    options: &AutocreateOptions,
) -> Result<Vec<ReadChild>> {
    let chosen = match &options.students {
        Selection::People { ids } => Selection::People { ids: ids.clone() },
        Selection::Matching { filter } => {
            let mut filter = filter.clone();
            filter.roll = options.roll(&filter);
            if filter.roll.is_empty() {
                return Ok(Vec::new());
            }
            Selection::Matching { filter }
        }
    };
    let people = selection::people(connection, school, &chosen, backend.now()).await?;
    let rows = sqlx::query_as::<_, ChildRow>(
        "SELECT e.person_id, roll_status_on($3, e.starts_on, e.ends_on) AS status
         FROM unnest($4::uuid[]) AS chosen (id)
         JOIN enrolments e ON e.person_id = chosen.id AND e.organisation_id = $1 AND e.school_id = $2 AND e.latest
         JOIN people p ON p.id = e.person_id
         WHERE ($5::text[] = '{}' OR e.year_group = ANY ($5)) AND ($6::text[] = '{}' OR e.registration_group = ANY ($6))
         ORDER BY p.sort_key COLLATE \"C\", p.id",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(school.today)
    .bind(people.iter().map(|person| person.0).collect::<Vec<_>>())
    .bind(options.years.iter().map(String::as_str).collect::<Vec<_>>())
    .bind(options.groups.iter().map(String::as_str).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            let status = RollStatus::from_slug(&row.status)
                .ok_or_else(|| Error::unexpected(format!("roll status {}", row.status)))?;
            Ok(ReadChild { child: PersonId(row.person_id), status })
        })
        .collect()
}

/// Reads every contact of these children, those that have ended too if none with the same adult is in force.
pub(super) async fn pairs(
    connection: &mut PgConnection,
    actor: &Actor,
    school: &SchoolContext,
    children: &[ReadChild],
    options: &AutocreateOptions,
    access: &DefaultAccess,
) -> Result<Vec<ReadPair>> {
    let rows = sqlx::query_as::<_, PairRow>(
        "WITH found AS (
             SELECT DISTINCT ON (c.child_id, c.adult_id) c.*
             FROM unnest($2::uuid[]) AS chosen (id)
             JOIN contacts c ON c.child_id = chosen.id AND c.organisation_id = $1
             ORDER BY c.child_id, c.adult_id, c.ended_at DESC NULLS FIRST)
         SELECT c.id, c.adult_id, c.child_id, c.relationship, c.priority, c.parental_responsibility, c.lives_with, c.no_portal,
                c.starts_on, c.ends_on, c.ended_at IS NOT NULL AS is_ended, p.is_organisation,
                m.id AS email, a.id AS account_id, a.state, pupil.person_id IS NOT NULL AS is_pupil,
                g.adult_id IS NOT NULL AS granted,
                -- Few children have any: the function is not called for each pair.
                c.child_id IN (SELECT r.child_id FROM access_restrictions r WHERE r.organisation_id = $1 AND r.lifted_at IS NULL)
                    AND is_restricted(c.adult_id, c.child_id, $3) AS restricted,
                c.child_id IN (SELECT y.person_id FROM comings_of_age y
                               WHERE y.organisation_id = $1 AND y.passed_at IS NOT NULL) AS child_of_age
         FROM found c
         JOIN people p ON p.id = c.adult_id AND p.organisation_id = $1 AND p.merged_into IS NULL
         LEFT JOIN addresses m ON m.person_id = c.adult_id AND m.organisation_id = $1 AND m.kind = 'email' AND m.is_primary
         LEFT JOIN accounts a ON a.organisation_id = $1 AND a.person_id = c.adult_id
         LEFT JOIN (SELECT DISTINCT e.person_id FROM enrolments e
                    WHERE e.organisation_id = $1 AND e.latest AND roll_status_on($3, e.starts_on, e.ends_on) = 'current') pupil
                ON pupil.person_id = c.adult_id
         LEFT JOIN (SELECT DISTINCT x.adult_id, x.child_id FROM access_grants x
                    WHERE x.organisation_id = $1 AND x.stopped_at IS NULL
                      AND daterange(x.starts_on, x.ends_on, '[]') @> $3::date) g
                ON g.adult_id = c.adult_id AND g.child_id = c.child_id
         WHERE c.adult_id <> ALL ($4)
         ORDER BY c.priority NULLS LAST, p.sort_key COLLATE \"C\", c.adult_id",
    )
    .bind(school.organisation.0)
    .bind(children.iter().map(|child| child.child.0).collect::<Vec<_>>())
    .bind(school.today)
    .bind(school.hidden())
    .fetch_all(connection)
    .await?;
    let order: HashMap<PersonId, usize> =
        children.iter().enumerate().map(|(at, child)| (child.child, at)).collect();
    let mut read: Vec<ReadPair> = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(child) = order.get(&PersonId(row.child_id)).and_then(|at| children.get(*at)) else {
            continue;
        };
        let mut pair = row.pair(child.status, school.today, options, access)?;
        pair.facts.is_yourself = actor.person() == Some(pair.facts.adult);
        read.push(pair);
    }
    // The statement's order stays among the contacts of one child.
    read.sort_by_key(|pair| order.get(&pair.facts.child).copied());
    Ok(read)
}

impl PairRow {
    fn pair(
        self,
        child_is: RollStatus,
        today: NaiveDate,
        options: &AutocreateOptions,
        access: &DefaultAccess,
    ) -> Result<ReadPair> {
        let relationship = Relationship::from_slug(&self.relationship)
            .ok_or_else(|| Error::unexpected(format!("relationship {}", self.relationship)))?;
        let priority = self
            .priority
            .map(|priority| u8::try_from(priority).map_err(Error::unexpected))
            .transpose()?
            .map(ContactPriority::try_from)
            .transpose()
            .map_err(Error::unexpected)?;
        let contact = ContactFacts {
            relationship,
            relationship_said: String::new(),
            functions: Vec::new(),
            priority,
            parental_responsibility: self.parental_responsibility,
            lives_with: self.lives_with,
            no_portal: self.no_portal,
            starts_on: self.starts_on,
            ends_on: self.ends_on,
        };
        let standing = if self.is_ended {
            ContactStanding::Ended
        } else if self.starts_on > today {
            ContactStanding::NotYet
        } else if contact.holds_on(today) {
            ContactStanding::Now
        } else {
            ContactStanding::Over
        };
        let account = match (self.account_id.map(AccountId), self.state.as_deref()) {
            (Some(id), Some("closed")) => AccountStanding::Closed(id),
            (Some(id), state) => {
                AccountStanding::Open { id, active: matches!(state, Some("active" | "locked")) }
            }
            (None, _) => AccountStanding::None,
        };
        let facts = PairFacts {
            contact: ContactId(self.id),
            adult: PersonId(self.adult_id),
            child: PersonId(self.child_id),
            relationship,
            priority,
            responsible: self.parental_responsibility,
            lives_with: self.lives_with,
            no_portal: self.no_portal,
            contact_is: standing,
            restricted: self.restricted,
            excepted: options.exceptions.contains(&ContactId(self.id)),
            is_organisation: self.is_organisation,
            is_pupil: self.is_pupil,
            child_is,
            is_yourself: false,
            child_of_age: self.child_of_age,
            gets_access: access.of(&contact).is_some(),
            account,
            granted: self.granted,
            email: self.email.map(AddressId),
            email_is_shared: false,
            alike: None,
            username_needs_review: false,
        };
        Ok(ReadPair { facts, contact })
    }
}
