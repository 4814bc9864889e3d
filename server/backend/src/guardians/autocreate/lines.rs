//! The rows of a run, by outcome, with search and pages.

use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::guardians::autocreate::facts::PairFacts;
use domain::guardians::autocreate::line::{AlikeLine, RunLine};
use domain::guardians::autocreate::outcome::{Outcome, OutcomeGroup, Rule};
use domain::guardians::duplicates::evidence::Evidence;
use domain::guardians::relationship::Relationship;
use domain::ids::{AutocreateId, ContactId, PairId, PersonId, SchoolId};
use domain::roll::filter::RollFilter;
use domain::roll::name::display_name;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

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
    /// Only those about whom a person has to decide.
    pub held: bool,
    /// How many rows to leave out.
    pub after: u32,
    /// The most rows to return.
    pub most: u32,
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
    facts: Json<Vec<PairFacts>>,
    already: Option<Vec<String>>,
    is_alike: bool,
    alike_given: Option<String>,
    alike_family: Option<String>,
    alike_preferred: Option<String>,
    pair: Option<Uuid>,
    evidence: Option<Vec<String>>,
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
        .filter(|outcome| match (filter.changed, filter.held) {
            (true, _) => true,
            (false, true) => outcome.is_held(),
            (false, false) => shown(outcome.group()),
        })
        .map(|outcome| outcome.slug())
        .collect();
    let words = RollFilter { q: filter.words.clone(), ..RollFilter::default() }.words();
    let rows = sqlx::query_as::<_, LineRow>(
        "SELECT l.household, l.adult_id, l.outcome, l.rule, l.username, l.changed, l.child_ids, l.child_names, l.contact_ids,
                p.given_name, p.family_name, p.preferred_name, m.value AS email, c.relationship, c.priority, l.facts, had.already,
                l.alike IS NOT NULL AS is_alike, o.given_name AS alike_given, o.family_name AS alike_family,
                o.preferred_name AS alike_preferred, g.id AS pair, g.evidence
         FROM (SELECT min(x.number) AS number, min(x.household) AS household, x.adult_id, x.outcome, x.rule,
                      max(x.username) AS username, x.changed, array_agg(x.child_id ORDER BY x.number) AS child_ids,
                      array_agg(coalesce(nullif(k.preferred_name, ''), k.given_name) || ' ' || k.family_name ORDER BY x.number)
                          AS child_names,
                      array_agg(x.contact_id ORDER BY x.number) AS contact_ids,
                      string_agg(k.search_key, ' ') AS children_key,
                      jsonb_agg(x.facts ORDER BY x.number) AS facts,
                      max(coalesce(x.facts #>> '{alike,person}', x.facts #>> '{alike,colleague}'))::uuid AS alike
               FROM autocreate_pairs x JOIN people k ON k.id = x.child_id AND k.organisation_id = $1
               WHERE x.organisation_id = $1 AND x.run_id = $2 AND x.outcome = ANY ($3) AND (NOT $4 OR x.changed)
                 AND ($5 OR x.child_id IN (SELECT r.person_id FROM reached_people r))
                 AND x.child_id <> ALL ($6) AND x.adult_id <> ALL ($6)
               GROUP BY x.adult_id, x.outcome, x.rule, x.changed) l
         JOIN people p ON p.id = l.adult_id AND p.organisation_id = $1
         LEFT JOIN addresses m ON m.person_id = l.adult_id AND m.organisation_id = $1 AND m.kind = 'email' AND m.is_primary
         LEFT JOIN contacts c ON c.id = l.contact_ids[1]
         LEFT JOIN people o ON o.organisation_id = $1 AND o.id = l.alike AND o.id IN (SELECT v.person_id FROM known_adults v)
         LEFT JOIN person_pairs g ON g.organisation_id = $1 AND g.a_id = least(l.adult_id, o.id) AND g.b_id = greatest(l.adult_id, o.id)
         LEFT JOIN (SELECT x.adult_id, array_agg(coalesce(nullif(k.preferred_name, ''), k.given_name) ORDER BY x.number) AS already
                    FROM autocreate_pairs x JOIN people k ON k.id = x.child_id AND k.organisation_id = $1
                    WHERE x.organisation_id = $1 AND x.run_id = $2 AND x.outcome = 'has_access'
                      AND ($5 OR x.child_id IN (SELECT r.person_id FROM reached_people r)) AND x.child_id <> ALL ($6)
                    GROUP BY x.adult_id) had ON had.adult_id = l.adult_id AND l.outcome = 'attach'
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
        // For them the two look alike.
        let hides_email = is_restricted || outcome == Outcome::NoPortal && !may_know;
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
        let alike = self.is_alike.then(|| AlikeLine {
            name: self
                .alike_given
                .zip(self.alike_family)
                .zip(self.alike_preferred)
                .map(|((given, family), preferred)| display_name(&given, &family, &preferred)),
            pair: self.pair.map(PairId),
            evidence: self
                .evidence
                .unwrap_or_default()
                .iter()
                .filter_map(|slug| Evidence::from_slug(slug))
                .collect(),
        });
        let children = self.child_ids.into_iter().map(PersonId).zip(self.child_names);
        Ok(RunLine {
            adult: PersonId(self.adult_id),
            name: display_name(&self.given_name, &self.family_name, &self.preferred_name),
            what,
            email_hidden: hides_email && self.email.is_some(),
            email: self.email.filter(|_| !hides_email),
            children: children.map(|(child, name)| (child, name.trim().to_owned())).collect(),
            already: self.already.unwrap_or_default(),
            outcome,
            rule,
            alike,
            username: self.username,
            changed: self.changed,
            household: u32::try_from(self.household).unwrap_or_default(),
            contacts: self.contact_ids.into_iter().map(ContactId).collect(),
            facts: self.facts.0,
        })
    }
}
