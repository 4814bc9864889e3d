//! One member of staff, or a colleague who was invited and is not on the staff list.

use chrono::NaiveDate;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::ids::{PersonId, SchoolId};
use domain::roll::name::display_name;
use domain::staff::views::{Employment, StaffMember};

use crate::roll::entries::{AccountColumns, with_account};
use crate::roll::invited::current_invitation;
use crate::tenancy::enter::Entered;
use crate::tenancy::target::School;
use crate::{Backend, Error, Result};

#[derive(sqlx::FromRow)]
struct MemberRow {
    given_name: String,
    family_name: String,
    preferred_name: String,
    staff_code: Option<String>,
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
    email: Option<String>,
    #[sqlx(flatten)]
    account: AccountColumns,
}

/// Somebody who works or worked at a school, or has a role there, without those whom a restriction hides. The account is
/// for those who may see accounts. Who has a role for all schools is shown to those who act for all of them.
pub async fn member(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    person: PersonId,
) -> Result<StaffMember> {
    let Entered { mut transaction, at } = backend.enter(actor, Permission::ViewRoll, School(school)).await?;
    let whole_school = Resource::School(actor.organisation, school);
    let shows_account = decide(actor, Permission::ViewAccounts, whole_school).is_ok();
    let whole_organisation = Resource::Organisation(actor.organisation);
    let row = sqlx::query_as::<_, MemberRow>(with_account!(
        "p.given_name, p.family_name, p.preferred_name, e.staff_code, e.starts_on, e.ends_on, m.value AS email",
        "FROM people p
         LEFT JOIN employments e ON e.organisation_id = p.organisation_id AND e.school_id = $2 AND e.person_id = p.id
         LEFT JOIN addresses m ON m.person_id = p.id AND m.kind = 'email' AND m.is_primary
         LEFT JOIN accounts a ON a.organisation_id = p.organisation_id AND a.person_id = p.id AND $4
         LEFT JOIN invitations i ON i.account_id = a.id AND i.current
         LEFT JOIN messages sent ON sent.id = i.id
         WHERE p.organisation_id = $1 AND p.id = $3
           AND p.id <> ALL ((SELECT carried_ids('greencap.hidden'))::uuid[])
           AND (e.id IS NOT NULL OR EXISTS (
                   SELECT FROM staff_roles r
                   WHERE r.organisation_id = $1 AND r.person_id = p.id AND (r.school_id = $2 OR r.school_id IS NULL AND $5)
                     AND (r.ends_on < $6) IS NOT TRUE))"
    ))
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(person.0)
    .bind(shows_account)
    .bind(decide(actor, Permission::ViewRoll, whole_organisation).is_ok())
    .bind(at.today)
    .fetch_optional(&mut *transaction)
    .await?
    .ok_or(Error::NotFound("member of staff"))?;
    let account = row.account.account(row.email.is_some())?;
    let invitation = match &account {
        Some(account) => {
            current_invitation(&mut transaction, actor.organisation, account.id, backend.now()).await?
        }
        None => None,
    };
    let employment = row.staff_code.zip(row.starts_on).map(|(staff_code, starts_on)| Employment {
        staff_code,
        starts_on,
        ends_on: row.ends_on,
    });
    let works = |employment: &Employment| employment.ends_on.is_none_or(|last| at.today <= last);
    Ok(StaffMember {
        person,
        name: display_name(&row.given_name, &row.family_name, &row.preferred_name),
        works_here: employment.as_ref().is_some_and(works),
        employment,
        shows_account,
        account,
        invitation,
        email: row.email,
    })
}
