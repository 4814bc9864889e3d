//! The students of a school whom the rows of a list may be about.

use chrono::NaiveDate;
use domain::accounts::paste::who::{KnownAccount, KnownStudent, KnownStudents, LookUpKeys};
use domain::accounts::username::Username;
use domain::credentials::state::AccountState;
use domain::ids::{GroupId, PersonId};
use domain::roll::name::display_name;
use domain::roll::status::RollStatus;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::accounts::queries::group;
use crate::tenancy::places::SchoolContext;
use crate::{Error, Result};

#[derive(sqlx::FromRow)]
struct KnownStudentRow {
    person_id: Uuid,
    admission_number: String,
    given_name: String,
    family_name: String,
    preferred_name: String,
    sort_key: String,
    registration_group: String,
    year_group: String,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
    emails: Vec<String>,
    username: Option<String>,
    state: Option<String>,
    is_member: bool,
    is_seen: bool,
}

/// Finds them by the numbers and the names of rows, also those whom the actor may not see: they are not made twice either.
pub(super) async fn known(
    connection: &mut PgConnection,
    school: &SchoolContext,
    into: Option<GroupId>,
    keys: &LookUpKeys,
) -> Result<KnownStudents> {
    // Whom it is about comes first, apart: the few are found before they are joined with anything.
    let rows = sqlx::query_as::<_, KnownStudentRow>(
        "SELECT e.person_id, e.admission_number, p.given_name, p.family_name, p.preferred_name, p.sort_key,
                e.registration_group, e.year_group, e.starts_on, e.ends_on,
                ARRAY(SELECT m.comparable FROM addresses m WHERE m.person_id = e.person_id AND m.kind = 'email') AS emails,
                a.username, a.state,
                EXISTS (SELECT FROM group_members m
                        WHERE m.group_id = $5 AND m.person_id = e.person_id
                          AND daterange(m.starts_on, m.ends_on, '[]') && daterange($6, NULL, '[]')) AS is_member,
                e.person_id <> ALL ($8) AND ($7 OR e.person_id IN (SELECT v.person_id FROM visible_people v)) AS is_seen
         FROM enrolments e
         JOIN people p ON p.organisation_id = $1 AND p.id = e.person_id
         LEFT JOIN accounts a ON a.organisation_id = $1 AND a.person_id = e.person_id
         WHERE e.organisation_id = $1 AND e.school_id = $2 AND e.latest
           AND e.person_id IN (SELECT n.person_id FROM enrolments n
                               WHERE n.organisation_id = $1 AND n.school_id = $2 AND n.latest AND n.admission_number = ANY ($3)
                               UNION
                               SELECT named.id FROM people named WHERE named.organisation_id = $1 AND named.sort_key = ANY ($4))",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(&keys.numbers)
    .bind(&keys.names)
    .bind(into.map(|group| group.0))
    .bind(school.today)
    .bind(school.everybody())
    .bind(school.hidden())
    .fetch_all(connection)
    .await?;
    let known = rows.into_iter().map(|row| row.known(school.today)).collect::<Result<Vec<_>>>()?;
    Ok(KnownStudents::of(known))
}

impl KnownStudentRow {
    fn known(self, today: NaiveDate) -> Result<KnownStudent> {
        let username = self.username.map(Username::try_from).transpose().map_err(Error::unexpected)?;
        let is_closed = self.state.as_deref() == Some(AccountState::Closed.stored());
        let account = match username {
            None => KnownAccount::None,
            Some(username) if is_closed => KnownAccount::Closed(username),
            Some(username) => KnownAccount::Open(username),
        };
        Ok(KnownStudent {
            person: PersonId(self.person_id),
            name: display_name(&self.given_name, &self.family_name, &self.preferred_name),
            names: [self.given_name, self.family_name, self.preferred_name],
            group: group(self.registration_group, self.year_group),
            sort_key: self.sort_key,
            number: self.admission_number,
            emails: self.emails,
            account,
            has_left: RollStatus::on(today, self.starts_on, self.ends_on) == RollStatus::Leaver,
            is_member: self.is_member,
            is_seen: self.is_seen,
        })
    }
}
