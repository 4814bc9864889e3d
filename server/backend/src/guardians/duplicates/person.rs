//! Who the two people of a pair are, as far as the reader may know.

use std::collections::HashMap;

use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::authorization::policy::{Resource, decide};
use domain::credentials::state::AccountState;
use domain::ids::PersonId;
use domain::roll::name::display_name;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{Error, Result};

/// One of two people who may be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonCard {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// The children whom the reader may see, each with the school's code.
    pub children: Vec<String>,
    /// How many children are at schools that the reader does not act for.
    pub other_children: i64,
    /// Their primary email address, in part if the reader may not see addresses.
    pub email: Option<String>,
    /// The state of their account.
    pub account: Option<AccountState>,
    /// Whether they work at a school or have a role.
    pub is_staff: bool,
    /// Whether they are or were a student.
    pub is_student: bool,
}

#[derive(sqlx::FromRow)]
struct CardRow {
    id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    children: Vec<String>,
    other_children: i64,
    email: Option<String>,
    state: Option<String>,
    invited: bool,
    is_staff: bool,
    is_student: bool,
}

/// The cards of people whom the transaction's actor may see; others are left out.
pub(super) async fn cards(
    connection: &mut PgConnection,
    actor: &Actor,
    people: &[PersonId],
) -> Result<HashMap<PersonId, PersonCard>> {
    let whole = decide(actor, Permission::EditContacts, Resource::AnySchool(actor.organisation)).is_ok();
    let rows: Vec<CardRow> = sqlx::query_as::<_, CardRow>(
        "SELECT p.id, p.given_name, p.family_name, p.preferred_name,
                ARRAY(SELECT coalesce(nullif(child.preferred_name, ''), child.given_name) || ' ' || child.family_name
                             || coalesce(' (' || s.code || ')', '')
                      FROM contacts c JOIN people child ON child.id = c.child_id
                      LEFT JOIN enrolments e ON e.person_id = child.id AND e.latest
                      LEFT JOIN schools s ON s.id = e.school_id
                      WHERE c.adult_id = p.id AND c.ended_at IS NULL
                        AND EXISTS (SELECT FROM visible_people v WHERE v.person_id = c.child_id)
                      ORDER BY 1) AS children,
                (SELECT count(*) FROM contacts c WHERE c.adult_id = p.id AND c.ended_at IS NULL
                    AND NOT EXISTS (SELECT FROM visible_people v WHERE v.person_id = c.child_id)) AS other_children,
                m.value AS email, a.state,
                EXISTS (SELECT FROM invitations i WHERE i.account_id = a.id AND i.current) AS invited,
                EXISTS (SELECT FROM employments e WHERE e.person_id = p.id)
                OR EXISTS (SELECT FROM staff_roles r WHERE r.person_id = p.id) AS is_staff,
                EXISTS (SELECT FROM enrolments e WHERE e.person_id = p.id) AS is_student
         FROM people p
         LEFT JOIN addresses m ON m.person_id = p.id AND m.kind = 'email' AND m.is_primary
         LEFT JOIN accounts a ON a.organisation_id = p.organisation_id AND a.person_id = p.id
         WHERE p.organisation_id = $1 AND p.id = ANY ($2) AND p.id IN (SELECT v.person_id FROM known_adults v)",
    )
    .bind(actor.organisation.0)
    .bind(people.iter().map(|person| person.0).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(|row| row.card(whole).map(|card| (card.person, card))).collect()
}

impl CardRow {
    fn card(self, whole: bool) -> Result<PersonCard> {
        let account = match &self.state {
            Some(state) => Some(
                AccountState::from_stored(state, self.invited)
                    .ok_or_else(|| Error::unexpected(format!("account state {state}")))?,
            ),
            None => None,
        };
        Ok(PersonCard {
            person: PersonId(self.id),
            name: display_name(&self.given_name, &self.family_name, &self.preferred_name),
            children: self.children,
            other_children: self.other_children,
            email: if whole { self.email } else { self.email.as_deref().map(in_part) },
            account,
            is_staff: self.is_staff,
            is_student: self.is_student,
        })
    }
}

/// An address by which its owner is recognised, and nobody can be written to: "m…@home.example".
fn in_part(email: &str) -> String {
    let (local, domain) = email.split_once('@').unwrap_or((email, ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}\u{2026}@{domain}")
}

#[cfg(test)]
mod tests {
    use super::in_part;

    #[test]
    fn an_address_in_part_keeps_its_first_letter_and_its_domain() {
        assert_eq!(in_part("mara.varga@home.example"), "m\u{2026}@home.example");
    }
}
