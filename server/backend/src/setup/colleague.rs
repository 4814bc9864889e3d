//! Inviting a colleague: a person, an account, a role and an invitation, in one transaction.

use std::collections::BTreeMap;

use domain::accounts::clash::ClashCandidates;
use domain::accounts::naming::{Candidate, Naming};
use domain::accounts::parts::{NameParts, RomanPart};
use domain::accounts::plan::AccountPlan;
use domain::accounts::settings::USERNAME_TEMPLATE;
use domain::accounts::username::Username;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::place::Place;
use domain::authorization::policy::{Permission, decide};
use domain::credentials::state::AccountState;
use domain::fields::FieldErrors;
use domain::fold::{fold, sort_key};
use domain::ids::{AccountId, AddressId, InvitationId, OrganisationId, PersonId};
use domain::roll::address::EmailAddress;
use domain::roll::name::{PersonName, display_name};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::person::insert_person;
use crate::accounts::reopen::reopen_closed;
use crate::accounts::{lock_usernames, taken_by_anyone};
use crate::audit::{AuditEntry, alerts, record};
use crate::authorization::roles::give::{RoleForm, give_to};
use crate::authorization::roles::people::{RoleOffer, role_offer};
use crate::authorization::roles::{refuse_outranked, within_reach};
use crate::credentials::ways_in::CHOICE_COUNTS;
use crate::error::breaks_constraint;
use crate::invitations::queue::{Recipient, queue};
use crate::jobs::job::Priority;
use crate::operations::second_person::ways_in_over;
use crate::settings::of_school;
use crate::tenancy::target::AnySchool;
use crate::{Backend, Error, Result};

/// How long the invitation works if the role is for all schools. A school has its own number of days.
const DAYS: i32 = 14;

/// What it takes besides giving the role.
const NEEDED: [Permission; 2] = [Permission::ManageAccounts, Permission::SendInvitations];

/// The roles that the actor can give to a new colleague, and where.
pub async fn offer(backend: &Backend, actor: &Actor) -> Result<RoleOffer> {
    let mut offer = role_offer(backend, actor).await?;
    let may = |place: Place| {
        NEEDED.iter().all(|needed| decide(actor, *needed, place.resource(actor.organisation)).is_ok())
    };
    offer.places.retain(|choice| choice.place.group().is_none() && may(choice.place));
    offer.everywhere &= may(Place::Organisation);
    Ok(offer)
}

/// The submitted form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ColleagueForm {
    /// Given name.
    pub given: String,
    /// Family name.
    pub family: String,
    /// Email address, to which the invitation goes.
    pub email: String,
    /// Username; empty for one made by the school's pattern.
    pub username: String,
    /// The role; see [`RoleForm::role`].
    pub role: String,
    /// Where it applies; see [`RoleForm::place`].
    pub place: String,
}

/// An invited colleague.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InvitedColleague {
    /// The person.
    pub person: PersonId,
    /// Their account.
    pub account: AccountId,
    /// Their username.
    pub username: Username,
}

/// Creates an account for a colleague, with a role, and sends them an invitation. Someone who works at one of
/// the schools without an account, and has this name and address, is that person; a closed account is opened again. The actor needs the
/// permissions to create accounts and to send invitations where the role applies, and gives only permissions
/// they have.
///
/// # Errors
/// Every invalid field at once. Nothing is created then.
#[tracing::instrument(skip_all)]
pub async fn invite_colleague(
    backend: &Backend,
    actor: &Actor,
    form: &ColleagueForm,
) -> Result<InvitedColleague> {
    let mut transaction = backend.enter(actor, Permission::ManageRoles, AnySchool).await?.transaction;
    let role = RoleForm { role: form.role.clone(), place: form.place.clone(), ..RoleForm::default() };
    let mut errors = FieldErrors::default();
    let name = errors.take("given", PersonName::new(&form.given, "", &form.family, ""));
    let email = errors.take("email", form.email.parse::<EmailAddress>());
    let role = match role.parse() {
        Err(Error::Invalid(wrong)) => {
            errors.0.extend(wrong.0);
            None
        }
        parsed => Some(parsed?),
    };
    let (Some(name), Some(email), Some(role)) = (name, email, role) else { return Err(errors.into()) };
    let organisation = actor.organisation;
    let place = role.place(&mut transaction, actor).await?;
    for needed in NEEDED {
        decide(actor, needed, place.resource(organisation))?;
    }
    if let Err(refusal) = role.may_give(&mut transaction, actor, place).await? {
        transaction.rollback().await?;
        let entry = AuditEntry::new(AuditAction::InsufficientPermissions)
            .details(json!({ "wanted": Permission::ManageRoles.slug() }));
        alerts::raise_alone(backend, actor, entry).await?;
        return Err(refusal.into());
    }
    lock_usernames(&mut transaction, organisation).await?;
    let known = known(backend, &mut transaction, actor, &email, &name).await?;
    let Known { person, address, closed, own_choice: way_in } = if let Some(found) = known {
        // People who already have a role get an account only from somebody with the same permissions.
        let needed = Permission::ManageAccounts;
        transaction = refuse_outranked(backend, transaction, actor, needed, found.person).await?;
        found
    } else {
        let (person, address) = insert_person(backend, &mut transaction, organisation, &name, &email).await?;
        Known { person, address, closed: None, own_choice: false }
    };
    if way_in && ways_in_over(backend, &mut transaction, actor, 1, None).await?.is_some() {
        return Err(Error::conflict(
            "needs_second_person",
            "You changed this person\u{2019}s address, and have opened a way in for as many people within a day as you can without approval. Ask someone else to invite them.",
        ));
    }
    let reopened = closed.is_some();
    let (account, username) = if let Some((account, username)) = closed {
        // A closed account ended an account, not a person: they get it back, with its username.
        if !form.username.trim().is_empty() && form.username.trim() != username.as_str() {
            let why = format!(
                "Their closed account is opened again as {username}. Leave this empty; you can change the username afterwards."
            );
            return Err(FieldErrors::one("username", why).into());
        }
        reopen_closed(backend, &mut transaction, organisation, None, &[account.0]).await?;
        (account, username)
    } else {
        let username = username(&mut transaction, organisation, place, person, &name, &form.username).await?;
        let account = insert_account(backend, &mut transaction, organisation, person, &username).await?;
        (account, username)
    };
    let (mut transaction, _) = give_to(backend, transaction, actor, person, role, place).await?;
    let days: i32 = match place.school() {
        Some(school) => {
            sqlx::query_scalar("SELECT invitation_days FROM schools WHERE organisation_id = $1 AND id = $2")
                .bind(organisation.0)
                .bind(school.0)
                .fetch_optional(&mut *transaction)
                .await?
                .ok_or(Error::NotFound("school"))?
        }
        None => DAYS,
    };
    let to = Recipient { invitation: backend.new_id::<InvitationId>(), account, person, address, way_in };
    queue(backend, &mut transaction, organisation, actor.account(), days, Priority::Normal, &[to]).await?;
    let did = if reopened { AuditAction::AccountReopened } else { AuditAction::AccountsCreated };
    let made = AuditEntry::new(did)
        .person(person)
        .subject("account", account.0)
        .details(json!({ "accounts": 1, "colleague": true }));
    record(backend, &mut transaction, actor, made).await?;
    let sent = AuditEntry::new(AuditAction::InvitationsQueued)
        .subject("account", account.0)
        .details(json!({ "queued": 1, "left_out": {} }));
    record(backend, &mut transaction, actor, sent).await?;
    transaction.commit().await?;
    Ok(InvitedColleague { person, account, username })
}

#[derive(sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact that the query finds")]
struct KnownRow {
    person_id: Uuid,
    address_id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    account_id: Option<Uuid>,
    username: Option<String>,
    is_closed: bool,
    is_primary: bool,
    /// Whether the actor gives roles to them.
    within_reach: bool,
    /// Whether the actor chose the address lately.
    own_choice: bool,
}

/// A member of staff, their address, and their account if it is closed.
struct Known {
    person: PersonId,
    address: AddressId,
    closed: Option<(AccountId, Username)>,
    own_choice: bool,
}

/// Finds the member of staff with this address, if the organisation has one. People who only share the
/// address, such as the child of a colleague, are somebody else.
async fn known(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    email: &EmailAddress,
    name: &PersonName,
) -> Result<Option<Known>> {
    let rows: Vec<KnownRow> = sqlx::query_as(concat!(
        "SELECT p.id AS person_id, x.id AS address_id, p.given_name, p.family_name, p.preferred_name, a.id AS account_id, a.username,
                coalesce(a.state = 'closed', false) AS is_closed, x.is_primary, ",
        within_reach!("p.id"),
        " AS within_reach,
                (x.chosen_by = $3 AND x.chosen_at > $4) IS TRUE AS own_choice
         FROM addresses x
         JOIN people p ON p.organisation_id = x.organisation_id AND p.id = x.person_id
         LEFT JOIN accounts a ON a.organisation_id = p.organisation_id AND a.person_id = p.id
         WHERE x.organisation_id = $1 AND x.kind = 'email' AND x.comparable = $2
           AND (EXISTS (SELECT FROM employments w WHERE w.person_id = p.id)
                OR EXISTS (SELECT FROM staff_roles r WHERE r.person_id = p.id))
         ORDER BY p.id"
    ))
    .bind(actor.organisation.0)
    .bind(email.comparable())
    .bind(actor.account().map(|account| account.0))
    .bind(backend.now() - CHOICE_COUNTS)
    .fetch_all(connection)
    .await?;
    let of_staff = |row: &KnownRow| display_name(&row.given_name, &row.family_name, &row.preferred_name);
    let same = |row: &&KnownRow| {
        fold(&row.family_name) == fold(name.family())
            && [&row.given_name, &row.preferred_name].iter().any(|given| fold(given) == fold(name.given()))
    };
    let wrong = |message: String| Err(FieldErrors::one("email", message).into());
    if rows.iter().any(|row| !row.within_reach) {
        return wrong(
            "Someone at another school of your organisation has this address. Ask an administrator of all schools to invite them."
                .to_owned(),
        );
    }
    match (rows.iter().find(same), rows.first()) {
        (Some(KnownRow { username: Some(username), is_closed: false, .. }), _) => wrong(format!(
            "This person already has an account, {username}. Find them under Roles and give them the role there."
        )),
        (Some(row), _) if row.is_primary => {
            let closed = match row.account_id.zip(row.username.clone()) {
                Some((account, username)) => {
                    Some((AccountId(account), username.try_into().map_err(Error::unexpected)?))
                }
                None => None,
            };
            Ok(Some(Known {
                person: PersonId(row.person_id),
                address: AddressId(row.address_id),
                closed,
                own_choice: row.own_choice,
            }))
        }
        (Some(row), _) => wrong(format!(
            "{} has another main email address. Enter that one, or change it under Staff first.",
            of_staff(row)
        )),
        (None, Some(other)) => wrong(format!(
            "This is the address of {}, who works here. Enter the name as it is there, or another address.",
            of_staff(other)
        )),
        (None, None) => Ok(None),
    }
}

/// Makes the username that was typed, or one by the pattern of the school.
async fn username(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    place: Place,
    person: PersonId,
    name: &PersonName,
    typed: &str,
) -> Result<Username> {
    let template = match place.school() {
        Some(school) => of_school(connection, organisation, school, &USERNAME_TEMPLATE).await?,
        None => (USERNAME_TEMPLATE.default)(),
    };
    let typed = Some(typed.trim()).filter(|typed| !typed.is_empty());
    let typed: BTreeMap<PersonId, String> =
        typed.map(|typed| (person, typed.to_owned())).into_iter().collect();
    let naming = Naming { template, typed, ..Naming::default() };
    let people = [Candidate {
        person,
        name: display_name(name.given(), name.family(), ""),
        group: String::new(),
        admission_number: String::new(),
        sort_key: sort_key(name.given(), name.family()),
        parts: NameParts {
            given: RomanPart::new(name.given()),
            family: RomanPart::new(name.family()),
            ..NameParts::default()
        },
        reserved: Vec::new(),
        account: None,
    }];
    let taken = taken_by_anyone(connection, organisation, ClashCandidates::of(&naming, &people)).await?;
    let plan = AccountPlan::make(&naming, &people, &taken);
    let row = plan.rows.first().ok_or_else(|| Error::unexpected("a plan without its row"))?;
    let made = row.username().cloned();
    made.ok_or_else(|| {
        let why = row.complaint().unwrap_or_else(|| "Enter a username.".to_owned());
        FieldErrors::one("username", why).into()
    })
}

async fn insert_account(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    person: PersonId,
    username: &Username,
) -> Result<AccountId> {
    let account: AccountId = backend.new_id();
    let created = sqlx::query(
        "INSERT INTO accounts (id, organisation_id, person_id, username, state, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(account.0)
    .bind(organisation.0)
    .bind(person.0)
    .bind(username.as_str())
    .bind(AccountState::Created.stored())
    .bind(backend.now())
    .execute(connection)
    .await;
    let is_taken = |error: &sqlx::Error| {
        ["accounts_username_key", "accounts_former_username_check"]
            .iter()
            .any(|constraint| breaks_constraint(error, constraint))
    };
    match created {
        Err(error) if is_taken(&error) => {
            Err(FieldErrors::one("username", "This username is taken. Choose another.").into())
        }
        other => other.map(|_| account).map_err(Error::from),
    }
}
