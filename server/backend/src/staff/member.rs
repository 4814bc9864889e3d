//! One member of staff.

use chrono::NaiveDate;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::ids::{PersonId, SchoolId};
use domain::roll::name::display_name;
use domain::staff::views::StaffMember;

use crate::roll::entries::{AccountColumns, with_account};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::School;
use crate::{Backend, Error, Result};

#[derive(sqlx::FromRow)]
struct MemberRow {
    given_name: String,
    family_name: String,
    preferred_name: String,
    staff_code: String,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
    email: Option<String>,
    #[sqlx(flatten)]
    account: AccountColumns,
}

/// Somebody who works or worked at a school, without those whom a restriction hides. The account is for those who may see
/// accounts.
pub async fn member(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    person: PersonId,
) -> Result<StaffMember> {
    let Entered { mut transaction, at } = backend.enter(actor, Permission::ViewRoll, School(school)).await?;
    let whole_school = Resource::School(actor.organisation, school);
    let shows_account = decide(actor, Permission::ViewAccounts, whole_school).is_ok();
    let row = sqlx::query_as::<_, MemberRow>(with_account!(
        "p.given_name, p.family_name, p.preferred_name, e.staff_code, e.starts_on, e.ends_on, m.value AS email",
        "FROM employments e
         JOIN people p ON p.id = e.person_id
         LEFT JOIN addresses m ON m.person_id = e.person_id AND m.kind = 'email' AND m.is_primary
         LEFT JOIN accounts a ON a.organisation_id = e.organisation_id AND a.person_id = e.person_id AND $4
         LEFT JOIN invitations i ON i.account_id = a.id AND i.current
         LEFT JOIN messages sent ON sent.id = i.id
         WHERE e.organisation_id = $1 AND e.school_id = $2 AND e.person_id = $3
           AND e.person_id <> ALL ((SELECT carried_ids('greencap.hidden'))::uuid[])"
    ))
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(person.0)
    .bind(shows_account)
    .fetch_optional(&mut *transaction)
    .await?
    .ok_or(Error::NotFound("member of staff"))?;
    Ok(StaffMember {
        person,
        name: display_name(&row.given_name, &row.family_name, &row.preferred_name),
        staff_code: row.staff_code,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        works_here: row.ends_on.is_none_or(|last| at.today <= last),
        shows_account,
        account: row.account.account(row.email.is_some())?,
        email: row.email,
    })
}
