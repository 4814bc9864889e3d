//! Showing a run: its figures, and its rows by outcome, with search and pages.

use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::guardians::autocreate::outcome::{Outcome, OutcomeGroup, Rule};
use domain::guardians::autocreate::views::{AloneLine, RunLine, RunState, RunView};
use domain::guardians::relationship::Relationship;
use domain::ids::{AutocreateId, ContactId, PersonId, SchoolId};
use domain::operations::state::OperationState;
use domain::roll::filter::RollFilter;
use domain::roll::name::display_name;
use sqlx::PgConnection;
use uuid::Uuid;

use super::create::AutocreateGuardians;
use super::store::{self, RunRow};
use crate::operations::latest::{OperationSubject, latest_about};
use crate::tenancy::enter::Entered;
use crate::tenancy::places::SchoolContext;
use crate::tenancy::target::InSchool;
use crate::{Backend, Error, Result};

/// Which rows of a run.
#[derive(Debug, Clone, Default)]
pub struct LineFilter {
    /// The groups; empty for those that All shows.
    pub groups: Vec<OutcomeGroup>,
    /// Words from the name of the adult or a child.
    pub words: String,
    /// Only those that had changed when the run was carried out.
    pub changed: bool,
    /// How many rows to leave out.
    pub after: u32,
    /// The most rows to return.
    pub most: u32,
}

/// Returns a run of the school.
pub async fn run(backend: &Backend, actor: &Actor, school: SchoolId, run: AutocreateId) -> Result<RunView> {
    let Entered { mut transaction, at: school } =
        backend.enter(actor, Permission::ManageGuardians, InSchool(school)).await?;
    let row = store::load(&mut transaction, &school, run).await?;
    of(backend, &mut transaction, &school, row).await
}

/// Where a run stands, with everything that is shown of it.
pub(super) async fn of(
    backend: &Backend,
    connection: &mut PgConnection,
    school: &SchoolContext,
    row: RunRow,
) -> Result<RunView> {
    let (mut state, mut operation) = (RunState::Simulated, row.operation());
    if row.undone_at.is_some() {
        state = if row.undone_in_part { RunState::UndoneInPart } else { RunState::Undone };
    } else if row.applied_at.is_some() {
        state = if row.changed > 0 { RunState::AppliedInPart } else { RunState::Applied };
    } else if row.expires_at <= backend.now() {
        state = RunState::Expired;
    } else if let Some((id, stands)) = latest_about::<AutocreateGuardians>(
        backend,
        connection,
        school,
        OperationSubject { field: "run", id: row.id, plan: None },
    )
    .await?
    {
        let known = match stands {
            OperationState::Waiting => Some(RunState::Waiting),
            OperationState::Approved => Some(RunState::Approved),
            OperationState::Running => Some(RunState::Running),
            _ => None,
        };
        if let Some(known) = known {
            (state, operation) = (known, Some(id));
        }
    }
    let plan = row.plan()?;
    let by = row.given_name.zip(row.family_name).zip(row.preferred_name);
    Ok(RunView {
        id: AutocreateId(row.id),
        at: row.created_at,
        by: by.map(|((given, family), preferred)| display_name(&given, &family, &preferred)),
        options: row.options.0,
        counts: row.counts.0,
        plan,
        state,
        operation,
        changed: u32::try_from(row.changed).unwrap_or_default(),
    })
}

#[derive(sqlx::FromRow)]
struct LineRow {
    household: i32,
    adult_id: Uuid,
    outcome: String,
    rule: String,
    username: Option<String>,
    changed: bool,
    child_ids: Vec<Uuid>,
    child_names: Vec<String>,
    contact_ids: Vec<Uuid>,
    given_name: String,
    family_name: String,
    preferred_name: String,
    email: Option<String>,
    relationship: Option<String>,
    priority: Option<i16>,
}

/// Returns rows of a run, in the order of families: one for each adult, outcome and rule. Shows only children and adults whom
/// the actor may see.
pub async fn lines(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    run: AutocreateId,
    filter: &LineFilter,
) -> Result<Vec<RunLine>> {
    let Entered { mut transaction, at: school } =
        backend.enter(actor, Permission::ManageGuardians, InSchool(school)).await?;
    read_lines(&mut transaction, actor, &school, run, filter).await
}

/// See [`lines`].
pub(super) async fn read_lines(
    connection: &mut PgConnection,
    actor: &Actor,
    school: &SchoolContext,
    run: AutocreateId,
    filter: &LineFilter,
) -> Result<Vec<RunLine>> {
    let shown = |group: OutcomeGroup| {
        if filter.groups.is_empty() { group != OutcomeGroup::Has } else { filter.groups.contains(&group) }
    };
    let outcomes: Vec<&str> = Outcome::ALL
        .iter()
        .filter(|outcome| filter.changed || shown(outcome.group()))
        .map(|outcome| outcome.slug())
        .collect();
    let words = RollFilter { q: filter.words.clone(), ..RollFilter::default() }.words();
    let rows = sqlx::query_as::<_, LineRow>(
        "SELECT l.household, l.adult_id, l.outcome, l.rule, l.username, l.changed, l.child_ids, l.child_names, l.contact_ids,
                p.given_name, p.family_name, p.preferred_name, m.value AS email, c.relationship, c.priority
         FROM (SELECT min(x.number) AS number, min(x.household) AS household, x.adult_id, x.outcome, x.rule,
                      max(x.username) AS username, x.changed, array_agg(x.child_id ORDER BY x.number) AS child_ids,
                      array_agg(coalesce(nullif(k.preferred_name, ''), k.given_name) || ' ' || k.family_name ORDER BY x.number)
                          AS child_names,
                      array_agg(x.contact_id ORDER BY x.number) AS contact_ids,
                      string_agg(k.search_key, ' ') AS children_key
               FROM autocreate_pairs x JOIN people k ON k.id = x.child_id AND k.organisation_id = $1
               WHERE x.organisation_id = $1 AND x.run_id = $2 AND x.outcome = ANY ($3) AND (NOT $4 OR x.changed)
                 AND ($5 OR x.child_id IN (SELECT r.person_id FROM reached_people r))
                 AND x.child_id <> ALL ($6) AND x.adult_id <> ALL ($6)
               GROUP BY x.adult_id, x.outcome, x.rule, x.changed) l
         JOIN people p ON p.id = l.adult_id AND p.organisation_id = $1
         LEFT JOIN addresses m ON m.person_id = l.adult_id AND m.organisation_id = $1 AND m.kind = 'email' AND m.is_primary
         LEFT JOIN contacts c ON c.id = l.contact_ids[1]
         WHERE NOT EXISTS (SELECT FROM unnest($7::text[]) AS word
                           WHERE ' ' || p.search_key || ' ' || l.children_key NOT LIKE '% ' || word || '%')
         ORDER BY l.number OFFSET $8 LIMIT $9",
    )
    .bind(school.organisation.0)
    .bind(run.0)
    .bind(&outcomes)
    .bind(filter.changed)
    .bind(school.everybody())
    .bind(school.hidden())
    .bind(&words)
    .bind(i64::from(filter.after))
    .bind(i64::from(filter.most))
    .fetch_all(connection)
    .await?;
    // Only those who may know are told of an order; others see that it is not for bulk actions.
    let here = Resource::InSchool(school.organisation, school.school);
    let may_know = decide(actor, Permission::ManageRestrictions, here).is_ok();
    rows.into_iter().map(|row| row.line(may_know)).collect()
}

impl LineRow {
    fn line(self, may_know: bool) -> Result<RunLine> {
        let outcome = Outcome::from_slug(&self.outcome)
            .ok_or_else(|| Error::unexpected(format!("outcome {}", self.outcome)))?;
        let rule =
            Rule::from_slug(&self.rule).ok_or_else(|| Error::unexpected(format!("rule {}", self.rule)))?;
        let is_restricted = outcome == Outcome::Restricted;
        let (outcome, rule) = if is_restricted && !may_know {
            (Outcome::NoPortal, Rule::NoPortalMark)
        } else {
            (outcome, rule)
        };
        let what = self.relationship.as_deref().and_then(Relationship::from_slug).map(Relationship::label);
        let what = match (what, self.priority) {
            (Some(what), Some(priority)) => format!("{what}, contact {priority}"),
            (Some(what), None) => what.to_owned(),
            (None, _) => String::new(),
        };
        let children = self.child_ids.into_iter().map(PersonId).zip(self.child_names);
        Ok(RunLine {
            adult: PersonId(self.adult_id),
            name: display_name(&self.given_name, &self.family_name, &self.preferred_name),
            what,
            email_hidden: is_restricted && self.email.is_some(),
            email: self.email.filter(|_| !is_restricted),
            children: children.map(|(child, name)| (child, name.trim().to_owned())).collect(),
            outcome,
            rule,
            username: self.username,
            changed: self.changed,
            household: u32::try_from(self.household).unwrap_or_default(),
            contacts: self.contact_ids.into_iter().map(ContactId).collect(),
        })
    }
}

#[derive(sqlx::FromRow)]
struct AloneRow {
    child_id: Uuid,
    contacts: i32,
    given_name: String,
    family_name: String,
    preferred_name: String,
    year_group: String,
    registration_group: String,
}

/// Returns the children whom a run leaves with no adult, whom the actor may see.
pub async fn alone(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    run: AutocreateId,
    (after, most): (u32, u32),
) -> Result<Vec<AloneLine>> {
    let Entered { mut transaction, at: school } =
        backend.enter(actor, Permission::ManageGuardians, InSchool(school)).await?;
    let rows = sqlx::query_as::<_, AloneRow>(
        "SELECT x.child_id, x.contacts, p.given_name, p.family_name, p.preferred_name, e.year_group, e.registration_group
         FROM autocreate_alone x
         JOIN people p ON p.id = x.child_id AND p.organisation_id = $1
         JOIN enrolments e ON e.person_id = x.child_id AND e.school_id = $2 AND e.latest
         WHERE x.organisation_id = $1 AND x.run_id = $3
           AND ($4 OR x.child_id IN (SELECT r.person_id FROM reached_people r)) AND x.child_id <> ALL ($5)
         ORDER BY x.number OFFSET $6 LIMIT $7",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(run.0)
    .bind(school.everybody())
    .bind(school.hidden())
    .bind(i64::from(after))
    .bind(i64::from(most))
    .fetch_all(&mut *transaction)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| AloneLine {
            child: PersonId(row.child_id),
            name: display_name(&row.given_name, &row.family_name, &row.preferred_name),
            group: if row.registration_group.is_empty() { row.year_group } else { row.registration_group },
            contacts: u32::try_from(row.contacts).unwrap_or_default(),
        })
        .collect())
}
