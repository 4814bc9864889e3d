//! Sessions: a random token in the browser's cookie, its hash in the database.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::authorization::actor::Actor;
use domain::factors::SecondFactorDuty;
use domain::factors::settings::GRACE;
use domain::ids::{AccountId, OrganisationId, PersonId, SchoolId, SessionId};
use domain::roll::name::display_name;
use domain::roll::office::OfficeContact;
use domain::roll::school::SchoolView;
use domain::sessions::device::{Browser, System};
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::visitor::Visitor;
use crate::authorization::scopes::PersonScopes;
use crate::crypto::{random_token, token_hash};
use crate::{Backend, Error, Result};

/// How long a session lasts (OWASP ASVS 5.0, V7.3.1 and V7.3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLimits {
    /// The time without a request.
    pub idle: TimeDelta,
    /// The total time.
    pub absolute: TimeDelta,
}

impl SessionLimits {
    /// The limits. Short for staff, who see other people's data on shared desks; longer for families, who see
    /// their own on their own phone.
    pub const fn of(staff: bool) -> Self {
        if staff {
            Self { idle: TimeDelta::hours(2), absolute: TimeDelta::hours(12) }
        } else {
            Self { idle: TimeDelta::days(7), absolute: TimeDelta::days(30) }
        }
    }
}

/// The use of a session is recorded at most this often.
const TOUCH_EVERY: TimeDelta = TimeDelta::minutes(1);

/// A person with a valid session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The actor.
    pub actor: Actor,
    /// The account that signed in.
    pub account: AccountId,
    /// The person behind it.
    pub person: PersonId,
    /// Their session.
    pub session: SessionId,
    /// Their username.
    pub username: String,
    /// Their name, as pages show it.
    pub name: String,
    /// The school they belong to: by role, by enrolment, or the organisation's first; `None` before one is
    /// added.
    pub school: Option<SchoolView>,
    /// The name of their organisation.
    pub organisation_name: String,
    /// How they reach the office of their school.
    pub office: OfficeContact,
    /// Whether they must set up a second factor. While that is overdue, they act without any of their roles.
    pub duty: SecondFactorDuty,
    /// When they last confirmed who they are, if known; otherwise the epoch.
    pub proven_at: DateTime<Utc>,
    /// Whether they have not said yet which children are theirs.
    pub asks_children: bool,
}

/// A new session.
pub struct NewSession {
    /// The cookie's value, stored nowhere else.
    pub token: String,
    /// Whether the person is staff, and goes to the office.
    pub staff: bool,
    /// The new cookie by which the browser is recognised.
    pub device: String,
}

/// How someone signed in.
pub(crate) struct SignInDetails {
    /// The token from [`super::visitor::remember`].
    pub(crate) device: String,
    /// The provider that confirmed them.
    pub(crate) provider: Option<Uuid>,
    /// Whether a second factor was given.
    pub(crate) second_factor: bool,
    /// When they last confirmed who they are.
    pub(crate) proven_at: DateTime<Utc>,
}

/// Creates a session, in the transaction of the sign-in. The token is always new, so that a token planted
/// before the sign-in is worthless afterwards. Deletes the account's expired sessions.
pub(crate) async fn create(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    account: AccountId,
    visitor: &Visitor,
    made: SignInDetails,
) -> Result<NewSession> {
    let now = backend.now();
    sqlx::query("DELETE FROM sessions WHERE account_id = $1 AND (ends_at <= $2 OR idle_ends_at <= $2)")
        .bind(account.0)
        .bind(now)
        .execute(&mut *connection)
        .await?;
    let staff: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM staff_roles r JOIN accounts a USING (organisation_id, person_id)
                        JOIN organisations o ON o.id = a.organisation_id
                        WHERE a.organisation_id = $1 AND a.id = $2
                          AND daterange(r.starts_on, r.ends_on, '[]') @> ($3 AT TIME ZONE o.time_zone)::date)",
    )
    .bind(organisation.0)
    .bind(account.0)
    .bind(now)
    .fetch_one(&mut *connection)
    .await?;
    if staff {
        // The grace period without a second factor starts with their first sign-in as staff.
        sqlx::query(
            "UPDATE accounts SET second_factor_asked_at = $3
             WHERE organisation_id = $1 AND id = $2 AND second_factor_asked_at IS NULL",
        )
        .bind(organisation.0)
        .bind(account.0)
        .bind(now)
        .execute(&mut *connection)
        .await?;
    }
    let limits = SessionLimits::of(staff);
    let (token, hash) = random_token(&*backend.random);
    sqlx::query(
        "INSERT INTO sessions (id, organisation_id, account_id, token_hash, created_at, proven_at, last_seen_at, idle_ends_at,
                               ends_at, source, browser, system,
                               provider_id, provider_second_factor)
         VALUES ($1, $2, $3, $4, $5, $13, $5, $6, $7, $8::inet, $9, $10, $11, $12)",
    )
    .bind(backend.new_id::<SessionId>().0)
    .bind(organisation.0)
    .bind(account.0)
    .bind(hash.as_slice())
    .bind(now)
    .bind(now + limits.idle)
    .bind(now + limits.absolute)
    .bind(visitor.source.map(|address| address.to_string()))
    .bind(visitor.device.browser.map(Browser::name))
    .bind(visitor.device.system.map(System::name))
    .bind(made.provider)
    .bind(made.provider.is_some() && made.second_factor)
    .bind(made.proven_at)
    .execute(connection)
    .await?;
    Ok(NewSession { token, staff, device: made.device })
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    id: Uuid,
    organisation_id: Uuid,
    organisation_name: String,
    time_zone: String,
    account_id: Uuid,
    person_id: Uuid,
    username: String,
    given_name: String,
    family_name: String,
    preferred_name: String,
    created_at: DateTime<Utc>,
    last_seen_at: DateTime<Utc>,
    proven_at: DateTime<Utc>,
    second_factor_asked_at: Option<DateTime<Utc>>,
    asks_children: bool,
    grace: Option<Json<Value>>,
    has_second_factor: bool,
    #[sqlx(flatten)]
    scopes: PersonScopes,
    school_id: Option<Uuid>,
    school_code: Option<String>,
    school_name: Option<String>,
    office_phone: Option<String>,
    office_email: Option<String>,
}

/// Returns the person with a valid session for this token. The session of a disabled account is invalid from
/// the next request; that of a locked one stays valid, because locking is against people who guess, not
/// against its owner. A session is also invalid if its owner became staff and it exceeds the limits for
/// staff. Counts as use of the session.
pub async fn resolve(backend: &Backend, token: &str) -> Result<Option<SignedIn>> {
    let Some(Looked { signed_in, last_seen_at }) = look(backend, token).await? else { return Ok(None) };
    let now = backend.now();
    if now >= last_seen_at + TOUCH_EVERY {
        let limits = signed_in.limits();
        sqlx::query(
            "UPDATE sessions SET last_seen_at = $2, idle_ends_at = least($3, ends_at) WHERE id = $1 AND last_seen_at < $2",
        )
        .bind(signed_in.session.0)
        .bind(now)
        .bind(now + limits.idle)
        .execute(&mut *backend.system_connection().await?)
        .await?;
    }
    Ok(Some(signed_in))
}

/// The same without counting as use: a page that only asks whether its session has ended must not prolong it.
pub async fn peek(backend: &Backend, token: &str) -> Result<Option<SignedIn>> {
    Ok(look(backend, token).await?.map(|looked| looked.signed_in))
}

struct Looked {
    signed_in: SignedIn,
    last_seen_at: DateTime<Utc>,
}

async fn look(backend: &Backend, token: &str) -> Result<Option<Looked>> {
    let now = backend.now();
    let row: Option<SessionRow> = sqlx::query_as(
        "SELECT s.id, s.organisation_id, o.name AS organisation_name, o.time_zone, s.account_id, a.person_id, a.username,
                p.given_name, p.family_name, p.preferred_name, s.created_at, s.last_seen_at,
                s.proven_at, a.second_factor_asked_at, a.asks_children,
                (SELECT g.value FROM settings g WHERE g.organisation_id = o.id AND g.school_id IS NULL
                   AND g.setting = 'second_factor_grace_days') AS grace,
                s.provider_second_factor
                    OR EXISTS (SELECT FROM authenticators f WHERE f.account_id = a.id AND f.confirmed_at IS NOT NULL)
                    OR EXISTS (SELECT FROM passkeys k WHERE k.account_id = a.id) AS has_second_factor,
                scopes.roles, scopes.grants, scopes.restrictions,
                sch.id AS school_id, sch.code AS school_code, sch.name AS school_name,
                coalesce(sch.office_phone, o.office_phone) AS office_phone,
                coalesce(sch.office_email, o.office_email) AS office_email
         FROM sessions s
         JOIN accounts a ON a.id = s.account_id AND a.organisation_id = s.organisation_id
         JOIN people p ON p.id = a.person_id
         JOIN person_scopes scopes ON scopes.person_id = a.person_id
         JOIN organisations o ON o.id = s.organisation_id
         LEFT JOIN LATERAL (
             SELECT c.id, c.code, c.name, c.office_phone, c.office_email
             FROM schools c
             LEFT JOIN staff_roles r ON r.person_id = a.person_id AND r.school_id = c.id
             LEFT JOIN enrolments e ON e.person_id = a.person_id AND e.school_id = c.id AND e.latest
             WHERE c.organisation_id = a.organisation_id
             ORDER BY (r.id IS NULL), (e.id IS NULL), e.starts_on DESC, c.created_at, c.id
             LIMIT 1) sch ON true
         WHERE s.token_hash = $1 AND s.idle_ends_at > $2 AND s.ends_at > $2 AND a.state IN ('active', 'locked')
           AND account_is_valid(a, $2)",
    )
    .bind(token_hash(token).as_slice())
    .bind(now)
    .fetch_optional(&mut *backend.system_connection().await?)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let (created_at, last_seen_at) = (row.created_at, row.last_seen_at);
    let signed_in = row.signed_in(backend)?;
    let limits = signed_in.limits();
    let has_ended = now >= created_at + limits.absolute || now >= last_seen_at + limits.idle;
    Ok((!has_ended).then_some(Looked { signed_in, last_seen_at }))
}

impl SignedIn {
    fn limits(&self) -> SessionLimits {
        SessionLimits::of(self.actor.is_staff() || self.duty == SecondFactorDuty::Overdue)
    }
}

/// Locks the signed-in person's account until the transaction ends, and checks that their session has not
/// ended meanwhile, so that someone signed out by a reset changes nothing after it.
pub(crate) async fn hold(connection: &mut PgConnection, who: &SignedIn) -> Result<()> {
    // Lock the account first, then what belongs to it, like every action.
    sqlx::query("SELECT FROM accounts WHERE organisation_id = $1 AND id = $2 FOR NO KEY UPDATE")
        .bind(who.actor.organisation.0)
        .bind(who.account.0)
        .execute(&mut *connection)
        .await?;
    let still: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT FROM sessions WHERE organisation_id = $1 AND id = $2)")
            .bind(who.actor.organisation.0)
            .bind(who.session.0)
            .fetch_one(connection)
            .await?;
    if still {
        return Ok(());
    }
    Err(Error::conflict("signed_out", "You have been signed out. Sign in and try again."))
}

impl SessionRow {
    fn signed_in(self, backend: &Backend) -> Result<SignedIn> {
        let (account, person) = (AccountId(self.account_id), PersonId(self.person_id));
        let organisation = OrganisationId(self.organisation_id);
        let zone: Tz = self.time_zone.parse().map_err(Error::unexpected)?;
        let today = backend.today(zone);
        let mut actor = self.scopes.actor(organisation, account, person, today)?;
        let days = GRACE.value(self.grace.as_ref().map(|Json(value)| value));
        let asked = self.second_factor_asked_at.map(|at| at.with_timezone(&zone).date_naive());
        let duty = SecondFactorDuty::of(actor.is_staff(), self.has_second_factor, asked, days, today);
        if duty == SecondFactorDuty::Overdue {
            actor = actor.without_roles();
        }
        let school = match (self.school_id, self.school_code, self.school_name) {
            (Some(id), Some(code), Some(name)) => Some(SchoolView { id: SchoolId(id), code, name }),
            _ => None,
        };
        Ok(SignedIn {
            actor,
            account,
            person,
            session: SessionId(self.id),
            username: self.username,
            name: display_name(&self.given_name, &self.family_name, &self.preferred_name),
            school,
            organisation_name: self.organisation_name,
            office: OfficeContact::stored(self.office_phone.as_deref(), self.office_email.as_deref()),
            duty,
            proven_at: self.proven_at,
            asks_children: self.asks_children,
        })
    }
}
