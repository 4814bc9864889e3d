//! Who may be the person that is being entered, before a second one is made.

use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::fold::sort_key;
use domain::guardians::adult::NewAdult;
use domain::guardians::views::{LikelyPerson, SameReason};
use domain::ids::{PersonId, SchoolId};
use domain::roll::name::display_name;
use uuid::Uuid;

use crate::tenancy::enter::Entered;
use crate::tenancy::target::School;
use crate::{Backend, Result};

/// The most people that are named.
const MOST: i64 = 8;

#[derive(sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact that the query finds")]
struct LikelyRow {
    id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    username: Option<String>,
    works_here: bool,
    children: Vec<String>,
    same_email: bool,
    same_phone: bool,
    same_name: bool,
}

/// Returns the adults within the actor's reach who have the same email address, phone number or name, the likeliest first.
pub async fn likely(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    adult: &NewAdult,
) -> Result<Vec<LikelyPerson>> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageGuardians, School(school)).await?;
    let shows_accounts =
        decide(actor, Permission::ViewAccounts, Resource::School(at.organisation, school)).is_ok();
    let name = &adult.details.name;
    let rows: Vec<LikelyRow> = sqlx::query_as(
        "SELECT p.id, p.given_name, p.family_name, p.preferred_name, a.username,
                EXISTS (SELECT FROM employments w WHERE w.person_id = p.id AND w.school_id = $2) AS works_here,
                ARRAY(SELECT concat_ws(' ', nullif(coalesce(nullif(k.preferred_name, ''), k.given_name), ''),
                                       nullif(k.family_name, ''))
                      FROM contacts c JOIN people k ON k.id = c.child_id
                      WHERE c.adult_id = p.id AND c.ended_at IS NULL
                        AND k.id IN (SELECT v.person_id FROM visible_people v)
                      ORDER BY k.sort_key, k.id) AS children,
                EXISTS (SELECT FROM addresses d
                        WHERE d.person_id = p.id AND d.kind = 'email' AND d.comparable = $3) AS same_email,
                EXISTS (SELECT FROM addresses d
                        WHERE d.person_id = p.id AND d.kind = 'phone' AND d.comparable = $4) AS same_phone,
                p.sort_key = $5 AS same_name
         FROM people p
         LEFT JOIN accounts a ON a.person_id = p.id AND a.state <> 'closed' AND $6
         WHERE p.organisation_id = $1 AND p.merged_into IS NULL
           AND (p.sort_key = $5
                OR p.id IN (SELECT d.person_id FROM addresses d
                            WHERE d.organisation_id = $1 AND d.comparable IN ($3, $4)))
           AND (p.id IN (SELECT v.person_id FROM visible_people v)
                OR EXISTS (SELECT FROM employments w WHERE w.person_id = p.id AND w.school_id = $2))
           AND NOT EXISTS (SELECT FROM enrolments e WHERE e.person_id = p.id)
         ORDER BY (p.sort_key = $5) DESC, p.sort_key, p.id
         LIMIT $7",
    )
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(adult.email.as_ref().map(domain::roll::address::EmailAddress::comparable))
    .bind(adult.phone.as_ref().map(|phone| phone.as_str().to_owned()))
    .bind(sort_key(name.given(), name.family()))
    .bind(shows_accounts)
    .bind(MOST)
    .fetch_all(&mut *transaction)
    .await?;
    Ok(rows.into_iter().map(LikelyRow::person).collect())
}

impl LikelyRow {
    fn person(self) -> LikelyPerson {
        let reasons = [
            (self.same_email, SameReason::Email),
            (self.same_phone, SameReason::Phone),
            (self.same_name, SameReason::Name),
        ];
        let who = match (self.children.is_empty(), self.works_here) {
            (false, _) => format!("Contact of {}", self.children.join(", ")),
            (true, true) => "Member of staff".to_owned(),
            (true, false) => "No student attached".to_owned(),
        };
        LikelyPerson {
            person: PersonId(self.id),
            name: display_name(&self.given_name, &self.family_name, &self.preferred_name),
            who,
            is_colleague: self.children.is_empty() && self.works_here,
            username: self.username,
            reasons: reasons.into_iter().filter(|(holds, _)| *holds).map(|(_, reason)| reason).collect(),
        }
    }
}
