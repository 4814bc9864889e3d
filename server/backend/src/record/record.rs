//! A student's record.

use chrono::NaiveDate;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{PersonId, SchoolId};
use domain::record::StudentRecord;
use domain::roll::language::LanguageTag;
use domain::roll::name::display_name;
use domain::roll::status::RollStatus;
use domain::roll::views::EnrolmentView;
use domain::school_year::validity::ValidDays;
use sqlx::PgConnection;
use uuid::Uuid;

use super::help::{HelpContext, help as sign_in_help, look_up};
use super::history;
use crate::accounts::renamed::former_usernames;
use crate::groups::of_student::of_student;
use crate::guardians::access::hidden::hides_addresses;
use crate::guardians::contacts::of_child::of_child;
use crate::roll::addresses;
use crate::roll::addresses::restore::removed as removed_addresses;
use crate::roll::entries::AccountColumns;
use crate::school_year::validity::of_person;
use crate::sessions::list;
use crate::tenancy::enter::Entered;
use crate::tenancy::target::Person;
use crate::{Backend, Error, Result};

#[derive(sqlx::FromRow)]
struct RecordPersonRow {
    given_name: String,
    middle_name: String,
    family_name: String,
    preferred_name: String,
    born_on: Option<NaiveDate>,
    language: String,
    #[sqlx(flatten)]
    account: AccountColumns,
}

#[derive(sqlx::FromRow)]
struct RecordEnrolmentRow {
    school_id: Uuid,
    school_name: String,
    admission_number: String,
    year_group: String,
    registration_group: String,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
}

/// Returns everything about one student: who they are, where they were on roll, their addresses, their
/// account, and their history.
pub async fn record(backend: &Backend, actor: &Actor, person: PersonId) -> Result<StudentRecord> {
    let Entered { transaction: mut connection, at } =
        backend.enter(actor, Permission::ViewRoll, Person(person)).await?;
    let (zone, today) = (at.zone, at.today);
    let shows_account = at.allows(actor, Permission::ViewAccounts);
    let row = sqlx::query_as::<_, RecordPersonRow>(
        "SELECT p.given_name, p.middle_name, p.family_name, p.preferred_name, p.born_on, p.language,
                a.id AS account_id, a.username, account_state(a.id, a.state) AS state, m.state AS delivery_state, i.opened_at AS invitation_opened_at,
                CASE WHEN i.revoked_at IS NULL THEN i.expires_at END AS invitation_expires_at,
                a.created_at AS account_created_at, i.first_at AS invited_at, a.activated_at, a.suspended_at, a.locked_at, a.closed_at,
                a.last_sign_in_at,
                CASE WHEN i.revoked_at IS NOT NULL THEN coalesce(i.revoked_for, 'staff') END AS invitation_end
         FROM people p
         LEFT JOIN accounts a ON a.organisation_id = p.organisation_id AND a.person_id = p.id
         LEFT JOIN invitations i ON i.account_id = a.id AND i.current
         LEFT JOIN messages m ON m.id = i.id
         WHERE p.organisation_id = $1 AND p.id = $2",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .fetch_optional(&mut *connection)
    .await?
    .ok_or(Error::NotFound("student"))?;
    let enrolments = enrolments_of(&mut connection, actor, person).await?;
    let groups = of_student(&mut connection, &at, person).await?;
    let addresses = addresses::of(&mut connection, actor.organisation, person).await?;
    let removed = if at.allows(actor, Permission::EditContacts) {
        removed_addresses(backend, &mut connection, actor.organisation, person).await?
    } else {
        Vec::new()
    };
    let hidden = hides_addresses(&mut connection, actor, &at).await?;
    let contacts = of_child(backend, &mut connection, actor, &at).await?;
    let has_email =
        addresses.iter().any(|a| a.primary && a.kind == domain::roll::address::AddressKind::Email);
    let (account, history) = if shows_account {
        let history = history::of(&mut connection, actor.organisation, person, zone, today).await?;
        (row.account.account(has_email)?, history)
    } else {
        (None, Vec::new())
    };
    let former = match &account {
        Some(_) => {
            let shown = at.allows(actor, Permission::ViewFormerUsernames);
            former_usernames(backend, &mut connection, actor.organisation, person, shown).await?
        }
        None => Vec::new(),
    };
    let days = of_person(backend, &mut connection, actor.organisation, person).await?;
    let days =
        days.filter(|days| shows_account && (days.chosen != ValidDays::default() || days.opens_on.is_some()));
    let (mut sessions, mut help) = (Vec::new(), None);
    if let Some(account) = &account {
        if at.allows(actor, Permission::ManageAccounts) {
            sessions = list::of(backend, &mut connection, actor, person, None, zone).await?;
        }
        let left = |row: &RecordEnrolmentRow| {
            RollStatus::on(today, row.starts_on, row.ends_on) == RollStatus::Leaver
        };
        let of = HelpContext {
            organisation: actor.organisation,
            account,
            addresses: &addresses,
            has_left: !enrolments.is_empty() && enrolments.iter().all(left),
            zone,
            today,
        };
        let facts = look_up(backend, &mut connection, &of).await?;
        drop(connection);
        help = Some(sign_in_help(backend, &of, facts).await?);
    }
    Ok(StudentRecord {
        person,
        name: display_name(&row.given_name, &row.family_name, &row.preferred_name),
        given: row.given_name,
        middle: row.middle_name,
        family: row.family_name,
        preferred: row.preferred_name,
        born_on: row.born_on,
        language: row.language.parse::<LanguageTag>().map_err(Error::unexpected)?.english_name(),
        enrolments: enrolments.into_iter().map(|row| row.view(today)).collect(),
        groups,
        addresses: if hidden { Vec::new() } else { addresses },
        removed: if hidden { Vec::new() } else { removed },
        contacts,
        shows_account,
        sessions,
        account,
        days: days.map(|days| days.sentence()).unwrap_or_default(),
        former,
        help,
        history,
    })
}

/// Their times at schools, the latest first.
async fn enrolments_of(
    connection: &mut PgConnection,
    actor: &Actor,
    person: PersonId,
) -> Result<Vec<RecordEnrolmentRow>> {
    Ok(sqlx::query_as::<_, RecordEnrolmentRow>(
        "SELECT e.school_id, s.name AS school_name, e.admission_number, e.year_group, e.registration_group, e.starts_on, e.ends_on
         FROM enrolments e JOIN schools s ON s.id = e.school_id
         WHERE e.organisation_id = $1 AND e.person_id = $2 ORDER BY e.starts_on DESC, e.id DESC",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .fetch_all(connection)
    .await?)
}

impl RecordEnrolmentRow {
    fn view(self, today: NaiveDate) -> EnrolmentView {
        EnrolmentView {
            school: SchoolId(self.school_id),
            school_name: self.school_name,
            admission_number: self.admission_number,
            year: self.year_group,
            group: self.registration_group,
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            roll: RollStatus::on(today, self.starts_on, self.ends_on),
        }
    }
}
